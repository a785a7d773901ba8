"""What of an order is not written down: the text of its address is for people, and no decision looks at it."""

from dataclasses import replace

from solver.orders.model import Order


def without_street(order: Order) -> Order:
    """The order as it is kept."""
    if not order.destination.text:
        return order
    return replace(order, destination=replace(order.destination, text=""))
