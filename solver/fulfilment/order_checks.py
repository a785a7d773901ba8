"""What an order must be like to be looked at: sound, and of things that the catalog has and lets be ordered."""

from solver.catalog.catalog import Catalog
from solver.errors import Violations
from solver.orders.model import Order
from solver.orders.validate import check_order


def check_ordered(order: Order, catalog: Catalog, currency: str | None, path: str, violations: Violations) -> None:
    """As `check_order`, of the catalog's names; what is not active or not effective is refused with state and date."""
    check_order(order, catalog, currency, path, violations, materials=catalog.materials)
    if not (catalog.refused or catalog.refused_codes):
        return
    prefix = f"{path}." if path else ""
    for position, line in enumerate(order.lines):
        known = not line.parts and catalog.item_of(order.channel, line.sku) in catalog
        if known and (why := catalog.refusal(order.channel, line.sku)):
            violations.add(f"{prefix}lines[{position}].sku", line.sku, why)
