"""The ends of a move of units: each stands in the book of stock, by site, and in the book of places.

Every move posts in both, so that the places of a site always add up to it: good + committed + shortfall of a site are
`good` of its places, every other state is the same state there. What is not at any place is `elsewhere`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from solver.journal.model import AccountKey, Book, Transfer
from solver.stock.accounts import committed
from solver.stock.physical.places import StockPlace
from solver.stock.physical.states import StockState

ELSEWHERE = "elsewhere"
SHORTFALL = "shortfall"
SHIPPED = "shipped"
SCRAPPED = "scrapped"
RETURNED = "returned"
SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One end of a move: its account by site, and its account by place."""

    site: AccountKey
    place: AccountKey


def at_site(site_id: str, sku: str, state: StockState) -> AccountKey:
    """All units of a state at a site, guarded; without those that are committed."""
    return AccountKey(book=Book.STOCK, kind=state, holder=site_id, unit=sku, guarded=True)


def at_place(place_id: str, sku: str, state: StockState) -> AccountKey:
    """All units of a state at a place, guarded."""
    return AccountKey(book=Book.PLACES, kind=state, holder=place_id, unit=sku, guarded=True)


def elsewhere(sku: str) -> AccountKey:
    """Every unit that is at no place."""
    return AccountKey(book=Book.PLACES, kind=ELSEWHERE, holder="", unit=sku)


def shortfall(site_id: str, sku: str) -> AccountKey:
    """Minus the units that are promised though a count did not find them."""
    return AccountKey(book=Book.STOCK, kind=SHORTFALL, holder=site_id, unit=sku)


def lying(place: StockPlace, sku: str, state: StockState) -> Side:
    """Units in a state at a place."""
    return Side(site=at_site(place.site_id, sku, state), place=at_place(place.place_id, sku, state))


def committed_at(place: StockPlace, sku: str) -> Side:
    """Units at a place that are committed to a customer."""
    return Side(site=committed(place.site_id, sku), place=at_place(place.place_id, sku, StockState.GOOD))


def outside(kind: str, sku: str) -> Side:
    """Where units come from or go to, such as `supply` or `shipped`."""
    return Side(site=AccountKey(book=Book.STOCK, kind=kind, holder="", unit=sku), place=elsewhere(sku))


def move(units: int, *, of: Side, to: Side) -> list[Transfer]:
    """The transfers that move units from one side to the other: none where an account would stay as it is."""
    pairs = ((to.site, of.site), (to.place, of.place))
    return [Transfer(debit=debit, credit=credit, amount=units) for debit, credit in pairs if debit != credit]


def merged(transfers: Iterable[Transfer]) -> list[Transfer]:
    """The same moves with one transfer between any two accounts in each direction, in order of first mention."""
    sums: dict[tuple[AccountKey, AccountKey], int] = {}
    for one in transfers:
        sums[one.debit, one.credit] = sums.get((one.debit, one.credit), 0) + one.amount
    return [Transfer(debit=debit, credit=credit, amount=units) for (debit, credit), units in sums.items()]
