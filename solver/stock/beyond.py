"""Of which SKUs more is known than what is available: one read, after which most orders need no other."""

from collections.abc import Collection
from dataclasses import dataclass

from solver.journal.model import Book
from solver.stock.accounts import BACKORDERABLE, INCOMING, INCOMING_COMMITTED
from solver.stock.layers.entitlement import DIVIDED
from solver.storage.database import Reader

_FACTS, _DIVIDED = "facts", "divided"
_ACCOUNTS = "SELECT DISTINCT '{what}', unit FROM journal_account WHERE book = ? AND kind IN (?) AND unit IN (?)"
_ROWS = "SELECT DISTINCT 'facts', sku FROM {table} WHERE sku IN (?)"
_SQL = " UNION ALL ".join(
    (
        _ACCOUNTS.format(what=_FACTS),
        *[_ACCOUNTS.format(what=_DIVIDED) for _ in DIVIDED],
        _ROWS.format(table="stock_dealer"),
        _ROWS.format(table="stock_safety"),
        _ROWS.format(table="stock_place") + " AND watched = 1",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """`facts`: `sourcing_facts` may tell something of these SKUs. `divided`: dispatch or channels share them out."""

    facts: frozenset[str]
    divided: frozenset[str]


def beyond(reader: Reader, skus: Collection[str]) -> Beyond:
    """What is known of these SKUs beside what is available."""
    wanted, kinds = list(skus), (INCOMING, INCOMING_COMMITTED, BACKORDERABLE)
    divided = [one for book, of_book in DIVIDED.items() for one in (str(book), of_book, wanted)]
    rows = reader.query_within(_SQL, (str(Book.STOCK), kinds, wanted, *divided, wanted, wanted, wanted))
    return Beyond(
        facts=frozenset(sku for what, sku in rows if what == _FACTS),
        divided=frozenset(sku for what, sku in rows if what == _DIVIDED),
    )
