"""No run does better than hindsight, and the nearest source first no better than the best decision of each order."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from solver.network.model import Band, RateCard
from solver.replay.books import Books
from solver.replay.hindsight import hindsight, hindsight_within
from solver.replay.replay import Replay, horizon_of
from solver.scenario.files import read_scenario
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Level, Policy
from solver.waves.limits import WaveLimits
from tests.made_world import made_world, order_of

FIRST_LIGHT = Path(__file__).resolve().parents[2] / "scenarios" / "first_light"
SECONDS = 3.0


def total(scenario: Scenario, folder: Path, rule: Engine = Engine.EXACT) -> int:
    with Books(folder, scenario, horizon_of(scenario).starts_at) as books:
        run = Replay(scenario, scenario.policy, books, rule=rule)
        for _ in run.run():
            pass
        assert run.oversold_units() == 0
        return sum(outcome.total_minor for outcome in run.outcomes())


def test_on_scarce_stock_hindsight_is_below_one_by_one_and_that_below_nearest_first(tmp_path: Path) -> None:
    scenario = read_scenario(FIRST_LIGHT)
    plain = tuple(order for order in scenario.orders if order.order_id.rpartition("-")[2].isdigit())
    scenario = replace(scenario, orders=plain)
    found = hindsight(scenario, scenario.policy, SECONDS)
    assert found is not None
    one_by_one = total(scenario, tmp_path / "exact")
    assert found.bound_minor <= one_by_one < total(scenario, tmp_path / "nearest", Engine.NEAREST)
    if found.found_minor is not None:
        assert found.bound_minor <= found.found_minor


def test_hindsight_knows_that_a_later_order_needs_the_unit_more(tmp_path: Path) -> None:
    world = made_world()
    sources = [source.source_id for source in world.sources]
    orders = (order_of(("TEA", 1), order_id="O-1"), order_of(("TEA", 1), order_id="O-2"))
    scenario = replace(
        world,
        orders=orders,
        stock=tuple(OpeningStock(source_id=source_id, sku="TEA", units=1) for source_id in sources),
    )
    found = hindsight(scenario, scenario.policy, SECONDS)
    assert found is not None
    assert found.found_minor == found.bound_minor == total(scenario, tmp_path)


@pytest.mark.parametrize(
    "policy", [Policy(levels=(Level(measure="packages"),)), Policy(relax={"sources_are_near_enough": 1})]
)
def test_a_policy_that_leaves_the_arrays_has_no_hindsight(policy: Policy) -> None:
    scenario = replace(made_world(), orders=(order_of(("TEA", 1)),))
    assert hindsight(scenario, policy, SECONDS) is None


@pytest.mark.parametrize("costs", ["stated", "nothing"])
def test_where_there_is_less_than_is_wanted_the_bound_knows_it(costs: str) -> None:
    world = made_world()
    if costs == "nothing":
        free = RateCard(bands=(Band(up_to_grams=None, base_minor=0),))
        services = [replace(one, rates=tuple(replace(rate, card=free) for rate in one.rates)) for one in world.services]
        sources = [replace(one, handling_per_package_minor=0, handling_per_unit_minor=0) for one in world.sources]
        world = replace(world, services=tuple(services), sources=tuple(sources))
    rng = random.Random(1)
    wanted = [[(sku, rng.randint(1, 3)) for sku in rng.sample(["TEA", "CUP", "POT", "GIFT"], 2)] for _ in range(20)]
    orders = tuple(order_of(*lines, order_id=f"O-{at}") for at, lines in enumerate(wanted))
    limits = WaveLimits(time_limit_seconds=60, passes=300, moves=200)
    found = hindsight_within(replace(world, orders=orders), world.policy, limits)
    assert found is not None
    assert found.found_minor is not None
    assert 0.95 * found.found_minor < found.bound_minor <= found.found_minor
