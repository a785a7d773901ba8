"""Returns: announced, received into inspection, graded unit by unit; each grade moves the units in the same call."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Transfer
from solver.stock.physical.lots import refuse_expired, with_expiry
from solver.stock.physical.papers import Papers
from solver.stock.physical.picking import Taken
from solver.stock.physical.places import StockPlace
from solver.stock.physical.return_model import (
    AnnouncedUnits,
    CustomerReturn,
    Grade,
    GradedUnits,
    ReturnedUnits,
    ReturnLine,
    ReturnState,
)
from solver.stock.physical.sides import RETURNED, SCRAPPED, SENT_BACK, Side, lying, merged, move, outside
from solver.stock.physical.states import StockState
from solver.stock.posting import post_moves
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction

RETURN_RECEIVED = "return_received"
RETURN_GRADED = "return_graded"

_papers = Papers(kind="return", noun=CustomerReturn)
_STATES = {Grade.RESELL: StockState.GOOD, Grade.REFURBISH: StockState.DEFECTIVE}


class Returns:
    """Returns by their callers' ids."""

    def __init__(self, journal: Journal, stock: Stock) -> None:
        self._journal = journal
        self._stock = stock

    def announce(
        self, tx: Transaction, return_id: str, order_id: str, site_id: str, announced: Sequence[AnnouncedUnits]
    ) -> CustomerReturn:
        """Note what a customer says he sends back. Raises StateConflict (RETURN_EXISTS)."""
        lines: dict[str, ReturnLine] = {}
        for one in announced:
            line = lines.get(one.sku, ReturnLine(sku=one.sku))
            lines[one.sku] = replace(line, announced_units=line.announced_units + one.units)
        announcement = CustomerReturn(
            return_id=return_id,
            order_id=order_id,
            site_id=site_id,
            state=ReturnState.ANNOUNCED,
            opened_at=self._journal.now(tx),
            lines=tuple(lines.values()),
        )
        _papers.open(tx, announcement)
        return announcement

    def receive(self, tx: Transaction, return_id: str, arrived: Sequence[ReturnedUnits]) -> CustomerReturn:
        """Book what came into inspection, also what was not announced; more may come later.

        Raises NotFound, StateConflict (RETURN_CANCELLED), and InvalidRequest for a lot that is not sound.
        """
        found = _papers.find(tx, return_id)
        _papers.refuse_unless(found, ReturnState.ANNOUNCED, ReturnState.RECEIVED, ReturnState.GRADED)
        lines = {line.sku: line for line in found.lines}
        violations = Violations()
        arrivals, transfers = [], list[Transfer]()
        for position, one in enumerate(arrived):
            where = _place(found.site_id, one)
            place = with_expiry(tx, where, one.sku, f"arrived[{position}]", violations, may_be_new=True)
            line = lines.get(one.sku, ReturnLine(sku=one.sku))
            lines[one.sku] = replace(line, received_units=line.received_units + one.units)
            arrivals.append((place, one.sku))
            to = lying(place, one.sku, StockState.INSPECTION)
            transfers += move(one.units, of=outside(RETURNED, one.sku), to=to)
        violations.refuse_any("what came back")
        self._stock.places.note_arrivals(tx, arrivals)
        post_moves(self._journal, self._stock.places, tx, RETURN_RECEIVED, return_id, merged(transfers))
        return self._keep(tx, replace(found, state=ReturnState.RECEIVED, lines=tuple(lines.values())))

    def grade(self, tx: Transaction, return_id: str, graded: Sequence[GradedUnits]) -> CustomerReturn:
        """Say what becomes of units that came, and move them. All or none.

        Raises NotFound, StateConflict (RETURN_ANNOUNCED and so on), InvalidRequest for more than is still to be graded
        or units that have expired, StockShort where fewer lie at the place named.
        """
        found = _papers.find(tx, return_id)
        _papers.refuse_unless(found, ReturnState.RECEIVED)
        lines = {line.sku: line for line in found.lines}
        violations = Violations()
        arrivals, transfers, taken = [], list[Transfer](), Taken()
        for position, one in enumerate(graded):
            at = f"graded[{position}]"
            line = lines.get(one.sku, ReturnLine(sku=one.sku))
            left = line.ungraded_units
            if not violations.require(
                one.units <= left, f"{at}.units", one.units, f"only {left} of {one.sku} are to be graded"
            ):
                continue
            lines[one.sku] = _graded(line, one)
            where = with_expiry(tx, _place(found.site_id, one), one.sku, at, violations, may_be_new=False)
            for place, units in self._stock.places.draw(tx, where, one.sku, one.units, StockState.INSPECTION, taken):
                becomes = _STATES.get(one.grade, StockState.DEFECTIVE)
                refuse_expired(self._stock.places, tx, place, becomes, at, violations)
                arrivals.append((place, one.sku))
                of = lying(place, one.sku, StockState.INSPECTION)
                transfers += move(units, of=of, to=_target(place, one))
        violations.refuse_any("the grades")
        self._stock.places.note_arrivals(tx, arrivals)
        post_moves(self._journal, self._stock.places, tx, RETURN_GRADED, return_id, merged(transfers))
        done = not any(line.ungraded_units for line in lines.values())
        state = ReturnState.GRADED if done else ReturnState.RECEIVED
        return self._keep(tx, replace(found, state=state, lines=tuple(lines.values())))

    def cancel(self, tx: Transaction, return_id: str, remark: str) -> CustomerReturn:
        """End a return of which nothing came. Raises NotFound, StateConflict."""
        found = _papers.find(tx, return_id)
        _papers.refuse_unless(found, ReturnState.ANNOUNCED)
        return self._keep(tx, replace(found, state=ReturnState.CANCELLED, remark=remark))

    def find(self, reader: Reader, return_id: str) -> CustomerReturn:
        """A return as it is now. Raises NotFound."""
        return _papers.find(reader, return_id)

    def all(
        self, reader: Reader, *, site_ids: Collection[str] = (), states: Collection[ReturnState] = ()
    ) -> tuple[CustomerReturn, ...]:
        """The returns to these sites in these states, ordered by id."""
        return _papers.all(reader, site_ids=site_ids, states=states)

    def _keep(self, tx: Transaction, changed: CustomerReturn) -> CustomerReturn:
        _papers.keep(tx, changed)
        return changed


def _place(site_id: str, units: ReturnedUnits | GradedUnits) -> StockPlace:
    return StockPlace(site_id=site_id, zone=units.zone, bin=units.bin, lot=units.lot, expires_on=units.expires_on)


def _graded(line: ReturnLine, graded: GradedUnits) -> ReturnLine:
    match graded.grade:
        case Grade.RESELL:
            return replace(line, resell_units=line.resell_units + graded.units)
        case Grade.REFURBISH:
            return replace(line, refurbish_units=line.refurbish_units + graded.units)
        case Grade.BACK_TO_SUPPLIER:
            return replace(line, back_to_supplier_units=line.back_to_supplier_units + graded.units)
        case Grade.SCRAP:
            return replace(line, scrap_units=line.scrap_units + graded.units)


def _target(place: StockPlace, graded: GradedUnits) -> Side:
    state = _STATES.get(graded.grade)
    if state is not None:
        return lying(place, graded.sku, state)
    return outside(SCRAPPED if graded.grade is Grade.SCRAP else SENT_BACK, graded.sku)
