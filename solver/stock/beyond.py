"""Of which SKUs more is known than what is available: one read more where anybody says more of anything, else none.

Whether anybody does is read with what every question wants to know first. After it most orders need no other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from solver.journal.model import Book
from solver.stock.accounts import BACKORDERABLE, INCOMING, INCOMING_COMMITTED
from solver.stock.layers.entitlement import DIVIDED
from solver.stock.sweeping import look_ahead
from solver.storage.database import Reader
from solver.storage.firsts import Looked

_FACTS, _DIVIDED = "facts", "divided"
_EXPECTED = (INCOMING, INCOMING_COMMITTED, BACKORDERABLE)


def _accounts(what: str, book: Book, kinds: Sequence[str]) -> tuple[str, str, str]:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    return what, f"journal_account WHERE book = '{book}' AND kind IN ({named})", "unit"


# What is told of whom, by which rows of a table, and the column that names a SKU there.
_KNOWN = (
    _accounts(_FACTS, Book.STOCK, _EXPECTED),
    (_FACTS, "stock_dealer WHERE TRUE", "sku"),
    (_FACTS, "stock_safety WHERE TRUE", "sku"),
    (_FACTS, "stock_place WHERE watched = 1", "sku"),
    *(_accounts(_DIVIDED, book, kinds) for book, kinds in DIVIDED.items()),
)
_ANY = [Looked(sql=f"SELECT 1 FROM {rows} LIMIT 1", otherwise=0) for _, rows, _ in _KNOWN]
_OF_SKUS = [f"SELECT DISTINCT '{what}', {sku} FROM {rows} AND {sku} IN (?)" for what, rows, sku in _KNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """`facts`: `sourcing_facts` may tell something of these SKUs. `divided`: dispatch or channels share them out.

    `is_nothing`: more is known of no SKU whatever.
    """

    facts: frozenset[str]
    divided: frozenset[str]
    is_nothing: bool = False


_NOTHING = Beyond(facts=frozenset(), divided=frozenset(), is_nothing=True)


def foresee(reader: Reader) -> None:
    """Read at once what `look_ahead` reads, and whether anybody says more of anything."""
    look_ahead(reader, *_ANY)


def beyond(reader: Reader, skus: Collection[str]) -> Beyond:
    """What is known of these SKUs beside what is available."""
    foresee(reader)
    parts = [sql for sql, there in zip(_OF_SKUS, _ANY, strict=True) if there.up(reader)]
    if not parts:
        return _NOTHING
    rows = reader.query_within(" UNION ALL ".join(parts), [list(skus)] * len(parts))
    return Beyond(
        facts=frozenset(sku for what, sku in rows if what == _FACTS),
        divided=frozenset(sku for what, sku in rows if what == _DIVIDED),
    )
