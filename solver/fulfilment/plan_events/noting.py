"""Tells of holds of plans that expire, from the entries that void them."""

from solver.fulfilment import records
from solver.fulfilment.model import PlanState
from solver.fulfilment.plan_events import stuck
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.fulfilment.plan_events.rows import note
from solver.journal.model import Entry
from solver.stock.holding.standing import PLANNED
from solver.storage.database import Transaction


def note_expiry(tx: Transaction, hold: Entry, voided: Entry) -> None:
    """Note that a plan expired, where the hold was one of a plan."""
    if hold.kind != PLANNED:
        return
    plan_id, _, _ = hold.subject.partition("/")  # a hold that was changed is `plan id/number`
    record = records.find(tx, plan_id)
    if record is not None:
        stuck.end(tx, plan_id)
        note(tx, PlanEventKind.EXPIRED, record, PlanState.EXPIRED, voided.at)
