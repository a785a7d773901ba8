"""The best plan of a random problem under a few random rules breaks none of them."""

import random
from dataclasses import replace

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.check import violations_of
from solver.sourcing.dimensions import all_rules
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.plan import Engine
from tests.sourcing.rules.test_rules_agree_with_their_check import random_problem

PROBLEMS = 60


def test_the_best_plan_breaks_no_rule_that_is_in_force(seed: int) -> None:
    shipped = 0
    for number in range(PROBLEMS):
        rng = random.Random(f"{seed}/{number}")
        drawn = random_problem(rng)
        off = tuple(rule.name for rule in all_rules() if rng.random() < 0.8)
        asked = replace(drawn, policy=replace(drawn.policy, off=off))
        case = brief(asked)
        finding, stop = solve_by_mip(case.case, time_limit_seconds=60)
        plan = assemble(case, finding, engine=Engine.MIP, stop=stop)
        assert violations_of(asked, plan) == [], f"seed {seed}, problem {number}"
        shipped += bool(plan.packages)
    assert shipped >= 5, "nearly nothing ships, so hardly anything is judged"
