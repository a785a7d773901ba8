"""What is known of returns beforehand: no run does better than the bound, and it is not lower than it need be."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from solver.catalog.catalog import Catalog
from solver.network.model import SourceKind
from solver.replay.hindsight import hindsight
from solver.replay.returnable import resold_at_most
from solver.replay.troubles import network_of
from solver.scenario.model import OpeningStock, Scenario
from solver.scenario.returns_model import GradeWeights, ReturnRule
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.stock.model import BackorderLimit
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.replay.test_replay import HOUR, outcomes, world
from tests.replay.test_running import run

SECONDS = 3.0
BACK = ReturnRule(permille=1000, days={1: 1}, parcel_minor=700, unit_minor=30)
SHIPPED = 800 + 120  # an order of one TEA from W-EAST, freight and handling
UNFILLED = 100_000  # the default policy's price of a unit


def at_most(scenario: Scenario, seed: int = 0) -> Counter[tuple[str, str]]:
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    stocked = {(row.source_id, row.sku) for row in scenario.stock}
    return resold_at_most(scenario, network_of(scenario), catalog, seed, stocked)


def test_what_comes_back_good_is_there_from_the_beginning(tmp_path: Path) -> None:
    scenario = world(stock={"W-EAST": 1}, hours=(0, 1, 72))
    kept = hindsight(scenario, scenario.policy, SECONDS)
    assert kept is not None
    assert kept.bound_minor == kept.found_minor == SHIPPED + 2 * UNFILLED
    back = replace(scenario, returns=(BACK,))
    known = hindsight(back, scenario.policy, SECONDS)
    assert known is not None
    assert known.bound_minor == known.found_minor == 3 * SHIPPED
    told = outcomes(back, tmp_path)
    assert sum(one.total_minor for one in told) == 2 * SHIPPED + UNFILLED, "on the way it serves nobody"
    assert sum(parcel.cost_minor for one in told for parcel in one.returned) == 2 * 730, "and is no cost of an order"


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        (BACK, {("W-EAST", "TEA"): 3, ("W-WEST", "TEA"): 3}),
        (replace(BACK, source_id="S-EAST"), {("S-EAST", "TEA"): 3}),
        (replace(BACK, kinds=(SourceKind.STORE,)), {("S-EAST", "TEA"): 3}),
        (replace(BACK, grades=GradeWeights(scrap=1)), {}),
        (replace(BACK, skus=("CUP",)), {}),
        (replace(BACK, regions=("WEST",)), {}),
        (replace(BACK, regions=("EAST",), kinds=(SourceKind.WAREHOUSE,)), {("W-EAST", "TEA"): 3}),
    ],
)
def test_it_lies_where_its_rule_says_or_wherever_it_may_have_been_shipped_from(
    rule: ReturnRule, places: dict[tuple[str, str], int]
) -> None:
    scenario = world(stock={"W-EAST": 1, "W-WEST": 1}, hours=(0, 1, 2), returns=(rule,))
    assert at_most(scenario) == places


def test_where_one_rule_brings_it_another_may_bring_it_back_to() -> None:
    rules = (replace(BACK, permille=500, source_id="S-EAST"), replace(BACK, permille=500))
    scenario = world(stock={"W-EAST": 9}, hours=tuple(range(9)), returns=rules)
    named = at_most(replace(scenario, returns=rules[:1]))["S-EAST", "TEA"]
    assert at_most(scenario) == {("S-EAST", "TEA"): 9, ("W-EAST", "TEA"): 9 - named}


@pytest.mark.parametrize("draw", range(4))
def test_no_run_does_better(tmp_path: Path, draw: int) -> None:
    rules = (
        replace(BACK, permille=400, days={0: 1, 1: 1}, exchanged_permille=200),
        replace(BACK, permille=400, days={0: 1, 2: 1}, grades=GradeWeights(resell=3, scrap=1), source_id="S-EAST"),
    )
    scenario = replace(
        made_world(),
        stock=tuple(
            OpeningStock(source_id=source_id, sku=sku, units=units)
            for source_id, sku, units in (("W-EAST", "TEA", 2), ("W-WEST", "TEA", 3), ("W-EAST", "CUP", 2))
        ),
        orders=tuple(
            order_of(
                ("TEA", 1 + number % 2), ("CUP", 1), order_id=f"O-{number}", placed_at=MONDAY_AT_8 + 9 * number * HOUR
            )
            for number in range(12)
        ),
        backorders=(BackorderLimit(site_id="W-EAST", sku="CUP", units=1),) if draw % 2 else (),
        returns=rules,
    )
    found = hindsight(scenario, scenario.policy, SECONDS, draw)
    assert found is not None
    told = outcomes(scenario, tmp_path / "exact", seed=draw)
    assert sum(parcel.units for one in told for parcel in one.returned) > 0
    assert found.bound_minor <= sum(one.total_minor for one in told)
    kept = hindsight(replace(scenario, returns=()), scenario.policy, SECONDS)
    assert kept is not None
    assert found.bound_minor < kept.bound_minor


def test_a_run_keeps_the_bound_of_its_own_draw(tmp_path: Path) -> None:
    half = replace(BACK, permille=500)
    scenario = world(stock={"W-EAST": 1}, hours=tuple(range(0, 240, 40)), returns=(half,))
    bounds = set()
    for seed in range(4):
        made = run(tmp_path / str(seed), scenario, hindsight_seconds=SECONDS, seed=seed)
        assert made.hindsight == hindsight(scenario, scenario.policy, SECONDS, seed)
        assert made.hindsight is not None
        assert made.hindsight.bound_minor <= sum(made.metrics.terms_minor.values())
        bounds.add(made.hindsight.bound_minor)
        nearest = run(tmp_path / f"{seed}-nearest", scenario, rule=Engine.NEAREST, seed=seed)
        assert made.hindsight.bound_minor <= sum(nearest.metrics.terms_minor.values())
    assert len(bounds) > 1


def test_warehouses_alone_get_no_units_of_stores(tmp_path: Path) -> None:
    rule = replace(BACK, kinds=(SourceKind.STORE,))
    scenario = world(stock={"W-EAST": 1}, hours=(0, 72), returns=(rule,))
    warehouses = Policy(words={"only_kinds": ("warehouse",)})
    found = hindsight(scenario, warehouses, SECONDS)
    assert found is not None
    assert found.bound_minor == sum(one.total_minor for one in outcomes(scenario, tmp_path, warehouses))
