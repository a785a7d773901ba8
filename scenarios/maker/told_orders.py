"""The orders that tell a story, written by hand in `data/told_orders.yaml`."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from scenarios.maker.catalog import offers
from scenarios.maker.facts import document
from solver.orders.model import Address, Order, OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class _ToldLine:
    sku: str
    quantity: int
    unit_price_minor: int | None = None  # None: the list price


@dataclass(frozen=True, slots=True, kw_only=True)
class _ToldOrder:
    order_id: str
    placed_at: datetime
    promised_at: datetime | None
    destination: Address
    lines: tuple[_ToldLine, ...]
    channel: str = "mini_program"


def told_orders(currency: str) -> list[Order]:
    """The orders of the file, in its order."""
    told = msgspec.convert(document("told_orders"), tuple[_ToldOrder, ...])
    prices_minor = {offer.item.item_id: offer.price_minor for offer in offers()}
    return [_order(order, currency, prices_minor) for order in told]


def _order(told: _ToldOrder, currency: str, prices_minor: dict[str, int]) -> Order:
    return Order(
        order_id=told.order_id,
        currency=currency,
        placed_at=told.placed_at.astimezone(UTC),
        destination=told.destination,
        lines=tuple(_line(number, line, prices_minor) for number, line in enumerate(told.lines, start=1)),
        promised_at=None if told.promised_at is None else told.promised_at.astimezone(UTC),
        channel=told.channel,
    )


def _line(number: int, told: _ToldLine, prices_minor: dict[str, int]) -> OrderLine:
    price_minor = prices_minor[told.sku] if told.unit_price_minor is None else told.unit_price_minor
    return OrderLine(line_id=str(number), sku=told.sku, quantity=told.quantity, unit_price_minor=price_minor)
