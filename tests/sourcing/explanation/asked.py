"""A plan and its whole explanation, without a limit of time."""

from solver.sourcing.explanation.fully import explain_fully
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide, solve


def decided(problem: Problem) -> Plan:
    return decide(problem, engine=Engine.EXACT, time_limit_seconds=60.0)


def explanation_of(problem: Problem) -> Explanation:
    plan = solve(problem, engine=Engine.EXACT, time_limit_seconds=60.0)
    return explain_fully(problem, plan, decided, seconds_left=lambda: 60.0)
