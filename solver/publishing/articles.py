"""What each shop sells, from the catalog: its channel items, with all that is known of what they are made of."""

import re
from collections.abc import Iterator, Mapping

from solver.catalog.catalog import Catalog
from solver.catalog.categories import book_of, upwards
from solver.catalog.fields.model import FieldKind
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.publishing.article import Article, Image, Value
from solver.publishing.shop import Shop

_SIZED = re.compile(r"#(\d{1,5})x(\d{1,5})$")  # the size of a picture, behind its address


def items_of(catalog: Catalog, shop: Shop) -> Mapping[str, ChannelItem]:
    """The shop's channel items by code: those of its channel, and its own in place of them."""
    own = {item.code: item for item in catalog.channel_items.values() if item.channel == shop.shop_id}
    return {item.code: item for item in catalog.channel_items.values() if item.channel == shop.channel_id} | own


def article_of(item: ChannelItem, catalog: Catalog) -> Article:
    """Everything that is known of a channel item, in the words of docs/fields.md.

    A channel item's word goes before its sales item's, that before its materials'. Of several materials only what all
    of them agree on is known of the whole, and their weights are added up.
    """
    sold = catalog.sales_items.get(item.item_id)
    parts = catalog.explode(item.item_id) if item.item_id in catalog else ()
    materials = [catalog.materials[part.sku] for part in parts]
    category_id = _category(sold, materials)
    texts = {**_agreed(materials), **(sold.attributes if sold is not None else {}), **item.attributes}
    names = (item.name, sold.name if sold is not None else "", materials[0].name if len(materials) == 1 else "")
    held = _held(materials, [part.units for part in parts])
    facts = {"item_id": item.item_id, "code": item.code, "name": next((name for name in names if name), "")}
    price = item.price_minor if item.price_minor is not None else int(texts.get("stand_alone_price_minor", 0))
    return Article(
        item_id=item.code,
        categories=tuple(one.category_id for one in upwards(category_id, catalog.categories)) or _alone(category_id),
        facts={**held, **_read(texts, category_id, catalog), **facts},
        price_minor=price,
        currency=item.currency,
        list_price_minor=int(texts.get("struck_price_minor", 0)),
        images=tuple(_images(texts.get("image_urls", ""))),
        channel_category_id=item.category_id,
    )


def _category(sold: SalesItem | None, materials: list[Material]) -> str:
    if sold is not None and sold.category_id:
        return sold.category_id
    found = {material.category_id for material in materials}
    return found.pop() if len(found) == 1 else ""


def _alone(category_id: str) -> tuple[str, ...]:
    return (category_id,) if category_id else ()


def _agreed(materials: list[Material]) -> Mapping[str, str]:
    if not materials:
        return {}
    first, *others = materials
    return {
        name: text
        for name, text in first.attributes.items()
        if all(other.attributes.get(name) == text for other in others)
    }


def _held(materials: list[Material], units: list[int]) -> dict[str, Value]:
    """Weight of the whole; the size of one material that is sold singly; 0 is not known."""
    if not materials:
        return {}
    weight = sum(material.weight_grams * count for material, count in zip(materials, units, strict=True))
    facts: dict[str, Value] = {"weight_grams": weight}
    if units == [1]:
        only = materials[0]
        sides = {"length_mm": only.length_mm, "width_mm": only.width_mm, "height_mm": only.height_mm}
        facts.update((name, side) for name, side in sides.items() if side)
        facts["sku"] = only.sku
    return facts


def _read(texts: Mapping[str, str], category_id: str, catalog: Catalog) -> Mapping[str, Value]:
    fields = book_of(category_id, catalog.categories).fields
    return {
        name: tuple(text.split("|")) if name in fields and fields[name].kind is FieldKind.LIST else text
        for name, text in texts.items()
    }


def _images(text: str) -> Iterator[Image]:
    for url in filter(None, text.split("|")):
        sized = _SIZED.search(url)
        width, height = (int(sized[1]), int(sized[2])) if sized else (0, 0)
        yield Image(url=_SIZED.sub("", url), width_pixels=width, height_pixels=height)
