"""Goods on their way: sent, expected, late, arrived in whole or in part, cancelled. They are `incoming` meanwhile."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from solver.errors import Violations
from solver.journal.journal import Journal
from solver.journal.model import Transfer
from solver.stock.accounts import ADJUSTED, SUPPLY, incoming
from solver.stock.expected.arrivals import PromiseOutcome, land
from solver.stock.expected.coming import Coming, expect
from solver.stock.expected.consignment_model import (
    ArrivedUnits,
    Consignment,
    ConsignmentKind,
    ConsignmentLine,
    ConsignmentState,
    SentUnits,
)
from solver.stock.physical.lots import refuse_expired, with_expiry
from solver.stock.physical.papers import Papers
from solver.stock.physical.picking import Taken
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import Side, elsewhere, lying, merged, move, outside
from solver.stock.physical.states import StockState
from solver.stock.physical.unloading import Unloading, unload
from solver.stock.posting import post_moves
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction

SENT = "consignment_sent"
ARRIVED = "consignment_arrived"
CANCELLED = "consignment_cancelled"

_papers = Papers(kind="consignment", noun=Consignment)


class Consignments:
    """Consignments by their callers' ids."""

    def __init__(self, journal: Journal, stock: Stock) -> None:
        self._journal = journal
        self._stock = stock

    def advise(
        self, tx: Transaction, consignment_id: str, site_id: str, sent: Sequence[SentUnits], expected_at: datetime
    ) -> Consignment:
        """Note a purchase order that is on its way. Raises InvalidRequest, StateConflict (CONSIGNMENT_EXISTS)."""
        violations = Violations()
        lines = []
        for position, one in enumerate(sent):
            place = with_expiry(tx, _place(site_id, one), one.sku, f"lines[{position}]", violations, may_be_new=True)
            lines.append(ConsignmentLine(sku=one.sku, units=one.units, lot=place.lot, expires_on=place.expires_on))
        violations.refuse_any("the consignment")
        consignment = self._open(tx, consignment_id, ConsignmentKind.PURCHASE, "", site_id, _joined(lines), expected_at)
        transfers = [
            one
            for line in consignment.lines
            for one in move(line.units, of=outside(SUPPLY, line.sku), to=_coming(consignment_id, line.sku))
        ]
        post_moves(self._journal, self._stock.places, tx, SENT, consignment_id, merged(transfers))
        return consignment

    def dispatch(
        self,
        tx: Transaction,
        consignment_id: str,
        from_site_id: str,
        site_id: str,
        sent: Sequence[SentUnits],
        expected_at: datetime,
    ) -> Consignment:
        """Let free good units leave for another site, first to expire first or as named. All or none.

        Raises StockShort naming every SKU that has fewer free units, and what `advise` raises.
        """
        self._stock.sweep(tx)
        violations = Violations()
        transfers: list[Transfer] = []
        lines, taken = [], Taken()
        for position, one in enumerate(sent):
            at = f"lines[{position}]"
            wanted = with_expiry(tx, _place(from_site_id, one), one.sku, at, violations, may_be_new=False)
            for place, units in self._stock.places.draw(tx, wanted, one.sku, one.units, StockState.GOOD, taken):
                lines.append(ConsignmentLine(sku=one.sku, units=units, lot=place.lot, expires_on=place.expires_on))
                of = lying(place, one.sku, StockState.GOOD)
                transfers += move(units, of=of, to=_coming(consignment_id, one.sku))
        violations.refuse_any("the consignment")
        consignment = self._open(
            tx, consignment_id, ConsignmentKind.TRANSFER, from_site_id, site_id, _joined(lines), expected_at
        )
        post_moves(self._journal, self._stock.places, tx, SENT, consignment_id, merged(transfers))
        return consignment

    def delay(self, tx: Transaction, consignment_id: str, expected_at: datetime) -> Consignment:
        """Expect it at another time, later or earlier. Raises NotFound, StateConflict (CONSIGNMENT_RECEIVED ...)."""
        consignment = self._standing(tx, consignment_id)
        expect(tx, Coming(consignment_id=consignment_id, site_id=consignment.site_id, expected_at=expected_at))
        return self._keep(tx, replace(consignment, expected_at=expected_at))

    def arrive(
        self, tx: Transaction, consignment_id: str, arrived: Sequence[ArrivedUnits], *, more_to_come: bool
    ) -> Consignment:
        """Book what arrived; unless there is more to come, what did not is short and the consignment received.

        Who was promised units of it gets them first, the earliest promise first; those left out stand in `broken`.
        Raises NotFound, StateConflict, and InvalidRequest for a lot that is not sound.
        """
        self._stock.sweep(tx)
        consignment = self._standing(tx, consignment_id)
        rows = self._known(tx, consignment, arrived)
        unloading = unload(consignment, rows, more_to_come=more_to_come)
        self._stock.places.note_arrivals(tx, [(place, row.sku) for place, row in rows])
        transfers = self._transfers(consignment, rows, unloading)
        broken = self._land(tx, ARRIVED, consignment, transfers)
        state = ConsignmentState.IN_TRANSIT if more_to_come else ConsignmentState.RECEIVED
        changed = replace(consignment, lines=unloading.lines, state=state, broken=(*consignment.broken, *broken))
        return self._keep(tx, changed)

    def cancel(self, tx: Transaction, consignment_id: str, remark: str) -> Consignment:
        """End it: what is still on its way goes back to where it came from. Promises from it are broken.

        Raises NotFound, StateConflict (CONSIGNMENT_RECEIVED, CONSIGNMENT_CANCELLED).
        """
        self._stock.sweep(tx)
        consignment = self._standing(tx, consignment_id)
        transfers, returned = [], []
        for line in consignment.lines:
            if line.coming_units > 0:
                place = StockPlace(site_id=consignment.from_site_id, lot=line.lot, expires_on=line.expires_on)
                back = outside(SUPPLY, line.sku)
                if consignment.kind is ConsignmentKind.TRANSFER:
                    back = lying(place, line.sku, StockState.GOOD)
                    returned.append((place, line.sku))
                transfers += move(line.coming_units, of=_coming(consignment_id, line.sku), to=back)
        self._stock.places.note_arrivals(tx, returned)
        broken = self._land(tx, CANCELLED, consignment, transfers)
        state = ConsignmentState.CANCELLED
        changed = replace(consignment, state=state, remark=remark, broken=(*consignment.broken, *broken))
        return self._keep(tx, changed)

    def find(self, reader: Reader, consignment_id: str) -> Consignment:
        """A consignment as it is now. Raises NotFound."""
        return _papers.find(reader, consignment_id)

    def all(
        self, reader: Reader, *, site_ids: Collection[str] = (), states: Collection[ConsignmentState] = ()
    ) -> tuple[Consignment, ...]:
        """The consignments to these sites in these states, ordered by id."""
        return _papers.all(reader, site_ids=site_ids, states=states)

    def _open(
        self,
        tx: Transaction,
        consignment_id: str,
        kind: ConsignmentKind,
        from_site_id: str,
        site_id: str,
        lines: tuple[ConsignmentLine, ...],
        expected_at: datetime,
    ) -> Consignment:
        consignment = Consignment(
            consignment_id=consignment_id,
            kind=kind,
            from_site_id=from_site_id,
            site_id=site_id,
            state=ConsignmentState.IN_TRANSIT,
            opened_at=self._journal.now(tx),
            first_expected_at=expected_at,
            expected_at=expected_at,
            lines=lines,
        )
        _papers.open(tx, consignment)
        expect(tx, Coming(consignment_id=consignment_id, site_id=site_id, expected_at=expected_at))
        return consignment

    def _standing(self, tx: Transaction, consignment_id: str) -> Consignment:
        consignment = _papers.find(tx, consignment_id)
        _papers.refuse_unless(consignment, ConsignmentState.IN_TRANSIT)
        return consignment

    def _keep(self, tx: Transaction, consignment: Consignment) -> Consignment:
        _papers.keep(tx, consignment)
        return consignment

    def _land(
        self, tx: Transaction, kind: str, consignment: Consignment, transfers: Sequence[Transfer]
    ) -> tuple[PromiseOutcome, ...]:
        """Post what becomes of the goods, and serve who was promised them; returns the promises that are broken."""
        if not transfers:
            return ()
        reference = consignment.consignment_id
        coming = Coming(consignment_id=reference, site_id=consignment.site_id, expected_at=consignment.expected_at)
        return land(self._journal, self._stock.places, tx, kind, reference, coming, merged(transfers)).broken

    def _known(
        self, reader: Reader, consignment: Consignment, arrived: Sequence[ArrivedUnits]
    ) -> list[tuple[StockPlace, ArrivedUnits]]:
        violations = Violations()
        rows = []
        for position, row in enumerate(arrived):
            at = f"arrived[{position}]"
            violations.require(row.units + row.damaged_units > 0, f"{at}.units", 0, "say how many arrived, good or not")
            place = StockPlace(
                site_id=consignment.site_id, zone=row.zone, bin=row.bin, lot=row.lot, expires_on=row.expires_on
            )
            place = with_expiry(reader, place, row.sku, at, violations, may_be_new=True)
            if row.units:
                refuse_expired(self._stock.places, reader, place, StockState.GOOD, at, violations)
            rows.append((place, row))
        violations.refuse_any("what arrived")
        return rows

    def _transfers(
        self, consignment: Consignment, rows: Sequence[tuple[StockPlace, ArrivedUnits]], unloading: Unloading
    ) -> list[Transfer]:
        """Out of what is on its way as far as it goes; what is over comes from outside, what is short goes there."""
        other = SUPPLY if consignment.kind is ConsignmentKind.PURCHASE else ADJUSTED
        left = consignment.coming()
        transfers: list[Transfer] = []
        for place, row in rows:
            coming, beyond = _coming(consignment.consignment_id, row.sku), outside(other, row.sku)
            for units, state in ((row.units, StockState.GOOD), (row.damaged_units, StockState.DEFECTIVE)):
                sent = min(units, left.get(row.sku, 0))
                left[row.sku] = left.get(row.sku, 0) - sent
                for part, of in ((sent, coming), (units - sent, beyond)):
                    transfers += move(part, of=of, to=lying(place, row.sku, state)) if part else []
        for sku, units in unloading.short.items():
            transfers += move(units, of=_coming(consignment.consignment_id, sku), to=outside(other, sku))
        return transfers


def _coming(consignment_id: str, sku: str) -> Side:
    return Side(site=incoming(consignment_id, sku), place=elsewhere(sku))


def _place(site_id: str, sent: SentUnits) -> StockPlace:
    return StockPlace(site_id=site_id, zone=sent.zone, bin=sent.bin, lot=sent.lot, expires_on=sent.expires_on)


def _joined(lines: Sequence[ConsignmentLine]) -> tuple[ConsignmentLine, ...]:
    """One line for each SKU and lot, in order of first mention."""
    joined: dict[tuple[str, str, object], ConsignmentLine] = {}
    for line in lines:
        key = (line.sku, line.lot, line.expires_on)
        before = joined.get(key)
        joined[key] = line if before is None else replace(before, units=before.units + line.units)
    return tuple(joined.values())
