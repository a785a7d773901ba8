"""What a unit of an order's line is made of."""

from solver.catalog.catalog import Catalog
from solver.catalog.model import Part
from solver.orders.model import OrderLine, OrderPart


def parts_of(line: OrderLine, catalog: Catalog) -> tuple[Part, ...] | tuple[OrderPart, ...]:
    """The line's own parts, or else those that the catalog knows. KeyError when it does not know any."""
    return line.parts or catalog.explode(line.sku)
