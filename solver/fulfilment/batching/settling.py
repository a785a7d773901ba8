"""Orders that met and contend: decided as one wave, held in one transaction."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from solver.clock import Clock
from solver.errors import BrokenInvariant, XunyuanError
from solver.fulfilment.batching.jointly import Jointly
from solver.fulfilment.batching.meeting import Candidate
from solver.fulfilment.plan_ids import plan_id_of
from solver.fulfilment.plan_keeping import PlanKeeping
from solver.fulfilment.readiness import Readiness
from solver.sourcing.plan import Plan
from solver.storage.database import Database, Transaction
from solver.storage.once import once_all
from solver.waves.limits import WaveLimits

MEETING_SECONDS = 0.5  # at most, for orders that contend to be decided together
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Settles for those that contend."""

    database: Database
    clock: Clock
    readiness: Readiness
    keeping: PlanKeeping
    stopwatch: Callable[[], float]

    def settle(self, group: Sequence[Candidate]) -> None:
        """Write their plan ids; where that fails, each goes on alone."""
        limit = min(MEETING_SECONDS, *(one.question.policy.time_limit_ms / 1000 for one in group))
        ends_at = self.stopwatch() + limit
        jointly = Jointly(readiness=self.readiness, limits=WaveLimits(time_limit_seconds=limit, branches=0))
        questions = [one.question for one in group]
        try:
            wave = jointly.decide(
                questions, seconds_left=lambda: ends_at - self.stopwatch(), alone=[one.plan for one in group]
            )
            micros = round(wave.seconds * 1_000_000 / len(group))
            held = [pair for pair in zip(group, wave.plans, strict=True) if not _lost_its_draw(*pair)]
            acts = [(one.request, partial(self._hold_together, one, plan, micros)) for one, plan in held]
            answers = once_all(self.database, self.clock, acts)
        except Exception as failed:  # a bug of ours must not cost the callers their plans either
            is_bug = isinstance(failed, BrokenInvariant) or not isinstance(failed, XunyuanError)
            level = logging.ERROR if is_bug else logging.INFO
            _log.log(level, "orders that met are planned one by one: %s", failed, exc_info=is_bug)
            return
        for (one, _), answer in zip(held, answers, strict=True):
            one.plan_id = answer.body.decode()

    def _hold_together(self, one: Candidate, plan: Plan, micros: int, tx: Transaction) -> bytes:
        plan_id = plan_id_of(one.request, at=self.clock.now())
        self.keeping.hold(tx, plan_id, plan, one.question, hold_for=one.hold_for, micros=micros)
        return plan_id.encode()


def _lost_its_draw(one: Candidate, plan: Plan) -> bool:
    """Whether others of the wave took what an order of a combination would have alone: it goes on alone."""
    if one.question.exploded is None:
        return False
    return sum(line.unfilled_units for line in plan.lines) > sum(line.unfilled_units for line in one.plan.lines)
