"""What is sold and what it is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A base material (物料): the smallest unit that is stocked and shipped. `sku` names it everywhere.

    `days_to_ship` is how long a backorder of it takes from order to shipment; None: what the source says. `tags` tell
    what carriers and sources must know: hazmat, battery, cold_chain, oversize, or a word of the company's own.
    `value_minor` is what a unit is worth to the company, in minor units of the orders' currency.
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
