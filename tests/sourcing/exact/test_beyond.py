"""Units beyond what there is are left out of the search, and come back as unfilled."""

import random
from dataclasses import replace

import numpy as np
import pytest

from solver.sourcing.brief import brief
from solver.sourcing.case import Case
from solver.sourcing.exact.beyond import units_beyond_stock, without
from solver.sourcing.exact.search import search
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.problem import Problem
from tests.sourcing.made import flat, lane, line, offer, problem
from tests.sourcing.worlds import random_problem

TWO_LINES = problem(
    lines=(line("1", 9, {"A": 1}), line("2", 5, {"B": 2})),
    grams={"A": 500, "B": 500},
    offers=(offer("S1", {"A": 2, "B": 3}), offer("S2", {"A": 1, "B": 2})),
    lanes=(lane("S1", flat(100)), lane("S2", flat(100))),
)


def case_of(asked: Problem) -> Case:
    return brief(asked).case


def test_a_line_can_lack_what_all_offers_together_lack() -> None:
    assert units_beyond_stock(case_of(TWO_LINES)).tolist() == [6, 3]


def test_stock_without_a_lane_does_not_count() -> None:
    assert units_beyond_stock(case_of(replace(TWO_LINES, lanes=TWO_LINES.lanes[:1]))).tolist() == [7, 4]


@pytest.mark.parametrize(
    "asked",
    [
        replace(TWO_LINES, ships_complete=True),
        replace(TWO_LINES, lines=tuple(replace(one, ships_complete=True) for one in TWO_LINES.lines)),
        replace(TWO_LINES, lines=(line("1", 9, {"A": 1}), line("2", 5, {"A": 1, "B": 2}))),
    ],
    ids=["the order ships whole", "each line ships whole", "the lines share a part"],
)
def test_where_it_is_not_certain_which_units_stay_unfilled_none_is_left_out(asked: Problem) -> None:
    assert units_beyond_stock(case_of(asked)).tolist() == [0, 0]


def test_a_case_without_such_units_has_no_more_states_than_there_are_units() -> None:
    case = case_of(TWO_LINES)
    smaller = without(case, units_beyond_stock(case))
    assert (smaller.line_quantity.tolist(), smaller.demand.tolist()) == ([3, 2], [3, 4])
    assert (smaller.stock <= smaller.demand).all()


def test_what_was_left_out_is_unfilled_and_paid_for() -> None:
    case = case_of(TWO_LINES)
    finding = search(case)
    assert finding.reason == ""
    assert finding.unfilled.tolist() == [6, 3]
    assert finding.cost == finding.bound == (2 * 100 + 200 + 9 * 100_000,)


def test_large_orders_of_little_stock_cost_what_the_program_says(seed: int) -> None:
    seen = 0
    for drawn in range(seed + 81_000, seed + 81_120):
        asked = random_problem(drawn)
        factor = random.Random(drawn).randint(2, 5)
        lines = tuple(replace(one, quantity=one.quantity * factor) for one in asked.lines)
        case = case_of(replace(asked, lines=lines))
        if not units_beyond_stock(case).any():
            continue
        finding = search(case)
        if finding.reason:
            continue
        other, _ = solve_by_mip(case, tolerances=(0,) * case.levels, time_limit_seconds=60)
        assert finding.cost == finding.bound == other.cost, f"seed {drawn}"
        assert np.all(finding.unfilled >= units_beyond_stock(case)), f"seed {drawn}"
        seen += 1
    assert seen > 20
