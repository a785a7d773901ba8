"""Whose plans are kept: so that what is kept of a customer is found when the customer is to be erased.

A row says no more of the customer than the last 32 bits of a digest of the key. That finds a few plans, of which what
is kept tells whose they are; from the row alone, or from what may be left of it on a disk, nobody could.
"""

import hashlib
from collections.abc import Collection, Iterable

from solver.storage.database import Reader, Transaction

PLAN_CUSTOMER_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan_customer (
    plan_id TEXT PRIMARY KEY,
    mark INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS plan_customer_by_mark ON plan_customer (mark);
"""
_BYTES = 4


def mark_of(customer_id: str) -> int:
    """What is written of a customer's key; many keys have the same."""
    return int.from_bytes(hashlib.sha256(customer_id.encode()).digest()[-_BYTES:], "big")


def note_each(tx: Transaction, plans: Iterable[tuple[str, str]]) -> None:
    """Write whose these plans are, each by its id and the customer's key; of those that are nobody's nothing."""
    rows = [(plan_id, mark_of(customer_id)) for plan_id, customer_id in plans if customer_id]
    if rows:
        tx.execute_rows("INSERT INTO plan_customer (plan_id, mark) {rows}", rows)


def forget(tx: Transaction, plan_ids: Collection[str]) -> None:
    """Nothing is kept of these plans that tells their customers."""
    tx.execute_rows("DELETE FROM plan_customer WHERE plan_id IN ({rows})", [(one,) for one in plan_ids])


def plans_that_may_be_of(reader: Reader, customer_id: str) -> list[str]:
    """The plans of the customer, perhaps with some of others."""
    rows = reader.query("SELECT plan_id FROM plan_customer WHERE mark = ?", (mark_of(customer_id),))
    return [plan_id for (plan_id,) in rows]
