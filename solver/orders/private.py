"""What of an order is not written down, and what is erased of it with whoever ordered."""

from dataclasses import replace

from solver.orders.model import Order


def without_street(order: Order) -> Order:
    """The order as it is kept: the text of its address is for people, and no decision looks at it."""
    if not order.destination.text:
        return order
    return replace(order, destination=replace(order.destination, text=""))


def has_place(order: Order) -> bool:
    """True where it says more of where it goes than the region."""
    return order.destination.latitude is not None or order.destination.longitude is not None


def without_person(order: Order) -> Order:
    """The order once whoever ordered is erased: nobody's, and as precise as its region."""
    destination = replace(order.destination, latitude=None, longitude=None, text="")
    return replace(order, customer_id="", destination=destination)
