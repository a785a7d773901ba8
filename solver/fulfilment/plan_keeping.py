"""How a plan comes to stand: its stock is held, and it is kept with what it was made from, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.errors import StateConflict, StockShort, XunyuanError
from solver.frozen import quickly_made
from solver.fulfilment import plan_packages, policy_tallies, records
from solver.fulfilment.amounts_seen import later_claims
from solver.fulfilment.exploding import draws_kept, gifts_given
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.questions import Question, Questions
from solver.sourcing.plan import Package, Plan
from solver.stock.holding.planned_holds import PlannedHold
from solver.stock.rows import Place, claims_of
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction
from solver.storage.errors import StorageFailed


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPlan:
    """A plan that is to be held for so long, with the question that it answers and the time that it took."""

    plan_id: str
    plan: Plan
    question: Question
    hold_for: timedelta
    micros: int

    @property
    def is_plain(self) -> bool:
        """True where it takes nothing but what is there, for an order without combinations."""
        return self.question.exploded is None and not any(package.offer_id for package in self.plan.packages)

    @property
    def units(self) -> dict[Place, int]:
        """What it takes of what is there, by site and SKU."""
        taken: dict[Place, int] = {}
        for package in self.plan.packages:
            if not package.offer_id:
                for packed in package.contents:
                    place = (package.source_id, packed.sku)
                    taken[place] = taken.get(place, 0) + packed.units
        return taken

    def held_until(self, expires_at: datetime) -> PlannedHold:
        """The hold of a plain one."""
        seller = self.question.order.channel
        return PlannedHold(hold_id=self.plan_id, units=self.units, expires_at=expires_at, seller=seller)

    def record(self, now: datetime) -> PlanRecord:
        """What is kept of it if it is held now."""
        return PlanRecord(
            plan_id=self.plan_id,
            plan=self.plan,
            created_at=now,
            hold_expires_at=now + self.hold_for,
            decision_micros=self.micros,
            exploded=self.question.exploded,
            channel=self.question.order.channel,
            brand=self.question.order.brand,
        )


class PlanKeeping:
    """Holds and keeps plans. One order has at most one that stands.

    `is_limited` tells whether `refuse_overrun` may refuse anything now; plans are then held one by one.
    """

    def __init__(
        self,
        *,
        stock: Stock,
        questions: Questions,
        refuse_overrun: Callable[[Reader, Sequence[Package]], None],
        is_limited: Callable[[], bool],
    ) -> None:
        self._stock = stock
        self._questions = questions
        self._refuse_overrun = refuse_overrun
        self._is_limited = is_limited

    def refuse_planned(self, reader: Reader, order_id: str) -> None:
        """Raise StateConflict (ORDER_ALREADY_PLANNED) where the order has a plan that stands."""
        for plan_id in records.plan_ids_of(reader, order_id):
            state = self.state(reader, plan_id)
            if state.stands:
                way_out = (
                    "release it first, or confirm it" if state is PlanState.HELD else "it stands; give a new order id"
                )
                raise StateConflict(
                    f"order {order_id} already has the {state} plan {plan_id}; {way_out}",
                    reason="ORDER_ALREADY_PLANNED",
                    metadata={"order_id": order_id, "plan_id": plan_id, "state": state},
                )

    def state(self, reader: Reader, plan_id: str) -> PlanState:
        """Where a plan stands now. Raises NotFound."""
        state = PlanState.of_hold(self._stock.hold_state(reader, plan_id))
        if state is PlanState.CONFIRMED:
            return PlanState.of_commitment(self._stock.commitment_state(reader, plan_id))
        return state

    def hold(
        self, tx: Transaction, plan_id: str, plan: Plan, question: Question, *, hold_for: timedelta, micros: int
    ) -> PlanRecord:
        """Hold the plan's stock for so long, and keep the plan with the question that it answers.

        Raises StateConflict (ORDER_ALREADY_PLANNED), StockShort, RoomTaken where a report's limit is used up, and
        GiftTaken where a gift's is.
        """
        wanted = WantedPlan(plan_id=plan_id, plan=plan, question=question, hold_for=hold_for, micros=micros)
        self.refuse_planned(tx, plan.order_id)
        self._refuse_overrun(tx, plan.packages)
        now = self._stock.now(tx)
        expires_at = now + wanted.hold_for
        later = later_claims(plan.packages)
        self._stock.hold(tx, plan_id, claims_of(wanted.units), expires_at, question.order.channel, later)
        record = wanted.record(now)
        records.keep(tx, record)
        policy_tallies.count(tx, [plan])
        plan_packages.note(tx, plan_id, plan.packages, now, expires_at)
        if question.exploded is not None:
            unfilled, customer_id = gifts_given.unfilled_of(plan), question.order.customer_id
            gifts_given.give(tx, plan_id, question.exploded, unfilled, customer_id, now=now, expires_at=expires_at)
            draws_kept.settle(tx, plan.order_id)
        self._questions.keep(tx, plan_id, question)
        return record

    def hold_each(self, tx: Transaction, wanted: Sequence[WantedPlan]) -> list[PlanRecord | XunyuanError]:
        """`hold` for each, one after the other: what is kept, or the error of one that is refused and changed nothing.

        Plans of what is there share their statements, so that many cost little more than one.
        """
        planned = records.planned_orders(tx, [one.plan.order_id for one in wanted])
        together = not self._is_limited()
        made: list[PlanRecord | XunyuanError] = []
        new: dict[str, WantedPlan] = {}
        for one in wanted:
            order_id = one.plan.order_id
            if together and one.is_plain and order_id not in planned and order_id not in new:
                new[order_id] = one
                continue
            made += self._hold_together(tx, list(new.values()))
            made.append(self.held_or_refused(tx, one))
            planned |= {order_id, *new}
            new = {}
        return [*made, *self._hold_together(tx, list(new.values()))]

    def hold_all(self, tx: Transaction, wanted: Sequence[WantedPlan]) -> list[PlanRecord]:
        """`hold_each` of all or none. Raises the error of the first that is refused, which must end the transaction."""
        made: list[PlanRecord] = []
        for one in self.hold_each(tx, wanted):
            if not isinstance(one, PlanRecord):
                raise one
            made.append(one)
        return made

    def _hold_together(self, tx: Transaction, wanted: Sequence[WantedPlan]) -> list[PlanRecord | XunyuanError]:
        """Plans of orders that never had one."""
        if not wanted:
            return []
        now = self._stock.now(tx)
        held = self._stock.hold_each(tx, [one.held_until(now + one.hold_for) for one in wanted])
        found: list[PlanRecord | XunyuanError] = [
            short if isinstance(short, StockShort) else one.record(now) for one, short in zip(wanted, held, strict=True)
        ]
        kept = [one for one in found if isinstance(one, PlanRecord)]
        records.keep_each(tx, kept)
        policy_tallies.count(tx, [one.plan for one in kept])
        plan_packages.note_each(
            tx, [(one.plan_id, one.plan.packages, one.created_at, one.hold_expires_at) for one in kept]
        )
        ids = {one.plan_id for one in kept}
        self._questions.keep_each(tx, [(one.plan_id, one.question) for one in wanted if one.plan_id in ids])
        return found

    def held_or_refused(self, tx: Transaction, one: WantedPlan) -> PlanRecord | XunyuanError:
        """`hold`, with its error as the answer: nothing is changed then."""
        try:
            with tx.attempt():
                return self.hold(tx, one.plan_id, one.plan, one.question, hold_for=one.hold_for, micros=one.micros)
        except StorageFailed:
            raise
        except XunyuanError as refused:
            return refused
