"""What callers meet: the port, certificates, and a server that runs."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime

from solver.access.certificates import CertificateFiles, read_certificates, warning_of
from solver.client.errors import CallFailed
from solver.client.health import health
from solver.client.security import ClientSecurity
from solver.doctor.finding import Finding, fault, ok, warning
from solver.errors import XunyuanError
from solver.serving.several import keep_port
from solver.settings.settings import Settings


def port(settings: Settings) -> Iterator[Finding]:
    """Whether the server could listen where it is told to."""
    server = settings.server
    where = f"{server.host}:{server.port}"
    try:
        keep_port(server.host, server.port).close()
    except socket.gaierror as error:
        yield fault("port", f"{server.host} is no address: {error.strerror}", "give --host an address of this machine")
    except XunyuanError:
        yield warning("port", f"{where} is taken or not ours", "fine where the server runs; else give another --port")
    else:
        yield ok("port", f"{where} is free")


def certificates(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Whether certificate and key can be read, belong together and count."""
    tls = settings.tls
    if tls.certificate is None or tls.key is None:
        return
    files = CertificateFiles(certificate=tls.certificate, key=tls.key, client_ca=tls.client_ca)
    try:
        found = read_certificates(files)
    except XunyuanError as error:
        yield fault("certificate", str(error), "docs/security.md tells how certificates are made")
        return
    told = warning_of(found, now or datetime.now(UTC))
    if told is None:
        yield ok("certificate", f"{found.subject} counts until {found.expires_at.isoformat()}")
    elif (now or datetime.now(UTC)) >= found.expires_at:
        yield fault("certificate", told, "put a new one in place of its file")
    else:
        yield warning("certificate", told, "put a new one in place of its file")


def service(address: str, security: ClientSecurity) -> Iterator[Finding]:
    """Whether a server answers there and serves."""
    try:
        status = health(address, security)
    except CallFailed as error:
        yield fault("service", f"nothing answers at {address}: {error}", "is it running, and are TLS and port right?")
        return
    if status == "SERVING":
        yield ok("service", f"{address} serves")
    else:
        yield warning("service", f"{address} says {status}", "it is ending, or not ready yet")
