"""How much came to accounts by confirmed holds since a moment."""

from collections.abc import Collection

from solver.journal.model import Book
from solver.storage.database import Reader


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


def confirmed_out_of(
    reader: Reader, book: Book, kinds: Collection[str], units: Collection[str], at_us: int
) -> dict[tuple[str, str], int]:
    """(holder, unit) -> what holds confirmed at or after a moment took out of accounts of these kinds and units."""
    rows = reader.query_within(
        """SELECT account.holder, account.unit, sum(moved.amount)
           FROM journal_entry AS entry
           JOIN journal_transfer AS moved ON moved.entry_id = entry.resolves
           JOIN journal_account AS account ON account.account_id = moved.credit_id
           WHERE entry.entry_id >= ? AND entry.phase = 'confirm'
             AND account.book = ? AND account.kind IN (?) AND account.unit IN (?)
           GROUP BY account.holder, account.unit""",
        (first_entry_since(reader, at_us), str(book), kinds, units),
    )
    return {(holder, unit): int(amount) for holder, unit, amount in rows}
