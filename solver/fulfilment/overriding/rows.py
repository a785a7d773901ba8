"""Which plans were decided by a person, in the order of their making."""

from solver.fulfilment import records
from solver.fulfilment.overriding.model import OverriddenPlan
from solver.storage.database import Reader, Transaction

OVERRIDE_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan_override (
    number INTEGER PRIMARY KEY,
    plan_id TEXT NOT NULL
) STRICT;
"""


def note(tx: Transaction, plan_id: str) -> None:
    """Write that a plan was decided by a person."""
    tx.execute(
        """INSERT INTO plan_override (number, plan_id)
           VALUES ((SELECT coalesce(max(number), 0) + 1 FROM plan_override), ?)""",
        (plan_id,),
    )


def overrides_after(reader: Reader, number: int, most: int) -> list[OverriddenPlan]:
    """At most so many after a number, the oldest first."""
    rows = reader.query(
        "SELECT number, plan_id FROM plan_override WHERE number > ? ORDER BY number LIMIT ?", (number, most)
    )
    found = []
    for at, plan_id in rows:
        record = records.find(reader, plan_id)
        assert record is not None and record.override is not None, "it was noted with its plan"  # noqa: PT018 - one fact
        found.append(
            OverriddenPlan(
                number=at,
                plan_id=plan_id,
                order_id=record.plan.order_id,
                replaces_plan_id=record.replaces_plan_id,
                override=record.override,
            )
        )
    return found
