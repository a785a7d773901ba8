"""How a plan is made: decided on a snapshot, held on the truth. Promises are decided alike, and hold nothing."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from solver.catalog.combinations.lines import ExplodedOrder
from solver.clock import Clock
from solver.errors import DeadlineTooShort, LostRace, StockShort, Violations
from solver.fulfilment.batching.meeting import Candidate, Meeting
from solver.fulfilment.batching.settling import MEETING_SECONDS, Settling
from solver.fulfilment.conditions.current import RoomTaken
from solver.fulfilment.decided import decided
from solver.fulfilment.decision_inputs import DecisionInputs
from solver.fulfilment.exploding.exploding import CombinationSource, no_combinations
from solver.fulfilment.exploding.gifts_given import GiftTaken
from solver.fulfilment.landed_cost import LandedCosts
from solver.fulfilment.made_plans import MadePlans
from solver.fulfilment.model import LONGEST_HOLD, FulfilmentPlan, PlanCommand, PlanState
from solver.fulfilment.order_checks import check_ordered
from solver.fulfilment.plan_ids import plan_id_of
from solver.fulfilment.plan_keeping import PlanKeeping, WantedPlan
from solver.fulfilment.preference import preferred
from solver.fulfilment.promising.check import sound_policy
from solver.fulfilment.promising.model import Promise, PromiseCommand
from solver.fulfilment.promising.promised import FromAllLanes, Promised
from solver.fulfilment.question import lines_of, units_of
from solver.fulfilment.questions import Question
from solver.fulfilment.rounds import Contending, Outcome, Rounds, Wish
from solver.fulfilment.sources import CatalogSource, NetworkSource, PolicySource
from solver.orders.model import Order
from solver.orders.validate import check_destination
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader
from solver.storage.once import Request, answered_before, is_named
from solver.storage.once_each import OnceEach
from solver.validation import check_id, check_lasts
from solver.watching.call_notes import note_conflict

ATTEMPTS = 4
LEAST_SECONDS_TO_MEET = 2 * MEETING_SECONDS  # with less time left an order is better held at once
_COMMIT_SECONDS = 0.05  # what is kept back of a caller's deadline for the check and the commit


class Planner:
    """Makes plans. One order has at most one plan that is held or confirmed.

    `keeping` holds the plans and `made` reads them; what decisions are made from is told at `DecisionInputs`.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        policies: PolicySource,
        stock: Stock,
        refuse_overrun: Callable[[Reader, Sequence[Package]], None] = lambda _, __: None,
        is_limited: Callable[[], bool] = lambda: False,
        combinations: CombinationSource = no_combinations,
        costs: LandedCosts | None = None,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._policies = policies
        self._stopwatch = stopwatch
        inputs = DecisionInputs.of(
            database=database,
            clock=clock,
            catalog=catalog,
            network=network,
            policies=policies,
            stock=stock,
            combinations=combinations,
            costs=costs,
        )
        self._live, self.readiness, self.valuing = inputs.live, inputs.readiness, inputs.valuing
        self.asking, self.questions, self.exploding = inputs.asking, inputs.questions, inputs.exploding
        self._promised = Promised(self.readiness)
        self.keeping = PlanKeeping(
            stock=stock, questions=self.questions, refuse_overrun=refuse_overrun, is_limited=is_limited
        )
        self.made = MadePlans(database=database, keeping=self.keeping, questions=self.questions, stopwatch=stopwatch)
        settling = Settling(
            database=database,
            clock=clock,
            readiness=self.readiness,
            keeping=self.keeping,
            stopwatch=stopwatch,
        )
        self._meeting = Meeting(settling.settle)
        self._held_once = OnceEach(database, clock, self.keeping.hold_each, lambda record: record.plan_id.encode())
        self._rounds = Rounds(
            database=database,
            catalog=catalog,
            network=network,
            sound=self._refuse_invalid,
            exploding=self.exploding,
            asking=self.asking,
            questions=self.questions,
            readiness=self.readiness,
            meeting=self._meeting,
            held_once=self._held_once,
            stopwatch=stopwatch,
        )

    def read_stock(self) -> None:
        """Read all that is available now, so that the first who asks need not wait for it."""
        self._live.prepare(self._database)

    def make_ready(self, *policies: Policy) -> None:
        """Make ready to decide quickly under the kept policies, the default one and these, on what is there now.

        For a large network that is begun by `stay_ready`.
        """
        self.read_stock()
        kept = (document.policy for document in self._policies.documents.values())
        named = (*policies, DEFAULT_POLICY, *kept)
        self.readiness.prepare_or_want(self._network.network, self._catalog.catalog, named)

    def stay_ready(self) -> None:
        """From now on make ready in the background for what is asked again and again, and value stock, until `rest`."""
        self.readiness.start()
        self.valuing.start()

    def rest(self) -> None:
        """Stop making ready, and valuing stock."""
        self.readiness.close()
        self.valuing.close()

    def plan(self, request: Request, command: PlanCommand, *, seconds_left: float) -> FulfilmentPlan:
        """Find the best plan and hold its stock; a repeated request returns the plan made first, as it stands now.

        `seconds_left` bounds the call. Raises InvalidRequest, RequestIdReused, StateConflict (ORDER_ALREADY_PLANNED),
        LostRace when others took the stock ATTEMPTS times over, DeadlineTooShort; nothing is held then.
        """
        wish = self.wish(request, command, seconds_left=seconds_left)
        return self.fulfilled(wish, self._rounds.plan(wish) if self.joins(wish) else None)

    def wish(self, request: Request, command: PlanCommand, *, seconds_left: float) -> Wish:
        """What `plan` is asked for, before anything is done. Raises InvalidRequest where the request is unnamed."""
        if not (command.validate_only or is_named(request)):
            self._refuse_invalid(command, request)
        return Wish(
            request=request,
            command=command,
            plan_id=plan_id_of(request, at=self._clock.now()),
            ends_at=self._stopwatch() + seconds_left,
        )

    def joins(self, wish: Wish) -> bool:
        """Whether it is to be planned with those of others who come, in a round."""
        command, left = wish.command, wish.ends_at - self._stopwatch()
        return left > LEAST_SECONDS_TO_MEET and not command.validate_only and self.exploding.is_plain(command.order)

    def plan_each(self, wishes: Sequence[Wish]) -> list[Outcome | None]:
        """What came of each of those who join one round; `fulfilled` takes it from there."""
        return self._rounds.plan_each(wishes)

    def fulfilled(self, wish: Wish, outcome: Outcome | None) -> FulfilmentPlan:
        """As `plan`, of a wish that this came of in a round; None where it is to be fulfilled by itself."""
        request, command = wish.request, wish.command
        if command.validate_only:
            policy = self._refuse_invalid(command)
            order, made_of = self.exploding.exploded(command.order)
            plan, micros, _ = self._decide(order, policy, wish.ends_at - self._stopwatch())
            return FulfilmentPlan(plan=plan, state=PlanState.DRAFT, decision_micros=micros, exploded=made_of)
        exploded: ExplodedOrder | None = None
        for attempt in range(ATTEMPTS):
            try:
                if attempt:
                    outcome = self._rounds.plan(wish) if self.joins(wish) else None
                if outcome is not None:
                    return self._as_planned(wish, outcome)
                with self._database.read() as reader:
                    before = answered_before(reader, request)
                    if before is not None:
                        return self.made.get(before.decode())
                    self.keeping.refuse_planned(reader, command.order.order_id)
                # After the look-up: a repeated request has its answer, also when its order would be refused today.
                policy = self._refuse_invalid(command)
                order, exploded = self.exploding.exploded(command.order, before=exploded, keeps_draws=True)
                with self._meeting.attending(units_of(lines_of(order, self._catalog.catalog))) as meet:
                    wanted = self._wanted(wish, order, policy, exploded)
                    together = self._met(wish, wanted, meet)
                return self.made.get(together) if together else self._held(wish, wanted)
            except (StockShort, RoomTaken, GiftTaken):
                note_conflict()
        raise LostRace(
            f"others took the stock of order {command.order.order_id} {ATTEMPTS} times over; try again",
            metadata={"order_id": command.order.order_id},
        )

    def _as_planned(self, wish: Wish, outcome: Outcome) -> FulfilmentPlan:
        """The plan as it was made with those of others who came.

        Raises what `plan` raises, and what a plan that comes too late is refused with.
        """
        if isinstance(outcome, Exception):
            raise outcome
        if not isinstance(outcome, Contending):
            return FulfilmentPlan.just_held(outcome)
        try:
            together = self._met(wish, outcome.wanted, outcome.present.meet)
        finally:
            outcome.present.leave()
        return self.made.get(together) if together else self._held(wish, outcome.wanted)

    def _wanted(self, wish: Wish, order: Order, policy: Policy, exploded: ExplodedOrder | None) -> WantedPlan:
        """The best plan of the order alone."""
        plan, micros, question = self._decide(order, policy, wish.ends_at - self._stopwatch(), exploded)
        self.questions.prepare(question)
        return WantedPlan(
            plan_id=wish.plan_id, plan=plan, question=question, hold_for=wish.command.hold_for, micros=micros
        )

    def _met(self, wish: Wish, wanted: WantedPlan, meet: Callable[[Candidate, float], str]) -> str:
        """The plan that it gets together with others that contend with it; empty: none."""
        left = wish.ends_at - self._stopwatch()
        if left <= 0:
            raise DeadlineTooShort("the deadline passed before the plan was made; nothing is held")
        return meet(wish.candidate(wanted), left) if left > LEAST_SECONDS_TO_MEET else ""

    def _held(self, wish: Wish, wanted: WantedPlan) -> FulfilmentPlan:
        """The plan with its stock held, or what the request was given meanwhile."""
        if self._stopwatch() >= wish.ends_at:
            raise DeadlineTooShort("the deadline passed before the plan was held; repeat the call for what it got")
        record = self._held_once.run(wish.request, wanted)
        return self._first_made(wish.request) if record is None else FulfilmentPlan.just_held(record)

    def _first_made(self, request: Request) -> FulfilmentPlan:
        """What the request was given meanwhile, by who came with it at the same time."""
        with self._database.read() as reader:
            before = answered_before(reader, request)
        assert before is not None, "it was answered just now"
        return self.made.get(before.decode())

    def promise(self, command: PromiseCommand, *, seconds_left: float) -> Promise:
        """What can be promised for a basket, on the stock of this moment; nothing is held.

        `seconds_left` bounds the call. Raises InvalidRequest, DeadlineTooShort.
        """
        soon = self.promise_soon(command, seconds_left=seconds_left)
        return soon if isinstance(soon, Promise) else soon.make()

    def promise_soon(self, command: PromiseCommand, *, seconds_left: float) -> Promise | FromAllLanes:
        """As `promise`, or how to make it where that takes long."""
        ends_at = self._stopwatch() + seconds_left
        policy = sound_policy(command, self._catalog, self._network, self._policies, self.exploding.combinations)
        order, _ = self.exploding.exploded(command.order)
        question = self.asking.question_at_once(replace(order, placed_at=command.valid_until), policy)
        return self._promised.promise_soon(question, command, seconds_left=lambda: ends_at - self._stopwatch())

    def _refuse_invalid(self, command: PlanCommand, request: Request | None = None) -> Policy:
        """The policy to decide under. Raises InvalidRequest with all that is wrong, also with the request's id."""
        violations = Violations()
        if request is not None:
            check_id(request.request_id, "request_id", violations)
        catalog, combinations = self._catalog.catalog, self.exploding.combinations
        check_ordered(command.order, catalog, self._network.currency, "order", violations, combinations)
        check_destination(command.order.destination, self._network.network.regions, "order.destination", violations)
        policies = preferred(command, [command.order], self._policies.documents, violations)
        check_lasts(command.hold_for, LONGEST_HOLD, "hold_for", violations)
        violations.refuse_any("the request to plan")
        return policies[0]

    def _decide(
        self, order: Order, policy: Policy, seconds_left: float, exploded: ExplodedOrder | None = None
    ) -> tuple[Plan, int, Question]:
        """The checked plan on the stock of this moment, the microseconds that it took, and what it was made from."""
        limit = min(policy.time_limit_ms / 1000, seconds_left - _COMMIT_SECONDS)
        if limit <= 0:
            raise DeadlineTooShort(f"{seconds_left:.3f} s are left of the deadline: too short to decide and to commit")
        begun = self._stopwatch()
        question = self.asking.question(order, policy)
        if exploded is not None:
            question = replace(question, exploded=exploded)
        plan = decided(question, self.readiness, seconds_left=limit)
        return plan, round((self._stopwatch() - begun) * 1_000_000), question
