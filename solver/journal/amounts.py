"""What many accounts have free, as plain rows: for figures of thousands of units at once."""

from collections.abc import Collection

from solver.journal.model import Book
from solver.storage.database import Reader

# kind, holder, unit, what no hold is about to take out
Amount = tuple[str, str, str, int]

_READ_ALL_ABOVE = 5_000  # with so many units a walk through the whole book is faster
_FREE = "debits_posted - credits_posted - credits_pending"


def free_amounts(
    reader: Reader,
    now_us: int,
    book: Book,
    kinds: Collection[str],
    units: Collection[str],
    holders: Collection[str] | None,
) -> list[Amount]:
    """Every account of these kinds, units and holders (None: of all); an account may stand twice.

    What holds that are due were about to take counts as free, in a row of its own.
    """
    condition, params = _within(kinds, units)
    if holders is not None:
        condition, params = f"{condition} AND holder IN (?)", (*params, holders)
    sql = f"SELECT kind, holder, unit, {_FREE} FROM journal_account WHERE book = ? AND {condition}"
    due = _due(reader, now_us, book, kinds, units)
    return [
        *reader.query_within(sql, (str(book), *params)),
        *(one for one in due if holders is None or one[1] in holders),
    ]


def free_sums(reader: Reader, now_us: int, book: Book, kind: str, units: Collection[str]) -> dict[str, int]:
    """What all accounts of a kind have free together, by unit; units without an account are left out."""
    condition, params = _within([kind], units)
    sql = f"SELECT unit, sum({_FREE}) FROM journal_account WHERE book = ? AND {condition} GROUP BY unit"
    sums = {unit: int(free) for unit, free in reader.query_within(sql, (str(book), *params))}
    for _, _, unit, free in _due(reader, now_us, book, [kind], units):
        sums[unit] += free
    return sums if len(units) <= _READ_ALL_ABOVE else {unit: sums[unit] for unit in units if unit in sums}


def _within(kinds: Collection[str], units: Collection[str]) -> tuple[str, tuple[Collection[str], ...]]:
    if len(units) > _READ_ALL_ABOVE:
        return "kind IN (?)", (kinds,)
    return "kind IN (?) AND unit IN (?)", (kinds, units)


def _due(reader: Reader, now_us: int, book: Book, kinds: Collection[str], units: Collection[str]) -> list[Amount]:
    """What holds that are due were about to take out of such accounts; few are, since they are swept."""
    wanted = set(units)
    rows = reader.query(
        """SELECT book, kind, holder, unit, amount FROM journal_transfer
           JOIN journal_account ON account_id = credit_id
           WHERE entry_id IN (SELECT entry_id FROM journal_pending WHERE expires_at_us <= ?)""",
        (now_us,),
    )
    return [
        (kind, holder, unit, amount)
        for of, kind, holder, unit, amount in rows
        if of == book and kind in kinds and unit in wanted
    ]
