"""Orders of a week decided on stock that is counted down, with a price on crossings and values of what is left."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from benchmarks.experiments.cross_province import materials_of, policy_of, province_of
from benchmarks.experiments.protected_units import Values
from solver.catalog.catalog import Catalog
from solver.fulfilment.question import UnitsBySource, network_problem
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.decider import Place, of_plan
from solver.replay.replay import horizon_of
from solver.replay.together import planned_together
from solver.replay.troubles import network_of
from solver.scenario.model import Scenario
from solver.sourcing.exact.search import Limits
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.terms.stock_value import SHARE
from solver.waves.case import PRICES_PER_MINOR
from solver.waves.engine.search import search
from solver.waves.from_snapshot import LaidOrders, lay_out_orders
from solver.waves.limits import Watch, WaveLimits

_FOR_PRICES = WaveLimits(passes=100, moves=0, columns=0, branches=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What orders came to, the price of crossings and values not counted, and the units left by source and SKU."""

    orders: int
    packages: int
    crossing: int
    paid_minor: int
    decided: tuple[tuple[Order, Decision], ...]
    left: Mapping[Place, int]

    def __add__(self, later: "Ran") -> "Ran":
        return Ran(
            orders=self.orders + later.orders,
            packages=self.packages + later.packages,
            crossing=self.crossing + later.crossing,
            paid_minor=self.paid_minor + later.paid_minor,
            decided=self.decided + later.decided,
            left=later.left,
        )


