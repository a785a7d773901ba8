"""What is sold and what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from solver.catalog.handling import tags_with
from solver.catalog.life import LifeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A base material (物料): the smallest unit that is stocked and shipped. `sku` names it everywhere.

    `days_to_ship` is how long a backorder of it takes from order to shipment; None: what the source says. `tags` tell
    what carriers and sources must know beside what `traits` follow from: hazmat, battery, cold_chain, oversize, or a
    word of the company's own. `value_minor` is what a unit is worth to the company, in minor units of the orders'
    currency. `attributes` are values in the text form of docs/fields.md, by the name of the field. `version`, `state`
    and the times it is effective are explained in `life`.
    """

    sku: str
    name: str
    weight_grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    days_to_ship: int | None = None
    tags: tuple[str, ...] = ()
    value_minor: int = 0
    category_id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    version: int = 0
    state: LifeState = LifeState.ACTIVE
    effective_from: datetime | None = None
    effective_until: datetime | None = None

    @property
    def traits(self) -> tuple[str, ...]:
        """Its tags, and those that follow from its attributes and its size: what carriers and sources look at."""
        return tags_with(self.tags, self.attributes, (self.length_mm, self.width_mm, self.height_mm))

    @property
    def longest_side_mm(self) -> int:
        """The longest of its sides; 0 when the size is not known."""
        return max(self.length_mm, self.width_mm, self.height_mm)

    @property
    def volume_mm3(self) -> int:
        """Length x width x height; 0 when the size is not known."""
        return self.length_mm * self.width_mm * self.height_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many units of a material in one unit of a sales item."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesItem:
    """What a brand sells (销售商品): one material or a bundle (组合) of several. Sold whole, never in part."""

    item_id: str
    name: str
    parts: tuple[Part, ...]
    category_id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    version: int = 0
    state: LifeState = LifeState.ACTIVE
    effective_from: datetime | None = None
    effective_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelItem:
    """How one shop shows an item (渠道商品): under a code of its own, at a price of its own.

    `channel` and `code` name it; `item_id` is what it sells: a sales item, a material's SKU or a combination.
    `price_minor` None: the channel's price is not kept here. `category_id` is one of the channel's own categories.
    Texts such as title and description are among the `attributes`.
    """

    channel: str
    code: str
    item_id: str
    name: str = ""
    price_minor: int | None = None
    currency: str = ""
    category_id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    version: int = 0
    state: LifeState = LifeState.ACTIVE
    effective_from: datetime | None = None
    effective_until: datetime | None = None
