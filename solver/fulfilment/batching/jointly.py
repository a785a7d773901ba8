"""The plans of many orders: each the best alone where they do not contend, else decided together as a wave."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from solver.errors import BrokenInvariant, DeadlineTooShort
from solver.fulfilment.batching.by_snapshot import orders_of, plainly_contend
from solver.fulfilment.batching.contention import contended, decisions_contend
from solver.fulfilment.batching.rooms import NO_LIMITS, Rooms
from solver.fulfilment.decided import DecidedQuestion, decided_each, decisions_on
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.sourcing.plan import Engine, Plan, Stop
from solver.watching.call_notes import Phase, lap
from solver.waves.check import check_wave
from solver.waves.from_snapshot import NotFromSnapshot
from solver.waves.limits import DEFAULT_LIMITS, Watch, WaveLimits
from solver.waves.plan import WavePlan, WaveTerm
from solver.waves.solve import solve_wave
from solver.waves.solve_orders import Orders, solve_orders
from solver.waves.wave import NO_TERMS, Wave, WaveTerms

SecondsLeft = Callable[[], float]
_UNWATCHED = Watch()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jointly:
    """How orders are decided together."""

    readiness: Readiness
    terms: WaveTerms = NO_TERMS
    limits: WaveLimits = DEFAULT_LIMITS
    watch: Watch = _UNWATCHED
    rooms: Rooms = NO_LIMITS

    def decide(
        self, questions: Sequence[Question], *, seconds_left: SecondsLeft, alone: Sequence[Plan] | None = None
    ) -> WavePlan:
        """The plans of the questions, in their sequence, checked; with cost and bound of all of them.

        `alone` are the best plans of each by itself, where they are known already.

        Raises DeadlineTooShort where time runs out before every order was looked at.
        """
        begun = self.watch.clock()
        if self.terms == NO_TERMS:
            each = self._alone(questions, seconds_left) if alone is None else alone
            if each and not contended(questions, each) and self.rooms.suffice(each):
                return _uncontended(each, self.watch.clock() - begun)
        terms = self.rooms.within(self.terms)
        asked = orders_of(questions, self.readiness, terms)
        plan = None if asked is None else self._of_snapshot(asked, seconds_left)
        if plan is not None:
            return plan
        wave = Wave(orders=tuple(question.problem() for question in questions), terms=terms)
        plan = solve_wave(wave, limits=self._within(seconds_left), watch=self.watch)
        _checked(wave, plan)
        return plan

    def _of_snapshot(self, asked: Orders, seconds_left: SecondsLeft) -> WavePlan | None:
        """The checked plan from a snapshot's arrays; None where only Problems say what is asked."""
        try:
            wave, plan = solve_orders(asked, limits=self._within(seconds_left), watch=self.watch)
            _checked(wave, plan)
        except NotFromSnapshot:
            return None
        except (AssertionError, BrokenInvariant):  # a bug of ours, which must not cost the callers their plans
            _log.exception("the snapshot's plans of %d orders are not sound; they are made anew", len(asked.orders))
            return None
        return plan

    def _within(self, seconds_left: SecondsLeft) -> WaveLimits:
        left = seconds_left()
        if left <= 0:
            raise DeadlineTooShort("no time is left to decide the orders together; send fewer, or give more time")
        stated = self.limits.time_limit_seconds
        return replace(self.limits, time_limit_seconds=left if stated is None else min(left, stated))

    def _alone(self, questions: Sequence[Question], seconds_left: SecondsLeft) -> list[Plan] | None:
        """What each gets alone; None where they are known to contend before the plans are made."""

        def left(question: Question) -> float:
            left = seconds_left()
            if left <= 0:
                raise DeadlineTooShort("no time is left to decide every order; send fewer, or give more time")
            return min(left, question.policy.time_limit_ms / 1000)

        decisions = decisions_on(questions, self.readiness, lambda: left(questions[0]))
        return None if self._contend(questions, decisions) else decided_each(decisions, left)

    def _contend(self, questions: Sequence[Question], decisions: Sequence[DecidedQuestion]) -> bool:
        found = {number: one.found[1].best for number, one in enumerate(decisions) if one.found is not None}
        if len(found) == len(questions):
            best = list(found.values())
            return decisions_contend(questions, best) or not self.rooms.suffice_for(best)
        asked = orders_of(questions, self.readiness, self.rooms.within(self.terms))
        return asked is not None and plainly_contend(asked, self.rooms, found)


def _checked(wave: Wave, plan: WavePlan) -> None:
    lap(Phase.SOLVE)
    check_wave(wave, plan)
    lap(Phase.CHECK)


def _uncontended(plans: Sequence[Plan], seconds: float) -> WavePlan:
    """Orders that want nothing of each other's: what is best for each is best for all."""
    total = sum(plan.total_minor for plan in plans)
    return WavePlan(
        currency=plans[0].currency,
        plans=tuple(plans),
        cost_minor={**dict.fromkeys(WaveTerm, 0), WaveTerm.ORDERS: total},
        total_minor=total,
        bound_minor=sum(plan.bound_minor for plan in plans),
        seconds=seconds,
        engine=Engine.EXACT,
        stop=Stop.OPTIMAL if all(plan.is_proven for plan in plans) else Stop.TIME_LIMIT,
        money_decimals=plans[0].money_decimals,
    )
