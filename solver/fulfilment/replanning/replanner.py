"""Plans that the world has overtaken, planned anew: decided on what is theirs and what is free, changed in one go."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from solver.clock import Clock
from solver.errors import DeadlineTooShort, LostRace, NotFound, StateConflict, StockShort, Violations
from solver.fulfilment import plan_packages, records
from solver.fulfilment.asking import Asking
from solver.fulfilment.conditions.current import RoomTaken
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.question import lines_of
from solver.fulfilment.questions import Question, Questions
from solver.fulfilment.replanning.exceptions import exceptions
from solver.fulfilment.replanning.model import (
    Move,
    PlanChange,
    PlanException,
    ReplanCommand,
    Replanned,
    ReplanOutcome,
)
from solver.fulfilment.replanning.moves import moves_between
from solver.fulfilment.replanning.owned import Owned, owned
from solver.fulfilment.replanning.remains import Remains, order_of_rest, remains_of
from solver.fulfilment.replanning.swap import Swap
from solver.fulfilment.replanning.waits import plans_that_wait_longer, wait_minutes
from solver.fulfilment.replanning.words import causes, sentence
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.network.conditions import Conditions
from solver.orders.model import Order
from solver.orders.validate import check_destination
from solver.sourcing.check import check
from solver.sourcing.plan import Package, PackedUnits, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.solve import solve
from solver.sourcing.terms.change import PRICE, TERM
from solver.stock.holding.commitment_model import Commitment
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.stock.rows import Place
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, answered_before, once, refuse_unnamed
from solver.validation import MOST_MINOR, MOST_ROWS, check_between, check_id, check_unique

ATTEMPTS = 4
_PLAN_IDS = uuid.UUID("0d9b3f5c-2a3e-5a43-8a1c-6d5a8f3e9b27")
_COMMIT_SECONDS = 0.1
_decoder = msgspec.json.Decoder(Replanned)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A plan as it stands, and what remains of it."""

    record: PlanRecord
    order: Order
    policy: Policy
    commitment: Commitment | None
    remains: Remains
    owned: Owned


