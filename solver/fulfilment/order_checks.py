"""What an order must be like to be looked at: sound, and of things that the catalog has."""

from solver.catalog.catalog import Catalog
from solver.errors import Violations
from solver.orders.model import Order
from solver.orders.validate import check_order


def check_ordered(order: Order, catalog: Catalog, currency: str | None, path: str, violations: Violations) -> None:
    """As `check_order`, of the catalog's names."""
    check_order(order, catalog, currency, path, violations, materials=catalog.materials)
