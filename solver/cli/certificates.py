"""`access certificate`: an authority of one's own, and certificates that it issues. Real ones come from elsewhere."""

import argparse
import ipaddress
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from solver.errors import XunyuanError

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    raise XunyuanError("certificates need cryptography: pip install cryptography") from error

_CA_DAYS = 3_650
_CA, _CA_KEY = "ca.pem", "ca.key"


def run(options: argparse.Namespace) -> int:
    """Make a certificate; the authority is made with the first one and kept beside it."""
    kind = "client" if options.client else "server"
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    authority, authority_key = _authority(folder)
    certificate, key = _issued(authority, authority_key, options.name, options.days, is_client=options.client)
    _write(folder / f"{kind}.pem", _pem(certificate))
    _write(folder / f"{kind}.key", _key_pem(key))
    names = ", ".join(options.name)
    sys.stdout.write(f"{folder}/{kind}.pem and {kind}.key for {names}, trusted by {folder}/{_CA}\n")
    return 0


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The folder's authority, made where there is none."""
    if (folder / _CA).exists():
        kept = load_pem_private_key((folder / _CA_KEY).read_bytes(), password=None)
        if not isinstance(kept, ec.EllipticCurvePrivateKey):
            raise XunyuanError(f"{folder / _CA_KEY} is no key that this command made; name another folder")
        return x509.load_pem_x509_certificate((folder / _CA).read_bytes()), kept
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("Xunyuan authority")
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(name, name, key, _CA_DAYS).add_extension(usage, critical=True)
    authority = _signed(builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True), key)
    _write(folder / _CA, _pem(authority))
    _write(folder / _CA_KEY, _key_pem(key))
    return authority, key


def _issued(
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    names: list[str],
    days: int,
    *,
    is_client: bool,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    purpose = ExtendedKeyUsageOID.CLIENT_AUTH if is_client else ExtendedKeyUsageOID.SERVER_AUTH
    builder = (
        _builder(_named(names[0]), authority.subject, key, days)
        .add_extension(x509.SubjectAlternativeName([_alternative(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )
    return _signed(builder, authority_key), key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """Written so that only its owner reads it, and put in place at once: a server may be reading the old one."""
    beside = path.with_name(f"{path.name}.new")
    beside.touch(mode=0o600)
    beside.write_bytes(content)
    beside.replace(path)
