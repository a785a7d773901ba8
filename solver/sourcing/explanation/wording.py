"""Every part of an explanation put into words, in both languages."""

from dataclasses import replace

from solver.sourcing.explanation import chinese, english
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Plan


def worded(explanation: Explanation, plan: Plan) -> Explanation:
    """The same explanation with its sentences; `plan` has its runner-up and its binding rules."""
    money = plan.money
    blame = explanation.conflict
    return replace(
        explanation,
        candidates=tuple(
            replace(one, text=english.candidate(one, money), text_zh=chinese.candidate(one, money))
            for one in explanation.candidates
        ),
        changes=tuple(
            replace(one, text=english.change(one), text_zh=chinese.change(one)) for one in explanation.changes
        ),
        limits=tuple(
            replace(one, text=english.limit(one, money), text_zh=chinese.limit(one, money))
            for one in explanation.limits
        ),
        conflict=blame and replace(blame, text=english.blame(blame), text_zh=chinese.blame(blame)),
        why=" ".join([english.why(plan), *(english.change(one) for one in explanation.changes[:1])]),
        why_zh="".join([chinese.why(plan), *(chinese.change(one) for one in explanation.changes[:1])]),
    )
