"""The catalog that is kept: loaded in batches, read as one immutable value."""

from collections.abc import Sequence

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material, SalesItem
from solver.catalog.validate import check_material, check_sales_item
from solver.clock import Clock
from solver.errors import Violations
from solver.storage.database import Database
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.validation import check_rows, check_unique


class CatalogStore:
    """Materials and sales items, each in a registry of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._materials = Registry(database, clock, "material", Material, lambda material: material.sku)
        self._sales_items = Registry(database, clock, "sales_item", SalesItem, lambda item: item.item_id)

    @property
    def catalog(self) -> Catalog:
        """The catalog as it stands now."""
        return Catalog(materials=self._materials.nouns, sales_items=self._sales_items.nouns)

    def upsert_materials(self, request: Request, materials: Sequence[Material]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        violations = Violations()
        check_rows(materials, "materials", violations)
        check_unique([material.sku for material in materials], "materials", violations)
        for position, material in enumerate(materials):
            check_material(material, f"materials[{position}]", violations)
        violations.refuse_any("the list of materials")
        return self._materials.upsert(request, materials)

    def upsert_sales_items(self, request: Request, items: Sequence[SalesItem]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        violations = Violations()
        check_rows(items, "sales_items", violations)
        check_unique([item.item_id for item in items], "sales_items", violations)
        for position, item in enumerate(items):
            check_sales_item(item, self._materials.nouns, f"sales_items[{position}]", violations)
        violations.refuse_any("the list of sales items")
        return self._sales_items.upsert(request, items)
