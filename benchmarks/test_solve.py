"""The decision of one order by size and by severity: sources x lines x share of SKUs that a source stocks."""

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
SEEDS = range(5)


@pytest.mark.parametrize("engine", [Engine.EXACT, Engine.MIP])
@pytest.mark.parametrize(("sources", "lines", "stocked_percent"), SIZES)
def test_decide(benchmark: BenchmarkFixture, sources: int, lines: int, stocked_percent: int, engine: Engine) -> None:
    problems = [problem(seed, sources=sources, lines=lines, stocked_percent=stocked_percent) for seed in SEEDS]
    for one in problems:
        plan = decide(one, engine=engine, time_limit_seconds=60)
        check(one, plan)
        assert plan.is_proven
        assert plan.total_minor <= greedy_plan(one).total_minor
    benchmark(lambda: [decide(one, engine=engine, time_limit_seconds=60) for one in problems])


@pytest.mark.parametrize(("sources", "lines", "stocked_percent"), [(100, 5, 30), (1000, 5, 30)])
def test_candidates(benchmark: BenchmarkFixture, sources: int, lines: int, stocked_percent: int) -> None:
    case = brief(problem(0, sources=sources, lines=lines, stocked_percent=stocked_percent)).case
    assert 0 < len(candidates(case)) < len(case.lane_offer)
    benchmark(candidates, case)


@pytest.mark.parametrize(("sources", "lines", "stocked_percent"), [(100, 5, 30), (1000, 5, 6)])
def test_formulate(benchmark: BenchmarkFixture, sources: int, lines: int, stocked_percent: int) -> None:
    case = brief(problem(0, sources=sources, lines=lines, stocked_percent=stocked_percent)).case
    usable = candidates(case)
    assert formulate(case, usable).program.row_names
    benchmark(formulate, case, usable)


@pytest.mark.parametrize("sources", [100, 1000])
def test_solve_with_explanation(benchmark: BenchmarkFixture, sources: int) -> None:
    one = problem(0, sources=sources, lines=3, stocked_percent=30)
    plan = solve(one)
    assert plan.runner_up is not None
    assert plan.runner_up.total_minor >= plan.total_minor
    benchmark(solve, one)
