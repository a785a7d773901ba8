"""The decision of one order by size and by severity: sources x lines x share of SKUs that a source stocks."""

from collections.abc import Sequence

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.worlds import problem
from solver.sourcing.brief import brief
from solver.sourcing.check import check
from solver.sourcing.mip.candidates import candidates
from solver.sourcing.mip.formulation import formulate
from solver.sourcing.plan import Engine
from solver.sourcing.solve import decide, solve
from tests.sourcing.heuristics import greedy_plan

SIZES = [(20, 3, 30), (100, 3, 30), (100, 5, 30), (1000, 3, 30), (1000, 5, 30), (100, 5, 6), (1000, 5, 6)]
SEEDS = range(5)  # a timing is of an order of each


def said(sources: int, lines: int, stocked_percent: int) -> str:
    """A size as it stands in the table of times."""
    return f"{sources} sources x {lines} lines, {stocked_percent} % stocked"


def of_sizes(sizes: Sequence[tuple[int, int, int]]) -> pytest.MarkDecorator:
    """The benchmark at each of these sizes."""
    names = [said(*size) for size in sizes]
    return pytest.mark.parametrize(("sources", "lines", "stocked_percent"), sizes, ids=names)


@pytest.mark.parametrize("engine", [Engine.EXACT, Engine.MIP])
@of_sizes(SIZES)
def test_decide(benchmark: BenchmarkFixture, sources: int, lines: int, stocked_percent: int, engine: Engine) -> None:
    problems = [problem(seed, sources=sources, lines=lines, stocked_percent=stocked_percent) for seed in SEEDS]
    for one in problems:
        plan = decide(one, engine=engine, time_limit_seconds=60)
        check(one, plan)
        assert plan.is_proven
        assert plan.total_minor <= greedy_plan(one).total_minor
    benchmark(lambda: [decide(one, engine=engine, time_limit_seconds=60) for one in problems])


@of_sizes([(100, 5, 30), (1000, 5, 30)])
def test_candidates(benchmark: BenchmarkFixture, sources: int, lines: int, stocked_percent: int) -> None:
    case = brief(problem(0, sources=sources, lines=lines, stocked_percent=stocked_percent)).case
    assert 0 < len(candidates(case)) < len(case.lane_offer)
    benchmark(candidates, case)


@of_sizes([(100, 5, 30), (1000, 5, 6)])
def test_formulate(benchmark: BenchmarkFixture, sources: int, lines: int, stocked_percent: int) -> None:
    case = brief(problem(0, sources=sources, lines=lines, stocked_percent=stocked_percent)).case
    usable = candidates(case)
    assert formulate(case, usable).program.row_names
    benchmark(formulate, case, usable)


@pytest.mark.parametrize("sources", [100, 1000], ids="{} sources".format)
def test_solve_with_explanation(benchmark: BenchmarkFixture, sources: int) -> None:
    one = problem(0, sources=sources, lines=3, stocked_percent=30)
    plan = solve(one)
    assert plan.runner_up is not None
    assert plan.runner_up.total_minor >= plan.total_minor
    benchmark(solve, one)
