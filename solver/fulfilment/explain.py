"""Why a plan is as it is, in full; of a kept one from its problem, rebuilt from what was known and decided again."""

from collections.abc import Callable
from dataclasses import replace

from solver.errors import StateConflict
from solver.fulfilment.model import PlanRecord
from solver.fulfilment.overriding.words import sentence, sentence_zh
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

    The plan's own problem is decided again, to tell whether that still gives the plan. Raises StateConflict
    (NOT_RECORDED) where the order's place was erased with the person.
    """
    if question.place_erased:
        raise StateConflict(
            f"where plan {record.plan_id} goes was erased with the person: it cannot be explained any more",
            reason="NOT_RECORDED",
            metadata={"plan_id": record.plan_id},
        )
    ends_at = stopwatch() + seconds_left
    problem = question.problem()

    def left() -> float:
        return ends_at - stopwatch()

    again = decide(problem, engine=Engine.EXACT, time_limit_seconds=min(problem.policy.time_limit_ms / 1000, left()))
    same = record.override is not None or _is_same(record.plan, again)  # a person's plan says of itself what it is
    explanation = explain_decided(problem, record.plan, seconds_left=left, reproduced=same)
    explanation = replace(explanation, plan_id=record.plan_id)
    if record.override is None:
        return explanation
    said, said_zh = sentence(record.plan, record.override), sentence_zh(record.plan, record.override)
    return replace(explanation, why=f"{explanation.why} {said}", why_zh=f"{explanation.why_zh}{said_zh}")


def explain_decided(
    problem: Problem, plan: Plan, *, seconds_left: Callable[[], float], reproduced: bool = True
) -> Explanation:
    """The explanation of a plan from its problem; the exact engine answers, or what it hands over to."""

    def decide_otherwise(other: Problem) -> Plan:
        return decide(other, engine=Engine.EXACT, time_limit_seconds=min(_QUESTION_SECONDS, seconds_left()))

    return explain_fully(problem, plan, decide_otherwise, seconds_left=seconds_left, reproduced=reproduced)


def _is_same(plan: Plan, again: Plan) -> bool:
    """True where both ship the same in the same packages at the same cost."""
    return (plan.packages, dict(plan.cost_minor)) == (again.packages, dict(again.cost_minor))
