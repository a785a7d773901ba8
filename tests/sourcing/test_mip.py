"""The program's findings: against brute force, level by level; and what it says when the proof is missing."""

import random
from dataclasses import replace

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.brief import brief
from solver.sourcing.case import Case, Finding, Tariff
from solver.sourcing.dimensions import settings, term_of_measure
from solver.sourcing.mip.engine import MipReason, solve_by_mip
from solver.sourcing.mip.program import Outcome, Program, Solution
from solver.sourcing.plan import Stop
from solver.sourcing.policy import COST, Level
from solver.sourcing.problem import Problem
from tests.sourcing.exact.brute import best_cost, cost_of, every_plan, package_of
from tests.sourcing.exact.cases import random_case
from tests.sourcing.formulated import formulated
from tests.sourcing.made import flat
from tests.sourcing.small import small_case
from tests.sourcing.worlds import random_problem

CHUNK = 50


def chunks(count: int) -> list[range]:
    return [range(first, first + CHUNK) for first in range(0, count, CHUNK)]


def found(case: Case, *tolerances: int) -> tuple[Finding, Stop]:
    return solve_by_mip(case, tolerances=tolerances, time_limit_seconds=60)


def is_allowed(case: Case, finding: Finding) -> bool:
    """True when the finding is a plan, and costs what it says."""
    packages = [package_of(case, one.lane, tuple(one.units.tolist())) for one in finding.shipments]
    known = [package for package in packages if package is not None]
    return len(known) == len(packages) and cost_of(case, known, finding.unfilled.tolist()) == finding.cost


def is_proven_best(case: Case, repeat: str) -> None:
    finding, stop = found(case)
    assert is_allowed(case, finding), repeat
    assert finding.cost == finding.bound == best_cost(case), repeat
    assert (stop, finding.reason) == (Stop.OPTIMAL, ""), repeat


def with_closed_bands(case: Case, drawn: int) -> Case:
    """The same case, but the middle or the beginning of the cards is closed."""
    rng = random.Random(drawn)
    first = rng.choice((80, 100, 250, 400))
    ends = (first, first + rng.choice((50, 100, 300)), None)
    closed = rng.choice(((0,), (1,), (0, 1)))

    def bands() -> tuple[Band, ...]:
        return tuple(
            Band(up_to_grams=end, base_minor=rng.randint(0, 9), step_minor=rng.choice((0, 2)), closed=number in closed)
            for number, end in enumerate(ends)
        )

    cards = [None if card is None else replace(card, bands=bands()) for card in case.tariffs[0].cards]
    return replace(case, tariffs=(replace(case.tariffs[0], cards=tuple(cards)), *case.tariffs[1:]))


def with_random_policy(asked: Problem, drawn: int) -> Problem:
    """The same problem under up to three strict levels and prices and limits of every kind."""
    rng = random.Random(drawn)
    measures = rng.sample(sorted(term_of_measure()), k=rng.randint(0, 3))
    known = sorted(settings().values(), key=lambda setting: setting.name)
    chosen = rng.sample([setting for setting in known if not hasattr(asked.policy, setting.name)], k=6)
    numbers = {setting.name: min(rng.choice((1, 20, 700)), setting.most) for setting in chosen}
    policy = replace(asked.policy, levels=tuple(Level(measure=measure) for measure in measures), settings=numbers)
    lines = tuple(
        replace(line, ships_complete=rng.random() < 0.2, ships_together=rng.random() < 0.2) for line in asked.lines
    )
    return replace(asked, policy=policy, lines=lines, ships_complete=rng.random() < 0.1)


@pytest.mark.parametrize("chunk", chunks(400), ids=str)
def test_a_finding_is_the_best_plan_of_its_case(seed: int, chunk: range) -> None:
    for offset in chunk:
        is_proven_best(random_case(seed + offset), f"random_case({seed + offset})")


@pytest.mark.parametrize("chunk", chunks(150), ids=str)
def test_the_same_holds_where_bands_are_closed(seed: int, chunk: range) -> None:
    for drawn in (seed + 1_000_000 + offset for offset in chunk):
        is_proven_best(
            with_closed_bands(random_case(drawn), drawn), f"with_closed_bands(random_case({drawn}), {drawn})"
        )


@pytest.mark.parametrize("chunk", chunks(150), ids=str)
def test_the_same_holds_for_problems_under_any_policy(seed: int, chunk: range) -> None:
    for drawn in (seed + 2_000_000 + offset for offset in chunk):
        asked = with_random_policy(random_problem(drawn, most_pieces=4, most_sources=3), drawn)
        is_proven_best(brief(asked).case, f"with_random_policy(random_problem({drawn}, ...), {drawn})")


