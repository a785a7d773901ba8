"""Opening stock of a history, which no history tells: by the rule of its mapping."""

from collections import Counter
from collections.abc import Iterable, Sequence

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.importers.order_history.mapping import Assumed, StockRule
from solver.network.model import Source, SourceKind
from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.scenario.model import OpeningStock, Scenario
from solver.units import ceil_div
from solver.validation import MOST_UNITS

_WAREHOUSES = (SourceKind.WAREHOUSE, SourceKind.REGIONAL_WAREHOUSE, SourceKind.FRONT_WAREHOUSE)
_WHOLE = 1_000


def opening_stock(
    orders: Iterable[Order], history: Iterable[Shipment], catalog: Catalog, network: Scenario, assumed: Assumed
) -> tuple[OpeningStock, ...]:
    """Stock of what was ordered, in the order of source and SKU."""
    if assumed.stock is StockRule.NETWORK:
        return network.stock
    ordered: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            for part in parts_of(line, catalog):
                ordered[part.sku] += part.units * line.quantity
    stock: Counter[tuple[str, str]] = Counter()
    if assumed.stock is StockRule.AS_SHIPPED:
        for shipment in history:
            for sku, units in shipment.units.items() if shipment.source_id else ():
                stock[shipment.source_id, sku] += units
                ordered[sku] -= units
    warehouses = keepers(network.sources)
    for sku, units in ordered.items():
        for position, source in enumerate(warehouses):
            share, rest = divmod(max(0, units), len(warehouses))
            stock[source.source_id, sku] += share + (position < rest)
    amounts = {
        place: min(MOST_UNITS, ceil_div(units * assumed.stock_permille, _WHOLE)) for place, units in stock.items()
    }
    return tuple(
        OpeningStock(source_id=source_id, sku=sku, units=units)
        for (source_id, sku), units in sorted(amounts.items())
        if units
    )


def keepers(sources: Sequence[Source]) -> list[Source]:
    """Who has what nobody is known to have shipped: the warehouses, or all where there is none."""
    active = [source for source in sources if source.is_active]
    return [source for source in active if source.kind in _WAREHOUSES] or active


def stock_assumption(assumed: Assumed, network: Scenario) -> str:
    """The rule in words."""
    if assumed.stock is StockRule.NETWORK:
        return f"Opening stock is that of the network's folder: {len(network.stock):,} rows."
    sources = keepers(network.sources)
    shared = (
        f"{assumed.stock_permille / 10:g} % of the units ordered, shared alike by {len(sources)} sources "
        f"({', '.join(source.source_id for source in sources[:6])}{' ...' * (len(sources) > 6)})"
    )
    if assumed.stock is StockRule.AS_ORDERED:
        return f"Opening stock is assumed: of each SKU {shared}."
    return (
        f"Opening stock is assumed: each source has {assumed.stock_permille / 10:g} % of the units that it shipped; of "
        f"what nobody is known to have shipped, there are {shared}."
    )
