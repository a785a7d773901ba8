"""The plan that a question gets: from a snapshot where one is ready for it, else from the Problem of all its lanes."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solver.errors import BrokenInvariant
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.snapshot.asked import Asked
from solver.sourcing.snapshot.briefly import Briefly, Decided
from solver.sourcing.solve import solve
from solver.watching.call_notes import Phase, lap

MOST_AT_ONCE = 256  # whose stock is copied, each without its main source
MOST_IN_STEP = (
    64  # that are priced and checked step by step: what one is made of is to be near when the next step comes
)
_log = logging.getLogger(__name__)
_BUGS = (AssertionError, BrokenInvariant)  # of ours, which must not cost the caller his plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedQuestion:
    """What is decided on a question, if a snapshot says it; the plan is not made yet."""

    question: Question
    found: tuple[Briefly, Decided] | None

    def plan(self, *, seconds_left: float) -> Plan:
        """The best plan found in so many seconds, checked, with its explanation in brief; the same either way."""
        ends_at = time.perf_counter() + seconds_left
        plan = self.planned_briefly()
        return self._solved(ends_at - time.perf_counter()) if plan is None else plan

    def planned_briefly(self) -> Plan | None:
        """The same where a snapshot says it; None where it takes the Problem of all lanes, and maybe long."""
        [plan] = planned_briefly_each([self])
        return plan

    def _solved(self, seconds_left: float) -> Plan:
        problem = self.question.problem()
        plan = solve(problem, time_limit_seconds=seconds_left)
        lap(Phase.SOLVE)
        check(problem, plan)
        lap(Phase.CHECK)
        return plan


def decided(question: Question, readiness: Readiness, *, seconds_left: float) -> Plan:
    """The plan that a question gets alone, in so many seconds."""
    ends_at = time.perf_counter() + seconds_left
    [decision] = decisions_on([question], readiness)
    return decision.plan(seconds_left=ends_at - time.perf_counter())


def decided_each(decisions: Sequence[DecidedQuestion], seconds_left: Callable[[Question], float]) -> list[Plan]:
    """The plan of each, in as many seconds as are left for its question when its turn comes."""
    plans: list[Plan] = []
    for first in range(0, len(decisions), MOST_IN_STEP):
        part = decisions[first : first + MOST_IN_STEP]
        seconds_left(part[0].question)
        for one, plan in zip(part, planned_briefly_each(part), strict=True):
            plans.append(one._solved(seconds_left(one.question)) if plan is None else plan)
    return plans


def planned_briefly_each(decisions: Sequence[DecidedQuestion]) -> list[Plan | None]:
    """What a snapshot says of each, all of them step by step; None where it takes the Problem of all lanes."""
    plans: list[Plan | None] = [None] * len(decisions)
    groups: dict[int, tuple[Briefly, list[int]]] = {}
    for number, one in enumerate(decisions):
        if one.found is not None:
            groups.setdefault(id(one.found[0]), (one.found[0], []))[1].append(number)
    for briefly, numbers in groups.values():
        found = [(of.found[1], of.question.problem_of) for of in (decisions[number] for number in numbers) if of.found]
        for number, plan in zip(numbers, briefly.planned_each(found), strict=True):
            if isinstance(plan, Plan):
                plans[number] = plan
            else:
                _tell_of(decisions[number].question, plan)
    if groups:
        lap(Phase.SOLVE)
    return plans


def decisions_on(
    questions: Sequence[Question], readiness: Readiness, refuse: Callable[[], object] = lambda: None
) -> list[DecidedQuestion]:
    """What is decided on each question as if it were alone; those under one policy together, MOST_AT_ONCE in one pass.

    `refuse` may raise before each pass, if no time is left for more.
    """
    found: dict[int, tuple[Briefly, Decided]] = {}
    for briefly, of_policy in _by_readiness(questions, readiness):
        for first in range(0, len(of_policy), MOST_AT_ONCE):
            refuse()
            numbers = of_policy[first : first + MOST_AT_ONCE]
            decided = _decided_each(briefly, [questions[number] for number in numbers])
            found |= {number: (briefly, one) for number, one in zip(numbers, decided, strict=True) if one is not None}
    return [DecidedQuestion(question=question, found=found.get(number)) for number, question in enumerate(questions)]


def _by_readiness(questions: Sequence[Question], readiness: Readiness) -> list[tuple[Briefly, list[int]]]:
    """What is ready for questions, and for which of them, by their numbers."""
    groups: dict[int, tuple[Briefly, list[int]]] = {}
    known: dict[tuple[int, int, int], Briefly | None] = {}
    for number, one in enumerate(questions):
        if not one.is_plain:
            continue
        key = id(one.network), id(one.catalog), id(one.policy)
        if key not in known:
            known[key] = readiness.briefly(one.network, one.catalog, one.policy)
        briefly = known[key]
        if briefly is not None:
            groups.setdefault(id(briefly), (briefly, []))[1].append(number)
    return list(groups.values())


def _decided_each(briefly: Briefly, questions: Sequence[Question]) -> list[Decided | None]:
    try:
        return briefly.decide_each([_asked(one) for one in questions])
    except _BUGS as bug:
        if len(questions) == 1:
            _tell_of(questions[0], bug)
            return [None]
        return [_decided_each(briefly, [one])[0] for one in questions]


def _asked(question: Question) -> Asked:
    minor = question.values or question.landed_costs  # no policy that is ready minds both
    return Asked(
        order=question.order,
        available=question.available,
        values=minor,
        lines=question.lines,
        on_hand=question.on_hand,
    )


def _tell_of(question: Question, bug: Exception) -> None:
    order_id = question.order.order_id
    _log.error("order %s: the snapshot's plan is not sound; it is planned from all lanes", order_id, exc_info=bug)
