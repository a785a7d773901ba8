"""What a sound material and a sound sales item are."""

from solver.catalog.life import check_life
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.errors import Violations
from solver.money import is_currency
from solver.validation import (
    MOST_DAYS,
    MOST_GRAMS,
    MOST_MILLIMETERS,
    MOST_MINOR,
    MOST_UNITS,
    Known,
    check_between,
    check_id,
    check_reference,
    check_unique,
    check_words,
)

MOST_PARTS = 50


def check_material(material: Material, path: str, violations: Violations) -> None:
    """A material weighs something, and its size is known whole or not at all."""
    check_id(material.sku, f"{path}.sku", violations)
    check_between(material.weight_grams, 1, MOST_GRAMS, f"{path}.weight_grams", violations)
    sides = (material.length_mm, material.width_mm, material.height_mm)
    for name, side in zip(("length_mm", "width_mm", "height_mm"), sides, strict=True):
        check_between(side, 0, MOST_MILLIMETERS, f"{path}.{name}", violations)
    if material.days_to_ship is not None:
        check_between(material.days_to_ship, 0, MOST_DAYS, f"{path}.days_to_ship", violations)
    check_between(material.value_minor, 0, MOST_MINOR, f"{path}.value_minor", violations)
    check_words(material.tags, f"{path}.tags", violations)
    check_life(material, path, violations)
    whole = all(sides) or not any(sides)
    violations.require(whole, path, sides, "give length, width and height, or none of them")


def check_sales_item(item: SalesItem, materials: Known, path: str, violations: Violations) -> None:
    """A sales item has parts, each of a known material, each SKU once."""
    check_id(item.item_id, f"{path}.item_id", violations)
    check_life(item, path, violations)
    violations.require(
        1 <= len(item.parts) <= MOST_PARTS, f"{path}.parts", f"{len(item.parts)} parts", f"give 1 to {MOST_PARTS}"
    )
    check_unique([part.sku for part in item.parts], f"{path}.parts", violations)
    for position, part in enumerate(item.parts):
        check_reference(part.sku, materials, "material", f"{path}.parts[{position}].sku", violations)
        check_between(part.units, 1, MOST_UNITS, f"{path}.parts[{position}].units", violations)


def check_channel_item(item: ChannelItem, items: Known, path: str, violations: Violations) -> None:
    """A channel item has a code within its channel, sells what exists, and names the currency of its price."""
    check_id(item.channel, f"{path}.channel", violations)
    check_id(item.code, f"{path}.code", violations)
    check_reference(item.item_id, items, "sales item, material or combination", f"{path}.item_id", violations)
    check_life(item, path, violations)
    if item.category_id:
        check_id(item.category_id, f"{path}.category_id", violations)
    if item.price_minor is not None:
        check_between(item.price_minor, 0, MOST_MINOR, f"{path}.price_minor", violations)
    if item.currency or item.price_minor is not None:
        remedy = "give an ISO 4217 code such as CNY beside the price"
        violations.require(is_currency(item.currency), f"{path}.currency", item.currency, remedy)
