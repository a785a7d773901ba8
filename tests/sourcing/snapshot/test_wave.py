"""Many orders one after the other, with the stock counted down."""

import pytest

from solver.sourcing.plan import Engine
from solver.sourcing.snapshot import Decision
from solver.sourcing.solve import decide
from tests.sourcing.snapshot.any_world import World, any_world

SECONDS = 60.0


def taken(decisions: tuple[Decision, ...]) -> dict[tuple[str, str], int]:
    """Units by SKU and source."""
    units: dict[tuple[str, str], int] = {}
    for decision in decisions:
        for chosen in decision.packages:
            for sku, count in chosen.units.items():
                units[sku, chosen.source_id] = units.get((sku, chosen.source_id), 0) + count
    return units


def one_by_one(world: World) -> list[int]:
    """The totals of the ordinary path, order after order on what the snapshot's own decisions leave."""
    left = {sku: dict(units) for sku, units in world.available.items()}
    totals = []
    for order, decision in zip(world.orders, world.snapshot().decide_all(world.orders), strict=True):
        totals.append(decide(world.problem(order, left), engine=Engine.EXACT, time_limit_seconds=SECONDS).total_minor)
        for (sku, source_id), units in taken((decision,)).items():
            left[sku][source_id] -= units
            assert left[sku][source_id] >= 0
    return totals


@pytest.mark.parametrize("number", range(12))
def test_every_order_is_decided_at_its_best_on_what_is_left(seed: int, number: int) -> None:
    world = any_world(seed + number, orders=12)
    decisions = world.snapshot().decide_all(world.orders)
    assert [decision.total_minor for decision in decisions] == one_by_one(world)


@pytest.mark.parametrize("number", range(12))
def test_stock_is_never_taken_twice(seed: int, number: int) -> None:
    world = any_world(seed + number, orders=40, busy=0.0)
    for (sku, source_id), units in taken(world.snapshot().decide_all(world.orders)).items():
        assert units <= world.available[sku][source_id]


def test_the_snapshot_itself_stays_as_it_was(seed: int) -> None:
    world = any_world(seed, orders=20)
    snapshot = world.snapshot()
    before = snapshot.stock.tolist()
    first = snapshot.decide_all(world.orders)
    assert snapshot.stock.tolist() == before
    assert snapshot.decide_all(world.orders) == first
    assert world.snapshot().decide_all(world.orders) == first
