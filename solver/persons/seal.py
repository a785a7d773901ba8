"""Encryption: each person's data under a key of its own, that key under the service's key, which is in no database."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path

from solver.errors import FieldViolation, InvalidRequest

KEY_BYTES = 32
_NONCE_BYTES = 12
_A_KEY = "a person's key"
SEALED_KEY_BYTES = KEY_BYTES + _NONCE_BYTES + 16  # with what proves that it was not changed
ERASED_KEY = bytes(SEALED_KEY_BYTES)


class CannotOpen(Exception):
    """What was sealed does not open: with another key, for something else, or changed."""


class Seal:
    """Seals and opens under the service's key. Raises InvalidRequest where there is no library to do it.

    What was sealed under the `previous_key` opens as well, until it is sealed anew.
    """

    def __init__(self, service_key: bytes, previous_key: bytes | None = None) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError as error:  # the extra `secure` brings it
            remedy = "install the extra `secure`: pip install 'xunyuan[secure]'"
            raise _refused("the library cryptography is missing", remedy) from error
        self._cipher = AESGCM
        self._service_key = service_key
        self._keys = (service_key,) if previous_key is None else (service_key, previous_key)

    def new_key(self) -> bytes:
        """A person's new key, sealed."""
        return self._seal(self._service_key, secrets.token_bytes(KEY_BYTES), _A_KEY)

    def seal(self, sealed_key: bytes, data: bytes, what: str) -> bytes:
        """Data under a person's key. `what` is bound to it: it opens as nothing else."""
        return self._seal(self._key(sealed_key), data, what)

    def open(self, sealed_key: bytes, sealed: bytes, what: str) -> bytes:
        """The data again. Raises CannotOpen for a key that does not open; what was changed raises InvalidTag."""
        return self._open(self._key(sealed_key), sealed, what)

    def resealed_key(self, sealed_key: bytes) -> bytes | None:
        """A person's key under the service's key; None where it is already. Raises CannotOpen."""
        return self._resealed(sealed_key, _A_KEY)

    def resealed_own(self, sealed: bytes, what: str) -> bytes | None:
        """The same of data of the service itself."""
        return self._resealed(sealed, what)

    def seal_own(self, data: bytes, what: str) -> bytes:
        """Data of the service itself, under its own key. `what` is bound to it: it opens as nothing else."""
        return self._seal(self._service_key, data, what)

    def open_own(self, sealed: bytes, what: str) -> bytes:
        """The data again. Raises CannotOpen."""
        return self._opened(self._keys, sealed, what)

    def mark(self, text: str) -> str:
        """The same for the same text, and telling nothing of it to whoever lacks the key."""
        return hmac.new(self._service_key, text.encode(), hashlib.sha256).hexdigest()

    def digest(self, data: bytes) -> bytes:
        """As `mark`, of data."""
        return hmac.new(self._service_key, data, hashlib.sha256).digest()

    def _key(self, sealed_key: bytes) -> bytes:
        return self._opened(self._keys, sealed_key, _A_KEY)

    def _resealed(self, sealed: bytes, what: str) -> bytes | None:
        try:
            self._opened(self._keys[:1], sealed, what)
        except CannotOpen:
            return self._seal(self._service_key, self._opened(self._keys[1:], sealed, what), what)
        return None

    def _seal(self, key: bytes, data: bytes, what: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher(key).encrypt(nonce, data, what.encode())

    def _open(self, key: bytes, sealed: bytes, what: str) -> bytes:
        return self._cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], what.encode())

    def _opened(self, keys: Sequence[bytes], sealed: bytes, what: str) -> bytes:
        from cryptography.exceptions import InvalidTag

        for key in keys:
            try:
                return self._open(key, sealed, what)
            except (InvalidTag, ValueError):
                continue
        raise CannotOpen("the key is another one")


def seal_of(key_file: Path | None, previous_key_file: Path | None = None) -> Seal | None:
    """The seal under the key in a file; None without one. Raises InvalidRequest."""
    if key_file is None:
        return None
    previous = None if previous_key_file is None else read_key(previous_key_file, "persons.previous_key_file")
    return Seal(read_key(key_file), previous)


def read_key(file: Path, setting: str = "persons.key_file") -> bytes:
    """The service's key from its file: base64 of 32 random bytes. Raises InvalidRequest."""
    remedy = f"write it with: openssl rand -base64 {KEY_BYTES} > {file}, keep it apart from backups, and lose it never"
    try:
        key = base64.b64decode(file.read_text("ascii").strip(), validate=True)
    except (OSError, UnicodeError, binascii.Error, ValueError) as error:
        raise _refused(f"{file}: {type(error).__name__}", remedy, setting) from error
    if len(key) != KEY_BYTES:
        raise _refused(f"{file}: {len(key)} bytes", remedy, setting)
    return key


def _refused(value: str, remedy: str, setting: str = "persons.key_file") -> InvalidRequest:
    violation = FieldViolation(field=setting, value=value, remedy=remedy)
    return InvalidRequest("the key of personal data", [violation])
