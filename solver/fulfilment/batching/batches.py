"""Many orders in one call: checked, decided together on the stock of the moment, held in one transaction."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from solver.catalog.combinations.lines import ExplodedOrder
from solver.clock import Clock
from solver.errors import (
    DeadlineTooShort,
    LostRace,
    StateConflict,
    StockShort,
    Violations,
)
from solver.fulfilment.batching.in_turn import fitted
from solver.fulfilment.batching.jointly import Jointly
from solver.fulfilment.batching.model import MOST_ORDERS, BatchCommand, PlannedBatch
from solver.fulfilment.batching.rooms import Rooms
from solver.fulfilment.conditions.current import RoomTaken
from solver.fulfilment.exploding.gifts_given import GiftTaken
from solver.fulfilment.exploding.together import Together
from solver.fulfilment.model import LONGEST_HOLD, FulfilmentPlan, PlanRecord, PlanState
from solver.fulfilment.order_checks import check_ordered
from solver.fulfilment.plan_ids import plan_id_of
from solver.fulfilment.plan_keeping import WantedPlan
from solver.fulfilment.planner import Planner
from solver.fulfilment.preference import preferred
from solver.fulfilment.questions import Question
from solver.fulfilment.records import planned_orders
from solver.fulfilment.sources import CatalogSource, NetworkSource, PolicySource
from solver.fulfilment.unsound_orders import first_by_order, is_of_order, terms_without
from solver.orders.model import Order
from solver.orders.validate import check_destination
from solver.sourcing.policy import Policy
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, answered_before, is_named, once
from solver.validation import check_id, check_lasts, check_unique
from solver.waves.check_terms import check_wave_limits, check_wave_terms
from solver.waves.limits import Watch
from solver.waves.plan import Refused, WavePlan

ATTEMPTS = 4
_COMMIT_SECONDS = 0.002  # for each order, kept back of the caller's deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is kept of an answer: the ids of the plans, and the wave without them."""

    plan_ids: tuple[str, ...]
    wave: WavePlan


_decoder = msgspec.json.Decoder(_Kept)


