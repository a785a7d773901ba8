"""What an order asks of its combinations, and what is known when it is exploded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.orders.model import Chosen, Order

__all__ = ["Basket", "BasketLine", "Chosen", "Given", "Seen", "basket_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """So many of one material, sales item or combination. `unit_price_minor` 0: the list price."""

    line_id: str
    item_id: str
    quantity: int
    unit_price_minor: int = 0
    chosen: tuple[Chosen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """An order's lines; `chosen` are choices in offers, for each time that the offer is given alike."""

    order_id: str
    lines: tuple[BasketLine, ...]
    customer_tier: str = ""
    chosen: tuple[Chosen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Units of a gift that were given before this order."""

    to_customer: int = 0
    in_total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known when an order is exploded.

    `available` are units of materials by SKU; one that is not named has none. None: stock is not known, and all is
    taken to be there. `given` are gifts given before, by `combination_id:path`, as `GiftOutcome.gift_id` names them.
    """

    available: Mapping[str, int] | None = None
    given: Mapping[str, Given] = field(default_factory=dict)


def basket_of(order: Order) -> Basket:
    """What an order asks of combinations; lines that say their parts were exploded before."""
    return Basket(
        order_id=order.order_id,
        lines=tuple(
            BasketLine(
                line_id=line.line_id,
                item_id=line.sku,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                chosen=line.chosen,
            )
            for line in order.lines
            if not line.parts
        ),
        customer_tier=order.customer_tier,
        chosen=order.chosen,
    )
