"""Lots: one expiry each, the same at every site; and what has expired, which is taken out of sale."""

from dataclasses import dataclass, replace
from datetime import datetime

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.physical.days import latest_day
from solver.stock.physical.picking import Places
from solver.stock.physical.place_rows import PlaceRow, expiring_before, expiry_of_lot, unwatch
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import lying, move
from solver.stock.physical.states import StockState
from solver.storage.database import Reader, Transaction

EXPIRED = "stock_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Units of an expired lot: `units` were frozen, `promised_units` could not be, as someone holds them."""

    place: StockPlace
    sku: str
    units: int
    promised_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """An expired lot at a place: units that lie here as good, of which `free_units` nobody holds."""

    row: PlaceRow
    here: int
    free_units: int


def with_expiry(
    reader: Reader, place: StockPlace, sku: str, path: str, violations: Violations, *, may_be_new: bool
) -> StockPlace:
    """The place with its lot's expiry, which a lot keeps for good. Records a lot that is unknown or says otherwise."""
    if not place.lot:
        return place
    known = expiry_of_lot(reader, sku, place.lot)
    if known is None:
        remedy = f"{sku} has no such lot; name one that was received, or none"
        violations.require(may_be_new, f"{path}.lot", place.lot, remedy)
        return place
    (expires_on,) = known
    if place.expires_on not in (None, expires_on):
        day = "never expires" if expires_on is None else f"expires on {expires_on.isoformat()}"
        remedy = f"lot {place.lot} of {sku} {day}; leave this empty, or name another lot"
        violations.add(f"{path}.expires_on", str(place.expires_on), remedy)
    return replace(place, expires_on=expires_on)


def refuse_expired(
    places: Places, reader: Reader, place: StockPlace, state: StockState, path: str, violations: Violations
) -> None:
    """Record a place where units could not be good any more."""
    if state is StockState.GOOD and place.expires_on is not None:
        today = places.today(reader, place.site_id)
        remedy = f"it is {today.isoformat()} there: what has expired cannot be good; say frozen or defective"
        violations.require(place.expires_on >= today, f"{path}.expires_on", place.expires_on.isoformat(), remedy)


def expired(journal: Journal, places: Places, reader: Reader, now: datetime) -> list[Expired]:
    """The places in sale whose last day has passed. One indexed read where there are none."""
    found: list[Expired] = []
    free: dict[tuple[str, str], int] = {}
    for row in expiring_before(reader, latest_day(now)):
        site, last_day = (row.place.site_id, row.sku), row.place.expires_on
        if last_day is None or last_day >= places.day_of(row.place.site_id, now):
            continue
        if site not in free:
            free[site] = journal.available(reader, Book.STOCK, GOOD, (row.sku,))[row.sku].get(row.place.site_id, 0)
        here = places.at(reader, row.place, row.sku)
        units = max(0, min(here, free[site]))
        free[site] -= units
        found.append(Expired(row=row, here=here, free_units=units))
    return found


def freeze_expired(journal: Journal, places: Places, tx: Transaction, now: datetime) -> tuple[Frozen, ...]:
    """Take every free unit of an expired lot out of sale; what others hold follows when it becomes free."""
    found = expired(journal, places, tx, now)
    if not found:
        return ()
    transfers: list[Transfer] = []
    for one in found:
        if one.free_units:
            of, to = (lying(one.row.place, one.row.sku, state) for state in (StockState.GOOD, StockState.FROZEN))
            transfers += move(one.free_units, of=of, to=to)
    unwatch(tx, [one.row for one in found if one.free_units == one.here])
    _post(journal, tx, transfers)
    return tuple(
        Frozen(place=one.row.place, sku=one.row.sku, units=one.free_units, promised_units=one.here - one.free_units)
        for one in found
        if one.free_units
    )


def _post(journal: Journal, tx: Transaction, transfers: list[Transfer]) -> None:
    if transfers:
        following = follow_good(journal, tx, changes_of_good(transfers))
        journal.post(tx, EXPIRED, "", [*transfers, *following])
