"""Where shadows are kept: plans, outcomes, and the ledger of what plans took more than the caller did."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec

from solver.fulfilment.customers import mark_of
from solver.fulfilment.shadowing.model import ShadowedOrder, ShadowOutcome, ShadowPlan
from solver.orders.private import without_street
from solver.stock.rows import Place
from solver.storage.database import Reader, Transaction

SHADOW_SCHEMA = """
CREATE TABLE IF NOT EXISTS shadow_plan (
    shadow_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    body BLOB NOT NULL,
    customer_mark INTEGER NOT NULL,
    PRIMARY KEY (shadow_id, order_id)
) STRICT;
CREATE INDEX IF NOT EXISTS shadow_plan_by_customer ON shadow_plan (customer_mark);
CREATE INDEX IF NOT EXISTS shadow_plan_by_order ON shadow_plan (order_id);
CREATE TABLE IF NOT EXISTS shadow_outcome (
    shadow_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (shadow_id, order_id)
) STRICT;
CREATE TABLE IF NOT EXISTS shadow_taken (
    shadow_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    site_id TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (shadow_id, sku, site_id)
) STRICT;
"""
_encode = msgspec.json.Encoder().encode
_plan, _outcome = msgspec.json.Decoder(ShadowPlan).decode, msgspec.json.Decoder(ShadowOutcome).decode


def keep_plan(tx: Transaction, plan: ShadowPlan) -> None:
    """Write a new one."""
    tx.execute(
        "INSERT INTO shadow_plan (shadow_id, order_id, body, customer_mark) VALUES (?, ?, ?, ?)",
        (plan.shadow_id, plan.order.order_id, _body(plan), mark_of(plan.order.customer_id)),
    )


def keep_again(tx: Transaction, plan: ShadowPlan) -> None:
    """Write one in place of the same as it was."""
    tx.execute(
        "UPDATE shadow_plan SET body = ?, customer_mark = ? WHERE shadow_id = ? AND order_id = ?",
        (_body(plan), mark_of(plan.order.customer_id), plan.shadow_id, plan.order.order_id),
    )


def plans_that_may_be_of(reader: Reader, customer_id: str, order_ids: Collection[str]) -> list[ShadowPlan]:
    """The plans of the customer and of these orders, perhaps with some of others."""
    mark = mark_of(customer_id)
    found = reader.query("SELECT shadow_id, order_id, body FROM shadow_plan WHERE customer_mark = ?", (mark,))
    if order_ids:
        found += reader.query_within(
            "SELECT shadow_id, order_id, body FROM shadow_plan WHERE order_id IN (?)", (order_ids,)
        )
    return [_plan(body) for body in {(shadow_id, order_id): body for shadow_id, order_id, body in found}.values()]


def find_plan(reader: Reader, shadow_id: str, order_id: str) -> ShadowPlan | None:
    """The plan of an order in a shadow, if there is one."""
    rows = reader.query("SELECT body FROM shadow_plan WHERE shadow_id = ? AND order_id = ?", (shadow_id, order_id))
    return _plan(rows[0][0]) if rows else None


def keep_outcome(tx: Transaction, shadow_id: str, order_id: str, outcome: ShadowOutcome) -> None:
    """Write what the caller did, in place of what was written before."""
    tx.execute("DELETE FROM shadow_outcome WHERE shadow_id = ? AND order_id = ?", (shadow_id, order_id))
    tx.execute(
        "INSERT INTO shadow_outcome (shadow_id, order_id, body) VALUES (?, ?, ?)",
        (shadow_id, order_id, _encode(outcome)),
    )


def find_outcome(reader: Reader, shadow_id: str, order_id: str) -> ShadowOutcome | None:
    """What the caller did for an order, if it is recorded."""
    rows = reader.query("SELECT body FROM shadow_outcome WHERE shadow_id = ? AND order_id = ?", (shadow_id, order_id))
    return _outcome(rows[0][0]) if rows else None


def orders_after(reader: Reader, shadow_id: str, order_id: str, most: int) -> list[ShadowedOrder]:
    """The next orders of a shadow, by their ids, with what the caller did."""
    rows = reader.query(
        "SELECT shadow_plan.body, shadow_outcome.body FROM shadow_plan LEFT JOIN shadow_outcome"
        " ON shadow_outcome.shadow_id = shadow_plan.shadow_id AND shadow_outcome.order_id = shadow_plan.order_id"
        " WHERE shadow_plan.shadow_id = ? AND shadow_plan.order_id > ? ORDER BY shadow_plan.order_id LIMIT ?",
        (shadow_id, order_id, most),
    )
    return [
        ShadowedOrder(planned=_plan(plan), outcome=None if outcome is None else _outcome(outcome))
        for plan, outcome in rows
    ]


def taken(reader: Reader, shadow_id: str, skus: Sequence[str]) -> dict[Place, int]:
    """Units that the shadow's plans took more (below 0: less) than its orders really did, where they differ."""
    found: dict[Place, int] = {}
    for sku in skus:
        rows = reader.query(
            "SELECT site_id, units FROM shadow_taken WHERE shadow_id = ? AND sku = ? AND units <> 0", (shadow_id, sku)
        )
        found |= {(site_id, sku): units for site_id, units in rows}
    return found


def take(tx: Transaction, shadow_id: str, units: Iterable[tuple[Place, int]]) -> None:
    """Count units that were taken, or (below 0) given back."""
    for (site_id, sku), count in _summed(units).items():
        tx.execute(
            "INSERT INTO shadow_taken (shadow_id, sku, site_id, units) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (shadow_id, sku, site_id) DO UPDATE SET units = shadow_taken.units + excluded.units",
            (shadow_id, sku, site_id, count),
        )


def _body(plan: ShadowPlan) -> bytes:
    return _encode(replace(plan, order=without_street(plan.order)))


def _summed(units: Iterable[tuple[Place, int]]) -> Mapping[Place, int]:
    sums: dict[Place, int] = {}
    for place, count in units:
        sums[place] = sums.get(place, 0) + count
    return sums