@pytest.mark.parametrize("chunk", chunks(150), ids=str)
def test_each_level_stays_within_its_tolerance_of_its_least_value(seed: int, chunk: range) -> None:
    for drawn in (seed + 3_000_000 + offset for offset in chunk):
        case = random_case(drawn)
        tolerances = tuple(random.Random(drawn).choice((0, 1, 7, 30)) for _ in range(case.levels))
        finding, stop = found(case, *tolerances)
        costs = {cost_of(case, plan, unfilled) for plan, unfilled in every_plan(case)} - {None}
        for level in range(case.levels):
            least = min(cost[level] for cost in costs if cost)
            costs = {cost for cost in costs if cost and cost[level] <= least + tolerances[level]}
            assert finding.bound[level] == least, f"random_case({drawn}) within {tolerances}"
        assert finding.cost in costs, f"random_case({drawn}) within {tolerances}"
        assert finding.cost[-1] == finding.bound[-1]
        assert is_allowed(case, finding)
        assert stop is Stop.OPTIMAL


def test_the_same_case_is_answered_with_the_same_packages() -> None:
    for drawn in range(30):
        (one, _), (other, _) = found(random_case(drawn)), found(random_case(drawn))
        packages = [[(each.lane, each.units.tolist()) for each in answer.shipments] for answer in (one, other)]
        assert packages[0] == packages[1]


def few_packages_or_little_money() -> Case:
    """One package from the dear source costs 900; two from the cheap ones cost 2 x 300. Packages first, then money."""
    return small_case(
        stock=[[2], [1], [1]],
        line_quantity=[2],
        cards=(None, None),
        package_cost=[[1, 1, 1], [900, 300, 300]],
        unfilled_cost=[[100], [5_000]],
    )


def lanes_of(finding: Finding) -> list[int]:
    return [shipment.lane for shipment in finding.shipments]


def test_the_first_level_decides_whatever_it_costs_at_the_next() -> None:
    finding, stop = found(few_packages_or_little_money())
    assert lanes_of(finding) == [0]
    assert (finding.cost, finding.bound, stop) == ((1, 900), (1, 900), Stop.OPTIMAL)


def test_a_tolerance_lets_the_next_level_have_its_way_and_the_bound_stays_the_least_value() -> None:
    finding, stop = found(few_packages_or_little_money(), 1)
    assert lanes_of(finding) == [1, 2]
    assert (finding.cost, finding.bound, stop) == ((2, 600), (1, 600), Stop.OPTIMAL)


def test_a_level_that_costs_nothing_already_is_proven_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "solve", None)
    finding, stop = found(small_case(stock=[[1]], line_quantity=[1], unfilled_cost=[[0]]))
    assert (finding.cost, finding.bound, stop) == ((0,), (0,), Stop.OPTIMAL)


def test_an_order_that_nobody_has_anything_of_ships_nothing_and_is_proven() -> None:
    finding, stop = found(small_case(stock=[[0, 0]], line_quantity=[1, 2]))
    assert (finding.shipments, finding.cost, finding.bound, stop) == ((), (3_000,), (3_000,), Stop.OPTIMAL)
    assert finding.unfilled.tolist() == [1, 2]


def test_a_program_that_takes_the_time_to_be_written_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("writing it takes longer than is allowed")

    monkeypatch.setattr("solver.sourcing.mip.engine.formulate", never)
    case = few_packages_or_little_money()
    for must_ship in (None, 0):
        finding, stop = solve_by_mip(case, time_limit_seconds=1e-6, must_ship=must_ship)
        assert (finding.shipments, finding.bound, stop) == ((), (0,) * case.levels, Stop.TIME_LIMIT)
        assert finding.reason is MipReason.NO_SOLUTION_IN_TIME
        assert finding.unfilled.tolist() == case.line_quantity.tolist()


def test_without_time_nothing_ships_and_nothing_is_proven() -> None:
    finding, stop = solve_by_mip(few_packages_or_little_money(), time_limit_seconds=0)
    assert (finding.shipments, finding.cost, finding.bound) == ((), (200, 10_000), (0, 0))
    assert (stop, finding.reason) == (Stop.TIME_LIMIT, MipReason.NO_SOLUTION_IN_TIME)


