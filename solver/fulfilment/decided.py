"""The plan that a question gets: from a snapshot where one is ready for it, else from the Problem of all its lanes."""

import time

from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.solve import solve


def decided(question: Question, readiness: Readiness, *, seconds_left: float) -> Plan:
    """The best plan found in so many seconds, checked, with its explanation in brief; the same either way."""
    ends_at = time.perf_counter() + seconds_left
    briefly = readiness.briefly(question.network, question.catalog, question.policy)
    if briefly is not None:
        plan = briefly.plan(question.order, question.available, question.problem_of)
        if plan is not None:
            return plan
    problem = question.problem()
    plan = solve(problem, time_limit_seconds=ends_at - time.perf_counter())
    check(problem, plan)
    return plan
