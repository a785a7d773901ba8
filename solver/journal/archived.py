"""What of the journal was archived, as the database itself says: up to which entry, and what was left of that."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from solver.clock import from_micros, to_micros
from solver.errors import StateConflict
from solver.storage.database import Reader, Transaction
from solver.storage.firsts import Looked

# The last archived entry; 0 where nothing was archived.
ARCHIVED_THROUGH = Looked(sql="SELECT coalesce(max(last_entry_id), 0) FROM journal_archive")
CUT = f"({ARCHIVED_THROUGH.sql})"  # the same within a statement

_REASON = "JOURNAL_ARCHIVED"
_COLUMNS = """number, first_entry_id, last_entry_id, last_at_us, before_us, digest, file_digest, opening_digest,
    kept_digest"""
OPENING = """
SELECT account_id, debits_posted, credits_posted, debits_pending, credits_pending FROM journal_opening
ORDER BY account_id
"""
_KEPT = (
    "SELECT entry_id, is_whole FROM journal_kept WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id",
    """SELECT entry_id, phase, kind, subject, at_us, expires_at_us, resolves FROM journal_entry
       WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id""",
    """SELECT entry_id, line, debit_id, credit_id, amount FROM journal_transfer
       WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id, line""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One archive: which entries it has, all of them made before a date, and the digests of what belongs to it.

    `digest` is of its rows and of the archive before it, `file_digest` of its bytes, `opening_digest` of what accounts
    held after its last entry; `kept_digest` of the archived entries that were left in the database.
    """

    number: int
    first_entry_id: int
    last_entry_id: int
    last_at: datetime
    before: datetime
    digest: str
    file_digest: str
    opening_digest: str
    kept_digest: str

    def __str__(self) -> str:
        return f"archive {self.number} (entries {self.first_entry_id} to {self.last_entry_id})"


class RowChain:
    """A digest over rows: each row's is of the one before it and of what the row says."""

    def __init__(self, begins: str = "") -> None:
        self._head = begins.encode()

    def add(self, rows: Iterable[Sequence[Any]]) -> "RowChain":
        """Go on with these rows, in their order."""
        head, encode = self._head, msgspec.json.encode
        for row in rows:
            head = sha256(head + encode(list(row))).digest()
        self._head = head
        return self

    @property
    def digest(self) -> str:
        """Where the chain stands."""
        return sha256(self._head).hexdigest()


def archives(reader: Reader) -> tuple[Archive, ...]:
    """Every archive, the oldest first."""
    rows = reader.query(f"SELECT {_COLUMNS} FROM journal_archive ORDER BY number")
    return tuple(
        Archive(
            number=number,
            first_entry_id=first,
            last_entry_id=last,
            last_at=from_micros(last_at_us),
            before=from_micros(before_us),
            digest=digest,
            file_digest=file_digest,
            opening_digest=opening_digest,
            kept_digest=kept_digest,
        )
        for number, first, last, last_at_us, before_us, digest, file_digest, opening_digest, kept_digest in rows
    )


def keep_archive(tx: Transaction, one: Archive) -> None:
    """Write that a part of the journal was archived."""
    tx.execute(
        f"INSERT INTO journal_archive ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.number,
            one.first_entry_id,
            one.last_entry_id,
            to_micros(one.last_at),
            to_micros(one.before),
            one.digest,
            one.file_digest,
            one.opening_digest,
            one.kept_digest,
        ),
    )
    ARCHIVED_THROUGH.forget(tx)


def archived_through(reader: Reader) -> int:
    """The last archived entry; 0 where nothing was archived."""
    through: int = ARCHIVED_THROUGH.up(reader)
    return through


def opening_digest(reader: Reader) -> str:
    """The digest of what accounts held after the last archived entry."""
    return RowChain().add(reader.stream(OPENING)).digest


def kept_digest(reader: Reader) -> str:
    """The digest of the archived entries that the database still has, and of their transfers; every row is read."""
    return _over(kept_of_archive(reader, one.first_entry_id, one.last_entry_id) for one in archives(reader))


def kept_of_archive(reader: Reader, first: int, last: int) -> str:
    """The same of one archive: of the entries from one on and through another."""
    chain = RowChain()
    for sql in _KEPT:
        chain.add(reader.stream(sql, (first, last)))
    return chain.digest


def note_kept(tx: Transaction, new: tuple[int, int, int], changed: Collection[int]) -> str:
    """The digest of all that is kept; only what changed since the last time is read.

    `new` is the number, first and last entry of an archive that is being made; `changed` names entries of earlier ones.
    """
    earlier = [(one.number, one.first_entry_id, one.last_entry_id) for one in archives(tx)]
    for number, first, last in (new, *(one for one in earlier if any(one[1] <= entry <= one[2] for entry in changed))):
        tx.execute("DELETE FROM journal_kept_digest WHERE number = ?", (number,))
        digest = kept_of_archive(tx, first, last)
        tx.execute("INSERT INTO journal_kept_digest (number, digest) VALUES (?, ?)", (number, digest))
    return _over(digest for (digest,) in tx.query("SELECT digest FROM journal_kept_digest ORDER BY number"))


def _over(digests: Iterable[str]) -> str:
    return RowChain().add([digest] for digest in digests).digest


def archived_holds(reader: Reader, entry_ids: Collection[int]) -> set[int]:
    """Which of these holds have their transfers in an archive."""
    rows = reader.query_within("SELECT entry_id FROM journal_kept WHERE is_whole = 0 AND entry_id IN (?)", (entry_ids,))
    return {entry_id for (entry_id,) in rows}


def refuse_archived_holds(reader: Reader, entry_ids: Collection[int]) -> None:
    """Raise StateConflict (HOLD_ARCHIVED) where the transfers of one of these holds are in an archive."""
    if found := sorted(archived_holds(reader, entry_ids)):
        raise StateConflict(
            f"what hold {found[0]} took is archived: nothing of it is open, and its archive says what it was",
            reason="HOLD_ARCHIVED",
            metadata={"entry_id": str(found[0])},
        )


def refuse_archived_time(reader: Reader, at: datetime) -> None:
    """Raise StateConflict (JOURNAL_ARCHIVED) for a time before the last archived entry, naming the archive needed."""
    for one in archives(reader):
        if at < one.last_at:
            raise _needs(one, f"the journal at {at.isoformat()}", {"at": at.isoformat()})


def refuse_archived_entry(reader: Reader, first_entry_id: int) -> None:
    """Raise StateConflict (JOURNAL_ARCHIVED) where a reader begins at an entry that is archived."""
    for one in archives(reader):
        if first_entry_id <= one.last_entry_id:
            raise _needs(one, f"the journal from entry {first_entry_id}", {"entry_id": str(first_entry_id)})


def is_archived(error: BaseException) -> bool:
    """Whether it says that what was asked for is in an archive."""
    return isinstance(error, StateConflict) and error.reason == _REASON


def _needs(archive: Archive, what: str, metadata: dict[str, str]) -> StateConflict:
    return StateConflict(
        f"{what} is in {archive}: give its file with --archive where the command takes it, or ask for what is later "
        f"than {archive.last_at.isoformat()}",
        reason=_REASON,
        metadata={**metadata, "archive": str(archive.number)},
    )
