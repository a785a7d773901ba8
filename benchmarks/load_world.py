"""A generated network with stock that never runs out, orders for it, and what a service must answer to each.

No order takes what another wants, so that whatever comes first, each gets the plan that it would get alone; that plan
is reckoned here, in the ordinary way and in another process than the service's.
"""

import random
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from benchmarks.loaders import Loaded
from benchmarks.worlds import PLACED_AT, clustered
from solver.app import Application
from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.clock import SystemClock
from solver.fulfilment.question import network_problem
from solver.gen.xunyuan.sourcing.v1 import batch_pb2, order_pb2, plan_pb2, promise_pb2, sourcing_pb2
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.scenario.load import load
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import DEFAULT_POLICY
from solver.sourcing.solve import solve
from solver.wire.codec import to_proto

UNITS = 1_000_000
DRAFTS = 40  # different baskets; orders repeat them under other names


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`stocked_percent` of the pairs of source and SKU have stock; an order has `lines` SKUs."""

    sources: int
    skus: int
    stocked_percent: int
    lines: int = 3


class LoadWorld:
    """The world of a size and a seed."""

    def __init__(self, size: Size, seed: int) -> None:
        rng = random.Random(seed)
        self._rng = rng
        self.size = size
        self.network: Network = clustered(rng, size.sources)
        self.materials = tuple(
            Material(sku=f"SKU-{number:05}", name="", weight_grams=rng.randint(80, 2500)) for number in range(size.skus)
        )
        self.stock = tuple(
            OpeningStock(source_id=source_id, sku=material.sku, units=UNITS)
            for material in self.materials
            for source_id in self.network.source_ids
            if rng.random() * 100 < size.stocked_percent
        )
        self.baskets = tuple(self._basket(number) for number in range(DRAFTS))
        self._serial = 0

    def _basket(self, number: int) -> Order:
        rng = self._rng
        wanted = rng.sample(self.materials, self.size.lines)
        return Order(
            order_id=f"basket-{number}",
            currency="CNY",
            placed_at=PLACED_AT,
            destination=Address(region_id="R", latitude=rng.uniform(22, 45), longitude=rng.uniform(100, 122)),
            lines=tuple(
                OrderLine(line_id=str(line), sku=one.sku, quantity=rng.choices((1, 2, 3), (80, 15, 5))[0])
                for line, one in enumerate(wanted)
            ),
        )

    def put_into(self, data: Path | str) -> None:
        """Network, catalog and stock into the database of a folder where no server runs."""
        scenario = Scenario(
            name="load",
            title="load",
            currency="CNY",
            regions=tuple(self.network.regions.values()),
            sources=tuple(self.network.sources.values()),
            carriers=tuple(self.network.carriers.values()),
            services=tuple(self.network.services.values()),
            materials=self.materials,
            stock=self.stock,
        )
        with closing(Application.open(data, SystemClock())) as application:
            load(application, scenario)

    @cached_property
    def right_minor(self) -> Mapping[str, int]:
        """What the best plan of each basket costs, by the basket's order id. Every basket is filled and proven."""
        available: dict[str, dict[str, int]] = {}
        for row in self.stock:
            available.setdefault(row.sku, {})[row.source_id] = row.units
        catalog = Catalog.of(self.materials)
        right = {}
        for order in self.baskets:
            left = {line.sku: available.get(line.sku, {}) for line in order.lines}
            plan = solve(network_problem(order, catalog, self.network, left, left, DEFAULT_POLICY))
            assert plan.is_proven, f"{order.order_id} is not proven"
            assert not any(line.unfilled_units for line in plan.lines), f"{order.order_id} is not filled"
            right[order.order_id] = plan.total_minor
        return right

    def orders(self, count: int) -> list[Order]:
        """Further orders, each of a name of its own that says which basket it is."""
        first = self._serial
        self._serial += count
        return [
            replace(self.baskets[number % DRAFTS], order_id=f"{self.baskets[number % DRAFTS].order_id}/{number}")
            for number in range(first, first + count)
        ]

    def plan_requests(self, count: int) -> list[bytes]:
        """Requests of PlanFulfillment with hold."""
        return [
            sourcing_pb2.PlanFulfillmentRequest(
                request_id=str(uuid.uuid4()), order=to_proto(order, order_pb2.Order)
            ).SerializeToString()
            for order in self.orders(count)
        ]

    def batch_requests(self, count: int, orders: int) -> list[bytes]:
        """Requests of PlanBatch with hold."""
        return [
            batch_pb2.PlanBatchRequest(
                request_id=str(uuid.uuid4()), orders=[to_proto(order, order_pb2.Order) for order in self.orders(orders)]
            ).SerializeToString()
            for _ in range(count)
        ]

    def promise_requests(self, count: int, options: Sequence[promise_pb2.DeliveryOption] = ()) -> list[bytes]:
        """Requests of Promise; without options the service answers for each kind of source and each service."""
        return [
            sourcing_pb2.PromiseRequest(order=to_proto(order, order_pb2.Order), options=options).SerializeToString()
            for order in self.orders(count)
        ]

    def check_plans(self, load: Loaded) -> None:
        """Every answer is a held plan, filled, proven and of the right cost. Raises AssertionError."""
        assert load.answers, "no call was answered"
        plans = [sourcing_pb2.PlanFulfillmentResponse.FromString(one).plan for one in load.answers.values()]
        self._check(plans)

    def check_batches(self, load: Loaded) -> None:
        """The same of every plan of every batch."""
        assert load.answers, "no call was answered"
        answers = [batch_pb2.PlanBatchResponse.FromString(one) for one in load.answers.values()]
        self._check([plan for answer in answers for plan in answer.plans])

    def _check(self, plans: Sequence[plan_pb2.Plan]) -> None:
        assert len({plan.plan_id for plan in plans}) == len({plan.order_id for plan in plans}) == len(plans)
        for plan in plans:
            basket = plan.order_id.partition("/")[0]
            assert plan.state == plan_pb2.PLAN_STATE_HELD, plan
            assert not any(line.unfilled_units for line in plan.lines), plan
            assert plan.gap_minor == 0, plan
            assert plan.total_minor == self.right_minor[basket], (basket, plan.total_minor, self.right_minor[basket])

    def check_promises(self, load: Loaded) -> None:
        """Everything is promised, and the cheapest way of delivery costs what the best plan does."""
        assert load.answers, "no call was answered"
        for number, answer in load.answers.items():
            promise = sourcing_pb2.PromiseResponse.FromString(answer).promise
            chosen = [one for one in promise.options if one.option_id == promise.cheapest_option_id]
            assert len(chosen) == 1, f"call {number}: nothing is promised"
            assert chosen[0].cheapest.unpromised_units == 0, f"call {number}"
            assert chosen[0].cheapest.total_minor in self.right_minor.values(), f"call {number}"

    def held_units(self, load: Loaded) -> Counter[str]:
        """Units by SKU that the plans of PlanFulfillment's answers hold."""
        held: Counter[str] = Counter()
        for answer in load.answers.values():
            for package in sourcing_pb2.PlanFulfillmentResponse.FromString(answer).plan.packages:
                for packed in package.contents:
                    held[packed.sku] += packed.units
        return held
