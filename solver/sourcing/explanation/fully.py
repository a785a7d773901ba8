"""The whole explanation of a plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from solver.sourcing.explanation.alternatives import runner_up_of
from solver.sourcing.explanation.asking import Decide, as_decided, is_better
from solver.sourcing.explanation.binding import BindingRules, binding_rules
from solver.sourcing.explanation.blame import rules_to_blame
from solver.sourcing.explanation.changes import changes_for, without_each_rule
from solver.sourcing.explanation.forced import forced
from solver.sourcing.explanation.model import Candidate, Change, Explanation
from solver.sourcing.explanation.promising import promising
from solver.sourcing.explanation.scarcity import limits_that_bind
from solver.sourcing.explanation.verdicts import verdicts
from solver.sourcing.explanation.wording import worded
from solver.sourcing.plan import Plan, RunnerUp
from solver.sourcing.problem import Problem

MOST_FORCED = 8  # so many of the sources left out are priced: the most promising
MOST_CHANGED = 4  # for so many of these it is asked what would make them ship
_FORCED_SECONDS = 1.0  # for each

_Answer = TypeVar("_Answer")


def explain_fully(
    problem: Problem, plan: Plan, decide: Decide, *, seconds_left: Callable[[], float], reproduced: bool = True
) -> Explanation:
    """What became of every source, what would change the plan, which constraints bind, which rules are to blame.

    `plan` answers `problem`; `decide` answers it with something changed. No new question is begun when
    `seconds_left()` is used up, and the explanation then says that it is not complete. `reproduced` is passed on.
    """
    return _Inquiry(as_decided(problem, plan), plan, decide, seconds_left, reproduced=reproduced).explanation()


class _Inquiry:
    """The questions about one plan."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        decide: Decide,
        seconds_left: Callable[[], float],
        *,
        reproduced: bool,
    ) -> None:
        self._reproduced = reproduced
        self._problem = problem
        self._plan = plan
        self._decide = decide
        self._seconds_left = seconds_left
        self._complete = True

    def explanation(self) -> Explanation:
        """Ask everything in turn."""
        problem, plan, decide = self._problem, self._plan, self._decide
        rules = self._ask(lambda: binding_rules(problem, plan, decide)) or BindingRules()
        runner_up = plan.runner_up or self._ask(lambda: runner_up_of(problem, plan, decide))
        plan = replace(plan, runner_up=runner_up, binding_rules=rules.binding, may_bind_rules=rules.may_bind)
        blame = self._ask(lambda: rules_to_blame(problem, decide)) if plan.unfilled_units else None
        candidates = self._priced(verdicts(problem, plan), runner_up)
        nearest = _nearest(candidates)
        changes = self._changes(candidates, nearest, rules.binding)
        looked_at = [*plan.source_ids, *nearest]
        limits = self._ask(lambda: limits_that_bind(problem, plan, rules.binding, looked_at, decide)) or ()
        explanation = Explanation(
            order_id=plan.order_id,
            currency=plan.currency,
            total_minor=plan.total_minor,
            reproduced=self._reproduced,
            complete=self._complete,
            candidates=candidates,
            runner_up=runner_up,
            changes=changes,
            limits=limits,
            may_bind_rules=rules.may_bind,
            conflict=blame,
        )
        return worded(explanation, plan)

    def _ask(self, question: Callable[[], _Answer]) -> _Answer | None:
        if self._seconds_left() > 0:
            return question()
        self._complete = False
        return None

    def _priced(self, candidates: tuple[Candidate, ...], runner_up: RunnerUp | None) -> tuple[Candidate, ...]:
        """The candidates, and of the most promising of those left out what it would cost to ship from them."""
        chosen = promising(self._problem, candidates, runner_up, MOST_FORCED)
        best = {source_id: self._ask(partial(self._best_with, source_id)) for source_id in chosen}
        return tuple(_with_price(one, best.get(one.source_id), self._plan) for one in candidates)

    def _best_with(self, source_id: str) -> Plan | None:
        seconds = min(_FORCED_SECONDS, self._seconds_left())
        return forced(self._problem, source_id, time_limit_seconds=seconds)

    def _changes(
        self, candidates: Sequence[Candidate], nearest: Sequence[str], binding: Sequence[str]
    ) -> tuple[Change, ...]:
        """For the sources that come next, and for those that a binding rule excludes."""
        excluded = [one.source_id for one in candidates if {*one.rules} & {*binding}]
        questions = [
            *(partial(changes_for, self._problem, self._plan, one, binding, self._decide) for one in nearest),
            *(
                partial(without_each_rule, self._problem, self._plan, one, binding, self._decide)
                for one in excluded[:MOST_CHANGED]
            ),
        ]
        return tuple(change for question in questions for change in self._ask(question) or ())


def _with_price(candidate: Candidate, best: Plan | None, plan: Plan) -> Candidate:
    if best is None or is_better(best, plan):  # the search was cut short: it is no reason against the source
        return candidate
    extra_minor = best.total_minor - plan.total_minor
    return replace(candidate, best_minor=best.total_minor, extra_minor=extra_minor, proven=best.is_proven)


def _nearest(candidates: Sequence[Candidate]) -> list[str]:
    """The priced sources that the plan leaves out, the least dearer first."""
    priced = sorted((one.extra_minor, one.source_id) for one in candidates if one.extra_minor is not None)
    return [source_id for _, source_id in priced][:MOST_CHANGED]
