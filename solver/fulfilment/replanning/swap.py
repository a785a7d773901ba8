"""One plan put in another's place, within one transaction: what is given back, what is taken, what is owed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from solver.errors import StateConflict
from solver.fulfilment import plan_losses, plan_packages, records
from solver.fulfilment.aftermath import Aftermath
from solver.fulfilment.amounts_seen import later_claims
from solver.fulfilment.charging import charges_of
from solver.fulfilment.exploding import gifts_given
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.plan_events import stuck
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.fulfilment.plan_events.rows import note
from solver.fulfilment.questions import Question, Questions
from solver.fulfilment.replanning.standing import Standing
from solver.journal.model import EntryState
from solver.ledger.ledger import Ledger
from solver.sourcing.plan import Package
from solver.stock.holding.commitment_model import Commitment
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.stock.model import Claim
from solver.stock.serving import Freed
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction

_SOON = timedelta(minutes=1)  # a hold that is confirmed in the same transaction


class Swap:
    """Puts a new plan in the place of one that is held or confirmed."""

    def __init__(
        self,
        *,
        stock: Stock,
        commitments: Commitments,
        ledger: Ledger,
        questions: Questions,
        aftermath: Aftermath,
        refuse_overrun: Callable[[Reader, Sequence[Package]], None],
    ) -> None:
        self._stock = stock
        self._commitments = commitments
        self._ledger = ledger
        self._questions = questions
        self._aftermath = aftermath
        self._refuse_overrun = refuse_overrun

    def give_back(self, tx: Transaction, standing: Standing) -> Freed:
        """Give back what has not left of the plan: what to `serve` from, once all who change have taken what they want.

        Raises StateConflict (PLAN_MOVED) where the plan is not as it was seen.
        """
        old, commitment = standing.record, standing.commitment
        self._refuse_moved(tx, old, commitment)
        if commitment is None:
            freed = self._stock.give_back(tx, old.plan_id)
            plan_packages.forget(tx, [old.plan_id])
            gifts_given.give_back(tx, [old.plan_id])
        else:
            name = HoldName.of_plan(old.plan_id)
            freed = self._commitments.give_back(tx, name, ()) if standing.remains.open else {}
            self._aftermath.follow(tx, old.plan_id)
        plan_losses.forget(tx, old.plan_id)
        stuck.end(tx, old.plan_id)
        return freed

    def serve(self, tx: Transaction, freed: Freed) -> None:
        """Give what was given back and not taken again to whom it is owed."""
        self._stock.serve(tx, freed, "")

    def take(
        self,
        tx: Transaction,
        standing: Standing,
        new: PlanRecord,
        question: Question,
        *,
        kind: PlanEventKind = PlanEventKind.REPLANNED,
        reason: str = "",
    ) -> None:
        """Hold the new plan's stock; confirmed if the old one was. `kind` and `reason` are told of the old one.

        Raises StockShort, RoomTaken.
        """
        question = self._questions.without_erased(tx, standing.plan_id, question)
        now, is_held = self._stock.now(tx), standing.commitment is None
        expires_at = standing.record.hold_expires_at if is_held else now + _SOON
        self._refuse_overrun(tx, new.plan.packages)
        self._hold(tx, new, question, expires_at)
        plan_packages.note(tx, new.plan_id, new.plan.packages, now, expires_at if is_held else None)
        self._give(tx, standing.record.plan_id, new, question.order.customer_id, now, expires_at if is_held else None)
        if not is_held:
            self._stock.confirm(tx, new.plan_id)
            self._ledger.post_plan_confirmed(tx, charges_of(new))
        records.keep(tx, new)
        self._questions.keep(tx, new.plan_id, question)
        state = PlanState.RELEASED if is_held else self._aftermath.state(tx, standing.plan_id)
        note(tx, kind, standing.record, state, now, new_plan_id=new.plan_id, reason=reason)

    def leave_stuck(self, tx: Transaction, standing: Standing, reason: str) -> None:
        """Tell once that a plan keeps its stock since nothing better is left; not where it has moved meanwhile."""
        if not self._has_moved(tx, standing.record, standing.commitment) and stuck.begin(tx, standing.plan_id):
            state, now = self._aftermath.state(tx, standing.plan_id), self._stock.now(tx)
            note(tx, PlanEventKind.STUCK, standing.record, state, now, reason=reason)

    def leave(self, tx: Transaction, standing: Standing) -> None:
        """A plan stays as it is; if it was stuck, it is no longer."""
        stuck.end(tx, standing.plan_id)

    def _give(
        self,
        tx: Transaction,
        old_plan_id: str,
        new: PlanRecord,
        customer_id: str,
        now: datetime,
        expires_at: datetime | None,
    ) -> None:
        """Count its gifts, unless they count for the old plan still, of which some has left."""
        if new.exploded is not None and not gifts_given.counts_for(tx, old_plan_id):
            unfilled = gifts_given.unfilled_of(new.plan)
            gifts_given.give(
                tx, new.plan_id, new.exploded, unfilled, customer_id, now=now, expires_at=expires_at, refuses=False
            )

    def _has_moved(self, tx: Transaction, old: PlanRecord, commitment: Commitment | None) -> bool:
        state = self._stock.hold_state(tx, old.plan_id)
        if commitment is None:
            return state is not EntryState.HELD
        return state is not EntryState.CONFIRMED or (
            self._commitments.find(tx, HoldName.of_plan(old.plan_id)) != commitment
        )

    def _refuse_moved(self, tx: Transaction, old: PlanRecord, commitment: Commitment | None) -> None:
        if self._has_moved(tx, old, commitment):
            raise StateConflict(
                f"plan {old.plan_id} has changed meanwhile", reason="PLAN_MOVED", metadata={"plan_id": old.plan_id}
            )

    def _hold(self, tx: Transaction, new: PlanRecord, question: Question, expires_at: datetime) -> None:
        claims = [
            Claim(site_id=package.source_id, sku=packed.sku, units=packed.units)
            for package in new.plan.packages
            if not package.offer_id
            for packed in package.contents
        ]
        later = later_claims(new.plan.packages)
        self._stock.hold(tx, new.plan_id, claims, expires_at, question.order.channel, later)
