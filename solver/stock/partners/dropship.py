"""Stock of drop-shippers: they say what they have, as of when; what is held and committed here is netted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.clock import to_micros
from solver.errors import Violations
from solver.journal.changes import account_keys, effects, last_entry_by, tail
from solver.journal.journal import Journal
from solver.journal.model import Book, Phase, Transfer
from solver.stock.accounts import COMMITTED
from solver.stock.partners.report_rows import ReportedLevel, put_reports, reports_of
from solver.stock.partners.staleness import revive
from solver.stock.physical.corrections import fall
from solver.stock.physical.lots import freeze_expired
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import SHIPPED, lying, merged, move, outside
from solver.stock.physical.states import StockState
from solver.stock.posting import post_moves
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction

REPORTED = "stock_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuLevel:
    """Units of a SKU that a drop-shipper has for sale, those included that he is still to ship for us.

    What he keeps apart as damaged or blocked is not among them.
    """

    sku: str
    units: int


class DropShippers:
    """The last report of a SKU is the truth about it: absolute, and only for so long."""

    def __init__(self, journal: Journal, stock: Stock) -> None:
        self._journal = journal
        self._stock = stock

    def report(
        self,
        tx: Transaction,
        site_id: str,
        levels: Sequence[SkuLevel],
        as_of: datetime,
        fresh_for: timedelta,
        *,
        is_complete: bool,
    ) -> None:
        """Book what a drop-shipper has as of a moment; a complete report says 0 of every SKU that it leaves out.

        What we shipped after that moment is taken off. Less than is held and committed becomes a shortfall. It is all
        about good units: what lies there in another state stays as it is, besides. Raises InvalidRequest for a report
        of the future, or one older than what was reported of a SKU last.
        """
        self._stock.sweep(tx)
        before = reports_of(tx, site_id)
        self._refuse_untimely(tx, levels, as_of, before)
        wanted = {one.sku: one.units for one in levels}
        if is_complete:
            wanted |= {sku: 0 for sku, last in before.items() if sku not in wanted and last.as_of <= as_of}
        put_reports(
            tx,
            [
                ReportedLevel(site_id=site_id, sku=sku, units=units, as_of=as_of, fresh_until=as_of + fresh_for)
                for sku, units in wanted.items()
            ],
        )
        self._stock.places.note_arrivals(tx, [(StockPlace(site_id=site_id), sku) for sku in wanted])
        revive(self._journal, self._stock.places, tx, site_id, wanted)
        freeze_expired(self._journal, self._stock.places, tx, self._journal.now(tx))  # those are good no more
        transfers = self._corrections(tx, site_id, wanted, self._shipped_since(tx, site_id, as_of))
        if transfers:
            post_moves(self._journal, self._stock.places, tx, REPORTED, site_id, merged(transfers))
        self._stock.serve(tx, {(site_id, sku): 0 for sku in wanted}, site_id)
        self._stock.sweep(tx)

    def _refuse_untimely(
        self, reader: Reader, levels: Sequence[SkuLevel], as_of: datetime, before: dict[str, ReportedLevel]
    ) -> None:
        violations = Violations()
        now = self._journal.now(reader)
        remedy = f"it is {now.isoformat()}; give a time that has come"
        violations.require(as_of <= now, "as_of", as_of.isoformat(), remedy)
        for position, one in enumerate(levels):
            last = before.get(one.sku)
            if last is not None:
                remedy = f"{one.sku} was reported as of {last.as_of.isoformat()} already; send later reports alone"
                violations.require(last.as_of <= as_of, f"levels[{position}]", as_of.isoformat(), remedy)
        violations.refuse_any("the report")

    def _corrections(
        self, reader: Reader, site_id: str, wanted: Mapping[str, int], shipped: Mapping[str, int]
    ) -> list[Transfer]:
        """From what the books have to what was reported, less what we shipped since."""
        levels = {one.sku: one for one in self._stock.levels(reader, skus=wanted.keys(), site_ids=(site_id,))}
        default = StockPlace(site_id=site_id)
        transfers: list[Transfer] = []
        for sku, reported in wanted.items():
            level, said = levels.get(sku), outside(REPORTED, sku)
            more = max(0, reported - shipped.get(sku, 0)) - (0 if level is None else level.on_hand)
            if more > 0:
                transfers += move(more, of=said, to=lying(default, sku, StockState.GOOD))
            elif more < 0 and level is not None:
                free = level.available
                for at, units in self._stock.places.draw(reader, default, sku, -more, StockState.GOOD):
                    freely = min(units, free)
                    free -= freely
                    transfers += fall(at, sku, freely, units - freely, said)
        return transfers

    def _shipped_since(self, reader: Reader, site_id: str, as_of: datetime) -> dict[str, int]:
        """Units that left the site for customers after the moment, by SKU."""
        moved = [
            (debit_id, credit_id, amount)
            for _, phase, _, _, debit_id, credit_id, amount in effects(
                reader, last_entry_by(reader, to_micros(as_of)), tail(reader).entry_id
            )
            if phase == Phase.POST.value
        ]
        keys = account_keys(reader, sorted({account_id for ends in moved for account_id in ends[:2]}))
        shipped: dict[str, int] = {}
        for debit_id, credit_id, amount in moved:
            of, to = keys[credit_id], keys[debit_id]
            if (of.book, of.kind, of.holder, to.kind) == (Book.STOCK, COMMITTED, site_id, SHIPPED):
                shipped[of.unit] = shipped.get(of.unit, 0) + amount
        return shipped
