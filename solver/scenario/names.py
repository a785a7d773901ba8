"""The names that a scenario's rows and head may say."""

from collections.abc import Collection
from dataclasses import dataclass

from solver.scenario.model import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that there are, by noun; `items` are what may be ordered: materials, sales items, combinations."""

    regions: Collection[str]
    sources: Collection[str]
    carriers: Collection[str]
    services: Collection[str]
    calendars: Collection[str]
    skus: Collection[str]
    items: Collection[str]
    channels: Collection[str]
    warehouses: Collection[str]  # logical ones

    @classmethod
    def of(cls, scenario: Scenario) -> "Names":
        """Those of a scenario."""
        materials = {row.sku: None for row in scenario.materials}
        return cls(
            regions={row.region_id: None for row in scenario.regions},
            sources={row.source_id: None for row in scenario.sources},
            carriers={row.carrier_id: None for row in scenario.carriers},
            services={row.service_id: None for row in scenario.services},
            calendars={row.calendar_id: None for row in scenario.calendars},
            skus=materials,
            items=materials
            | {row.item_id: None for row in scenario.sales_items}
            | {row.combination_id: None for row in scenario.combinations if row.goods is not None},
            channels={row.channel_id: None for row in scenario.channels},
            warehouses={row.logical_id: None for row in scenario.logical_warehouses},
        )

    def of_field(self, field: str) -> Collection[str]:
        """Those that a field of this name may say; none where it says no name."""
        last = field.rpartition(".")[2].partition("[")[0]
        for ending, names in (
            ("region_id", self.regions),
            ("region_ids", self.regions),
            ("parent_id", self.regions),
            ("source_id", self.sources),
            ("site_id", self.sources),
            ("channel_id", self.channels),
            ("overflow", self.channels),
            ("logical_id", self.warehouses),
            ("logical_ids", self.warehouses),
            ("carrier_id", self.carriers),
            ("service_id", self.services),
            ("calendar_id", self.calendars),
            ("sku", self.items),
        ):
            if last.endswith(ending):
                return names
        return ()
