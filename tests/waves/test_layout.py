"""A wave laid out is the same question: for one order, the plan that is best in the arrays is the plan that is best."""

from dataclasses import replace

import numpy as np
import pytest

from solver.sourcing.assemble import assemble
from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.waves.layout.lay_out import lay_out
from solver.waves.layout.read_back import findings_of
from solver.waves.wave import Wave
from tests.sourcing.anything import any_problem
from tests.waves.by_hand import best_finding


@pytest.mark.parametrize("block", range(6))
def test_an_order_by_itself_costs_in_the_arrays_what_it_costs(block: int) -> None:
    within = 0
    for seed in range(block * 50, block * 50 + 50):
        problem = any_problem(seed)
        problem = replace(problem, policy=replace(problem.policy, relax={}))
        laid = lay_out(Wave(orders=(problem,)))
        if laid.outside:
            continue
        within += 1
        found = best_finding(laid.case)
        finding = findings_of(laid, found, np.zeros(1, dtype=np.int64))[0]
        plan = assemble(laid.briefs[0], finding, engine=Engine.BATCH, stop=Stop.HEURISTIC)
        best = decided(problem)
        assert violations_of(problem, plan) == [], seed
        values = tuple(level.value for level in plan.levels) or (plan.total_minor,)
        assert values == (tuple(level.value for level in best.levels) or (best.total_minor,)), seed
        assert found.total == int(laid.scale.joined(np.array(values)[:, None])[0]), seed
    assert within >= 15


def decided(problem: Problem) -> Plan:
    return decide(problem, engine=Engine.EXACT, time_limit_seconds=60)
