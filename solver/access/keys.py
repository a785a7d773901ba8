"""Keys that the service makes: `xy_ID_SECRET`. The secret is shown once; a digest of it is kept.

A secret has 256 random bits, so that a plain SHA-256 of it tells nothing and no slow hash is needed.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from solver.errors import Unauthenticated

_PREFIX = "xy_"
_ID_BYTES = 8
_SECRET_BYTES = 32
_SECRET_CHARACTERS = 43  # 32 bytes in URL-safe base64
_TOKEN = re.compile(r"xy_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was made just now. Its token is left out wherever the key is printed."""

    key_id: str
    digest: bytes
    token: str = field(repr=False)


def make_key() -> NewKey:
    """A key that nobody had before."""
    key_id, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    return NewKey(key_id=key_id, digest=_digest(secret), token=f"{_PREFIX}{key_id}_{secret}")


def is_key(token: str) -> bool:
    """Whether a token is meant to be one of these keys."""
    return token.startswith(_PREFIX)


def key_id_of(token: str) -> str:
    """The part of a token that is no secret. Raises Unauthenticated where it is no key at all."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise Unauthenticated("the key is cut off or misspelt: send it whole, as it was shown", reason="BAD_KEY")
    return found[1]


def has_digest(token: str, digest: bytes) -> bool:
    """Whether the token's secret is the one that was kept; how long that takes tells nothing."""
    return hmac.compare_digest(_digest(token[-_SECRET_CHARACTERS:]), digest)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