class CrossingRun:
    """A week's orders under the price of a crossing."""

    def __init__(self, week: Scenario, crossing_minor: int) -> None:
        self.orders = sorted(week.orders, key=lambda order: (order.placed_at, order.order_id))
        self.horizon, self._price = horizon_of(week), crossing_minor
        self._regions = {region.region_id: region for region in week.regions}
        self.province_of_source = {one.source_id: province_of(one.region_id, self._regions) for one in week.sources}
        self._catalog = Catalog.of(week.materials, week.sales_items)
        policy = policy_of(crossing_minor)
        self._policy = replace(policy, settings={**policy.settings, SHARE.name: 1000})
        self._opening = {(row.source_id, row.sku): row.units for row in week.stock}
        self._snapshot = Snapshot.of(
            network=network_of(week),
            catalog=self._catalog,
            available=_by_sku(self._opening),
            policy=self._policy,
            ask=self._ask,
        )

    def nothing(self) -> Ran:
        """No order yet, on the opening stock."""
        return Ran(orders=0, packages=0, crossing=0, paid_minor=0, decided=(), left=self._opening)

    def one_by_one(
        self, orders: Sequence[Order], values: Values | None = None, left: Mapping[Place, int] | None = None
    ) -> Ran:
        """Each on what the earlier ones left, `left` to begin with (None: the opening stock)."""
        units = dict(self._opening if left is None else left)
        snapshot = self._snapshot.valued(values or {})
        decisions = snapshot.decide_from(self.stock(units), orders)
        return self._ran(snapshot, orders, decisions, units)

    def together(self, orders: Sequence[Order], moment: datetime, values: Values, left: Mapping[Place, int]) -> Ran:
        """All of them at one moment, as a wave."""
        return self.carried_out(
            list(zip(orders, self.planned(orders, moment, values, left), strict=True)), values, left
        )

    def planned(
        self, orders: Sequence[Order], moment: datetime, values: Values, left: Mapping[Place, int]
    ) -> Sequence[Plan]:
        """Plans of a wave; nothing is taken yet."""
        asked = [replace(order, placed_at=moment) for order in orders]
        return planned_together(self._stocked(values, left), asked, self._ask)

    def made_at(self, order: Order, plan: Plan, moment: datetime, values: Values, left: Mapping[Place, int]) -> Plan:
        """The same plan, made at another moment with these values of this stock."""
        return self._stocked(values, left).plan_as(replace(order, placed_at=moment), of_plan(plan))

    def worth_minor(self, plan: Plan, values: Values, left: Mapping[Place, int]) -> int:
        """What the units of a plan are worth by these values, above the least that the same goods are worth."""
        return self._snapshot.valued(values).missed_minor(of_plan(plan), self.stock(left))

    def laid_out(self, orders: Sequence[Order], left: Mapping[Place, int]) -> LaidOrders:
        """The orders as a wave on this stock, without values."""
        return lay_out_orders(self._stocked({}, left), orders)

    @cached_property
    def places(self) -> list[Place]:
        """Source and SKU of every place of the arrays, in their sequence."""
        shelves, source_ids = self._snapshot.shelves, self._snapshot.network.source_ids
        skus = np.repeat(self._snapshot.skus, np.diff(shelves.start)).tolist()
        return [(source_ids[source], sku) for source, sku in zip(shelves.source.tolist(), skus, strict=True)]

    def stock(self, units: Mapping[Place, int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """Units by place of the arrays."""
        stock = np.zeros(len(self._snapshot.shelves.units), dtype=np.int32)
        for (source_id, sku), count in units.items():
            stock[self._snapshot.place_of(sku, source_id)] = count
        return stock

    def carried_out(self, planned: Sequence[tuple[Order, Plan]], values: Values, left: Mapping[Place, int]) -> Ran:
        """All plans of a wave, or some of them; `values` and `left` are those that they were made with."""
        orders, decisions = [order for order, _ in planned], [of_plan(plan) for _, plan in planned]
        return self._ran(self._snapshot.valued(values), orders, decisions, dict(left), is_wave=True)

    def crosses(self, order: Order, plan: Plan) -> bool:
        """Whether any parcel of it crosses a province."""
        return self._crossing(order, of_plan(plan)) > 0

    def on_opening_stock(self) -> Ran:
        """Every order as if it were the first."""
        ran = self.nothing()
        for order in self.orders:
            ran += self.one_by_one([order])
        return ran

    def perfect_values(self) -> Values:
        """Prices of the wave of all orders of the week."""
        laid = lay_out_orders(self._snapshot, self.orders)
        prices = search(laid.case, _FOR_PRICES, Watch()).prices
        values: Values = {}
        for number in np.flatnonzero(prices > 0).tolist():
            resource = laid.resource(number)
            values.setdefault(resource.sku, {})[resource.source_id] = round(int(prices[number]) / PRICES_PER_MINOR)
        return values

    def causes(self, ran: Ran) -> Counter[str]:
        """Why parcels of a run from the opening stock cross: what the order's province held of its goods, and when."""
        at_first = self._in_provinces(self._opening)
        now = Counter(at_first)
        found: Counter[str] = Counter()
        for order, decision in ran.decided:
            province = self._province(order)
            need = materials_of(order, self._catalog)
            crossing = self._crossing(order, decision)
            if any(at_first[province, sku] < units for sku, units in need.items()):
                found["its province never held the goods"] += crossing
            elif any(now[province, sku] < units for sku, units in need.items()):
                found["its province held them at first, not any more"] += crossing
            else:
                found["its province holds them: a split would be dearer"] += crossing
            for chosen in decision.packages:
                for sku, units in chosen.units.items():
                    now[self.province_of_source[chosen.source_id], sku] -= units
        return found

    def _ran(
        self,
        snapshot: Snapshot,
        orders: Sequence[Order],
        decisions: Sequence[Decision],
        units: dict[Place, int],
        *,
        is_wave: bool = False,
    ) -> Ran:
        """`units` is counted down. Values count above the least of the stock that a decision was made on."""
        paid = packages = crossing = 0
        stock = self.stock(units)
        for order, decision in zip(orders, decisions, strict=True):
            assert not any(decision.unfilled), order.order_id
            crosses = self._crossing(order, decision)
            paid += decision.total_minor - snapshot.missed_minor(decision, stock) - self._price * crosses
            packages, crossing = packages + len(decision.packages), crossing + crosses
            for chosen in decision.packages:
                for sku, count in chosen.units.items():
                    units[chosen.source_id, sku] -= count
                    if not is_wave:
                        stock[snapshot.place_of(sku, chosen.source_id)] -= count
        return Ran(
            orders=len(orders),
            packages=packages,
            crossing=crossing,
            paid_minor=paid,
            decided=tuple(zip(orders, decisions, strict=True)),
            left=units,
        )

    def _stocked(self, values: Values, left: Mapping[Place, int]) -> Snapshot:
        snapshot = self._snapshot.valued(values)
        shelves = replace(snapshot.shelves, units=self.stock(left))
        return snapshot.restocked(shelves, ask=self._ask, limits=Limits())

    def _in_provinces(self, units: Mapping[Place, int]) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for (source_id, sku), count in units.items():
            found[self.province_of_source[source_id], sku] += count
        return found

    def _crossing(self, order: Order, decision: Decision) -> int:
        province = self._province(order)
        return sum(self.province_of_source[chosen.source_id] != province for chosen in decision.packages)

    def _province(self, order: Order) -> str:
        return province_of(order.destination.region_id, self._regions)

    def _ask(self, order: Order, network: Network, available: UnitsBySource) -> Problem:
        return network_problem(order, self._catalog, network, available, available, self._policy)


def _by_sku(units: Mapping[Place, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (source_id, sku), count in units.items():
        found.setdefault(sku, {})[source_id] = count
    return found
