"""Plans of databases made before it was noted what plans use, and whose they are: once, as they are upgraded."""

from datetime import UTC, datetime

from solver.clock import ManualClock
from solver.fulfilment import customers, plan_packages, question_kept, records
from solver.fulfilment.model import PlanState
from solver.journal.journal import Journal
from solver.stock.stock import Stock
from solver.storage.database import Transaction

_EPOCH = ManualClock(datetime(1970, 1, 1, tzinfo=UTC))  # so that the time is that of the last entry
_OPEN = (PlanState.HELD, PlanState.CONFIRMED, PlanState.PARTLY_SHIPPED)


def note_standing_plans(tx: Transaction) -> None:
    """Write what every plan uses that stands, has something open and is not noted yet."""
    stock = Stock(Journal(_EPOCH))
    unnoted = tx.query(
        """SELECT plan_id FROM plan
           WHERE NOT EXISTS (SELECT 1 FROM plan_package WHERE plan_package.plan_id = plan.plan_id) ORDER BY plan_id"""
    )
    for (plan_id,) in unnoted:
        state = PlanState.of_hold(stock.hold_state(tx, plan_id))
        if state is PlanState.CONFIRMED:
            state = PlanState.of_commitment(stock.commitment_state(tx, plan_id))
        record = records.find(tx, plan_id)
        if record is not None and state in _OPEN:
            expires_at = record.hold_expires_at if state is PlanState.HELD else None
            plan_packages.note(tx, plan_id, record.plan.packages, record.created_at, expires_at)


def note_customers(tx: Transaction) -> None:
    """Write whose every plan is that is kept with its order."""
    for (plan_id,) in tx.query("SELECT plan_id FROM plan_question ORDER BY plan_id"):
        body = question_kept.body_of_plan(tx, plan_id)
        assert body is not None, "it was found just now"
        customers.note_each(tx, [(plan_id, question_kept.question_of(body).order.customer_id)])
