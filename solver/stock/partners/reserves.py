"""A dealer's own trade: units set apart up to what was agreed, topped up from what comes in, sold by the dealer."""

from collections.abc import Collection, Iterable, Sequence

from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.partners.dealer_rows import terms_at, terms_of
from solver.stock.physical.picking import Places
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import Side, at_site, lying, merged, move, outside
from solver.stock.physical.states import StockState
from solver.stock.rows import Place
from solver.storage.database import Reader, Transaction

RESERVED = "stock_reserved"
DEALER_SOLD = "dealer_sold"


def top_up(journal: Journal, tx: Transaction, places: Collection[Place], reference: str) -> None:
    """Set free units apart at these sites until dealers have what was agreed."""
    transfers: list[Transfer] = []
    agreed = terms_of(tx, {sku for _, sku in places})
    for site_id, sku in places:
        terms = agreed.get((site_id, sku))
        if terms is None:
            continue
        lacks = terms.reserve_units - reserved_units(journal, tx, (site_id, sku))
        if lacks > 0:
            free = journal.available(tx, Book.STOCK, GOOD, (sku,))[sku].get(site_id, 0)
            transfers += _between(journal, tx, (site_id, sku), min(lacks, free), StockState.GOOD, StockState.RESERVED)
    if transfers:
        following = follow_good(journal, tx, changes_of_good(transfers))
        journal.post(tx, RESERVED, reference, [*merged(transfers), *following])


def surplus(journal: Journal, tx: Transaction, places: Iterable[Place]) -> list[Transfer]:
    """The transfers that give back what dealers have beyond what was agreed."""
    transfers: list[Transfer] = []
    for site_id, sku in places:
        terms = terms_at(tx, site_id, sku)
        keeps = 0 if terms is None else terms.reserve_units
        beyond = reserved_units(journal, tx, (site_id, sku)) - keeps
        transfers += _between(journal, tx, (site_id, sku), beyond, StockState.RESERVED, StockState.GOOD)
    return transfers


def sold(journal: Journal, reader: Reader, sales: Sequence[tuple[Place, int]]) -> list[Transfer]:
    """The transfers of what dealers sold themselves, out of what is set apart for them."""
    transfers: list[Transfer] = []
    for (site_id, sku), units in sales:
        for place, taken in _drawn(journal, reader, (site_id, sku), units, StockState.RESERVED):
            transfers += move(taken, of=lying(place, sku, StockState.RESERVED), to=_gone(sku))
    return merged(transfers)


def reserved_units(journal: Journal, reader: Reader, place: Place) -> int:
    """What is set apart for a dealer now."""
    site_id, sku = place
    kind = at_site(site_id, sku, StockState.RESERVED).kind
    return journal.available(reader, Book.STOCK, kind, (sku,))[sku].get(site_id, 0)


def _between(
    journal: Journal, tx: Transaction, place: Place, units: int, of: StockState, to: StockState
) -> list[Transfer]:
    if units <= 0:
        return []
    _, sku = place
    drawn = _drawn(journal, tx, place, units, of)
    Places(journal).note_arrivals(tx, [(at, sku) for at, _ in drawn])  # a lot may have expired meanwhile
    return [one for at, taken in drawn for one in move(taken, of=lying(at, sku, of), to=lying(at, sku, to))]


def _drawn(
    journal: Journal, reader: Reader, place: Place, units: int, state: StockState
) -> list[tuple[StockPlace, int]]:
    site_id, sku = place
    return Places(journal).draw(reader, StockPlace(site_id=site_id), sku, units, state)


def _gone(sku: str) -> Side:
    return outside(DEALER_SOLD, sku)
