"""The catalog as one immutable value: from what is ordered to what is stocked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solver.catalog.model import Material, Part, SalesItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Materials by SKU and sales items by id."""

    materials: Mapping[str, Material]
    sales_items: Mapping[str, SalesItem]

    @classmethod
    def of(cls, materials: Iterable[Material] = (), sales_items: Iterable[SalesItem] = ()) -> "Catalog":
        """Index the given nouns."""
        return cls(
            materials={material.sku: material for material in materials},
            sales_items={item.item_id: item for item in sales_items},
        )

    def __contains__(self, sku: object) -> bool:
        """True when an order line may name it."""
        return sku in self.sales_items or sku in self.materials

    def explode(self, sku: str) -> tuple[Part, ...]:
        """What one unit is made of: a sales item's parts, or the material itself. KeyError when unknown."""
        item = self.sales_items.get(sku)
        return item.parts if item is not None else (Part(sku=self.materials[sku].sku, units=1),)
