"""Books of a scenario where more decides what an order may have than what lies there, as in the service.

Channels have shares of the stock, sources may promise beyond what they have, and goods are on their way: orders are
asked, held and confirmed on the same code paths as plans of the service.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from solver.app import Application
from solver.fulfilment.asking import Asking
from solver.fulfilment.batching.in_turn import fitted
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.part import Part
from solver.replay.together import LIMITS
from solver.scenario.model import Consigned
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.expected.consignments import Consignments
from solver.stock.following.live import LiveAvailability
from solver.stock.model import Claim
from solver.storage.database import Transaction
from solver.waves.check import check_wave
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave

_VERSION = 1  # of values of stock: a run keeps none but the latest


@dataclass(slots=True, kw_only=True)
class _Moment:
    """Where questions take the network of the moment from, and what stock is worth at it."""

    network: Network
    currency: str | None
    values: MinorBySource = field(default_factory=dict)


class LayeredBooks:
    """The part of a run's books that knows of channels, backorders and consignments."""

    def __init__(self, app: Application, network: Network) -> None:
        self._app = app
        self._now = _Moment(network=network, currency=app.network.currency)
        self._consignments = Consignments(app.journal, app.stock)
        self._asking = Asking(
            database=app.database,
            clock=app.clock,
            catalog=app.catalog,
            network=self._now,
            stock=app.stock,
            live=LiveAvailability(app.clock),
            values_of=lambda _, __: (_VERSION, self._now.values),
        )

    def ask(self, order: Order, policy: Policy, network: Network, values: MinorBySource) -> Problem:
        """The question that the service would answer at this moment, if a unit left behind were worth so much."""
        self._now.network, self._now.values = network, values
        return self._asking.question(order, policy).problem()

    def plan_together(
        self, orders: Sequence[Order], policy: Policy, network: Network, values: MinorBySource
    ) -> Sequence[Plan]:
        """Checked plans of a wave, of which every one can be held after those before it, as of `PlanBatch`."""
        self._now.network, self._now.values = network, values
        questions = self._asking.questions((order, policy) for order in orders)
        wave = Wave(orders=tuple(question.problem() for question in questions))
        plan = solve_wave(wave, limits=LIMITS)
        check_wave(wave, plan)
        return fitted(self._asking, questions, plan, wave.terms, lambda: math.inf)[1].plans

    def take(self, tx: Transaction, parts: Sequence[Part], hold_for: timedelta) -> None:
        """Hold all of them, then confirm, each in the name of its channel. Raises StockShort for what it may not have.

        A confirmed backorder is served from what is free: so nothing is free that another part was to have.
        """
        stock, held = self._app.stock, []
        for part in parts:
            claims = [Claim(site_id=source, sku=sku, units=units) for (source, sku), units in part.units.items()]
            if claims or part.later:
                stock.hold(tx, part.name, claims, self._app.clock.now() + hold_for, part.channel, part.later)
                held.append(part.name)
        for name in held:
            stock.confirm(tx, name)

    def send(self, tx: Transaction, rows: Sequence[Consigned]) -> None:
        """A consignment is on its way from now on; of another source's stock it takes what is free there, if it must.

        One of which nothing is free is not sent.
        """
        first, sent = rows[0], [SentUnits(sku=row.sku, units=row.units) for row in rows]
        to = first.consignment_id, first.source_id
        if not (first.from_source_id and first.sent_at):
            self._consignments.advise(tx, *to, sent, first.expected_at)
            return
        self._app.stock.sweep(tx)
        free = self._app.stock.available(tx, [row.sku for row in rows])
        there = [(row, min(row.units, free.get(row.sku, {}).get(first.from_source_id, 0))) for row in rows]
        sent = [SentUnits(sku=row.sku, units=units) for row, units in there if units > 0]
        if sent:
            self._consignments.dispatch(tx, to[0], first.from_source_id, to[1], sent, first.expected_at)

    def arrive(self, tx: Transaction, consignment_id: str, site_id: str) -> None:
        """All that was sent of it arrives, in good order."""
        for one in self._consignments.all(tx, site_ids=[site_id]):
            if one.consignment_id == consignment_id:
                arrived = [ArrivedUnits(sku=sku, units=units) for sku, units in one.coming().items() if units]
                self._consignments.arrive(tx, consignment_id, arrived, more_to_come=False)


def by_consignment(rows: Iterable[Consigned]) -> dict[str, tuple[Consigned, ...]]:
    """The rows of each consignment, by its id."""
    found: dict[str, tuple[Consigned, ...]] = {}
    for row in rows:
        found[row.consignment_id] = (*found.get(row.consignment_id, ()), row)
    return found
