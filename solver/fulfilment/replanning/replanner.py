"""Plans that the world has overtaken, planned anew: decided on what is theirs and what is free, changed in one go."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from solver.clock import Clock
from solver.errors import DeadlineTooShort, LostRace, StateConflict, StockShort, Violations
from solver.fulfilment import records
from solver.fulfilment.conditions.current import CurrentNetwork, RoomTaken
from solver.fulfilment.model import PlanRecord
from solver.fulfilment.planner import Planner
from solver.fulfilment.questions import Question
from solver.fulfilment.replanning.changes import changed
from solver.fulfilment.replanning.deciding import Deciding, Fate
from solver.fulfilment.replanning.exceptions import exceptions
from solver.fulfilment.replanning.model import PlanChange, PlanException, ReplanCommand, Replanned, ReplanOutcome
from solver.fulfilment.replanning.remains import Remains
from solver.fulfilment.replanning.standing import Standing, StandingPlans
from solver.fulfilment.replanning.swap import Swap
from solver.fulfilment.replanning.words import causes
from solver.fulfilment.sources import CatalogSource
from solver.network.conditions import Conditions
from solver.orders.validate import check_destination
from solver.sourcing.plan import PackedUnits
from solver.stock.rows import Place
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, answered_before, once, refuse_unnamed
from solver.validation import MOST_MINOR, MOST_ROWS, check_between, check_id, check_reference, check_unique

ATTEMPTS = 4
_PLAN_IDS = uuid.UUID("0d9b3f5c-2a3e-5a43-8a1c-6d5a8f3e9b27")
_decoder = msgspec.json.Decoder(Replanned)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    """A plan, what is to stand in its place, and what that was made from."""

    standing: Standing
    new: PlanRecord
    question: Question


class Replanner:
    """Changes standing plans, the least that pays."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: CurrentNetwork,
        stock: Stock,
        standing: StandingPlans,
        planner: Planner,
        swap: Swap,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._stock = stock
        self._standing = standing
        self._planner = planner
        self._swap = swap
        self._stopwatch = stopwatch

    def replan(self, request: Request, command: ReplanCommand, *, seconds_left: float) -> Replanned:
        """Look at plans again and change those that are worth it, all in one transaction; a repeat changes nothing.

        Raises InvalidRequest, NotFound, RequestIdReused, StateConflict (PLAN_ENDED, NOT_RECORDED), DeadlineTooShort,
        and LostRace when others came between deciding and changing ATTEMPTS times over; nothing has changed then.
        """
        ends_at = self._stopwatch() + seconds_left
        self._refuse_invalid(command)
        if command.validate_only:
            return self._decided(command, ends_at, request.request_id)[1]
        refuse_unnamed(request)
        for attempt in range(ATTEMPTS):
            with self._database.read() as reader:
                before = answered_before(reader, request)
            if before is not None:
                return _decoder.decode(before)
            is_late = attempt >= ATTEMPTS // 2
            standing, replanned, exchanges = self._decided(command, ends_at, request.request_id, one_by_one=is_late)
            if self._stopwatch() >= ends_at:
                raise DeadlineTooShort("the deadline passed before all was decided; nothing has changed")
            change = partial(
                self._change_all, standing=standing, exchanges=exchanges, replanned=replanned, one_by_one=is_late
            )
            try:
                return _decoder.decode(once(self._database, self._clock, request, change).body)
            except (StockShort, RoomTaken, StateConflict):
                continue
        raise LostRace(f"others came between deciding and changing {ATTEMPTS} times over; try again")

    def exceptions(self) -> list[PlanException]:
        """Plans that somebody should look at: they wait for what takes nothing, or units of them were lost."""
        with self._database.read() as reader:
            return exceptions(reader, self._stock, self._network.conditions, self._remains)

    def _remains(self, reader: Reader, plan_id: str) -> tuple[PlanRecord, Remains]:
        record = records.find(reader, plan_id)
        assert record is not None
        return record, self._standing.remains(reader, record)[2]

    def _refuse_invalid(self, command: ReplanCommand) -> None:
        violations = Violations()
        for name, ids in (
            ("plan_ids", command.plan_ids), ("service_ids", command.service_ids), ("source_ids", command.source_ids),
        ):  # fmt: skip
            violations.require(len(ids) <= MOST_ROWS, name, f"{len(ids)} ids", f"name at most {MOST_ROWS:,}")
            check_unique(ids, name, violations)
            for position, one in enumerate(ids):
                check_id(one, f"{name}[{position}]", violations)
        network = self._network.network
        for position, service_id in enumerate(command.service_ids):
            check_reference(service_id, network.services, "service", f"service_ids[{position}]", violations)
        for position, source_id in enumerate(command.source_ids):
            check_reference(source_id, network.sources, "source", f"source_ids[{position}]", violations)
        one_way = not command.plan_ids or not (command.service_ids or command.source_ids)
        violations.require(one_way, "plan_ids", command.plan_ids, "name plans, or what they use, not both")
        if command.change_minor_per_package is not None:
            path = "change_minor_per_package"
            check_between(command.change_minor_per_package, 0, MOST_MINOR, path, violations)
        if command.destination is not None:
            alone = len(command.plan_ids) == 1
            violations.require(alone, "destination", command.destination, "name the one plan whose order moves")
            check_destination(command.destination, self._network.network.regions, "destination", violations)
        violations.refuse_any("the request to plan anew")

    def _decided(
        self, command: ReplanCommand, ends_at: float, request_id: str, *, one_by_one: bool = False
    ) -> tuple[list[Standing], Replanned, list[_Exchange]]:
        """The plans that were looked at, what would become of each, and what takes its place."""
        conditions = self._network.conditions
        with self._database.read() as reader:
            standing = self._standing.asked_for(reader, command, conditions)
        deciding = Deciding(
            command=command,
            clock=self._clock,
            catalog=self._catalog,
            asking=self._planner.asking,
            readiness=self._planner.readiness,
            rooms=self._network.rooms(),
            ends_at=ends_at,
            stopwatch=self._stopwatch,
        )
        live = [one for one in standing if not one.is_over]
        fates = deciding.one_by_one(live, cautious=True) if one_by_one else deciding.together(live)
        changes: list[PlanChange] = []
        exchanges: list[_Exchange] = []
        for one in standing:
            because = _causes(command, conditions, one)
            if one.is_over:
                changes.append(changed(one, ReplanOutcome.FROZEN, because))
                continue
            fate = fates.of[one.plan_id]
            if fate is None:
                changes.append(
                    changed(one, ReplanOutcome.STUCK, because, shortfall=deciding.shortfalls.get(one.plan_id))
                )
            elif not fate.changes:
                changes.append(changed(one, ReplanOutcome.STAYED, because))
            elif command.validate_only:
                changes.append(changed(one, ReplanOutcome.CHANGED, because, plan=fate.plan))
            else:
                exchanges.append(self._exchange(one, fate, request_id))
                new_plan_id = exchanges[-1].new.plan_id
                changes.append(changed(one, ReplanOutcome.CHANGED, because, plan=fate.plan, new_plan_id=new_plan_id))
        extra = sum(one.after_minor - one.before_minor for one in changes if one.outcome is ReplanOutcome.CHANGED)
        replanned = Replanned(
            changes=tuple(changes),
            extra_minor=extra,
            total_minor=fates.total_minor,
            bound_minor=min(fates.bound_minor, fates.total_minor),
        )
        return standing, replanned, exchanges

    def _exchange(self, standing: Standing, fate: Fate, request_id: str) -> _Exchange:
        record = standing.record
        lost = standing.remains.lost.items()
        new = PlanRecord(
            plan_id=f"plan-{uuid.uuid5(_PLAN_IDS, f'{request_id}/{record.plan_id}').hex}",
            plan=fate.plan,
            created_at=self._clock.now(),
            hold_expires_at=record.hold_expires_at,
            decision_micros=0,
            replaces_plan_id=record.plan_id,
            replanned=tuple(PackedUnits(line_id=line_id, sku=sku, units=units) for (line_id, sku), units in lost),
            exploded=record.exploded,
            channel=standing.order.channel,
            brand=standing.order.brand,
        )
        return _Exchange(standing=standing, new=new, question=fate.question)

    def _change_all(
        self,
        tx: Transaction,
        *,
        standing: Sequence[Standing],
        exchanges: Sequence[_Exchange],
        replanned: Replanned,
        one_by_one: bool,
    ) -> bytes:
        """All give back what they have before any takes; `one_by_one`, each takes before the next gives back."""
        reasons = {one.plan_id: one.why for one in replanned.changes}
        for several in [[one] for one in exchanges] if one_by_one else [exchanges]:
            freed: Counter[Place] = Counter()
            for one in several:
                freed.update(self._swap.give_back(tx, one.standing))
            for one in several:
                why = reasons.get(one.standing.plan_id, "")
                self._swap.take(tx, one.standing, one.new, one.question, reason=why)
            self._swap.serve(tx, freed)
        for plan, change in zip(standing, replanned.changes, strict=True):
            if change.outcome is ReplanOutcome.STUCK:
                self._swap.leave_stuck(tx, plan, change.why)
            elif change.outcome is ReplanOutcome.STAYED:
                self._swap.leave(tx, plan)
        return msgspec.json.encode(replanned)


def _causes(command: ReplanCommand, conditions: Conditions, one: Standing) -> tuple[str, str]:
    return causes(
        conditions,
        one.remains.open,
        lost=sum(one.remains.lost.values()),
        late=one.owned.is_late,
        new_address=command.destination is not None,
        reason=command.reason,
    )
