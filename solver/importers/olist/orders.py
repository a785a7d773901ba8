"""Sales become orders: drawn by seed, items of one product and price counted into lines."""

from collections import Counter
from collections.abc import Iterable, Sequence

from solver.importers.draw import stream
from solver.importers.olist.options import OlistOptions
from solver.importers.olist.sales import Sale
from solver.orders.model import Address, Order, OrderLine


def draw_sales(sales: Sequence[Sale], options: OlistOptions) -> tuple[Sale, ...]:
    """At most `options.orders` sales, drawn by seed, in the order of time and id."""
    chosen = sorted(sales, key=lambda sale: sale.order_id)
    if len(chosen) > options.orders:
        chosen = stream(options.seed, "olist", "orders").sample(chosen, options.orders)
    return tuple(sorted(chosen, key=lambda sale: (sale.placed_at, sale.order_id)))


def make_orders(sales: Iterable[Sale]) -> tuple[Order, ...]:
    """One order for each sale."""
    return tuple(_order(sale) for sale in sales)


def assumption() -> str:
    """How a sale is read as an order, in words."""
    return (
        "Orders are real: times are read as São Paulo time, each item row is one unit, the promise is the end of the "
        "estimated delivery date."
    )


def _order(sale: Sale) -> Order:
    units = Counter((item.product_id, item.price_minor) for item in sale.items)
    latitude, longitude = sale.customer.point or (None, None)
    return Order(
        order_id=sale.order_id,
        currency="BRL",
        placed_at=sale.placed_at,
        destination=Address(
            region_id=sale.customer.region.region_id,
            latitude=latitude,
            longitude=longitude,
            text=sale.customer.city,
        ),
        lines=tuple(
            OrderLine(line_id=str(number), sku=sku, quantity=quantity, unit_price_minor=price_minor)
            for number, ((sku, price_minor), quantity) in enumerate(units.items(), start=1)
        ),
        promised_at=sale.promised_at,
    )