def answers(monkeypatch: pytest.MonkeyPatch, *given: Solution | str) -> list[tuple[int, float]]:
    """Let the solver give these answers in turn, "solve" for its own; returns the levels and times it was asked."""
    asked: list[tuple[int, float]] = []
    solve = Program.solve

    def answer(program: Program, *, level: int, start: tuple[float, ...], time_limit_seconds: float) -> Solution:
        asked.append((level, time_limit_seconds))
        ours = given[len(asked) - 1]
        if isinstance(ours, Solution):
            return ours
        solution = solve(program, level=level, start=start, time_limit_seconds=60)
        return solution if ours == "solve" else replace(solution, outcome=Outcome.FEASIBLE, bound=0)

    monkeypatch.setattr(Program, "solve", answer)
    return asked


NOTHING = Solution(outcome=Outcome.NOTHING, values=(), bound=1)
SENT_BY_TWO = {"open_package[1,0]", "open_package[2,0]", "ship_units[0,1,0]", "ship_units[0,2,0]"}
FAILED = Solution(outcome=Outcome.FAILED, values=(), bound=0)


def test_a_level_without_a_solution_in_time_leaves_the_plan_of_the_level_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = answers(monkeypatch, "solve", NOTHING)
    finding, stop = found(few_packages_or_little_money())
    assert lanes_of(finding) == [0]
    assert (finding.cost, finding.bound) == ((1, 900), (1, 1))
    assert (stop, finding.reason) == (Stop.TIME_LIMIT, MipReason.TIME_LIMIT)
    assert [level for level, _ in asked] == [0, 1]
    assert asked[0][1] < 30.1  # half of the minute; the last level has all that is left
    assert asked[1][1] > 30.1


def test_after_a_level_that_is_not_proven_the_next_is_improved_but_has_no_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = answers(monkeypatch, "unproven", "solve")
    finding, stop = found(few_packages_or_little_money())
    assert (finding.cost, finding.bound) == ((1, 900), (0, 0))
    assert (stop, finding.reason) == (Stop.TIME_LIMIT, MipReason.TIME_LIMIT)
    assert [level for level, _ in asked] == [0, 1]


def test_nothing_found_in_time_ships_nothing_and_keeps_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, NOTHING)
    finding, stop = found(few_packages_or_little_money())
    assert (finding.shipments, finding.cost, finding.bound) == ((), (200, 10_000), (1, 0))
    assert (stop, finding.reason) == (Stop.TIME_LIMIT, MipReason.NO_SOLUTION_IN_TIME)


def test_a_solver_that_breaks_down_at_a_later_level_leaves_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "solve", FAILED)
    finding, stop = found(few_packages_or_little_money())
    assert (finding.cost, finding.bound) == ((1, 900), (1, 0))
    assert (stop, finding.reason) == (Stop.SOLVER_FAILED, MipReason.SOLVER_FAILED)


def test_weights_at_the_edge_of_a_limit_are_exact() -> None:
    case = small_case(
        stock=[[400, 400]],
        line_quantity=[400, 400],
        unit_grams=[2_501, 4_999],
        package_most_grams=[2_999_999],  # one gram less than the whole order
        package_cost=[[7]],
    )
    finding, _ = found(case)
    assert finding.cost == finding.bound == (2 * 7,)
    assert all(one.units @ case.unit_grams <= 2_999_999 for one in finding.shipments)


def test_the_measures_are_those_of_the_policy_and_money_comes_last() -> None:
    asked = random_problem(4)
    policy = replace(asked.policy, levels=(Level(measure="unfilled_units"), Level(measure="packages")))
    case = brief(replace(asked, policy=policy)).case
    assert policy.measures == ("unfilled_units", "packages", COST)
    finding, _ = found(case)
    assert finding.cost[0] == int(np.sum(finding.unfilled))
    assert finding.cost[1] == len(finding.shipments)


def test_a_tariff_that_two_levels_price_bills_one_weight() -> None:
    """At the first level 1 kg and more is free, below it costs 1; inflating 900 g to 1,001 g would be free at both."""
    falls = (Band(up_to_grams=1_000, base_minor=1), Band(up_to_grams=None, base_minor=0))
    rises = (Band(up_to_grams=950, base_minor=50), Band(up_to_grams=None, base_minor=80))
    tariff = Tariff(cards=(RateCard(bands=falls), RateCard(bands=rises)))
    case = small_case(
        stock=[[1]],
        line_quantity=[1],
        unit_grams=[900],
        cards=tariff.cards,
        tariffs=(tariff,),
        unfilled_cost=[[9], [9]],
    )
    assert found(case)[0].cost == (1, 50)


