"""Where plans are kept."""

from collections.abc import Collection, Sequence

import msgspec

from solver.fulfilment.model import PlanRecord
from solver.storage.database import Reader, Transaction

PLAN_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan (
    plan_id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS plan_by_order ON plan (order_id);
"""

_LAST_CHARACTER = "\U0010ffff"
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(PlanRecord)


def keep(tx: Transaction, record: PlanRecord) -> None:
    """Write a new plan."""
    tx.execute(
        "INSERT INTO plan (plan_id, order_id, body) VALUES (?, ?, ?)",
        (record.plan_id, record.plan.order_id, _encoder.encode(record)),
    )


def keep_each(tx: Transaction, new: Sequence[PlanRecord]) -> None:
    """Write new plans."""
    tx.execute_rows(
        "INSERT INTO plan (plan_id, order_id, body) {rows}",
        [(record.plan_id, record.plan.order_id, _encoder.encode(record)) for record in new],
    )


def keep_again(tx: Transaction, record: PlanRecord) -> None:
    """Write a plan in place of the same one as it was."""
    tx.execute("UPDATE plan SET body = ? WHERE plan_id = ?", (_encoder.encode(record), record.plan_id))


def find(reader: Reader, plan_id: str) -> PlanRecord | None:
    """The plan of this id, if there is one."""
    rows = reader.query("SELECT body FROM plan WHERE plan_id = ?", (plan_id,))
    return _decoder.decode(rows[0][0]) if rows else None


def every(reader: Reader) -> list[PlanRecord]:
    """Every plan that was ever held, in the sequence in which they were made."""
    found = [_decoder.decode(body) for (body,) in reader.query("SELECT body FROM plan")]
    return sorted(found, key=lambda record: (record.created_at, record.plan_id))


def plan_ids_like(reader: Reader, prefix: str, most: int) -> list[str]:
    """The first ids that begin like this, in alphabetical order."""
    rows = reader.query(
        "SELECT plan_id FROM plan WHERE plan_id >= ? AND plan_id < ? ORDER BY plan_id LIMIT ?",
        (prefix, f"{prefix}{_LAST_CHARACTER}", most),
    )
    return [plan_id for (plan_id,) in rows]


def plan_ids_of(reader: Reader, order_id: str) -> list[str]:
    """Every plan ever made for an order, in no particular sequence."""
    return [plan_id for (plan_id,) in reader.query("SELECT plan_id FROM plan WHERE order_id = ?", (order_id,))]


def planned_orders(reader: Reader, order_ids: Collection[str]) -> set[str]:
    """Which of these orders a plan was ever made for."""
    rows = reader.query_within("SELECT DISTINCT order_id FROM plan WHERE order_id IN (?)", (order_ids,))
    return {order_id for (order_id,) in rows}


def replacement_of(reader: Reader, record: PlanRecord) -> str:
    """The plan that was last put in this one's place; empty where none was."""
    return next((one.plan_id for one in reversed(replacements_of(reader, record))), "")


def replacements_of(reader: Reader, record: PlanRecord) -> list[PlanRecord]:
    """The plans that were put in this one's place, the oldest first."""
    others = [one for one in plan_ids_of(reader, record.plan.order_id) if one != record.plan_id]
    found = [other for one in others if (other := find(reader, one)) is not None]
    placed = [other for other in found if other.replaces_plan_id == record.plan_id]
    return sorted(placed, key=lambda other: other.created_at)
