"""Bodies of bytes kept once each under the digest of what they say: what never changes, and is referred to often."""

import hashlib
import zlib
from collections.abc import Mapping

from solver.errors import BrokenInvariant
from solver.storage.database import Reader, Transaction

VERSION_SCHEMA = """
CREATE TABLE IF NOT EXISTS version (
    digest TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""


def digest_of(body: bytes) -> str:
    """What a body is kept under: its SHA-256."""
    return hashlib.sha256(body).hexdigest()


def packed(body: bytes) -> bytes:
    """The body as it is kept: compressed."""
    return zlib.compress(body)


def unpacked(body: bytes) -> bytes:
    """What was packed."""
    return zlib.decompress(body)


def keep_versions(tx: Transaction, bodies: Mapping[str, bytes]) -> None:
    """Write packed bodies by digest, but for those that are there."""
    for digest, body in bodies.items():
        if not tx.query("SELECT 1 FROM version WHERE digest = ?", (digest,)):
            tx.execute("INSERT INTO version (digest, body) VALUES (?, ?)", (digest, body))


def version(reader: Reader, digest: str) -> bytes:
    """The body, unpacked. Raises BrokenInvariant where it is missing, or not what it was."""
    rows = reader.query("SELECT body FROM version WHERE digest = ?", (digest,))
    if not rows:
        raise BrokenInvariant(f"the version {digest} is not kept, though a plan refers to it")
    body = unpacked(rows[0][0])
    if digest_of(body) != digest:
        raise BrokenInvariant(f"the version {digest} is not what it was when it was kept")
    return body
