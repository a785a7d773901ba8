"""How a plan comes to stand: its stock is held, and it is kept with what it was made from, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from solver.errors import StateConflict
from solver.fulfilment import plan_packages, records
from solver.fulfilment.amounts_seen import later_claims
from solver.fulfilment.exploding import draws_kept, gifts_given
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.questions import Question, Questions
from solver.sourcing.plan import Package, Plan
from solver.stock.model import Claim
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction


class PlanKeeping:
    """Holds and keeps plans. One order has at most one that stands."""

    def __init__(
        self, *, stock: Stock, questions: Questions, refuse_overrun: Callable[[Reader, Sequence[Package]], None]
    ) -> None:
        self._stock = stock
        self._questions = questions
        self._refuse_overrun = refuse_overrun

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
    ) -> None:
        """Hold the plan's stock for so long, and keep the plan with the question that it answers.

        Raises StateConflict (ORDER_ALREADY_PLANNED), StockShort, RoomTaken where a report's limit is used up, and
        GiftTaken where a gift's is.
        """
        self.refuse_planned(tx, plan.order_id)
        self._refuse_overrun(tx, plan.packages)
        now = self._stock.now(tx)
        expires_at = now + hold_for
        claims = [
            Claim(site_id=package.source_id, sku=packed.sku, units=packed.units)
            for package in plan.packages
            if not package.offer_id
            for packed in package.contents
        ]
        later = later_claims(plan.packages)
        self._stock.hold(tx, plan_id, claims, expires_at, question.order.channel, later)
        record = PlanRecord(
            plan_id=plan_id,
            plan=plan,
            created_at=now,
            hold_expires_at=expires_at,
            decision_micros=micros,
            exploded=question.exploded,
            channel=question.order.channel,
            brand=question.order.brand,
        )
        records.keep(tx, record)
        plan_packages.note(tx, plan_id, plan.packages, now, expires_at)
        if question.exploded is not None:
            unfilled, customer_id = gifts_given.unfilled_of(plan), question.order.customer_id
            gifts_given.give(tx, plan_id, question.exploded, unfilled, customer_id, now=now, expires_at=expires_at)
            draws_kept.settle(tx, plan.order_id)
        self._questions.keep(tx, plan_id, question)
