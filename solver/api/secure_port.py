"""A port with TLS whose certificates may change while it is open."""

import logging
import threading
from datetime import datetime, timedelta

import grpc

from solver.access.certificates import CertificateFiles, Certificates, read_certificates, stamp_of, warning_of
from solver.clock import Clock
from solver.errors import XunyuanError

TELL_EVERY = timedelta(days=1)
_log = logging.getLogger(__name__)


class CertificateWatch:
    """Reads the files anew when they have changed: new connections get the new certificate, open ones go on.

    Files that are not good together, as when only one of two was replaced yet, leave the old certificate in use, and
    the log says so once.
    """

    def __init__(self, files: CertificateFiles, clock: Clock) -> None:
        self._files = files
        self._clock = clock
        self._lock = threading.Lock()
        self._stamp = stamp_of(files)
        self._certificates = read_certificates(files)
        self._told_at: datetime | None = None

    @property
    def credentials(self) -> grpc.ServerCredentials:
        """What a port is opened with; gRPC asks for the certificate before each handshake."""
        return grpc.dynamic_ssl_server_credentials(
            _as_grpc_has_them(self._certificates),
            self._changed,  # type: ignore[arg-type]  # None keeps what is in use, which the stubs do not know
            require_client_authentication=self._files.client_ca is not None,
        )

    def tell_expiry(self) -> None:
        """Say on the log, once a day, when the certificate expires soon or has expired."""
        now = self._clock.now()
        with self._lock:
            certificates = self._certificates
            if self._told_at is not None and now - self._told_at < TELL_EVERY:
                return
            self._told_at = now
        warning = warning_of(certificates, now)
        if warning is not None:
            _log.log(logging.ERROR if now >= certificates.expires_at else logging.WARNING, "%s", warning)

    def _changed(self) -> grpc.ServerCertificateConfiguration | None:
        """The certificates, where the files are others than before and good."""
        with self._lock:
            stamp = stamp_of(self._files)
            if stamp == self._stamp:
                return None
            self._stamp = stamp
            try:
                self._certificates = read_certificates(self._files)
            except XunyuanError as error:
                _log.error("the certificate that was read before stays in use: %s", error)
                return None
            self._told_at = None
            _log.info("the certificate of %s is in use now", self._certificates.subject)
            return _as_grpc_has_them(self._certificates)


def _as_grpc_has_them(certificates: Certificates) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration(
        [(certificates.key_pem, certificates.certificate_pem)], root_certificates=certificates.client_ca_pem
    )
