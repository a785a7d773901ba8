"""Stock that was booked before there were places is put into the default places of its sites."""

from collections.abc import Iterable

from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import COMMITTED, GOOD
from solver.stock.physical.picking import Places
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import ELSEWHERE, at_place, elsewhere
from solver.stock.physical.states import StockState
from solver.storage.database import Reader, Transaction

ADOPTED = "stock_placed"
_AT_ONCE = 10_000


def needs_places(journal: Journal, reader: Reader) -> bool:
    """True for books with stock and without any place."""
    if journal.balances(reader, Book.PLACES, (ELSEWHERE,)):
        return False
    return any(units for _, units in _lying(journal, reader))


def put_in_places(journal: Journal, places: Places, tx: Transaction) -> int:
    """Put all stock into default places; returns how many sites and SKUs there were. For books without any place."""
    lying = [(key, units) for key, units in _lying(journal, tx) if units]
    for first in range(0, len(lying), _AT_ONCE):
        some = lying[first : first + _AT_ONCE]
        places.note_arrivals(tx, ((StockPlace(site_id=site_id), sku) for (site_id, sku), _ in some))
        transfers = [
            Transfer(
                debit=at_place(StockPlace(site_id=site_id).place_id, sku, StockState.GOOD),
                credit=elsewhere(sku),
                amount=units,
            )
            for (site_id, sku), units in some
        ]
        journal.post(tx, ADOPTED, "", transfers)
    return len(lying)


def _lying(journal: Journal, reader: Reader) -> Iterable[tuple[tuple[str, str], int]]:
    sums: dict[tuple[str, str], int] = {}
    for one in journal.balances(reader, Book.STOCK, (GOOD, COMMITTED)):
        key = (one.account.holder, one.account.unit)
        sums[key] = sums.get(key, 0) + one.posted
    return sums.items()
