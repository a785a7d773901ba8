"""Past orders as daily series of units by SKU and the source that would serve them: what forecasts are made from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import numpy as np

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.foresight.kinds import Floats
from solver.network.distance import distances_meters
from solver.network.network import Network
from solver.orders.model import Order

Place = tuple[str, str]  # source and SKU


def nearest_sources(
    network: Network, keeping: Iterable[Place], region_ids: Iterable[str]
) -> dict[tuple[str, str], str]:
    """(SKU, region) -> the source nearest to the region's centre among those that keep the SKU; ties by id."""
    keepers: dict[str, list[str]] = defaultdict(list)
    for source_id, sku in sorted(set(keeping)):
        keepers[sku].append(source_id)
    found: dict[tuple[str, str], str] = {}
    for region_id in sorted(set(region_ids)):
        region = network.regions[region_id]
        meters = distances_meters(region.latitude, region.longitude, network.latitudes, network.longitudes)
        for sku, source_ids in keepers.items():
            found[sku, region_id] = min(source_ids, key=lambda one: (int(meters[network.source_positions[one]]), one))
    return found


def daily_demand(
    orders: Iterable[Order], catalog: Catalog, serves: Mapping[tuple[str, str], str], until: datetime, days: int
) -> dict[Place, Floats]:
    """Units by day for the `days` that end with `until`'s day before, by who serves them, [days].

    Orders for what nobody keeps, and of other days, count nowhere.
    """
    last = until.date().toordinal() - 1
    found: dict[Place, Floats] = {}
    for order in orders:
        at = days - 1 - (last - _day(order).toordinal())
        if not 0 <= at < days:
            continue
        for line in order.lines:
            for part in parts_of(line, catalog):
                source_id = serves.get((part.sku, order.destination.region_id))
                if source_id is not None:
                    series = found.setdefault((source_id, part.sku), np.zeros(days))
                    series[at] += line.quantity * part.units
    return found


def _day(order: Order) -> date:
    return order.placed_at.date()
