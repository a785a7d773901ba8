"""Questions that the tests ask of the demo network, answered without the product's own rules."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

from geopy.distance import great_circle

from solver.network.model import Service, Source, SourceKind
from solver.orders.model import Order
from solver.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / "first_light"
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A scenario with look-ups."""

    scenario: Scenario

    @property
    def warehouses(self) -> list[Source]:
        return [source for source in self.scenario.sources if source.kind is SourceKind.WAREHOUSE]

    @property
    def numbered_orders(self) -> list[Order]:
        return [order for order in self.scenario.orders if re.fullmatch(r"FL-\d{3}", order.order_id)]

    def order(self, order_id: str) -> Order:
        [order] = [order for order in self.scenario.orders if order.order_id == order_id]
        return order

    def service(self, service_id: str) -> Service:
        [service] = [service for service in self.scenario.services if service.service_id == service_id]
        return service

    def demand(self, *orders: Order) -> Counter[str]:
        """Units by SKU, bundles taken apart."""
        parts = {item.item_id: item.parts for item in self.scenario.sales_items}
        wanted: Counter[str] = Counter()
        for order in orders:
            for line in order.lines:
                for part in parts[line.sku]:
                    wanted[part.sku] += part.units * line.quantity
        return wanted

    def on_hand(self, sources: Iterable[Source] | None = None) -> Counter[str]:
        """Units by SKU at these sources, or at all."""
        source_ids = {source.source_id for source in (self.scenario.sources if sources is None else sources)}
        units: Counter[str] = Counter()
        for row in self.scenario.stock:
            if row.source_id in source_ids:
                units[row.sku] += row.units
        return units

    def sources_with_all(self, order: Order) -> list[Source]:
        """The sources that could fill the whole order alone, nearest first."""
        wanted = self.demand(order)
        whole = [source for source in self.scenario.sources if wanted <= self.on_hand([source])]
        return sorted(whole, key=lambda source: self.meters(source, order))

    def meters(self, source: Source, order: Order) -> float:
        """From a source to an order's door, or to the centre of its region."""
        place = order.destination
        latitude, longitude = place.latitude, place.longitude
        if latitude is None or longitude is None:
            [region] = [region for region in self.scenario.regions if region.region_id == place.region_id]
            latitude, longitude = region.latitude, region.longitude
        distance: float = great_circle((source.latitude, source.longitude), (latitude, longitude)).meters
        return distance

    def region_zone(self, service: Service, origin_id: str, destination_id: str) -> str | None:
        """The most specific pair of regions, destination before origin."""
        zones = {(zone.destination_region_id, zone.origin_region_id): zone.zone for zone in service.region_zones}
        for destination in self._ancestry(destination_id):
            for origin in self._ancestry(origin_id):
                if (destination, origin) in zones:
                    return zones[destination, origin]
        return None

    def _ancestry(self, region_id: str) -> Iterator[str]:
        parents = {region.region_id: region.parent_id for region in self.scenario.regions}
        while region_id:
            yield region_id
            region_id = parents[region_id]
        yield ""
