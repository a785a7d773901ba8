"""What accounts of one kind held just before an entry, and every amount that came or went from then on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from solver.clock import from_micros
from solver.journal.archived import CUT, OPENING, refuse_archived_entry
from solver.journal.changes import account_keys
from solver.journal.model import Book
from solver.storage.database import Reader, Row

_POSTED = f"""
    SELECT moved.debit_id, moved.credit_id, sum(moved.amount)
    FROM journal_entry AS entry
    JOIN journal_transfer AS moved
        ON moved.entry_id = CASE WHEN entry.phase = 'confirm' THEN entry.resolves ELSE entry.entry_id END
    WHERE entry.entry_id < ? AND entry.entry_id > {CUT} AND entry.phase IN ('post', 'confirm')
    GROUP BY moved.debit_id, moved.credit_id
"""
_SET_ASIDE = """
    SELECT moved.debit_id, moved.credit_id, moved.amount
    FROM journal_entry AS entry
    JOIN journal_transfer AS moved ON moved.entry_id = entry.entry_id
    LEFT JOIN journal_entry AS resolution ON resolution.resolves = entry.entry_id AND resolution.entry_id < ?
    WHERE entry.entry_id < ? AND entry.phase = 'hold' AND resolution.entry_id IS NULL AND entry.expires_at_us > ?
"""
# A hold that was not confirmed gives back what it set aside: when it was released, or was due.
_SINCE = """
    SELECT entry.phase, entry.kind, entry.subject, entry.at_us, held.expires_at_us,
           moved.debit_id, moved.credit_id, moved.amount
    FROM journal_entry AS entry
    LEFT JOIN journal_entry AS held ON held.entry_id = entry.resolves
    JOIN journal_transfer AS moved ON moved.entry_id = coalesce(entry.resolves, entry.entry_id)
    WHERE entry.entry_id >= ? AND entry.phase <> 'confirm' ORDER BY entry.entry_id, moved.line
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Units that came to an account (or, below 0, left it), by an entry of this phase, kind and subject."""

    at: datetime
    phase: str
    kind: str
    subject: str
    holder: str
    unit: str
    amount: int


def free_before(reader: Reader, book: Book, kind: str, entry_id: int) -> dict[tuple[str, str], int]:
    """(holder, unit) -> what was free just before the entry: neither gone nor set aside. Reads all that went before.

    Raises StateConflict (JOURNAL_ARCHIVED) for an entry that is archived.
    """
    refuse_archived_entry(reader, entry_id)
    at_us = reader.query("SELECT at_us FROM journal_entry WHERE entry_id = ?", (entry_id,))[0][0]
    sums: Counter[int] = Counter()
    for account_id, debits, credits, _, _ in reader.stream(OPENING):
        sums[account_id] += debits - credits
    for debit_id, credit_id, amount in reader.query(_POSTED, (entry_id,)):
        sums[debit_id] += amount
        sums[credit_id] -= amount
    for _, credit_id, amount in reader.query(_SET_ASIDE, (entry_id, entry_id, at_us)):
        sums[credit_id] -= amount
    keys = account_keys(reader, sorted(sums))
    return {
        (key.holder, key.unit): sums[account_id]
        for account_id, key in keys.items()
        if key.book is book and key.kind == kind and sums[account_id]
    }


def last_moments(reader: Reader, kind: str, entry_id: int) -> dict[str, datetime]:
    """subject -> when an entry of the kind was last made for it, by this entry or later."""
    rows = reader.query(
        "SELECT subject, max(at_us) FROM journal_entry WHERE entry_id >= ? AND kind = ? GROUP BY subject",
        (entry_id, kind),
    )
    return {subject: from_micros(at_us) for subject, at_us in rows}


def flows_since(reader: Reader, book: Book, kind: str, entry_id: int) -> Iterator[Flow]:
    """Everything that came or went by this entry and the later ones, the oldest first; confirming moves nothing.

    Raises StateConflict (JOURNAL_ARCHIVED) for an entry that is archived.
    """
    refuse_archived_entry(reader, entry_id)
    rows = reader.query(_SINCE, (entry_id,))
    keys = account_keys(reader, sorted({one for row in rows for one in row[5:7]}))
    for row in rows:
        for account_id, amount in _sides(row):
            key = keys[account_id]
            if key.book is book and key.kind == kind:
                yield _flow(row, key.holder, key.unit, amount)


def _sides(row: Row) -> list[tuple[int, int]]:
    """The accounts that an entry moves at once: a hold sets aside of the credited one, and gives it back."""
    phase, debit_id, credit_id, amount = row[0], *row[5:]
    if phase == "post":
        return [(debit_id, amount), (credit_id, -amount)]
    return [(credit_id, -amount if phase == "hold" else amount)]


def _flow(row: Row, holder: str, unit: str, amount: int) -> Flow:
    phase, kind, subject, at_us, due_us = row[:5]
    moment = min(at_us, due_us) if phase == "expire" else at_us
    return Flow(
        at=from_micros(moment), phase=phase, kind=kind, subject=subject, holder=holder, unit=unit, amount=amount
    )
