"""The catalog as one immutable value: from what is ordered to what is stocked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from solver.catalog.categories import Category
from solver.catalog.life import refusal_of
from solver.catalog.model import ChannelItem, Material, Part, SalesItem

ChannelCode = tuple[str, str]  # a channel, and what it calls an item


@lru_cache(maxsize=1 << 14)
def _one_of(sku: str) -> tuple[Part, ...]:
    return (Part(sku=sku, units=1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedCode:
    """What a channel's code stands for: the item, the materials of one unit, and why it may not be ordered, if so."""

    code: str
    item_id: str
    parts: tuple[Part, ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Materials by SKU, sales items by id, channel items by channel and code: of each, what is in force.

    `refused` and `refused_codes` say of those that may not be ordered at this moment why not; most catalogs have none.
    """

    materials: Mapping[str, Material]
    sales_items: Mapping[str, SalesItem]
    channel_items: Mapping[ChannelCode, ChannelItem] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    refused_codes: Mapping[ChannelCode, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        materials: Iterable[Material] = (),
        sales_items: Iterable[SalesItem] = (),
        channel_items: Iterable[ChannelItem] = (),
    ) -> "Catalog":
        """Index the given nouns. Their states count; there is no moment at which to ask for their dates."""
        by_sku = {material.sku: material for material in materials}
        by_id = {item.item_id: item for item in sales_items}
        by_code = {(item.channel, item.code): item for item in channel_items}
        of_materials = {sku: refusal_of(noun, f"material {sku}", None) for sku, noun in by_sku.items()}
        of_items = {item_id: refusal_of(noun, f"sales item {item_id}", None) for item_id, noun in by_id.items()}
        return cls(
            materials=by_sku,
            sales_items=by_id,
            channel_items=by_code,
            refused={noun_id: why for noun_id, why in (of_materials | of_items).items() if why},
            refused_codes={
                code: why
                for code, noun in by_code.items()
                if (why := refusal_of(noun, f"channel item {code[1]} of {code[0]}", None))
            },
        )

    def __reduce__(self) -> tuple[Callable[..., "Catalog"], tuple[dict[str, dict[Any, Any]]]]:
        """Another process gets it in plain mappings: views of mappings that nobody may change cannot be sent."""
        return _catalog_in, ({one.name: dict(getattr(self, one.name)) for one in fields(self)},)

    def __contains__(self, sku: object) -> bool:
        """True when it is a sales item or a material; whether it may be ordered says `refusal`."""
        return sku in self.sales_items or sku in self.materials

    def explode(self, sku: str) -> tuple[Part, ...]:
        """What one unit is made of: a sales item's parts, or the material itself. KeyError when unknown."""
        item = self.sales_items.get(sku)
        return item.parts if item is not None else _one_of(self.materials[sku].sku)

    def item_of(self, channel: str, code: str) -> str:
        """What a channel sells under a code: its channel item's item, or else what the code itself names."""
        found = self.channel_items.get((channel, code))
        return code if found is None else found.item_id

    def knows(self, channel: str, code: str) -> bool:
        """Whether an order of the channel may name it, its life aside."""
        return (channel, code) in self.channel_items or code in self

    def resolved(self, channel: str, code: str) -> ResolvedCode:
        """All that an order of the channel would come to; a combination has no parts before it is exploded.

        KeyError when unknown.
        """
        item_id = self.item_of(channel, code)
        is_combination = item_id not in self and (channel, code) in self.channel_items
        parts = () if is_combination else self.explode(item_id)
        return ResolvedCode(code=code, item_id=item_id, parts=parts, refusal=self.refusal(channel, code))

    def refusal(self, channel: str, code: str) -> str:
        """Why an order of the channel may not name it, with state and date; "" where it may.

        Whether a combination that a channel item sells may be ordered is for those who keep combinations to say.
        """
        item_id = self.item_of(channel, code)
        if item_id not in self:
            if (channel, code) in self.channel_items:
                return self.refused_codes.get((channel, code), "")
            return "there is no such sales item or material; name one that exists, or add it first"
        if not (self.refused or self.refused_codes):
            return ""
        why = self.refused_codes.get((channel, code)) or self.refused.get(item_id)
        if why:
            return why
        parts = (self.refused.get(part.sku) for part in self.explode(item_id))
        return next((f"its part {of_part}" for of_part in parts if of_part), "")


def _catalog_in(mappings: Mapping[str, Mapping[Any, Any]]) -> Catalog:
    return Catalog(**mappings)
