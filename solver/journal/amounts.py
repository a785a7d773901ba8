"""What many accounts have free, as plain rows: for figures of thousands of units at once."""

from collections.abc import Collection

from solver.journal.model import Book
from solver.storage.database import Reader

# kind, holder, unit, what no hold is about to take out
Amount = tuple[str, str, str, int]

_MOST_AT_ONCE = 500
_READ_ALL_ABOVE = 5_000  # with so many units a walk through the whole book is faster
_DUE = "SELECT entry_id FROM journal_pending WHERE expires_at_us <= ?"
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
    found: list[Amount] = []
    of_holders = "" if holders is None else f" AND holder IN ({_marks(len(holders))})"
    for condition, params in _conditions(kinds, units):
        found += reader.query(
            f"SELECT kind, holder, unit, {_FREE} FROM journal_account WHERE book = ? AND {condition}{of_holders}",
            (str(book), *params, *(holders or ())),
        )
    due = _due(reader, now_us, book, kinds, units)
    return [*found, *(one for one in due if holders is None or one[1] in holders)]


def free_sums(reader: Reader, now_us: int, book: Book, kind: str, units: Collection[str]) -> dict[str, int]:
    """What all accounts of a kind have free together, by unit; units without an account are left out."""
    sums: dict[str, int] = {}
    for condition, params in _conditions([kind], units):
        sql = f"SELECT unit, sum({_FREE}) FROM journal_account WHERE book = ? AND {condition} GROUP BY unit"
        sums |= {unit: int(free) for unit, free in reader.query(sql, (str(book), *params))}
    for _, _, unit, free in _due(reader, now_us, book, [kind], units):
        sums[unit] += free
    return sums if len(units) <= _READ_ALL_ABOVE else {unit: sums[unit] for unit in units if unit in sums}


def _conditions(kinds: Collection[str], units: Collection[str]) -> list[tuple[str, list[str]]]:
    of_kinds, ordered = f"kind IN ({_marks(len(kinds))})", sorted(units)
    if len(ordered) > _READ_ALL_ABOVE:
        return [(of_kinds, [*kinds])]
    return [
        (f"{of_kinds} AND unit IN ({_marks(len(some))})", [*kinds, *some])
        for begin in range(0, len(ordered), _MOST_AT_ONCE)
        if (some := ordered[begin : begin + _MOST_AT_ONCE])
    ]


def _due(reader: Reader, now_us: int, book: Book, kinds: Collection[str], units: Collection[str]) -> list[Amount]:
    """What holds that are due were about to take out of such accounts; few are, since they are swept."""
    wanted, due = set(units), [one for (one,) in reader.query(_DUE, (now_us,))]
    found: list[Amount] = []
    for begin in range(0, len(due), _MOST_AT_ONCE):
        some = due[begin : begin + _MOST_AT_ONCE]
        rows = reader.query(
            f"""SELECT book, kind, holder, unit, amount FROM journal_transfer
                JOIN journal_account ON account_id = credit_id WHERE entry_id IN ({_marks(len(some))})""",
            some,
        )
        found += [
            (kind, holder, unit, amount)
            for of, kind, holder, unit, amount in rows
            if of == book and kind in kinds and unit in wanted
        ]
    return found


def _marks(count: int) -> str:
    return ", ".join("?" * count)
