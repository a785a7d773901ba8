"""Why a kept plan is as it is: its problem rebuilt from what was known, decided again, and explained in full."""

from collections.abc import Callable
from dataclasses import replace

from solver.fulfilment.model import PlanRecord
from solver.fulfilment.questions import Question
from solver.sourcing.explanation.fully import explain_fully
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide

_QUESTION_SECONDS = 1.0  # for each question beside the plan's own


def explain(
    record: PlanRecord, question: Question, *, seconds_left: float, stopwatch: Callable[[], float]
) -> Explanation:
    """The explanation of a plan from its question, within `seconds_left`.

    The exact engine answers, or what it hands over to; it also decides the plan's own problem again, to tell whether
    that still gives the plan.
    """
    ends_at = stopwatch() + seconds_left
    problem = question.problem()

    def left() -> float:
        return ends_at - stopwatch()

    def decide_otherwise(other: Problem) -> Plan:
        return decide(other, engine=Engine.EXACT, time_limit_seconds=min(_QUESTION_SECONDS, left()))

    again = decide(problem, engine=Engine.EXACT, time_limit_seconds=min(problem.policy.time_limit_ms / 1000, left()))
    explanation = explain_fully(
        problem, record.plan, decide_otherwise, seconds_left=left, reproduced=_is_same(record.plan, again)
    )
    return replace(explanation, plan_id=record.plan_id)


def _is_same(plan: Plan, again: Plan) -> bool:
    """True where both ship the same in the same packages at the same cost."""
    return (plan.packages, dict(plan.cost_minor)) == (again.packages, dict(again.cost_minor))
