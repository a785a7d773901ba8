"""What many accounts have free, as plain rows: for figures of thousands of units at once."""

from collections.abc import Collection, Mapping

from solver.journal.accounts import ANY_OF
from solver.journal.model import Book
from solver.storage.database import Reader
from solver.storage.firsts import look_up

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


def any_account(reader: Reader, kinds: Mapping[Book, Collection[str]], units: Collection[str]) -> bool:
    """True where there is an account of one of these kinds and units. Where nobody uses these books it costs least."""
    look_up(reader, *(ANY_OF[book] for book in kinds))
    if not any(ANY_OF[book].up(reader) for book in kinds):
        return False
    of_book = "SELECT 1 FROM journal_account WHERE book = ? AND kind IN (?) AND unit IN (?)"
    params = [part for book, of in kinds.items() for part in (str(book), of, units)]
    return bool(reader.query_within(f"{' UNION ALL '.join([of_book] * len(kinds))} LIMIT 1", params))


def units_of(reader: Reader, book: Book) -> set[str]:
    """Every unit that has an account in a book."""
    return {unit for (unit,) in reader.query("SELECT DISTINCT unit FROM journal_account WHERE book = ?", (str(book),))}


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