class Replanner:
    """Changes standing plans, the least that pays. `commitments` tells what they are committed to."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        stock: Stock,
        commitments: Commitments,
        asking: Asking,
        questions: Questions,
        swap: Swap,
        conditions: Callable[[], Conditions],
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._stock = stock
        self.commitments = commitments
        self._asking = asking
        self._questions = questions
        self._swap = swap
        self._conditions = conditions
        self._stopwatch = stopwatch

    def replan(self, request: Request, command: ReplanCommand, *, seconds_left: float) -> Replanned:
        """Look at plans again and change those that are worth it, all in one transaction; a repeat changes nothing.

        Raises InvalidRequest, NotFound, RequestIdReused, StateConflict (PLAN_ENDED, NOT_RECORDED), DeadlineTooShort,
        and LostRace when others came between deciding and changing ATTEMPTS times over; nothing has changed then.
        """
        ends_at = self._stopwatch() + seconds_left
        self._refuse_invalid(command)
        if command.validate_only:
            return self._decided(command, ends_at, request.request_id)[0]
        refuse_unnamed(request)
        for _ in range(ATTEMPTS):
            with self._database.read() as reader:
                before = answered_before(reader, request)
            if before is not None:
                return _decoder.decode(before)
            replanned, swaps = self._decided(command, ends_at, request.request_id)
            if self._stopwatch() >= ends_at:
                raise DeadlineTooShort("the deadline passed before all was decided; nothing has changed")
            change = partial(_change_all, swaps=swaps, replanned=replanned)
            try:
                return _decoder.decode(once(self._database, self._clock, request, change).body)
            except (StockShort, RoomTaken, StateConflict):
                continue
        raise LostRace(f"others came between deciding and changing {ATTEMPTS} times over; try again")

    def exceptions(self) -> list[PlanException]:
        """Plans that somebody should look at: they wait for what takes nothing."""
        with self._database.read() as reader:
            return exceptions(reader, self._stock, self._conditions(), self._open)

    def _open(self, reader: Reader, plan_id: str) -> tuple[Package, ...]:
        record = records.find(reader, plan_id)
        assert record is not None
        return self._remains(reader, record)[2].open

    def _refuse_invalid(self, command: ReplanCommand) -> None:
        violations = Violations()
        for name, ids in (
            ("plan_ids", command.plan_ids), ("service_ids", command.service_ids), ("source_ids", command.source_ids),
        ):  # fmt: skip
            violations.require(len(ids) <= MOST_ROWS, name, f"{len(ids)} ids", f"name at most {MOST_ROWS:,}")
            check_unique(ids, name, violations)
            for position, one in enumerate(ids):
                check_id(one, f"{name}[{position}]", violations)
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
        self, command: ReplanCommand, ends_at: float, request_id: str
    ) -> tuple[Replanned, list[Callable[[Transaction], None]]]:
        """What would become of each plan, and what does it."""
        conditions = self._conditions()
        changes: list[PlanChange] = []
        acts: list[Callable[[Transaction], None]] = []
        taken: dict[Place, int] = {}
        for standing in self._standing(command, conditions):
            seconds = ends_at - self._stopwatch() - _COMMIT_SECONDS
            if seconds <= 0:
                raise DeadlineTooShort(f"{len(changes)} plans were decided when the deadline came; name fewer plans")
            change, act = self._decide(command, conditions, standing, taken, seconds, request_id)
            changes.append(change)
            acts += [] if act is None else [act]
        extra = sum(one.after_minor - one.before_minor for one in changes if one.outcome is ReplanOutcome.CHANGED)
        return Replanned(changes=tuple(changes), extra_minor=extra), acts

    def _standing(self, command: ReplanCommand, conditions: Conditions) -> list[_Standing]:
        with self._database.read() as reader:
            plan_ids: Sequence[str] = command.plan_ids
            if not plan_ids:
                named = bool(command.service_ids or command.source_ids)
                services = command.service_ids if named else [one.service_id for one in conditions.services]
                sources = command.source_ids if named else [one.source_id for one in conditions.sources]
                now = self._stock.now(reader)
                plan_ids = plan_packages.plans_with(reader, service_ids=services, source_ids=sources, now=now)
                late = [] if named else plans_that_wait_longer(reader, now)
                plan_ids = [*plan_ids, *(one for one in late if one not in set(plan_ids))]
            found = [self._found(reader, plan_id, must_stand=bool(command.plan_ids)) for plan_id in plan_ids]
        return [one for one in found if one is not None]

    def _found(self, reader: Reader, plan_id: str, *, must_stand: bool) -> _Standing | None:
        record = records.find(reader, plan_id)
        if record is None:
            raise NotFound(f"there is no plan {plan_id!r}", metadata={"plan_id": plan_id[:128]})
        state, commitment, remains = self._remains(reader, record)
        has = owned(reader, plan_id, remains.open, self._stock.now(reader))
        over = not remains.open and not remains.lost
        if not must_stand and (not state.stands or over):
            return None
        if not state.stands and not remains.lost:
            raise StateConflict(
                f"plan {plan_id} is {state}; nothing of it is left to plan anew",
                reason="PLAN_ENDED",
                metadata={"plan_id": plan_id, "state": state},
            )
        asked = self._questions.asked(reader, plan_id)
        if asked is None:
            raise StateConflict(
                f"what plan {plan_id} was made from was not kept: an older release made it",
                reason="NOT_RECORDED",
                metadata={"plan_id": plan_id},
            )
        return _Standing(
            record=record, order=asked[0], policy=asked[1], commitment=commitment, remains=remains, owned=has
        )

    def _remains(self, reader: Reader, record: PlanRecord) -> tuple[PlanState, Commitment | None, Remains]:
        """Where a plan stands, what it is committed to (None: it is not confirmed), and what remains of it."""
        state = PlanState.of_hold(self._stock.hold_state(reader, record.plan_id))
        if state is PlanState.HELD:
            contents = self.commitments.held(reader, HoldName.of_plan(record.plan_id))
            return state, None, remains_of(record.plan, contents, {})
        if state is not PlanState.CONFIRMED:
            return state, None, remains_of(_nothing(record.plan), (), {})
        commitment = self.commitments.find(reader, HoldName.of_plan(record.plan_id))
        replanned: Counter[tuple[str, str]] = Counter()
        for later in records.replacements_of(reader, record):
            replanned.update({(one.line_id, one.sku): one.units for one in later.replanned})
        return (
            PlanState.of_commitment(commitment.state),
            commitment,
            remains_of(record.plan, commitment.contents, replanned),
        )

    def _decide(
        self,
        command: ReplanCommand,
        conditions: Conditions,
        standing: _Standing,
        taken: dict[Place, int],
        seconds: float,
        request_id: str,
    ) -> tuple[PlanChange, Callable[[Transaction], None] | None]:
        """What becomes of one plan; `taken` counts what earlier ones of the same request take and give back."""
        record, remains = standing.record, standing.remains
        because = causes(
            conditions,
            remains.open,
            lost=sum(remains.lost.values()),
            late=standing.owned.is_late,
            new_address=command.destination is not None,
            reason=command.reason,
        )
        if not remains.open and not remains.lost:
            return _change(standing, ReplanOutcome.FROZEN, because), None
        question = self._question(command, standing, taken)
        plan = _solved(question, min(seconds, question.policy.time_limit_ms / 1000))
        if _fills_less(plan, remains):
            return _change(standing, ReplanOutcome.STUCK, because), None
        moves = moves_between(remains.open, plan.packages)
        waits = wait_minutes(plan.packages, question.order.placed_at)
        if not moves and waits >= standing.owned.wait_minutes and command.destination is None:
            return _change(standing, ReplanOutcome.STAYED, because), None
        plan_id = f"plan-{uuid.uuid5(_PLAN_IDS, f'{request_id}/{record.plan_id}').hex}"
        _count(taken, standing.owned, plan)
        change = _change(standing, ReplanOutcome.CHANGED, because, plan=plan, moves=moves)
        if command.validate_only:
            return change, None
        new = PlanRecord(
            plan_id=plan_id,
            plan=plan,
            created_at=self._clock.now(),
            hold_expires_at=record.hold_expires_at,
            decision_micros=0,
            replaces_plan_id=record.plan_id,
            replanned=tuple(
                PackedUnits(line_id=line_id, sku=sku, units=units) for (line_id, sku), units in remains.lost.items()
            ),
        )
        commitment = standing.commitment

        def act(tx: Transaction) -> None:
            self._swap.swap(tx, record, commitment, remains, new, question)

        return replace(change, new_plan_id=plan_id), act

    def _question(self, command: ReplanCommand, standing: _Standing, taken: dict[Place, int]) -> Question:
        """What the decision looks at: the rest of the order, asked now, on free stock and on its own."""
        before, remains = standing.order, standing.remains
        catalog = self._catalog.catalog
        order = order_of_rest(before, lines_of(before, catalog), remains)
        now = max(self._clock.now(), before.placed_at)
        order = replace(order, placed_at=now, destination=command.destination or order.destination)
        own = dict(standing.owned.there)
        for place, units in taken.items():
            own[place] = own.get(place, 0) - units
        policy = _with_change(standing.policy, command.change_minor_per_package)
        question = self._asking.question(order, policy, own, standing.owned.awaited)
        standing_lanes = sorted({(package.source_id, package.service_id) for package in remains.open})
        return replace(question, standing=tuple(standing_lanes))


def _change_all(tx: Transaction, *, swaps: Sequence[Callable[[Transaction], None]], replanned: Replanned) -> bytes:
    for swap in swaps:
        swap(tx)
    return msgspec.json.encode(replanned)


def _nothing(plan: Plan) -> Plan:
    return replace(plan, packages=())


def _with_change(policy: Policy, price_minor: int | None) -> Policy:
    if price_minor is None:
        return policy
    off = tuple(name for name in policy.off if name != TERM.name)
    return replace(policy, settings={**policy.settings, PRICE.name: price_minor}, off=off)


def _solved(question: Question, seconds: float) -> Plan:
    problem = question.problem()
    plan = solve(problem, time_limit_seconds=seconds)
    check(problem, plan)
    return plan


def _fills_less(plan: Plan, remains: Remains) -> bool:
    """Whether the plan leaves out more than was lost; what is open must go on."""
    shipped = sum(one.units for package in plan.packages for one in package.contents)
    is_open = sum(one.units for package in remains.open for one in package.contents)
    return shipped < is_open or not plan.packages


def _count(taken: dict[Place, int], has: Owned, plan: Plan) -> None:
    """Add what the new plan takes beyond what it gives back."""
    for place, units in has.there.items():
        taken[place] = taken.get(place, 0) - units
    for package in plan.packages:
        for one in package.contents if not package.offer_id else ():
            place = (package.source_id, one.sku)
            taken[place] = taken.get(place, 0) + one.units


def _change(
    standing: _Standing,
    outcome: ReplanOutcome,
    because: tuple[str, str],
    *,
    plan: Plan | None = None,
    moves: tuple[Move, ...] = (),
) -> PlanChange:
    record = standing.record
    before = _cost(standing.remains.open)
    after = before if plan is None else _cost(plan.packages)
    why, why_zh = sentence(outcome, because, moves, after - before, record.plan.money)
    return PlanChange(
        order_id=record.plan.order_id,
        plan_id=record.plan_id,
        outcome=outcome,
        before_minor=before,
        after_minor=after,
        moves=moves,
        why=why,
        why_zh=why_zh,
    )


def _cost(packages: Sequence[Package]) -> int:
    """What the packages cost by themselves, but for the price of change."""
    return sum(minor for package in packages for name, minor in package.cost_minor.items() if name != TERM.name)
