"""Among many sources, the best plan and that without its main source are the same in one look as in two."""

import random
from collections import Counter
from dataclasses import replace

from solver.network.network import Network
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.asked import Asked
from solver.sourcing.snapshot.inner.ground import DONE
from tests.sourcing.snapshot.any_world import World, any_world
from tests.sourcing.snapshot.test_several import one_by_one, parts, ready

WORLDS = 24


def of_many_alike(number: int) -> World:
    """A world of 60 sources, many of which cost the same; some services carry little, and stores may give little."""
    rng = random.Random(f"alike/{number}")
    world = any_world(number, sources=60, orders=12, busy=0.0)
    sources = [
        replace(
            source,
            handling_per_package_minor=rng.choice([100, 200]),
            handling_per_unit_minor=rng.choice([0, 30]),
            handling_per_line_minor=rng.choice([0, 20]),
        )
        for source in world.network.sources.values()
    ]
    services = [
        replace(service, max_units=rng.choice([0, 2]), max_weight_grams=rng.choice([0, 6_000]))
        for service in world.network.services.values()
    ]
    network = Network.of(regions=world.network.regions.values(), sources=sources, services=services)
    return replace(
        world, network=network, policy=Policy(settings={"max_units_per_store": 2} if number % 3 == 0 else {})
    )


def test_one_look_finds_what_two_looks_find(seed: int) -> None:
    counted: Counter[str] = Counter()
    for number in range(seed, seed + WORLDS):
        world = of_many_alike(number)
        briefly = ready(world)
        assert briefly is not None
        for order in world.orders:
            skus = sorted({part.sku for line in order.lines for part in world.catalog.explode(line.sku)})
            one = Asked(order=order, available={sku: world.available.get(sku, {}) for sku in skus})
            [decided] = briefly.decide_each([one])
            assert parts(decided) == one_by_one(briefly, one), f"world {number}, {order.order_id}"
            if decided is None:
                continue
            stocked = briefly.strict.restocked(
                briefly.strict.shelves_of(one.available), ask=world.ask, limits=briefly.strict._limits
            )
            best, others = stocked.prepared([order]).run_both(stocked.stock)
            counted["in one look"] += best.status == others.status == [DONE]
            counted["of several packages"] += len(decided.best.packages) > 1
            counted["as dear without the main source"] += decided.best.total_minor == decided.other.total_minor
    assert counted["in one look"] > 5 * WORLDS
    assert counted["of several packages"] > WORLDS
    assert counted["as dear without the main source"] > WORLDS
