"""Units out of reach: which they are, and that without them an order gets the plan that it gets with them."""

import random
from dataclasses import replace

import numpy as np
import pytest

from solver.sourcing import reach
from solver.sourcing.case import Case, Finding
from solver.sourcing.cost import cost_of
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.reach import reach_of, search_in_reach
from tests.sourcing.exact.brute import best_cost
from tests.sourcing.exact.cases import plain_case, random_case

SMALL, LARGE = 300, 12
# Of 100 and 50 units, two of three offers have 95 and 45 at most: the first and the last lack 5 of each.
THREE = plain_case([[60, 20], [40, 10], [35, 25]], [7, 5, 6], [100, 50], most_packages=2)


@pytest.fixture
def of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small orders as well."""
    monkeypatch.setattr(reach, "MOST_STATES", 0)


def in_reach(case: Case, most: tuple[int, ...] | None = None) -> Finding:
    """As `solve` asks."""
    return search_in_reach(case, lambda one, _, at_most: search(one, limits=Limits(nodes=20_000), most=at_most), most)


def is_consistent(case: Case, finding: Finding) -> bool:
    """The cost is that of the shipments, and what ships and what does not is the order."""
    shipped = sum((one.units for one in finding.shipments), np.zeros_like(case.demand))
    whole = shipped + finding.unfilled @ case.line_units
    return cost_of(case, finding.shipments, finding.unfilled) == finding.cost and bool((whole == case.demand).all())


def short_case(number: int) -> Case:
    """A case of a few units over most rules, of which each offer has half at most, in one package or two."""
    case = random_case(number)
    return replace(
        case,
        stock=np.minimum(case.stock, (case.demand + 1) // 2),
        most_packages=1 + number % 2,
        complete=False,
        complete_lines=np.zeros_like(case.complete_lines),
    )


def scarce_case(rng: random.Random) -> Case:
    """Hundreds of units from offers of which the packages allowed reach only some; leaving is dear, or not."""
    parts, offers = rng.randint(1, 3), rng.randint(3, 6)
    demand = [rng.randint(50, 300) for _ in range(parts)]
    return plain_case(
        [[rng.randint(0, units // 2) for units in demand] for _ in range(offers)],
        [rng.randint(10, 90) for _ in range(offers)],
        demand,
        unit_grams=np.array([rng.choice((30, 70, 110)) for _ in range(parts)]),
        unit_cost=np.array([[[rng.randint(0, 3) for _ in range(parts)] for _ in range(offers)]]),
        unfilled_cost=np.array([[rng.choice((20, 1_000, 1_000)) for _ in range(parts)]]),
        most_packages=rng.randint(1, offers - 1),
    )


@pytest.mark.usefixtures("of_any_size")
def test_the_sets_that_lack_least_say_what_is_out_of_reach() -> None:
    found = reach_of(THREE)
    assert found is not None
    assert [lack.units.tolist() for lack in found.lacks] == [[5, 5]]
    assert [lack.offers.tolist() for lack in found.lacks] == [[True, False, True]]
    assert (found.least_cost, found.next_cost) == (10_000, 11_000)


@pytest.mark.usefixtures("of_any_size")
def test_what_is_out_of_reach_is_unfilled_and_paid_for() -> None:
    finding = in_reach(THREE)
    assert (finding.cost, finding.bound, finding.reason) == ((10_013,), (10_013,), "")
    assert finding.unfilled.tolist() == [5, 5]
    assert [(one.lane, one.units.tolist()) for one in finding.shipments] == [(0, [60, 20]), (2, [35, 25])]


@pytest.mark.usefixtures("of_any_size")
def test_sets_that_lack_other_units_of_the_same_price_are_all_looked_at() -> None:
    case = plain_case([[9, 0], [0, 9], [5, 4]], [50, 20, 30], [9, 9], most_packages=1)
    found = reach_of(case)
    assert found is not None
    assert [lack.units.tolist() for lack in found.lacks] == [[0, 9], [4, 5], [9, 0]]
    assert in_reach(case).cost == (9_020,)


@pytest.mark.usefixtures("of_any_size")
@pytest.mark.parametrize(
    "case",
    [
        replace(THREE, most_packages=3),
        replace(THREE, complete=True),
        replace(THREE, complete_lines=np.ones(2, dtype=bool)),
        replace(THREE, stock=np.array([[60, 20], [40, 30], [35, 25]])),
    ],
    ids=["every source may ship", "the order ships whole", "each line ships whole", "two sources have all"],
)
def test_where_no_unit_is_certain_to_be_out_of_reach_the_order_is_searched_as_it_is(case: Case) -> None:
    assert reach_of(case) is None
    assert in_reach(case).cost == search(case).cost


def test_an_order_of_few_units_is_counted_as_it_is() -> None:
    assert reach_of(THREE) is None


@pytest.mark.usefixtures("of_any_size")
def test_no_plan_of_a_small_case_is_better(seed: int) -> None:
    proven = 0
    for number in range(seed, seed + 2 * SMALL):
        case = short_case(number)
        if reach_of(case) is None:
            continue
        finding, best = in_reach(case), best_cost(case)
        assert is_consistent(case, finding), f"case {number}"
        assert finding.bound <= best <= finding.cost, f"case {number}"
        assert finding.reason or finding.cost == best, f"case {number}"
        proven += not finding.reason
    assert proven > SMALL // 20


@pytest.mark.usefixtures("of_any_size")
def test_a_plan_within_what_is_asked_is_an_answer(seed: int) -> None:
    asked = 0
    for number in range(seed, seed + 2 * SMALL):
        case = short_case(number)
        if reach_of(case) is None:
            continue
        best = best_cost(case)
        for most in (best[:1], (best[0] - 1,)):
            finding = in_reach(case, most)
            assert finding.reason or (finding.cost[:1] <= most) == (best[:1] <= most), f"case {number}"
            assert finding.reason or finding.cost[:1] <= most or finding.bound[:1] > most, f"case {number}"
            asked += 1
    assert asked > SMALL // 10


def test_scarce_orders_are_decided_as_by_the_program(seed: int) -> None:
    rng = random.Random(seed)
    reached, proven = 0, 0
    for number in range(LARGE):
        case = scarce_case(rng)
        finding = in_reach(case)
        program, _ = solve_by_mip(case, tolerances=(0,), time_limit_seconds=3)
        assert is_consistent(case, finding), f"case {number} of seed {seed}"
        assert finding.bound <= program.cost, f"case {number} of seed {seed}"
        assert program.bound <= finding.cost, f"case {number} of seed {seed}"
        if not finding.reason and program.is_proven:
            assert finding.cost == program.cost, f"case {number} of seed {seed}"
            proven += 1
        reached += reach_of(case) is not None
    assert min(reached, proven) > 0
