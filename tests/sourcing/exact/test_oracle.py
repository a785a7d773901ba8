"""The search against every plan of small cases that are drawn over every field."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from solver.sourcing.case import Case, Finding
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import search
from solver.sourcing.exact.ways import COMPILED, PLAIN, Way
from tests.sourcing.exact.brute import best_cost, cost_of, package_of
from tests.sourcing.exact.cases import random_case

CASES = 400


def assert_best(case: Case, finding: Finding, number: int) -> None:
    packages = [package_of(case, one.lane, tuple(one.units.tolist())) for one in finding.shipments]
    assert None not in packages, f"case {number}: a package that may not be"
    plan = [package for package in packages if package is not None]
    assert cost_of(case, plan, finding.unfilled.tolist()) == finding.cost, f"case {number}"
    best = best_cost(case)
    if finding.reason:
        assert finding.reason == GaveUp.TOGETHER_SHARES_PARTS, f"case {number}"
        assert finding.bound <= best, f"case {number}"
    else:
        assert (finding.cost, finding.bound) == (best, best), f"case {number}"


@pytest.mark.parametrize("way", [COMPILED, PLAIN], ids=["compiled", "plain"])
def test_no_plan_is_better(way: Way, seed: int) -> None:
    for number in range(seed, seed + CASES):
        case = random_case(number)
        assert_best(case, search(case, way=way), number)


def test_no_plan_is_better_where_quantities_are_blocks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("solver.sourcing.exact.search"), "_FEW_SPLITS", 0)
    for number in range(seed, seed + CASES):
        case = random_case(number)
        assert_best(case, search(case), number)


def test_both_ways_give_the_same_plan(seed: int) -> None:
    for number in range(seed, seed + CASES):
        case = random_case(number)
        assert described(search(case, way=COMPILED)) == described(search(case, way=PLAIN)), f"case {number}"


def test_the_same_case_gives_the_same_plan(seed: int) -> None:
    for number in range(seed, seed + 50):
        case = random_case(number)
        assert described(search(case)) == described(search(case))


def test_without_a_compiler_the_plans_are_the_same(seed: int) -> None:
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from tests.sourcing.exact.test_oracle import described, random_case, search\n"
        "from solver.sourcing.exact.jit import IS_COMPILED\n"
        "assert not IS_COMPILED\n"
        f"for number in range({seed}, {seed + 60}): print(described(search(random_case(number))))\n"
    )
    root = Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [described(search(random_case(number))) for number in range(seed, seed + 60)]


def described(finding: Finding) -> str:
    packages = [(one.lane, one.units.tolist()) for one in finding.shipments]
    return f"{packages} {finding.unfilled.tolist()} {finding.cost} {finding.bound} {finding.reason}"
