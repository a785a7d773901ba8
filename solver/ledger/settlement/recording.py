"""Settled orders and refunds taken in: shared out by the contracts of the day, as items that runs settle later."""

from collections.abc import Sequence
from datetime import date

from solver.errors import FieldViolation, InvalidRequest, StateConflict
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.facts import Refund, SettledOrder
from solver.ledger.contracts.periods import first_day
from solver.ledger.contracts.refunding import after
from solver.ledger.contracts.share import share, turnover_of
from solver.ledger.contracts.sharing import Sharing, change
from solver.ledger.settlement import item_rows, order_rows
from solver.ledger.settlement.items import booked_freight, items_of, shipped_by
from solver.ledger.settlement.model import Shipped
from solver.storage.database import Reader, Transaction


def record_orders(tx: Transaction, book: ContractBook, orders: Sequence[SettledOrder]) -> int:
    """Take in orders, in the order in which they were placed; how many were new. One that is known changes nothing.

    Raises StateConflict (ORDER_RECORDED) where one was recorded otherwise, and what `share` raises.
    """
    known = order_rows.orders(tx, [order.order_id for order in orders])
    new = 0
    for order in orders:
        before = known.get(order.order_id)
        if before is None:
            _record(tx, book, order)
            new += 1
        elif before[0] != order:
            raise StateConflict(
                f"order {order.order_id} was recorded before and said something else; send a refund for what changed",
                reason="ORDER_RECORDED",
                metadata={"order_id": order.order_id},
            )
    return new


def record_refund(tx: Transaction, book: ContractBook, refund: Refund) -> bool:
    """Take in a refund: what it gives back is settled by the next run. False where it was recorded before.

    Raises InvalidRequest for an order that is not recorded or more than there is to give back, and StateConflict
    (REFUND_RECORDED) where it was recorded otherwise.
    """
    before = order_rows.refund(tx, refund.refund_id)
    if before is not None:
        if before != refund:
            raise StateConflict(
                f"refund {refund.refund_id} was recorded before and said something else; give the new one its own id",
                reason="REFUND_RECORDED",
                metadata={"refund_id": refund.refund_id},
            )
        return False
    found = order_rows.orders(tx, [refund.order_id]).get(refund.order_id)
    if found is None:
        violation = FieldViolation(field="order_id", value=refund.order_id, remedy="record the settled order first")
        raise InvalidRequest(f"refund {refund.refund_id}", [violation])
    order = found[0]
    earlier = order_rows.refunds(tx, refund.order_id)
    was, now = (_shared(book, found, one) for one in (earlier, [*earlier, refund]))
    items = items_of(order, change(was, now), book, earned_on=refund.on, refund_id=refund.refund_id)
    order_rows.put_refund(tx, refund, len(earlier) + 1)
    item_rows.put_items(tx, items)
    order_rows.put_shipped(tx, _came_back(order, book, refund, earlier, was, now))
    return True


def sharing_of(reader: Reader, book: ContractBook, order_id: str) -> Sharing | None:
    """How an order is shared out as it stands after its refunds; None where it is not recorded."""
    found = order_rows.orders(reader, [order_id]).get(order_id)
    return None if found is None else _shared(book, found, order_rows.refunds(reader, order_id))


def earned_on(order: SettledOrder) -> date:
    """The day from which an order counts."""
    return order.delivered_on or order.placed_on


def _record(tx: Transaction, book: ContractBook, order: SettledOrder) -> None:
    counted = turnover_of(order, book)
    contract_id, before = "", 0
    if counted is not None:
        contract, base = counted
        first = first_day(contract.settling.period, order.placed_on)
        contract_id, before = contract.contract_id, order_rows.turnover(tx, contract.contract_id, first)
        order_rows.add_turnover(tx, contract_id, first, base)
    sharing = _shared(book, (order, contract_id, before), ())
    day = earned_on(order)
    order_rows.put_order(tx, order, contract_id, before)
    item_rows.put_items(tx, items_of(order, sharing, book, earned_on=day, booked_minor=booked_freight(order)))
    order_rows.put_shipped(tx, shipped_by(order, order, sharing, book, earned_on=day))


def _shared(book: ContractBook, found: tuple[SettledOrder, str, int], refunds: Sequence[Refund]) -> Sharing:
    order, contract_id, before = found
    return share(order, book, refunds=refunds, turnover={contract_id: before} if contract_id else {})


def _came_back(
    order: SettledOrder, book: ContractBook, refund: Refund, earlier: Sequence[Refund], was: Sharing, now: Sharing
) -> tuple[Shipped, ...]:
    """What partners shipped less by a refund."""
    day = refund.on
    before = shipped_by(order, after(order, earlier), was, book, earned_on=day)
    later = shipped_by(order, after(order, [*earlier, refund]), now, book, earned_on=day)
    return tuple(
        Shipped(
            party=one.party,
            currency=one.currency,
            order_id=one.order_id,
            refund_id=refund.refund_id,
            earned_on=day,
            paid_minor=other.paid_minor - one.paid_minor,
            units=other.units - one.units,
            share_minor=other.share_minor - one.share_minor,
        )
        for one, other in zip(before, later, strict=True)
        if one != other
    )
