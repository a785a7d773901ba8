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
    """The body as it is kept: compressed, quickly rather than to the last byte."""
    return zlib.compress(body, level=1)


def unpacked(body: bytes) -> bytes:
    """What was packed."""
    return zlib.decompress(body)


def keep_versions(tx: Transaction, bodies: Mapping[str, bytes]) -> None:
    """Write packed bodies by digest, but for those that are there."""
    rows = tx.query_within("SELECT digest FROM version WHERE digest IN (?)", (list(bodies),)) if bodies else []
    known = {digest for (digest,) in rows}
    new = [(digest, body) for digest, body in bodies.items() if digest not in known]
    tx.execute_rows("INSERT INTO version (digest, body) {rows}", new)


def version(reader: Reader, digest: str) -> bytes:
    """The body, unpacked. Raises BrokenInvariant where it is missing, or not what it was."""
    rows = reader.query("SELECT body FROM version WHERE digest = ?", (digest,))
    if not rows:
        raise BrokenInvariant(f"the version {digest} is not kept, though a plan refers to it")
    body = unpacked(rows[0][0])
    if digest_of(body) != digest:
        raise BrokenInvariant(f"the version {digest} is not what it was when it was kept")
    return body
