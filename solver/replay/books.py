"""The books of a run: the real journal, holds and commitments, in a folder of their own that need not outlive it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from solver.app import Application
from solver.catalog.combinations.lines import ExplodedOrder
from solver.clock import ManualClock
from solver.errors import BrokenInvariant, StockShort
from solver.fulfilment.auditing import broken_rules
from solver.fulfilment.exploding import draws_kept, gifts_given
from solver.fulfilment.exploding.together import Together
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.layers import LayeredBooks
from solver.replay.outcome import ReturnedParcel
from solver.replay.part import Part
from solver.scenario.load import load
from solver.scenario.model import Consigned, Inbound, Scenario
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.holds import Holds
from solver.stock.holding.placing import WantedHold
from solver.stock.holding.standing import HoldName
from solver.stock.model import Claim, Movement, StockHold
from solver.stock.physical.return_model import AnnouncedUnits, GradedUnits, ReturnedUnits
from solver.stock.physical.returns import Returns
from solver.stock.physical.states import StockState
from solver.storage.backup import copy_pages
from solver.storage.url import sqlite_path

_HOLD_FOR = timedelta(minutes=15)


class Books:
    """Stock as the service keeps it; nothing is forced to disk."""

    def __init__(self, folder: Path, scenario: Scenario, starts_at: datetime, *, are_begun: bool = False) -> None:
        """`are_begun`: the folder has the books of this very scenario, to go on with from `starts_at`."""
        self._clock = ManualClock(starts_at)
        file = sqlite_path(folder)
        assert file is not None, "a folder has a file"
        self._file = file
        self._app = Application.open(folder, self._clock, durable=False)
        self._exploded: dict[str, ExplodedOrder] = {}
        if not are_begun:
            load(self._app, scenario)
        self._holds = Holds(self._app.journal, self._app.stock.places)
        self._commitments = Commitments(self._app.journal, self._app.stock.places)
        self._returns = Returns(self._app.journal, self._app.stock)
        self._layers = LayeredBooks(self._app, self._app.network.network) if scenario.is_layered else None

    def __enter__(self) -> "Books":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._app.close()

    def turn_to(self, moment: datetime) -> None:
        """What is booked from now on happens at this moment."""
        self._clock.advance(moment - self._clock.now())

    def take(self, parts: Sequence[Part]) -> None:
        """Hold and confirm what was decided. What is not there was oversold: that is our bug, and BrokenInvariant."""
        if self._layers is not None:
            try:
                with self._app.database.write() as tx:
                    self._layers.take(tx, parts, _HOLD_FOR)
            except StockShort as short:
                raise BrokenInvariant(f"a decision takes what is not there: {short}") from short
            return
        wanted = [
            WantedHold(
                hold_id=part.name,
                claims=[
                    Claim(site_id=source_id, sku=sku, units=units) for (source_id, sku), units in part.units.items()
                ],
                hold_for=_HOLD_FOR,
            )
            for part in parts
            if part.units
        ]
        if not wanted:
            return
        with self._app.database.write() as tx:
            for committed in self._holds.commit_each(tx, wanted):
                if not isinstance(committed, StockHold):
                    raise BrokenInvariant(f"a decision takes what is not there: {committed}")

    def exploded(self, orders: Sequence[Order]) -> list[Order]:
        """The orders as they are sourced at this moment, exploded as the service does: earlier ones before later ones.

        What is drawn stands; gifts count once it is said by `take_gifts` what became of the order.
        """
        together, sourced = Together(), []
        for order in orders:
            as_sourced, made_of = self._app.planner.exploding.exploded(order, together=together, keeps_draws=True)
            if made_of is not None:
                together.add(order, made_of)
                self._exploded[order.order_id] = made_of
            sourced.append(as_sourced)
        return sourced

    def take_gifts(self, order: Order, unfilled_units: Sequence[int]) -> None:
        """An order was decided, with so many units of its lines unfilled: its gifts count as given."""
        made_of = self._exploded.pop(order.order_id, None)
        if made_of is None:
            return
        empty = {
            line.line_id for line, units in zip(order.lines, unfilled_units, strict=True) if units == line.quantity
        }
        with self._app.database.write() as tx:
            now = self._clock.now()
            gifts_given.give(
                tx, order.order_id, made_of, empty, order.customer_id, now=now, expires_at=None, refuses=False
            )
            draws_kept.settle(tx, order.order_id)

    def ask(self, order: Order, policy: Policy, network: Network, values: MinorBySource) -> Problem:
        """Where the scenario is layered: the question that the service would answer at this moment.

        `values` is what a unit left behind is worth, by SKU and source.
        """
        assert self._layers is not None, "other scenarios are decided from arrays"
        return self._layers.ask(order, policy, network, values)

    def plan_together(
        self, orders: Sequence[Order], policy: Policy, network: Network, values: MinorBySource
    ) -> Sequence[Plan]:
        """Where the scenario is layered: the checked plans that a batch would get at this moment."""
        assert self._layers is not None, "other scenarios are decided from arrays"
        return self._layers.plan_together(orders, policy, network, values)

    def send(self, rows: Sequence[Consigned]) -> None:
        """Where the scenario is layered: a consignment is on its way from now on."""
        assert self._layers is not None, "a scenario with consignments is layered"
        with self._app.database.write() as tx:
            self._layers.send(tx, rows)

    def arrive(self, consigned: Consigned) -> None:
        """Where the scenario is layered: the consignment of this row arrives, if it was sent."""
        assert self._layers is not None, "a scenario with consignments is layered"
        with self._app.database.write() as tx:
            self._layers.arrive(tx, consigned.consignment_id, consigned.source_id)

    def refuse(self, name: str, source_id: str, units: Mapping[str, int]) -> None:
        """The source does not find these units: they are committed no more, and frozen until somebody looks."""
        with self._app.database.write() as tx:
            self._commitments.reject(tx, self._name(name), _rows(source_id, units), StockState.FROZEN)

    def give_back(self, name: str, source_id: str, units: Mapping[str, int]) -> None:
        """These units of a part are to be had again."""
        with self._app.database.write() as tx:
            self._commitments.cancel(tx, self._name(name), _rows(source_id, units))

    def receive(self, inbound: Sequence[Inbound]) -> None:
        """Units have come."""
        movements = [Movement(site_id=row.source_id, sku=row.sku, units=row.units) for row in inbound]
        with self._app.database.write() as tx:
            self._app.stock.receive(tx, movements, "inbound")

    def take_back(self, return_id: str, order_id: str, parcel: ReturnedParcel) -> None:
        """A parcel came back: it is announced, received and graded at once, as a warehouse does it."""
        units = sum((Counter(of) for of in parcel.grades.values()), Counter[str]())
        graded = [
            GradedUnits(sku=sku, units=count, grade=grade)
            for grade, of in parcel.grades.items()
            for sku, count in of.items()
        ]
        with self._app.database.write() as tx:
            announced = [AnnouncedUnits(sku=sku, units=count) for sku, count in sorted(units.items())]
            self._returns.announce(tx, return_id, order_id, parcel.source_id, announced)
            arrived = [ReturnedUnits(sku=sku, units=count) for sku, count in sorted(units.items())]
            self._returns.receive(tx, return_id, arrived)
            self._returns.grade(tx, return_id, graded)

    def available(self, skus: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """SKU -> source -> units that may still be promised."""
        with self._app.database.read() as reader:
            return self._app.stock.available(reader, skus)

    def copy_to(self, folder: Path) -> None:
        """Everything that is booked, as a folder of books to go on with."""
        folder.mkdir(parents=True)
        copy_pages(self._file, folder / self._file.name)

    def _name(self, name: str) -> HoldName:
        return HoldName.of_caller(name) if self._layers is None else HoldName.of_plan(name)

    def discrepancies(self) -> list[str]:
        """Every broken rule of the books, rebuilt from the journal."""
        with self._app.database.read() as reader:
            return [str(one) for one in broken_rules(self._app.journal, reader)]


def _rows(source_id: str, units: Mapping[str, int]) -> list[CommitmentRow]:
    return [CommitmentRow(site_id=source_id, sku=sku, units=count) for sku, count in units.items()]