def with_large_amounts(case: Case, drawn: int, times: int) -> Case:
    """The same case with many times its costs at the first level, where single units still decide."""
    rng = np.random.default_rng(drawn)
    costs = {
        name: getattr(case, name).copy()
        for name in ("package_cost", "unit_cost", "unfilled_cost", "kind_cost", "source_cost", "stair_cost")
    }
    for amounts in costs.values():
        amounts[0] = amounts[0] * times + rng.integers(0, 3, size=amounts[0].shape)
    return replace(case, **costs)


def test_costs_of_tens_of_millions_are_minimised_and_kept_to_the_unit(seed: int) -> None:
    for drawn in range(seed + 5_000, seed + 5_100):
        case = with_large_amounts(random_case(drawn), drawn, 1_000_000)
        is_proven_best(case, f"with_large_amounts(random_case({drawn}), {drawn}, 1_000_000)")


def test_costs_beyond_what_floating_point_tells_apart_are_not_called_proven_wrongly(seed: int) -> None:
    for drawn in (782_059, 782_233, *range(seed + 6_000, seed + 6_050)):
        case = with_large_amounts(random_case(drawn), drawn, 100_000_000)
        finding, stop = found(case)
        assert is_allowed(case, finding), f"random_case({drawn})"
        assert finding.bound <= best_cost(case) <= finding.cost, f"random_case({drawn})"
        assert (stop is Stop.OPTIMAL) == (finding.cost == finding.bound), f"random_case({drawn})"


def test_a_program_of_which_scips_probing_loses_the_best_point_is_solved_to_the_best() -> None:
    """Two packages of source 0 cost 4; with probing SCIP 10.0 called the 8 of source 1 the least."""
    tariff = Tariff(cards=(None, None, flat(2)), volumetric_divisor_cm3_per_kg=5)
    case = small_case(
        stock=[[2], [2]],
        line_quantity=[2],
        lane_offer=[1, 0, 1],
        unit_grams=[700],
        unit_mm3=[4_000],
        package_most_units=[1, 1, 1],
        cards=tariff.cards,
        tariffs=(tariff,),
        package_cost=[[2, 2, 3], [4, 3, 2], [2, 5, 3]],
        kind_cost=[[1, 0, 1], [1, 0, 1], [0, 0, 1]],
        unit_cost=[[[0], [0], [0]], [[1], [0], [0]], [[0], [0], [1]]],
        source_cost=[[0, 2], [1, 1], [2, 0]],
        unfilled_cost=[[41], [38], [18]],
        most_sources=1,
        complete=True,
    )
    is_proven_best(case, "the case of this test")


def test_a_bound_that_a_later_level_comes_below_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    case = replace(few_packages_or_little_money(), package_cost=np.array([[1, 1, 1], [900, 500, 500]]))
    two_packages = tuple(float(name in SENT_BY_TWO) for name in formulated(case).program.names)
    answers(monkeypatch, Solution(outcome=Outcome.OPTIMAL, values=two_packages, bound=2), "solve")
    finding, stop = found(case)
    assert (finding.cost, finding.bound) == ((1, 900), (0, 0))
    assert (stop, finding.reason) == (Stop.SOLVER_FAILED, MipReason.SOLVER_INEXACT)


def heavy(grams: int, seed: int) -> tuple[Case, int]:
    """One package or nothing: by volume the piece weighs so much. The least cost is known by hand."""
    rng = random.Random(seed)
    step, price, unfilled = rng.choice([100, 500, 1000]), rng.choice([1, 20, 200]), 10 ** rng.randint(5, 9)
    card = RateCard(bands=(Band(up_to_grams=None, base_minor=700, from_grams=1000, step_grams=step, step_minor=price),))
    tariff = Tariff(cards=(card,), volumetric_divisor_cm3_per_kg=5000)
    case = small_case(
        stock=[[1]],
        line_quantity=[1],
        unit_grams=[900],
        unit_mm3=[grams * 5000],
        cards=tariff.cards,
        tariffs=(tariff,),
        unfilled_cost=[[unfilled]],
    )
    return case, min(unfilled, 700 + -(-(grams - 1000) // step) * price)


def test_packages_of_tonnes_are_priced_right_and_none_is_called_proven_wrongly(seed: int) -> None:
    rng, proven = random.Random(seed), 0
    for number in range(seed, seed + 200):
        grams = round(10 ** rng.uniform(6, 9))
        case, least = heavy(grams, number)
        finding, stop = found(case)
        assert finding.bound[0] <= least <= finding.cost[0], f"heavy({grams}, {number})"
        assert (stop is Stop.OPTIMAL) == (finding.bound == finding.cost), f"heavy({grams}, {number})"
        proven += stop is Stop.OPTIMAL
    assert proven > 50
