"""Certificates as files: read, held against their keys, and watched for their end. Needs `cryptography`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from solver.errors import FieldViolation, InvalidRequest, XunyuanError

WARN_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFiles:
    """Where they are, as PEM. With `client_ca` only clients with a certificate of that authority may connect."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """What the files held when they were read. The key is printed nowhere."""

    certificate_pem: bytes = field(repr=False)
    key_pem: bytes = field(repr=False)
    client_ca_pem: bytes | None = field(repr=False)
    subject: str
    begins_at: datetime
    expires_at: datetime


def stamp_of(files: CertificateFiles) -> object:
    """Is another one after any of the files was changed."""
    return tuple(_stamp(path) for path in (files.certificate, files.key, files.client_ca) if path is not None)


def read_certificates(files: CertificateFiles) -> Certificates:
    """Read the files. Raises InvalidRequest naming the file that is missing, unreadable, or does not fit the other."""
    x509, serialization = _library()
    certificate_pem, key_pem = _bytes(files.certificate, "tls.certificate"), _bytes(files.key, "tls.key")
    client_ca_pem = None if files.client_ca is None else _bytes(files.client_ca, "tls.client_ca")
    try:
        chain = x509.load_pem_x509_certificates(certificate_pem)
    except ValueError as error:
        raise _refused("tls.certificate", files.certificate, "give a certificate in PEM") from error
    try:
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError) as error:
        raise _refused("tls.key", files.key, "give a private key in PEM, without a password") from error
    if _public(serialization, key.public_key()) != _public(serialization, chain[0].public_key()):
        raise _refused(
            "tls.key", files.key, f"is not the key of {files.certificate}: give the two that belong together"
        )
    if client_ca_pem is not None:
        try:
            x509.load_pem_x509_certificates(client_ca_pem)
        except ValueError as error:
            raise _refused("tls.client_ca", files.client_ca, "give certificates of authorities in PEM") from error
    return Certificates(
        certificate_pem=certificate_pem,
        key_pem=key_pem,
        client_ca_pem=client_ca_pem,
        subject=chain[0].subject.rfc4514_string(),
        begins_at=chain[0].not_valid_before_utc,
        expires_at=chain[0].not_valid_after_utc,
    )


def warning_of(certificates: Certificates, now: datetime) -> str | None:
    """What to tell of a certificate that does not count yet, has expired or soon will; None where all is well."""
    named = f"the certificate of {certificates.subject or 'the server'}"
    remedy = "put a new one in place of its file; running servers take it without a restart"
    if now < certificates.begins_at:
        return f"{named} does not count before {certificates.begins_at.isoformat()}: is the clock right?"
    if now >= certificates.expires_at:
        return f"{named} expired at {certificates.expires_at.isoformat()}, clients refuse it: {remedy}"
    left = certificates.expires_at - now
    if left < WARN_AHEAD:
        return f"{named} expires at {certificates.expires_at.isoformat()}, in {left.days} days: {remedy}"
    return None


def _public(serialization: Any, key: Any) -> bytes:
    told: bytes = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return told


def _library() -> tuple[Any, Any]:
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization
    except ImportError as error:
        raise XunyuanError("TLS needs cryptography, which reads certificates: pip install cryptography") from error
    return x509, serialization


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(name, path, f"cannot be read ({error.strerror}): name a file in PEM") from error


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _refused(name: str, path: Path | None, remedy: str) -> InvalidRequest:
    return InvalidRequest("the certificate", [FieldViolation(field=name, value=str(path), remedy=remedy)])
