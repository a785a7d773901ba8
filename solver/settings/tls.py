"""Certificates of a server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """Section `tls`. The files may be replaced while a server runs."""

    certificate: Path | None = setting(
        None, "the server's certificate and those between it and its authority, as PEM; without it: plain text"
    )
    key: Path | None = setting(None, "the certificate's private key, as PEM without a password")
    client_ca: Path | None = setting(
        None, "authorities, as PEM; given, only clients with a certificate of one of them may connect"
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not go together, each with its remedy."""
        if self.certificate is not None and self.key is None:
            yield "key", "there is a certificate: give its private key as well"
        if self.certificate is None and self.key is not None:
            yield "certificate", "there is a key: give its certificate as well"
        if self.certificate is None and self.client_ca is not None:
            yield "client_ca", "certificates of clients are asked for with TLS only: give certificate and key as well"
