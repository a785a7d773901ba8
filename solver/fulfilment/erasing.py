"""What is kept of a customer with plans, with shadows and in counts of gifts is erased.

Plans stay: their packages, amounts and reasons, what was booked, and of their orders what was ordered and which region
it went to. Whose they were, and where in the region, is told no more.
"""

from collections.abc import Collection
from dataclasses import replace

from solver.fulfilment import customers, question_kept, records
from solver.fulfilment.exploding import gifts_given
from solver.fulfilment.shadowing import rows as shadows
from solver.orders.private import has_place, without_person
from solver.sourcing.plan import Plan
from solver.storage.database import Transaction

COARSE_METERS = 1_000  # steps of prices and shares by distance are whole kilometres, and so stay as they were


def erase_customer(tx: Transaction, customer_id: str, order_ids: Collection[str]) -> set[str]:
    """Erase the customer, and whoever these orders were for, from all that is kept; the orders of which something was.

    Of other orders only what names the customer is erased: an id may have been used for two.
    """
    found = {*customers.plans_that_may_be_of(tx, customer_id)}
    found |= {plan_id for order_id in order_ids for plan_id in records.plan_ids_of(tx, order_id)}
    erased = {_erase_plan(tx, plan_id, customer_id, order_ids) for plan_id in sorted(found)}
    erased |= {_plan_order(tx, plan_id) for plan_id in gifts_given.erase(tx, customer_id)}
    return (erased | _erase_shadows(tx, customer_id, order_ids)) - {""}


def _erase_plan(tx: Transaction, plan_id: str, customer_id: str, order_ids: Collection[str]) -> str:
    """The plan's order; "" where it is another's, or was erased or forgotten before."""
    body = question_kept.body_of_plan(tx, plan_id)
    if body is None:
        return ""
    order = question_kept.question_of(body).order
    if order.customer_id != customer_id and order.order_id not in order_ids:
        return ""
    if not order.customer_id and not has_place(order):
        return ""
    tx.execute("UPDATE plan_question SET body = ? WHERE plan_id = ?", (question_kept.without_person(body), plan_id))
    customers.forget(tx, [plan_id])
    if has_place(order):
        record = records.find(tx, plan_id)
        assert record is not None, "a question is kept with its plan"
        records.keep_again(tx, replace(record, plan=_coarse(record.plan)))
    return order.order_id


def _erase_shadows(tx: Transaction, customer_id: str, order_ids: Collection[str]) -> set[str]:
    """The orders of which a shadow told whose they were, or where they went."""
    erased = set()
    for made in shadows.plans_that_may_be_of(tx, customer_id, order_ids):
        order = made.order
        is_theirs = order.customer_id == customer_id or order.order_id in order_ids
        if is_theirs and (order.customer_id or has_place(order)):
            plan = _coarse(made.plan) if has_place(order) else made.plan
            shadows.keep_again(tx, replace(made, order=without_person(order), plan=plan))
            erased.add(order.order_id)
    return erased


def _plan_order(tx: Transaction, plan_id: str) -> str:
    record = records.find(tx, plan_id)
    return "" if record is None else record.plan.order_id


def _coarse(plan: Plan) -> Plan:
    """With distances in whole kilometres: from several sources, metres would tell the place again."""
    return replace(
        plan,
        packages=tuple(
            replace(one, distance_meters=-(-one.distance_meters // COARSE_METERS) * COARSE_METERS)
            for one in plan.packages
        ),
    )
