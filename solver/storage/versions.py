"""Bodies of bytes kept once each under the digest of what they say: what never changes, and is referred to often."""

import hashlib
import zlib
from collections.abc import Mapping

from solver.errors import BrokenInvariant
from solver.storage.database import Reader, Transaction

_MOST_REMEMBERED = 65_536

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


class Keeping:
    """Writes bodies of one database, which nobody else of the process does, and remembers which are there for good.

    No version is ever deleted, so that whatever an earlier transaction wrote, and this one finds, stays.
    """

    def __init__(self) -> None:
        self._lasting: set[str] = set()
        self._tx: Transaction | None = None
        self._written: set[str] = set()  # by `_tx`, which may yet be undone

    def keep(self, tx: Transaction, bodies: Mapping[str, bytes]) -> None:
        """Write packed bodies by digest, but for those that are there."""
        unsure = [digest for digest in bodies if digest not in self._lasting]
        if not unsure:
            return
        if tx is not self._tx:
            self._tx, self._written = tx, set()
        rows = tx.query_within("SELECT digest FROM version WHERE digest IN (?)", (unsure,))
        found = {digest for (digest,) in rows}
        new = [digest for digest in unsure if digest not in found]
        self._written.update(new)
        tx.execute_rows("INSERT INTO version (digest, body) {rows}", [(digest, bodies[digest]) for digest in new])
        if len(self._lasting) >= _MOST_REMEMBERED:
            self._lasting.clear()
        self._lasting |= found - self._written


def version(reader: Reader, digest: str) -> bytes:
    """The body, unpacked. Raises BrokenInvariant where it is missing, or not what it was."""
    rows = reader.query("SELECT body FROM version WHERE digest = ?", (digest,))
    if not rows:
        raise BrokenInvariant(f"the version {digest} is not kept, though a plan refers to it")
    body = unpacked(rows[0][0])
    if digest_of(body) != digest:
        raise BrokenInvariant(f"the version {digest} is not what it was when it was kept")
    return body
