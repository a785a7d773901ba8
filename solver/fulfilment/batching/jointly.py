"""The plans of many orders: each the best alone where they do not contend, else decided together as a wave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from solver.errors import DeadlineTooShort
from solver.fulfilment.batching.contention import contended
from solver.fulfilment.batching.rooms import NO_LIMITS, Rooms
from solver.fulfilment.decided import decided
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.sourcing.plan import Engine, Plan, Stop
from solver.waves.check import check_wave
from solver.waves.limits import DEFAULT_LIMITS, Watch, WaveLimits
from solver.waves.plan import WavePlan, WaveTerm
from solver.waves.solve import solve_wave
from solver.waves.wave import NO_TERMS, Wave, WaveTerms

SecondsLeft = Callable[[], float]
_UNWATCHED = Watch()


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
            each = [self._alone(question, seconds_left) for question in questions] if alone is None else alone
            if not contended(questions, each) and self.rooms.suffice(each):
                return _uncontended(each, self.watch.clock() - begun)
        left = seconds_left()
        if left <= 0:
            raise DeadlineTooShort("no time is left to decide the orders together; send fewer, or give more time")
        stated = self.limits.time_limit_seconds
        limits = replace(self.limits, time_limit_seconds=left if stated is None else min(left, stated))
        wave = Wave(orders=tuple(question.problem() for question in questions), terms=self.rooms.within(self.terms))
        plan = solve_wave(wave, limits=limits, watch=self.watch)
        check_wave(wave, plan)
        return plan

    def _alone(self, question: Question, seconds_left: SecondsLeft) -> Plan:
        left = seconds_left()
        if left <= 0:
            raise DeadlineTooShort("no time is left to decide every order; send fewer, or give more time")
        return decided(question, self.readiness, seconds_left=min(left, question.policy.time_limit_ms / 1000))


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