class Batches:
    """Plans batches. The stock of all plans of one is held together or not at all."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        policies: PolicySource,
        planner: Planner,
        rooms: Callable[[], Rooms] = Rooms,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._policies = policies
        self._planner = planner
        self._rooms = rooms
        self._stopwatch = stopwatch

    def plan(
        self,
        request: Request,
        command: BatchCommand,
        *,
        seconds_left: float,
        watch: Watch | None = None,
        most_orders: int = MOST_ORDERS,
        refuse: Callable[[], None] = lambda: None,
    ) -> PlannedBatch:
        """Plan the orders and hold their stock; a repeated request returns the plans made first, as they stand now.

        `seconds_left` bounds the call; `refuse` may raise before anything is held, and is asked order by order while
        the orders are read. Raises InvalidRequest,
        RequestIdReused, StateConflict (ORDER_ALREADY_PLANNED), LostRace when others took the stock ATTEMPTS times over,
        DeadlineTooShort; nothing is held then.
        """
        ends_at = self._stopwatch() + seconds_left
        watch = watch or Watch()
        exploded: dict[str, ExplodedOrder] = {}
        if not command.validate_only and not is_named(request):
            self._sound_part(command, most_orders, request)
        for attempt in range(ATTEMPTS):
            with self._database.read() as reader:
                before = None if command.validate_only else answered_before(reader, request)
            if before is not None:
                return self._as_it_stands(_decoder.decode(before))
            sound, policies, refused = self._sound_part(command, most_orders)
            asked = self._asked(sound, policies, exploded, refuse)
            questions, wave = self._decided(sound, asked, ends_at, watch, fits=attempt > 0)
            wave = replace(wave, refused=refused)
            micros = round(wave.seconds * 1_000_000 / max(1, len(questions)))
            if command.validate_only:
                drafts = [
                    FulfilmentPlan(plan=plan, state=PlanState.DRAFT, decision_micros=micros, exploded=question.exploded)
                    for question, plan in zip(questions, wave.plans, strict=True)
                ]
                return PlannedBatch(plans=tuple(drafts), wave=wave)
            if self._stopwatch() >= ends_at:
                raise DeadlineTooShort("the deadline passed before all plans were made; nothing is held")
            refuse()
            try:
                return self._held(request, questions, wave, command.hold_for, micros)
            except (StockShort, RoomTaken, GiftTaken):
                continue
        raise LostRace(f"others took stock of these orders {ATTEMPTS} times over; try again")

    def _decided(
        self, command: BatchCommand, questions: Sequence[Question], ends_at: float, watch: Watch, *, fits: bool
    ) -> tuple[Sequence[Question], WavePlan]:
        """The questions and their answer; `fits`: one that was short before is made to fit the channels' quotas."""
        kept_back = _COMMIT_SECONDS * len(questions)
        jointly = Jointly(
            readiness=self._planner.readiness,
            terms=command.wave,
            limits=command.wave_limits,
            watch=watch,
            rooms=self._rooms(),
        )

        def left() -> float:
            return ends_at - kept_back - self._stopwatch()

        wave = jointly.decide(questions, seconds_left=left)
        if not fits:
            return questions, wave
        return fitted(self._planner.asking, questions, wave, jointly.rooms.within(command.wave), left)

    def _held(
        self, request: Request, questions: Sequence[Question], wave: WavePlan, hold_for: timedelta, micros: int
    ) -> PlannedBatch:
        """Every plan with its stock held, or what is kept of an answer that the request was given meanwhile."""
        now = self._clock.now()
        wanted = [
            WantedPlan(
                plan_id=plan_id_of(request, plan.order_id, at=now),
                plan=plan,
                question=question,
                hold_for=hold_for,
                micros=micros,
            )
            for question, plan in zip(questions, wave.plans, strict=True)
        ]
        records: list[PlanRecord] = []

        def hold(tx: Transaction) -> bytes:
            nonlocal records
            records = self._planner.keeping.hold_all(tx, wanted)
            plan_ids = tuple(record.plan_id for record in records)
            return msgspec.json.encode(_Kept(plan_ids=plan_ids, wave=replace(wave, plans=())))

        answer = once(self._database, self._clock, request, hold)
        if not answer.fresh:
            return self._as_it_stands(_decoder.decode(answer.body))
        return PlannedBatch(plans=tuple(FulfilmentPlan.just_held(record) for record in records), wave=wave)

    def refuse_unsound(self, request: Request, command: BatchCommand, most_orders: int = MOST_ORDERS) -> None:
        """Raise what `plan` would raise before it decides anything."""
        self._sound_part(command, most_orders, request)

    def planned(self, request: Request) -> PlannedBatch | None:
        """The answer that the request was given, as it stands now; None where it has none."""
        with self._database.read() as reader:
            before = answered_before(reader, request)
        return None if before is None else self._as_it_stands(_decoder.decode(before))

    def _as_it_stands(self, kept: _Kept) -> PlannedBatch:
        plans = tuple(self._planner.made.get(plan_id) for plan_id in kept.plan_ids)
        return PlannedBatch(plans=plans, wave=replace(kept.wave, plans=tuple(one.plan for one in plans)))

    def _sound_part(
        self, command: BatchCommand, most_orders: int, request: Request | None = None
    ) -> tuple[BatchCommand, tuple[Policy, ...], tuple[Refused, ...]]:
        """The command without what is unsound, where it asks for that. Raises InvalidRequest, StateConflict.

        With a request its id is looked at too.
        """
        violations = Violations()
        if request is not None:
            check_id(request.request_id, "request_id", violations)
        policies = self._check(command, most_orders, violations)
        planned = self._planned(command)
        wrong = first_by_order(violations.found)
        others = [one for one in violations.found if not is_of_order(one)]
        if violations.found and (not command.skip_unsound_orders or others):
            violations.refuse_any("the request to plan a batch")
        if planned and not command.skip_unsound_orders:
            raise next(iter(planned.values()))
        refused = {number: (one.field, f"{one.value}: {one.remedy}") for number, one in wrong.items()}
        refused |= {number: (f"orders[{number}].order_id", str(one)) for number, one in planned.items()}
        if len(refused) == len(command.orders):
            violations.refuse_any("the request to plan a batch")
            raise next(iter(planned.values()))
        named = tuple(
            Refused(order_id=command.orders[number].order_id, field=field, reason=reason)
            for number, (field, reason) in sorted(refused.items())
        )
        kept = [number for number in range(len(command.orders)) if number not in refused]
        sound = replace(
            command,
            orders=tuple(command.orders[number] for number in kept),
            wave=terms_without(command.wave, {one.order_id for one in named}),
        )
        return sound, tuple(policies[number] for number in kept), named

    def _check(self, command: BatchCommand, most_orders: int, violations: Violations) -> tuple[Policy, ...]:
        network = self._network.network
        count = len(command.orders)
        violations.require(1 <= count <= most_orders, "orders", f"{count} orders", f"send 1 to {most_orders:,}")
        catalog, combinations = self._catalog.catalog, self._planner.exploding.combinations
        currency = self._network.currency
        for position, order in enumerate(command.orders):
            path = f"orders[{position}]"
            before = len(violations.found)
            check_ordered(order, catalog, currency, path, violations, combinations)
            if combinations is not None and len(violations.found) == before:  # what is chosen in its combinations
                self._planner.exploding.check(order, path, violations)
            check_destination(order.destination, network.regions, f"{path}.destination", violations)
        check_unique([order.order_id for order in command.orders], "orders", violations)
        check_lasts(command.hold_for, LONGEST_HOLD, "hold_for", violations)
        check_wave_limits(command.wave_limits, "wave_limits", violations)
        check_wave_terms(
            command.wave,
            "wave",
            violations,
            orders={order.order_id for order in command.orders},
            sources=network.sources,
            services=network.services,
        )
        return preferred(command, command.orders, self._policies.documents, violations)

    def _asked(
        self,
        command: BatchCommand,
        policies: Sequence[Policy],
        exploded: dict[str, ExplodedOrder],
        refuse: Callable[[], None],
    ) -> list[Question]:
        """A question for each order. Of what chance decides on, later orders see what earlier ones left."""
        sourced: list[tuple[Order, ExplodedOrder | None]] = []
        together = Together()
        for number, order in enumerate(command.orders):
            refuse()
            exploded_order, made_of = self._planner.exploding.exploded(
                order,
                path=f"orders[{number}]",
                before=exploded.get(order.order_id),
                together=together,
                keeps_draws=not command.validate_only,
            )
            if made_of is not None:
                exploded[order.order_id] = made_of
                together.add(order, made_of)
            sourced.append((exploded_order, made_of))

        asked = [(order, policy) for (order, _), policy in zip(sourced, policies, strict=True)]
        questions = self._planner.asking.questions(asked, refuse)
        return [
            question if made_of is None else replace(question, exploded=made_of)
            for question, (_, made_of) in zip(questions, sourced, strict=True)
        ]

    def _planned(self, command: BatchCommand) -> dict[int, StateConflict]:
        """Orders that have a plan that stands, each with its refusal."""
        found = {}
        with self._database.read() as reader:
            planned = planned_orders(reader, [order.order_id for order in command.orders])
            for number, order in enumerate(command.orders):
                if order.order_id not in planned:
                    continue
                try:
                    self._planner.keeping.refuse_planned(reader, order.order_id)
                except StateConflict as conflict:
                    found[number] = conflict
        return found
