"""What an order must be like to be looked at: sound, and of things that may be ordered."""

from dataclasses import dataclass

from solver.catalog.catalog import Catalog
from solver.catalog.combination_store import Combinations
from solver.errors import Violations
from solver.orders.model import Order
from solver.orders.validate import check_order


def check_ordered(
    order: Order,
    catalog: Catalog,
    currency: str | None,
    path: str,
    violations: Violations,
    combinations: Combinations | None = None,
) -> None:
    """As `check_order`, of what the catalog, the order's channel and the combinations know and let be ordered."""
    if combinations is None and not catalog.channel_items:
        check_order(order, catalog, currency, path, violations, materials=catalog.materials)
    else:
        names = _Names(catalog=catalog, channel=order.channel, combinations=combinations)
        check_order(order, names, currency, path, violations, materials=catalog.materials)
    if catalog.refused or catalog.refused_codes or (combinations is not None and combinations.refused):
        _check_in_force(order, catalog, f"{path}.lines" if path else "lines", violations, combinations)
    if [line for line in order.lines if line.chosen]:
        _check_choosing(order, catalog, f"{path}.lines" if path else "lines", violations, combinations)
    if order.chosen and (combinations is None or not combinations.book.offers):
        remedy = "no offer is in force that anything could be chosen in; leave the choices out"
        violations.add(f"{path}.chosen" if path else "chosen", order.chosen[0].slot, remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What a line of the channel's orders may name."""

    catalog: Catalog
    channel: str
    combinations: Combinations | None

    def __contains__(self, name: object, /) -> bool:
        if name in self.catalog or (self.channel, name) in self.catalog.channel_items:
            return True
        return self.combinations is not None and name in self.combinations.book.flats


def _check_in_force(
    order: Order, catalog: Catalog, path: str, violations: Violations, combinations: Combinations | None
) -> None:
    for position, line in enumerate(order.lines):
        if line.parts:
            continue
        item_id = catalog.item_of(order.channel, line.sku)
        why = catalog.refused_codes.get((order.channel, line.sku), "")
        if not why and item_id in catalog:
            why = catalog.refusal(order.channel, line.sku)
        if not why and combinations is not None:
            why = combinations.refusal(item_id)
        violations.require(not why, f"{path}[{position}].sku", line.sku, why)


def _check_choosing(
    order: Order, catalog: Catalog, path: str, violations: Violations, combinations: Combinations | None
) -> None:
    """Only combinations have anything to choose."""
    for position, line in enumerate(order.lines):
        item_id = catalog.item_of(order.channel, line.sku)
        may_choose = not line.parts and combinations is not None and item_id in combinations.known
        remedy = "there is nothing to choose in it; leave the choices out"
        violations.require(may_choose or not line.chosen, f"{path}[{position}].chosen", line.sku, remedy)
