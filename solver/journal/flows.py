"""What was held since an entry or a moment, and how much came to accounts by confirmed holds."""

from collections.abc import Collection

from solver.clock import from_micros
from solver.journal.archived import refuse_archived_time
from solver.journal.changes import account_keys
from solver.journal.model import Book
from solver.storage.database import Reader

_DAY_US = 86_400_000_000


def first_entry_since(reader: Reader, at_us: int) -> int:
    """The first entry at or after a moment, or one past the last; found by halving: entries stand in time order."""
    rows = reader.query("SELECT entry_id FROM journal_entry ORDER BY entry_id DESC LIMIT 1")
    low, high = 1, (rows[0][0] if rows else 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = reader.query(
            "SELECT entry_id, at_us FROM journal_entry WHERE entry_id >= ? ORDER BY entry_id LIMIT 1", (middle,)
        )
        if found[0][1] < at_us:
            low = found[0][0] + 1
        else:
            high = middle
    return low


def held_after(reader: Reader, kind: str, entry_id: int, most: int) -> list[tuple[int, str]]:
    """Holds of a kind that came after an entry, the earliest first, at most so many: their entries and subjects."""
    rows = reader.query(
        """SELECT entry_id, subject FROM journal_entry
           WHERE entry_id > ? AND phase = 'hold' AND kind = ? ORDER BY entry_id LIMIT ?""",
        (entry_id, kind, most),
    )
    return [(one, subject) for one, subject in rows]


def confirmed_out_of(
    reader: Reader, book: Book, kinds: Collection[str], units: Collection[str], *, now_us: int, days: int
) -> dict[tuple[str, str], list[int]]:
    """(holder, unit) -> what holds confirmed in the last days took out of accounts of these kinds and units, by day.

    Days are those of 24 hours that end now, the latest last. Raises StateConflict (JOURNAL_ARCHIVED) where they begin
    before the last archived entry.
    """
    refuse_archived_time(reader, from_micros(now_us - days * _DAY_US))
    rows = reader.query(
        """SELECT moved.credit_id, (? - entry.at_us) / ? AS age_days, sum(moved.amount)
           FROM journal_entry AS entry JOIN journal_transfer AS moved ON moved.entry_id = entry.resolves
           WHERE entry.entry_id >= ? AND entry.phase = 'confirm' GROUP BY moved.credit_id, age_days""",
        (now_us, _DAY_US, first_entry_since(reader, now_us - days * _DAY_US)),
    )
    # Chosen here, not in SQL: a store that began with the accounts would look for their transfers one by one.
    keys, wanted = account_keys(reader, [account_id for account_id, _, _ in rows]), set(units)
    found: dict[tuple[str, str], list[int]] = {}
    for account_id, age, amount in rows:
        key = keys[account_id]
        if key.book is book and key.kind in kinds and key.unit in wanted:
            by_day = found.setdefault((key.holder, key.unit), [0] * days)
            by_day[days - 1 - min(max(int(age), 0), days - 1)] += int(amount)
    return found
