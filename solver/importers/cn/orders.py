"""Clean lines become orders: grouped by order code, drawn by seed, with an assumed hour and promise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from solver.importers.cn.options import CnOptions
from solver.importers.cn.order_lines import CleanLine
from solver.importers.draw import stream
from solver.importers.intake import Intake
from solver.orders.model import Address, Order, OrderLine
from solver.units import round_half_up_div

TIME_ZONE = "Asia/Shanghai"
OPENS_HOUR, CLOSES_HOUR = 9, 22
PROMISE_DAYS = (3, 7)
PROMISE_HOUR = 18


@dataclass(slots=True)
class _Basket:
    """The lines of one order code; the first one says when, who and where."""

    first: CleanLine
    units: dict[tuple[str, int], int] = field(default_factory=dict)  # by SKU and unit price

    def agrees(self, line: CleanLine) -> bool:
        first = self.first
        return (line.ordered_on, line.customer, line.place) == (
            first.ordered_on,
            first.customer,
            first.place,
        )


def make_orders(lines: Iterable[CleanLine], options: CnOptions, intake: Intake) -> tuple[Order, ...]:
    """At most `options.orders` orders, drawn by seed, in the order of time and id."""
    baskets = _baskets(lines, intake)
    intake.note(f"{len(baskets):,} usable orders found.")
    chosen = sorted(baskets)
    if len(chosen) > options.orders:
        chosen = stream(options.seed, "cn", "orders").sample(chosen, options.orders)
    orders = [_order(order_id, baskets[order_id], options) for order_id in chosen]
    return tuple(sorted(orders, key=lambda order: (order.placed_at, order.order_id)))


def assumptions(options: CnOptions) -> tuple[str, ...]:
    """What is made up about an order, in words."""
    low, high = PROMISE_DAYS
    return (
        _quantity_rule(options.quantity_divisor),
        f"Orders carry a date only: the time is drawn between {OPENS_HOUR}:00 and {CLOSES_HOUR}:00, {TIME_ZONE}.",
        f"The promise is assumed: {low} to {high} days after the order date, drawn evenly, at {PROMISE_HOUR}:00.",
        "Destinations are cities without a street: the centre of the city stands in for coordinates.",
    )


def _quantity_rule(divisor: int) -> str:
    if divisor == 1:
        return "Recorded quantities look masked (median 862 units); they are kept as they stand."
    return f"Recorded quantities look masked (median 862 units): all are divided by {divisor}, half up, at least 1."


def _baskets(lines: Iterable[CleanLine], intake: Intake) -> dict[str, _Basket]:
    baskets: dict[str, _Basket] = {}
    for line in lines:
        basket = baskets.setdefault(line.order_id, _Basket(first=line))
        if not basket.agrees(line):
            intake.reject(line.row, "differs_from_its_order", line.row.text)
            continue
        key = (line.sku, line.unit_price_minor)
        if key in basket.units:
            intake.repair("line: the same product at the same price again in one order is added up")
        basket.units[key] = basket.units.get(key, 0) + line.units
    return baskets


def _order(order_id: str, basket: _Basket, options: CnOptions) -> Order:
    draw = stream(options.seed, "cn", "order", order_id)
    minute = draw.randrange(OPENS_HOUR * 60, CLOSES_HOUR * 60)
    day, zone = basket.first.ordered_on, ZoneInfo(TIME_ZONE)
    placed_at = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    promised_on = day + timedelta(days=draw.randint(*PROMISE_DAYS))
    lines = [
        OrderLine(
            line_id=str(number),
            sku=sku,
            quantity=_scaled(units, options),
            unit_price_minor=price_minor,
        )
        for number, ((sku, price_minor), units) in enumerate(basket.units.items(), start=1)
    ]
    return Order(
        order_id=order_id,
        currency="CNY",
        placed_at=placed_at.astimezone(UTC),
        destination=Address(region_id=basket.first.place.region_id, text=basket.first.place.name),
        lines=tuple(lines),
        promised_at=datetime.combine(promised_on, time(PROMISE_HOUR), zone).astimezone(UTC),
    )


def _scaled(units: int, options: CnOptions) -> int:
    return max(1, round_half_up_div(units, options.quantity_divisor))
