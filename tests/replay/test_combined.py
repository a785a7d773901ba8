"""Runs of orders of combinations: exploded as in the service, drawn once, with gifts that count over all orders."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.catalog.combinations.model import Combination, Gift, Measure, Node, Offer, Step
from solver.errors import InvalidRequest, XunyuanError
from solver.replay.outcome import Outcome
from solver.replay.run_files import ORDERS_FILE, RUN_FILE, read_outcomes
from solver.replay.running import run_into
from solver.scenario.files import read_scenario, write_scenario
from solver.scenario.model import Disturbance, Generator, Horizon, Scenario, Trouble
from tests.fulfilment.coffee import COFFEE, COLOURS, TASTING, coffee_order, coffee_world, item
from tests.made_world import MONDAY_AT_8, order_of
from tests.replay.test_replay import outcomes
from tests.replay.test_running import settings, stops_after

MINUTE = timedelta(minutes=1)
GIFT = Combination(
    combination_id="FIRST",
    kind="limited_gift",
    offer=Offer(
        measure=Measure.ORDERS,
        item_ids=("COFFEE",),
        steps=(Step(least=1, goods=Node(gift=Gift(goods=item("SAMPLE"), most_in_total=3, most_per_customer=2))),),
    ),
)


def world(orders: int = 6, **stock: int) -> Scenario:
    """Coffee sets one a minute, by two customers in turn."""
    made = coffee_world(**{"MACHINE": 9, "BEANS": 40, "RED": 2, "BLUE": 2, "SAMPLE": 9, **stock})
    placed = tuple(
        replace(
            coffee_order(number),
            placed_at=MONDAY_AT_8 + number * MINUTE,
            customer_id=("ann", "bob")[number % 2],
        )
        for number in range(orders)
    )
    horizon = Horizon(starts_at=MONDAY_AT_8, ends_at=MONDAY_AT_8 + timedelta(days=1))
    return replace(made, combinations=(COFFEE, TASTING, GIFT), orders=placed, horizon=horizon)


def shipped(told: list[Outcome]) -> list[Counter[str]]:
    return [sum((Counter(one.units) for one in outcome.shipped), Counter()) for outcome in told]


def test_sets_ship_whole_every_cup_once_and_gifts_to_the_first(tmp_path: Path) -> None:
    told = shipped(outcomes(world(), tmp_path))
    assert [units["MACHINE"] for units in told] == [1, 1, 1, 1, 0, 0]
    assert [sum(units[colour] for colour in COLOURS) for units in told] == [1, 1, 1, 1, 0, 0]
    assert sum(told, Counter()) == {"MACHINE": 4, "BEANS": 12, "RED": 2, "BLUE": 2, "SAMPLE": 3}
    assert [units["SAMPLE"] for units in told] == [1, 1, 1, 0, 0, 0]


def test_a_customer_s_limit_counts_over_his_orders(tmp_path: Path) -> None:
    scenario = world()
    of_ann = replace(scenario, orders=tuple(replace(one, customer_id="ann") for one in scenario.orders))
    assert [units["SAMPLE"] for units in shipped(outcomes(of_ann, tmp_path))] == [1, 1, 0, 0, 0, 0]


def test_orders_of_a_wave_are_exploded_one_after_the_other(tmp_path: Path) -> None:
    scenario = world()
    run_into(tmp_path, scenario, scenario.policy, settings(scenario, wave="6"))
    told = shipped(list(read_outcomes(tmp_path)))
    assert sum(told, Counter()) == {"MACHINE": 4, "BEANS": 12, "RED": 2, "BLUE": 2, "SAMPLE": 3}


def test_orders_without_a_combination_are_decided_as_before(tmp_path: Path) -> None:
    scenario = replace(world(), orders=(order_of(("TEA", 2)), order_of(("GIFT", 1), order_id="O-2")))
    plain = replace(scenario, combinations=())
    assert outcomes(scenario, tmp_path / "with") == outcomes(plain, tmp_path / "without")


def test_an_interrupted_run_goes_on_with_what_was_drawn(tmp_path: Path) -> None:
    refusals = Disturbance(
        trouble=Trouble.REJECTIONS,
        source_id="W-EAST",
        permille=500,
        starts_at=MONDAY_AT_8,
        ends_at=MONDAY_AT_8 + timedelta(days=1),
    )
    scenario = replace(world(8, RED=5, BLUE=5), disturbances=(refusals,))
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    run_into(whole, scenario, scenario.policy, settings(scenario))
    for orders, resumes in ((3, False), (8, True)):
        tell, is_stopped = stops_after(orders)
        run_into(
            parted,
            scenario,
            scenario.policy,
            settings(scenario),
            resumes=resumes,
            tell_done=tell,
            is_stopped=is_stopped,
        )
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
    assert any(package.refused for outcome in read_outcomes(whole) for package in outcome.packages)


def test_what_cannot_know_what_orders_come_to_says_so(tmp_path: Path) -> None:
    scenario = world()
    looking_back = replace(settings(scenario), hindsight_seconds=1.0)
    with pytest.raises(XunyuanError, match="hindsight knows no combinations"):
        run_into(tmp_path, scenario, scenario.policy, looking_back)


def faults(folder: Path, scenario: Scenario) -> list[str]:
    write_scenario(scenario, folder)
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(folder)
    return [f"{one.field.removeprefix(f'{folder}/')}: {one.remedy}" for one in refused.value.violations]


def test_a_folder_with_combinations_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_scenario(world(), tmp_path)
    assert read_scenario(tmp_path) == world()


def test_a_combination_that_is_not_sound_is_refused_with_its_line(tmp_path: Path) -> None:
    loop = replace(TASTING, combination_id="LOOP", goods=Node(all_of=None, item=item("LOOP").item))
    (fault,) = faults(tmp_path, replace(world(), combinations=(COFFEE, loop), orders=()))[:1]
    assert fault.startswith("combinations.jsonl:2: goods.item.item_id: the combination contains itself: LOOP -> LOOP")


def test_an_order_that_cannot_be_exploded_is_refused_with_its_line(tmp_path: Path) -> None:
    scenario = world(1)
    tasting = order_of(("TASTING", 1), order_id="O-2")
    assert faults(tmp_path / "orders", replace(scenario, orders=(*scenario.orders, tasting))) == [
        "orders.jsonl:2: lines[0].chosen.cup: choose 2 of red, blue, white"
    ]
    drawn = Generator(orders_per_day=10, skus={"TASTING": 1, "COFFEE": 1})
    (fault,) = faults(tmp_path / "drawn", replace(scenario, orders=(), generator=drawn))
    assert fault.startswith("scenario.yaml:")
    assert "generator.skus.TASTING: a drawn order of it has no choices, and is refused" in fault
