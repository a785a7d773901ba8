"""What is counted about an order that is handed over, and when a plan counts as worse than a rule of thumb."""

from dataclasses import replace

import pytest

from benchmarks.engines import race
from benchmarks.handover_tables import Cell, by_policy, by_reason, by_rule, by_set
from benchmarks.thumbs import better_rules
from benchmarks.worlds import problem
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import LATEST_ARRIVAL, Level
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide


def small(seed: int) -> Problem:
    return problem(seed, sources=6, lines=3, stocked_percent=60)


def answer(asked: Problem, engine: Engine) -> Plan:
    return decide(asked, engine=engine, time_limit_seconds=60)


@pytest.mark.parametrize("seed", range(6))
def test_no_rule_of_thumb_beats_the_best_plan(seed: int) -> None:
    asked = small(seed)
    assert better_rules(asked, answer(asked, Engine.EXACT)) == []


@pytest.mark.parametrize(
    ("seed", "better"),
    [(0, ["greedy", "fewest packages"]), (3, ["fewest packages"]), (5, ["greedy", "priority list", "fewest packages"])],
)
def test_a_plan_that_a_rule_of_thumb_beats_is_found_out(seed: int, better: list[str]) -> None:
    asked = small(seed)
    assert better_rules(asked, answer(asked, Engine.NEAREST)) == better


def test_the_last_arrival_counts_where_it_is_a_priority() -> None:
    asked = small(0)
    levels = (Level(measure="unfilled_units"), Level(measure=LATEST_ARRIVAL))
    fastest = replace(asked, policy=replace(asked.policy, levels=levels))
    plan = answer(fastest, Engine.EXACT)
    slow = replace(plan.levels[1], value=plan.levels[1].value + 10_000, bound=0)
    assert better_rules(fastest, plan) == []
    assert "greedy" in better_rules(fastest, replace(plan, levels=(plan.levels[0], slow, plan.levels[2])))


def test_an_order_is_counted_with_the_reason_it_was_handed_over_for() -> None:
    asked = small(0)
    plan = answer(asked, Engine.EXACT)
    cell = Cell(name="made", policy_id="any")
    for one in (plan, replace(plan, fallback_reason="search_budget")):
        cell.count(asked, one, 0.25)
    assert (cell.orders, cell.proven, cell.handed_over) == (2, 2, 1)
    assert cell.reasons == {"search_budget": 1}
    assert cell.slowest_seconds == 0.25


@pytest.fixture
def cells() -> list[Cell]:
    """One set under two policies, one of which hands over and is once beaten."""
    one = Cell(name="A", policy_id="one", orders=4, proven=4)
    two = Cell(name="A", policy_id="two", orders=6, proven=5, slowest_seconds=1.5)
    two.reasons.update({"search_budget": 2, "too_many_states": 3})
    two.worse.update(["greedy"])
    return [one, two]


def test_the_table_of_policies_has_a_row_for_each_set(cells: list[Cell]) -> None:
    assert list(by_policy(cells)) == ["| handed over / asked | one | two |", "|---|---:|---:|", "| A | 0 / 4 | 5 / 6 |"]


def test_the_table_of_reasons_has_the_cells_that_hand_over(cells: list[Cell]) -> None:
    assert list(by_reason(cells))[2:] == ["| A | two | 5 | 83.3 % | too_many_states 3, search_budget 2 |"]


def test_a_set_adds_up_its_policies(cells: list[Cell]) -> None:
    assert list(by_set(cells))[2:] == ["| A | 10 | 50.0 % | too_many_states 3, search_budget 2 | 9 | 1.5 |"]


def test_plans_that_a_rule_of_thumb_beats_are_counted_by_rule(cells: list[Cell]) -> None:
    assert list(by_rule(cells)) == [
        "| plans worse than | plans | greedy | nearest first | priority list | fewest packages |",
        "|---|---:|---:|---:|---:|---:|",
        "| A | 10 | 1 | 0 | 0 | 0 |",
    ]


def test_engines_are_timed_on_the_orders_that_both_prove() -> None:
    result = race("small", [small(seed) for seed in range(3)])
    assert (result.handed_over, result.late) == (0, 0)
    assert len(result.exact_ms) == len(result.mip_ms) == len(result.brief_ms) == len(result.ratios) == 3
    assert result.ratios == sorted(result.ratios)
