"""Leaks in a network priced by hand: where each is, what is to be changed, and what exactly that saves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from solver.diagnosis.changes import LeaveService, MoveAll, MoveStock, RemoveStock, changed, told
from solver.diagnosis.diagnose import diagnose, replayed
from solver.diagnosis.findings import Leak, Valued
from solver.diagnosis.leaks import idle_sources, still_stock
from solver.replay.outcome import Outcome
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import Policy
from tests.made_world import MONDAY_AT_8, made_world, order_of

HOUR = timedelta(hours=1)
POLICY = Policy(split_minor=200, lateness_minor_per_hour=10)


def world(stock: dict[tuple[str, str], int], *wanted: tuple[str, int], orders: int = 3, **order: Any) -> Scenario:
    """So many equal orders from East City, an hour apart."""
    rows = tuple(OpeningStock(source_id=one, sku=sku, units=units) for (one, sku), units in stock.items())
    placed = tuple(
        order_of(*wanted, order_id=f"O-{number}", placed_at=MONDAY_AT_8 + number * HOUR, **order)
        for number in range(orders)
    )
    return replace(made_world(), stock=rows, orders=placed, policy=POLICY)


def run(scenario: Scenario) -> Sequence[Outcome]:
    return replayed(scenario, scenario.policy)


def found(scenario: Scenario, leak: Leak) -> Valued:
    """The only finding of this kind."""
    [one] = [valued for valued in diagnose(scenario, run(scenario), run) if valued.finding.leak is leak]
    return one


def test_a_split_is_avoided_by_stock_that_lies_with_the_other_part() -> None:
    scenario = world({("W-EAST", "TEA"): 9, ("S-EAST", "CUP"): 9}, ("TEA", 1), ("CUP", 1))
    split = found(scenario, Leak.AVOIDABLE_SPLITS)
    # tea at 8.00 + 1.20 from the warehouse, a cup at 8.00 + 0.60 from the store, and 2.00 for the second package
    assert run(scenario)[0].total_minor == 1_980
    assert split.finding.subject == "S-EAST + W-EAST"
    assert split.finding.evidence == {"orders": 3, "units": 3, "second_packages_minor": 3 * 920}
    assert split.finding.orders == ("O-0", "O-1", "O-2")
    assert split.finding.change == MoveAll(
        moves=(MoveStock(sku="TEA", units=3, from_source_id="W-EAST", to_source_id="S-EAST"),)
    )
    assert split.saved_minor == 3 * (1_980 - 870)  # both at 8.00 + 0.70 from the store
    assert (split.cheaper_orders, split.dearer_orders) == (3, 0)


def test_a_crossing_is_spared_by_stock_in_the_province_it_goes_to() -> None:
    scenario = world({("W-WEST", "POT"): 9, ("W-EAST", "SAFE"): 1}, ("POT", 1))
    crossing = found(scenario, Leak.CROSSINGS)
    assert crossing.finding.subject == "WEST to EAST"
    assert crossing.finding.evidence == {"packages": 3, "units": 3, "freight_minor": 3 * 1_700}
    assert crossing.finding.change == MoveAll(
        moves=(MoveStock(sku="POT", units=3, from_source_id="W-WEST", to_source_id="W-EAST"),)
    )
    assert crossing.saved_minor == 3 * (1_700 - 1_120)  # 10.00 near, and 1.20 of handling


def test_leaving_a_late_service_may_cost_more_than_it_saves_and_says_so() -> None:
    scenario = world({("W-WEST", "TEA"): 9}, ("TEA", 1), promised_at=MONDAY_AT_8 + 26 * HOUR)
    late = found(scenario, Leak.LATE_LANES)
    assert late.finding.subject == "ground from W-WEST"
    # two days' transit: 22, 23 and 24 hours late
    assert late.finding.evidence == {"packages": 3, "late_packages": 3, "late_minutes": 69 * 60}
    assert late.finding.change == LeaveService(service_id="ground")
    assert late.saved_minor == 3 * 1_200 + 69 * 10 - 3 * 3_000  # by air in time, for 30.00
    assert (late.cheaper_orders, late.dearer_orders) == (0, 3)


def test_a_source_that_never_wins_could_stock_the_one_that_does() -> None:
    scenario = world({("W-EAST", "TEA"): 9, ("S-EAST", "TEA"): 9}, ("TEA", 1))
    outcomes = run(scenario)  # the store ships all for 8.60, not for 9.20
    [idle] = idle_sources(scenario, outcomes)
    assert (idle.subject, idle.evidence) == ("W-EAST", {"units": 9, "skus": 1})
    assert idle.change == MoveAll(
        moves=(MoveStock(sku="TEA", units=9, from_source_id="W-EAST", to_source_id="S-EAST"),)
    )
    assert still_stock(scenario, outcomes) == []


def test_stock_that_never_moves_is_told_with_what_it_ties_up_and_is_not_missed() -> None:
    scenario = world({("S-EAST", "TEA"): 9, ("S-EAST", "CUP"): 4}, ("TEA", 1))
    valued = tuple(replace(one, value_minor=2_500) for one in scenario.materials)
    still = found(replace(scenario, materials=valued), Leak.STILL_STOCK)
    assert still.finding.evidence == {"places": 1, "units": 4, "tied_up_minor": 10_000}
    unvalued = found(scenario, Leak.STILL_STOCK)
    assert unvalued.finding.evidence == {"places": 1, "units": 4}, "what nobody values ties up an unknown amount"
    assert still.finding.change == RemoveStock(rows=(OpeningStock(source_id="S-EAST", sku="CUP", units=4),))
    assert (still.saved_minor, still.cheaper_orders, still.dearer_orders) == (0, 0, 0)


def test_where_nothing_leaks_nothing_is_found() -> None:
    scenario = world({("S-EAST", "TEA"): 3}, ("TEA", 1))
    assert diagnose(scenario, run(scenario), run) == []


def test_no_source_gives_more_than_it_has() -> None:
    scenario = world({("S-EAST", "TEA"): 3}, ("TEA", 1))
    move = MoveStock(sku="TEA", units=4, from_source_id="S-EAST", to_source_id="W-EAST")
    with pytest.raises(ValueError, match="more than it has"):
        changed(scenario, MoveAll(moves=(move,)))


def test_a_change_is_told_in_words() -> None:
    move = MoveStock(sku="TEA", units=1_200, from_source_id="A", to_source_id="B")
    assert told(MoveAll(moves=(move,) * 5)) == (
        "move 1,200 TEA from A to B, 1,200 TEA from A to B, 1,200 TEA from A to B and 2 more beforehand"
    )
    assert told(LeaveService(service_id="ground")) == "do not use ground"
    assert told(RemoveStock(rows=(OpeningStock(source_id="A", sku="TEA", units=7),))) == (
        "sell off or never buy 7 units at 1 places"
    )
