"""Shanlan Coffee's materials and sales items, with what the brand knows about each."""

from dataclasses import dataclass
from functools import cache

import msgspec

from scenarios.maker.facts import table
from solver.catalog.model import Material, Part, SalesItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """A material with its price, how often it is asked for, and where it is kept.

    `stocked` is one of everywhere, trade (warehouses and dealers), warehouses, nowhere.
    """

    sku: str
    name: str
    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int
    price_minor: int
    popularity: int
    stocked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A sales item with its price and how often it is asked for."""

    item: SalesItem
    price_minor: int
    popularity: int


@cache
def wares() -> tuple[Ware, ...]:
    """The rows of `data/materials.csv`."""
    return msgspec.convert(table("materials"), tuple[Ware, ...], strict=False)


def materials() -> tuple[Material, ...]:
    """The base materials as the scenario states them."""
    return tuple(
        Material(
            sku=ware.sku,
            name=ware.name,
            weight_grams=ware.weight_grams,
            length_mm=ware.length_mm,
            width_mm=ware.width_mm,
            height_mm=ware.height_mm,
        )
        for ware in wares()
    )


@cache
def offers() -> tuple[Offer, ...]:
    """Every material alone, as `SL-<sku>`, then the bundles."""
    return tuple([_alone(ware) for ware in wares()] + [_bundle(row) for row in table("bundles")])


def _alone(ware: Ware) -> Offer:
    item = SalesItem(item_id=f"SL-{ware.sku}", name=ware.name, parts=(Part(sku=ware.sku, units=1),))
    return Offer(item=item, price_minor=ware.price_minor, popularity=ware.popularity)


def _bundle(row: dict[str, str]) -> Offer:
    pairs = (part.split(":") for part in row["parts"].split())
    item = SalesItem(
        item_id=row["item_id"],
        name=row["name"],
        parts=tuple(Part(sku=sku, units=int(units)) for sku, units in pairs),
    )
    return Offer(item=item, price_minor=int(row["price_minor"]), popularity=int(row["popularity"]))
