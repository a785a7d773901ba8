"""Networks with stock as snapshots, and orders for them, from a seed."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.worlds import PLACED_AT, clustered
from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.fulfilment.question import network_problem
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.shelves import UnitsBySource

LINE_COUNTS, LINE_WEIGHTS = (1, 2, 3, 4, 5, 6), (50, 25, 12, 7, 4, 2)  # mean 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A network and what lies in it."""

    network: Network
    catalog: Catalog
    skus: tuple[str, ...]
    available: UnitsBySource
    policy: Policy

    def ask(self, order: Order, network: Network, available: UnitsBySource) -> Problem:
        """The order's Problem in the ordinary way."""
        return network_problem(order, self.catalog, network, available, available, self.policy)

    def problem(self, order: Order) -> Problem:
        """The order's Problem on all of the stock."""
        return self.ask(order, self.network, {line.sku: self.available[line.sku] for line in order.lines})

    def snapshot(self) -> Snapshot:
        """The snapshot of all of it."""
        return Snapshot.of(
            network=self.network, catalog=self.catalog, available=self.available, policy=self.policy, ask=self.ask
        )


class Scattered(Mapping[str, Mapping[str, int]]):
    """Stock that is worked out SKU by SKU when it is asked for, so that no dictionary holds all of it."""

    def __init__(self, seed: int, skus: tuple[str, ...], source_ids: tuple[str, ...], stocked_percent: int) -> None:
        self._seed, self._skus, self._source_ids, self._percent = seed, skus, source_ids, stocked_percent

    def __getitem__(self, sku: str) -> Mapping[str, int]:
        rng = random.Random(f"{self._seed} {sku}")
        return {one: rng.randint(1, 6) for one in self._source_ids if rng.random() * 100 < self._percent}

    def __iter__(self) -> Iterator[str]:
        return iter(self._skus)

    def __len__(self) -> int:
        return len(self._skus)


def world(seed: int, *, sources: int, skus: int, stocked_percent: int) -> World:
    """Sources around cities with three carriers; each stocks a SKU with the given chance."""
    rng = random.Random(seed)
    made = clustered(rng, sources)
    materials = [
        Material(sku=f"SKU-{number:05}", name="", weight_grams=rng.randint(80, 2500)) for number in range(skus)
    ]
    names = tuple(material.sku for material in materials)
    return World(
        network=made,
        catalog=Catalog.of(materials),
        skus=names,
        available=Scattered(seed, names, made.source_ids, stocked_percent),
        policy=Policy(time_limit_ms=60_000),
    )


def order(rng: random.Random, world: World, lines: int) -> Order:
    """An order of so many different SKUs, of one to three units each, promised in one to three days."""
    return Order(
        order_id="order",
        currency="CNY",
        placed_at=PLACED_AT,
        promised_at=PLACED_AT + timedelta(days=rng.randint(1, 3)),
        destination=Address(region_id="R", latitude=rng.uniform(22, 45), longitude=rng.uniform(100, 122)),
        lines=tuple(
            OrderLine(line_id=str(number), sku=sku, quantity=rng.choices((1, 2, 3), (80, 15, 5))[0])
            for number, sku in enumerate(rng.sample(world.skus, lines))
        ),
    )


def wave(rng: random.Random, world: World, orders: int) -> list[Order]:
    """Orders of one to six lines, about two on average."""
    return [order(rng, world, rng.choices(LINE_COUNTS, LINE_WEIGHTS)[0]) for _ in range(orders)]
