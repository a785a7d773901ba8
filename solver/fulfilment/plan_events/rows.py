"""The outbox's table. An event is written in the transaction that changes the plan: neither is without the other.

One transaction writes at a time, so numbers follow one another without a gap, in the order in which they become
visible. The last event is never pruned: the next number is counted from it.
"""

from datetime import datetime

from solver.clock import from_micros, to_micros
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.plan_events.model import PlanEvent, PlanEventKind
from solver.storage.database import Reader, Row, Transaction

PLAN_EVENT_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan_event (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    brand TEXT NOT NULL,
    state TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    new_plan_id TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
"""
_COLUMNS = "number, kind, plan_id, order_id, channel, brand, state, at_us, new_plan_id, reason"


def note(
    tx: Transaction,
    kind: PlanEventKind,
    record: PlanRecord,
    state: PlanState,
    at: datetime,
    *,
    new_plan_id: str = "",
    reason: str = "",
) -> None:
    """Write what happened to a plan, under the next number."""
    tx.execute(
        f"""INSERT INTO plan_event ({_COLUMNS})
            VALUES ((SELECT coalesce(max(number), 0) + 1 FROM plan_event), ?, ?, ?, ?, ?, ?, ?, ?, ?)""",  # noqa: S608 - columns of ours
        (
            kind.value,
            record.plan_id,
            record.plan.order_id,
            record.channel,
            record.brand,
            state.value,
            to_micros(at),
            new_plan_id,
            reason,
        ),
    )


def last_number(reader: Reader) -> int:
    """The number given last; 0 where there was none."""
    return int(reader.query("SELECT coalesce(max(number), 0) FROM plan_event")[0][0])


def pruned_number(reader: Reader) -> int:
    """Events up to this number are kept no longer; 0: all are."""
    return int(reader.query("SELECT coalesce(min(number), 1) - 1 FROM plan_event")[0][0])


def events_after(reader: Reader, number: int, most: int) -> list[PlanEvent]:
    """At most so many events after a number, in their order."""
    sql = f"SELECT {_COLUMNS} FROM plan_event WHERE number > ? ORDER BY number LIMIT ?"  # noqa: S608 - columns of ours
    return [_event(row) for row in reader.query(sql, (number, most))]


def prune(tx: Transaction, before_us: int, through_number: int, most: int) -> int:
    """Drop at most so many events older than a moment, none beyond a number and never the last; how many."""
    rows = tx.query(
        """SELECT number, at_us FROM plan_event
           WHERE number <= ? AND number < (SELECT max(number) FROM plan_event) ORDER BY number LIMIT ?""",
        (through_number, most),
    )
    old = [(number,) for number, at_us in rows if at_us < before_us]
    tx.executemany("DELETE FROM plan_event WHERE number = ?", old)
    return len(old)


def _event(row: Row) -> PlanEvent:
    number, kind, plan_id, order_id, channel, brand, state, at_us, new_plan_id, reason = row
    return PlanEvent(
        number=number,
        kind=PlanEventKind(kind),
        plan_id=plan_id,
        order_id=order_id,
        channel=channel,
        brand=brand,
        state=PlanState(state),
        at=from_micros(at_us),
        new_plan_id=new_plan_id,
        reason=reason,
    )
