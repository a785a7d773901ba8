"""The optimiser against brute force on random small orders over every rule."""

from dataclasses import dataclass

from solver.sourcing.check import check
from solver.sourcing.solve import solve
from tests.sourcing.brute import cheapest_minor
from tests.sourcing.heuristics import greedy_plan, nearest_plan
from tests.sourcing.worlds import random_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleResult:
    """How often the plan's cost was not the least possible, was not proven, and was above greedy or nearest."""

    orders: int
    different: int
    unproven: int
    worse_than_baseline: int


def against_brute_force(orders: int, seed: int) -> OracleResult:
    """Compare `orders` problems; every plan is checked too."""
    different = unproven = worse = 0
    for number in range(seed, seed + orders):
        problem = random_problem(number, most_pieces=6)
        plan = solve(problem)
        check(problem, plan)
        different += plan.total_minor != cheapest_minor(problem)
        unproven += not plan.is_proven
        worse += plan.total_minor > min(greedy_plan(problem).total_minor, nearest_plan(problem).total_minor)
    return OracleResult(orders=orders, different=different, unproven=unproven, worse_than_baseline=worse)
