"""A standing plan overridden by a person: the least that must be true is checked, the rest is his to decide."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from solver.clock import Clock
from solver.errors import DeadlineTooShort, LostRace, StateConflict, StockShort, Violations
from solver.fulfilment.conditions.current import CurrentNetwork, RoomTaken
from solver.fulfilment.model import FulfilmentPlan, PlanRecord, PlanState
from solver.fulfilment.overriding import rows
from solver.fulfilment.overriding.model import OverriddenPlan, Override, OverrideCommand
from solver.fulfilment.overriding.rules_kept import broken, check_rules, refuse_broken
from solver.fulfilment.overriding.stated import plan_of
from solver.fulfilment.overriding.words import told
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.fulfilment.planner import Planner
from solver.fulfilment.questions import Question
from solver.fulfilment.replanning.deciding import Deciding
from solver.fulfilment.replanning.model import ReplanCommand
from solver.fulfilment.replanning.moves import moves_between
from solver.fulfilment.replanning.standing import Standing, StandingPlans
from solver.fulfilment.replanning.swap import Swap
from solver.fulfilment.sources import CatalogSource
from solver.sourcing.check import check
from solver.sourcing.plan import PackedUnits, Plan
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, answered_before, once, refuse_unnamed
from solver.validation import MOST_ROWS, check_id

ATTEMPTS = 4
MOST_REASON_CHARACTERS = 1_000
_PLAN_IDS = uuid.UUID("6b0c7f3e-8a1d-5c0e-9d3b-3f4a2f6f0f51")


class Overriding:
    """Puts what a person decides in the place of a plan that is held or confirmed."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: CurrentNetwork,
        standing: StandingPlans,
        planner: Planner,
        swap: Swap,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._standing = standing
        self._planner = planner
        self._swap = swap
        self._stopwatch = stopwatch

    def override(self, request: Request, command: OverrideCommand, *, by: str, seconds_left: float) -> FulfilmentPlan:
        """Ship what has not left of a plan as `by` says; a repeat returns the plan made first, as it stands now.

        Raises InvalidRequest, NotFound, RequestIdReused, StateConflict (RULES_BROKEN, PLAN_ENDED, NOT_RECORDED),
        DeadlineTooShort, and LostRace when others came in between ATTEMPTS times over; nothing has changed then.
        """
        ends_at = self._stopwatch() + seconds_left
        _refuse_invalid(command)
        if command.validate_only:
            _, plan, override, _ = self._decided(command, by, ends_at)
            return FulfilmentPlan(plan=plan, state=PlanState.DRAFT, override=override)
        refuse_unnamed(request)
        for _ in range(ATTEMPTS):
            with self._database.read() as reader:
                before = answered_before(reader, request)
            if before is not None:
                return self._planner.made.get(before.decode())
            standing, plan, override, question = self._decided(command, by, ends_at)
            if self._stopwatch() >= ends_at:
                raise DeadlineTooShort("the deadline passed before the override was made; nothing has changed")
            new = self._record(request, standing, plan, override)
            change = partial(self._change, standing=standing, new=new, question=question, reason=command.reason)
            try:
                once(self._database, self._clock, request, change)
            except (StockShort, RoomTaken):
                continue
            except StateConflict as refused:
                if refused.reason != "PLAN_MOVED":
                    raise
                continue
            return self._planner.made.get(new.plan_id)
        raise LostRace(f"others came between deciding and changing {ATTEMPTS} times over; try again")

    def overrides(self, after_number: int = 0, most: int = MOST_ROWS) -> Sequence[OverriddenPlan]:
        """Plans that persons decided, the oldest first, at most so many after a number."""
        with self._database.read() as reader:
            return rows.overrides_after(reader, after_number, most)

    def _decided(self, command: OverrideCommand, by: str, ends_at: float) -> tuple[Standing, Plan, Override, Question]:
        asked = ReplanCommand(plan_ids=(command.plan_id,), change_minor_per_package=0)
        with self._database.read() as reader:
            [standing] = self._standing.asked_for(reader, asked, self._network.conditions)
        if standing.is_over:
            raise StateConflict(
                f"all of plan {command.plan_id} has left; there is nothing to override",
                reason="PLAN_ENDED",
                metadata={"plan_id": command.plan_id},
            )
        deciding = Deciding(
            command=asked,
            clock=self._clock,
            catalog=self._catalog,
            asking=self._planner.asking,
            readiness=self._planner.readiness,
            rooms=self._network.rooms(),
            ends_at=ends_at,
            stopwatch=self._stopwatch,
        )
        question, best = deciding.look(standing)
        problem = question.problem()
        stated = plan_of(problem, command.packages)
        found = broken(problem, stated)
        refuse_broken(problem.order_id, found, command.override_rules)
        if found:
            policy = replace(question.policy, off=(*question.policy.off, *sorted(found)))
            question = replace(question, policy=policy)
            problem = question.problem()
            stated = plan_of(problem, command.packages)
        override = Override(
            reason=command.reason,
            by=by,
            at=self._clock.now(),
            rules=tuple(sorted(found)),
            best_minor=best.total_minor,
            best_unfilled_units=best.unfilled_units,
            extra_minor=stated.total_minor - best.total_minor,
            moves=moves_between(best.packages, stated.packages),
        )
        plan = told(stated, override)
        check(problem, plan)
        return standing, plan, override, question

    def _record(self, request: Request, standing: Standing, plan: Plan, override: Override) -> PlanRecord:
        record = standing.record
        lost = standing.remains.lost.items()
        return PlanRecord(
            plan_id=f"plan-{uuid.uuid5(_PLAN_IDS, request.request_id).hex}",
            plan=plan,
            created_at=self._clock.now(),
            hold_expires_at=record.hold_expires_at,
            decision_micros=0,
            replaces_plan_id=record.plan_id,
            replanned=tuple(PackedUnits(line_id=line_id, sku=sku, units=units) for (line_id, sku), units in lost),
            exploded=record.exploded,
            channel=standing.order.channel,
            brand=standing.order.brand,
            override=override,
        )

    def _change(
        self, tx: Transaction, *, standing: Standing, new: PlanRecord, question: Question, reason: str
    ) -> bytes:
        freed = self._swap.give_back(tx, standing)
        self._swap.take(tx, standing, new, question, kind=PlanEventKind.OVERRIDDEN, reason=reason)
        self._swap.serve(tx, freed)
        rows.note(tx, new.plan_id)
        return new.plan_id.encode()


def _refuse_invalid(command: OverrideCommand) -> None:
    violations = Violations()
    check_id(command.plan_id, "plan_id", violations)
    said = command.reason.strip()
    sound = len(said) > 0 and len(command.reason) <= MOST_REASON_CHARACTERS and command.reason.isprintable()
    remedy = f"say why, on one line of at most {MOST_REASON_CHARACTERS:,} characters"
    violations.require(sound, "reason", command.reason, remedy)
    check_rules(command, violations)
    violations.refuse_any("the override")
