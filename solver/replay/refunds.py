"""What a customer is paid back for a unit of an order: what was paid for it."""

from collections.abc import Mapping, Sequence

from solver.catalog.catalog import Catalog
from solver.catalog.model import Part
from solver.catalog.ordered import parts_of, weights_of
from solver.catalog.sharing.shares import share_of_first, shared_out
from solver.orders.model import Order, OrderPart


class Refunds:
    """Of one order; units of a SKU are counted from 0, over its lines. Not known: no line says what was paid."""

    def __init__(self, order: Order, catalog: Catalog) -> None:
        self.are_known = any(line.unit_price_minor for line in order.lines)
        self._paid: dict[str, list[tuple[int, int]]] = {}  # of each line so many units, and what was paid for them
        for line in order.lines:
            parts: Sequence[Part | OrderPart] = parts_of(line, catalog)
            shares = shared_out(line.unit_price_minor * line.quantity, weights_of(line, catalog))
            for part, minor in zip(parts, shares, strict=True):
                self._paid.setdefault(part.sku, []).append((part.units * line.quantity, minor))

    def of(self, sku: str, unit: int) -> int:
        """What was paid for the unit of this number; its share of the line's price, where that is for several parts."""
        for units, minor in self._paid[sku]:
            if unit < units:
                return share_of_first(minor, units, unit + 1) - share_of_first(minor, units, unit)
            unit -= units
        raise KeyError(f"the order has no such unit of {sku}")


def for_what_is_missing(wanted: Mapping[str, int], paid_minor: Mapping[str, int], sent: Mapping[str, int]) -> int:
    """What is paid back where less is sent in exchange than is wanted; `paid_minor` was paid for what came back."""
    return sum(
        paid_minor.get(sku, 0) - share_of_first(paid_minor.get(sku, 0), units, min(units, sent.get(sku, 0)))
        for sku, units in wanted.items()
    )
