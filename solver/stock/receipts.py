"""Goods that come in and counts that are put right, at sites and at places alike."""

from collections.abc import Sequence

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import MAX_AMOUNT, Entry, Transfer
from solver.stock.accounts import ADJUSTED, SUPPLY
from solver.stock.model import Movement
from solver.stock.physical.lots import refuse_expired, with_expiry
from solver.stock.physical.picking import Places, Taken
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import lying, merged, move, outside
from solver.stock.physical.states import StockState
from solver.stock.posting import post_moves
from solver.storage.database import Reader, Transaction

RECEIVED = "stock_received"
ADJUSTED_BY = "stock_adjusted"

Amounts = dict[tuple[StockPlace, str, StockState], int]


def receive(
    journal: Journal, places: Places, tx: Transaction, movements: Sequence[Movement], reference: str, path: str
) -> Entry:
    """Book units in. Raises InvalidRequest where there are none, units are not positive, or a lot is not sound."""
    _refuse_uncountable("receipt", path, movements, least=1)
    amounts = _sums(_known(places, tx, "receipt", path, movements))
    places.note_arrivals(tx, [(place, sku) for place, sku, _ in amounts])
    transfers: list[Transfer] = []
    for (place, sku, state), units in amounts.items():
        transfers += move(units, of=outside(SUPPLY, sku), to=lying(place, sku, state))
    return post_moves(journal, places, tx, RECEIVED, reference, merged(transfers))


def adjust(journal: Journal, places: Places, tx: Transaction, movements: Sequence[Movement], reference: str) -> Entry:
    """Correct what lies there, up or down. A fall that names no place is taken from the default place first.

    Raises InvalidRequest where nothing changes or a lot is not sound; StockShort naming every site, SKU and state where
    the fall exceeds what is free there.
    """
    _refuse_uncountable("adjustment", "movements", movements, least=-MAX_AMOUNT)
    amounts = _sums(_known(places, tx, "adjustment", "movements", movements))
    violations = Violations()
    violations.require(bool(amounts), "movements", [], "give at least one that changes something")
    violations.refuse_any("adjustment")
    places.note_arrivals(tx, [(place, sku) for (place, sku, _), units in amounts.items() if units > 0])
    transfers: list[Transfer] = []
    falls: Taken = {}
    for (place, sku, state), units in amounts.items():
        correction = outside(ADJUSTED, sku)
        if units > 0:
            transfers += move(units, of=correction, to=lying(place, sku, state))
            continue
        for at, taken in places.draw(tx, place, sku, -units, state, falls):
            transfers += move(taken, of=lying(at, sku, state), to=correction)
    return post_moves(journal, places, tx, ADJUSTED_BY, reference, merged(transfers))


def _known(
    places: Places, reader: Reader, what: str, path: str, movements: Sequence[Movement]
) -> list[tuple[StockPlace, Movement]]:
    """Each movement with its place. Raises InvalidRequest for what is wrong with its lot."""
    violations = Violations()
    found = wrong_rows(places, reader, path, movements, violations)
    violations.refuse_any(what)
    return found


def wrong_rows(
    places: Places, reader: Reader, path: str, movements: Sequence[Movement], violations: Violations
) -> list[tuple[StockPlace, Movement]]:
    """Record what is wrong with the lots of movements; each movement with its place, lots by what is known of them."""
    found = []
    for position, one in enumerate(movements):
        at = f"{path}[{position}]"
        place = with_expiry(reader, one.place, one.sku, at, violations, may_be_new=one.units > 0)
        if one.units > 0:
            refuse_expired(places, reader, place, one.state, at, violations)
        found.append((place, one))
    _refuse_two_days(found, path, violations)
    return found


def _refuse_two_days(found: Sequence[tuple[StockPlace, Movement]], path: str, violations: Violations) -> None:
    """A new lot must say the same day everywhere within one call too."""
    first: dict[tuple[str, str], StockPlace] = {}
    for position, (place, one) in enumerate(found):
        if place.lot:
            before = first.setdefault((one.sku, place.lot), place)
            remedy = f"lot {place.lot} of {one.sku} expires on {before.expires_on} by an earlier row; a lot has one day"
            day = str(place.expires_on)
            violations.require(before.expires_on == place.expires_on, f"{path}[{position}].expires_on", day, remedy)


def _sums(found: Sequence[tuple[StockPlace, Movement]]) -> Amounts:
    """Units per place, SKU and state in order of first mention, without those that cancel out."""
    sums: Amounts = {}
    for place, one in found:
        key = (place, one.sku, one.state)
        sums[key] = sums.get(key, 0) + one.units
    return {key: units for key, units in sums.items() if units}


def _refuse_uncountable(what: str, path: str, movements: Sequence[Movement], *, least: int) -> None:
    """Raise InvalidRequest for rows that name no place, move nothing, or move more than can be counted."""
    violations = Violations()
    remedy = f"between {least:,} and {MAX_AMOUNT:,}" if least > 0 else f"at most {MAX_AMOUNT} either way"
    in_all: dict[tuple[str, str], int] = {}
    for position, row in enumerate(movements):
        at = f"{path}[{position}]"
        violations.require(row.site_id != "", f"{at}.site_id", row.site_id, "name a site")
        violations.require(row.sku != "", f"{at}.sku", row.sku, "name a SKU")
        violations.require(least <= row.units <= MAX_AMOUNT, f"{at}.units", row.units, remedy)
        in_all[row.site_id, row.sku] = in_all.get((row.site_id, row.sku), 0) + abs(row.units)
    violations.require(bool(movements), path, [], "give at least one that changes something")
    for (site_id, sku), units in in_all.items():
        violations.require(units <= MAX_AMOUNT, path, units, f"at most {MAX_AMOUNT} of {site_id}/{sku} in all")
    violations.refuse_any(what)
