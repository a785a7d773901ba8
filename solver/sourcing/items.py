"""Materials as carriers see them."""

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.sourcing.problem import Item


class Items(dict[str, Item]):
    """Every SKU of a catalog, each made when it is first asked for. KeyError for one that the catalog does not know."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._materials = catalog.materials

    def __missing__(self, sku: str) -> Item:
        item = self[sku] = item_of(self._materials[sku])
        return item


def item_of(material: Material) -> Item:
    """One unit of a material."""
    return Item(
        sku=material.sku,
        weight_grams=material.weight_grams,
        volume_mm3=material.volume_mm3,
        longest_side_mm=material.longest_side_mm,
        tags=material.traits,
        value_minor=material.value_minor,
    )
