"""The plan that a question gets: from a snapshot where one is ready for it, else from the Problem of all its lanes."""

import logging
import time

from solver.errors import BrokenInvariant
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.snapshot.briefly import Briefly
from solver.sourcing.solve import solve
from solver.watching.call_notes import Phase, lap

_log = logging.getLogger(__name__)


def decided(question: Question, readiness: Readiness, *, seconds_left: float) -> Plan:
    """The best plan found in so many seconds, checked, with its explanation in brief; the same either way."""
    ends_at = time.perf_counter() + seconds_left
    briefly = readiness.briefly(question.network, question.catalog, question.policy) if question.is_plain else None
    plan = None if briefly is None else _planned_briefly(question, briefly)
    if plan is not None:
        lap(Phase.SOLVE)
        return plan
    problem = question.problem()
    plan = solve(problem, time_limit_seconds=ends_at - time.perf_counter())
    lap(Phase.SOLVE)
    check(problem, plan)
    lap(Phase.CHECK)
    return plan


def _planned_briefly(question: Question, briefly: Briefly) -> Plan | None:
    try:
        minor = question.values or question.landed_costs  # no policy that is ready minds both
        return briefly.plan(question.order, question.available, question.problem_of, minor)
    except (AssertionError, BrokenInvariant):  # a bug of ours, which must not cost the caller his plan
        _log.exception(
            "order %s: the snapshot's plan is not sound; it is planned from all lanes", question.order.order_id
        )
        return None
