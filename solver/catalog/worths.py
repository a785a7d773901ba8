"""What the attributes of materials and sales items say of their prices and costs."""

from collections.abc import Iterable, Mapping

from solver.catalog.catalog import Catalog
from solver.catalog.sharing.model import Worth

ALONE, LISTED, COST = "stand_alone_price_minor", "list_price_minor", "cost_minor"


def list_prices(catalog: Catalog) -> dict[str, int]:
    """The list price of each item that has one, in minor units: what it costs alone, or else the suggested one."""
    found = {}
    for nouns in (catalog.materials, catalog.sales_items):
        for item_id, noun in nouns.items():
            if noun.attributes:
                price = _price(noun.attributes)
                if price is not None:
                    found[item_id] = price
    return found


def worths_of(catalog: Catalog, skus: Iterable[str]) -> dict[str, Worth]:
    """What a unit of each material is worth: alone, and to the company."""
    found = {}
    for sku in skus:
        material = catalog.materials[sku]
        cost = _minor(material.attributes, COST)
        if cost is None and material.value_minor:
            cost = material.value_minor
        found[sku] = Worth(price_minor=_price(material.attributes), cost_minor=cost)
    return found


def _price(attributes: Mapping[str, str]) -> int | None:
    alone = _minor(attributes, ALONE)
    return _minor(attributes, LISTED) if alone is None else alone


def _minor(attributes: Mapping[str, str], name: str) -> int | None:
    said = attributes.get(name, "")
    return int(said) if said else None
