"""What a unit of an order's line is made of, and what of its money is for which part."""

from solver.catalog.catalog import Catalog
from solver.catalog.model import Part
from solver.orders.model import OrderLine, OrderPart


def parts_of(line: OrderLine, catalog: Catalog) -> tuple[Part, ...] | tuple[OrderPart, ...]:
    """The line's own parts, or else those that the catalog knows. KeyError when it does not know any."""
    return line.parts or catalog.explode(line.sku)


def weights_of(line: OrderLine, catalog: Catalog) -> list[int]:
    """By which a line's money falls on its parts: their own prices, or what they are worth, or how many they are."""
    parts = parts_of(line, catalog)
    prices = [part.price_minor if isinstance(part, OrderPart) else 0 for part in parts]
    if any(prices):
        return prices
    worth = [catalog.materials[part.sku].value_minor * part.units for part in parts]
    return worth if all(worth) else [part.units for part in parts]
