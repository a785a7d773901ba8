"""Every part of an explanation put into words, in both languages."""

from dataclasses import replace
from types import ModuleType

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
        why=" ".join(_sentences(english, explanation, plan)),
        why_zh="".join(_sentences(chinese, explanation, plan)),
    )


def _sentences(words: ModuleType, explanation: Explanation, plan: Plan) -> list[str]:
    """The plan, what would change it most easily, the rules to blame, and whether the plan would still be made."""
    next_best = explanation.changes[0].source_id if explanation.changes else ""
    changes = [one for one in explanation.changes if one.source_id == next_best]
    sentences = [words.why(plan), *(words.change(one) for one in changes)]
    if explanation.conflict is not None:
        sentences.append(words.blame(explanation.conflict))
    return sentences if explanation.reproduced else [*sentences, words.NOT_REPRODUCED]
