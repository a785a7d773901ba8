"""Units that lie elsewhere within their site, or in another state, than before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Entry, Transfer
from solver.stock.physical.lots import refuse_expired, with_expiry
from solver.stock.physical.picking import Places, Taken
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import lying, merged, move
from solver.stock.physical.states import BY_HAND, StockState
from solver.stock.posting import post_moves
from solver.stock.sweeping import sweep
from solver.storage.database import Transaction

MOVED = "stock_moved"
STATE_CHANGED = "stock_state_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMove:
    """So many units to another zone or bin of their site. They keep their lot; none named: whichever goes first."""

    site_id: str
    sku: str
    units: int
    state: StockState = StockState.GOOD
    from_zone: str = ""
    from_bin: str = ""
    to_zone: str = ""
    to_bin: str = ""
    lot: str = ""
    expires_on: date | None = None

    @property
    def place(self) -> StockPlace:
        """Where they lie before."""
        return StockPlace(
            site_id=self.site_id, zone=self.from_zone, bin=self.from_bin, lot=self.lot, expires_on=self.expires_on
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """So many units into another state, where they lie; an empty field of the place means any, first to go first."""

    site_id: str
    sku: str
    units: int
    from_state: StockState
    to_state: StockState
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None

    @property
    def place(self) -> StockPlace:
        """Where they lie."""
        return StockPlace(site_id=self.site_id, zone=self.zone, bin=self.bin, lot=self.lot, expires_on=self.expires_on)


def move_stock(journal: Journal, places: Places, tx: Transaction, moves: Sequence[StockMove], reference: str) -> Entry:
    """Move units between the places of their sites; those that are held or committed may move too.

    Raises StockShort naming every place that has fewer, and InvalidRequest for a move that changes nothing or an
    unknown lot.
    """
    violations = Violations()
    found = []
    for position, one in enumerate(moves):
        at = f"moves[{position}]"
        goes = (one.from_zone, one.from_bin) != (one.to_zone, one.to_bin)
        violations.require(goes, f"{at}.to_bin", one.to_bin, "name another zone or bin than the units lie in")
        found.append(with_expiry(tx, one.place, one.sku, at, violations, may_be_new=False))
    violations.refuse_any("the list of moves")
    transfers: list[Transfer] = []
    arrivals, taken = [], Taken()
    for one, place in zip(moves, found, strict=True):
        there = replace(place, zone=one.to_zone, bin=one.to_bin)
        for at_place, units in places.draw(tx, place, one.sku, one.units, one.state, taken, away_from=there):
            target = replace(at_place, zone=one.to_zone, bin=one.to_bin)
            arrivals.append((target, one.sku))
            of, to = lying(at_place, one.sku, one.state), lying(target, one.sku, one.state)
            transfers += move(units, of=of, to=to)
    places.note_arrivals(tx, arrivals)
    return post_moves(journal, places, tx, MOVED, reference, merged(transfers))


def change_states(
    journal: Journal, places: Places, tx: Transaction, changes: Sequence[StateChange], reference: str
) -> Entry:
    """Bring units into other states. Only what nobody holds may cease to be good; what has expired is not good again.

    Raises StockShort naming every site, SKU and state that has fewer free units, and InvalidRequest.
    """
    sweep(journal, places, tx)
    violations = Violations()
    found = []
    for position, one in enumerate(changes):
        at = f"changes[{position}]"
        _check_states(one, at, violations)
        found.append(with_expiry(tx, one.place, one.sku, at, violations, may_be_new=False))
    violations.refuse_any("the list of changes")
    transfers: list[Transfer] = []
    arrivals, taken = [], Taken()
    for position, (one, place) in enumerate(zip(changes, found, strict=True)):
        for at_place, units in places.draw(tx, place, one.sku, one.units, one.from_state, taken):
            refuse_expired(places, tx, at_place, one.to_state, f"changes[{position}]", violations)
            arrivals.append((at_place, one.sku))
            of, to = lying(at_place, one.sku, one.from_state), lying(at_place, one.sku, one.to_state)
            transfers += move(units, of=of, to=to)
    violations.refuse_any("the list of changes")
    places.note_arrivals(tx, arrivals)
    return post_moves(journal, places, tx, STATE_CHANGED, reference, merged(transfers))


def _check_states(change: StateChange, at: str, violations: Violations) -> None:
    allowed = f"give one of {', '.join(state.name for state in BY_HAND)}"
    for name in ("from_state", "to_state"):
        state = getattr(change, name)
        violations.require(state in BY_HAND, f"{at}.{name}", state.name, allowed)
    other = change.from_state is not change.to_state
    violations.require(other, f"{at}.to_state", change.to_state.name, "name another state than the units are in")
