"""What a channel asks of whoever lists goods there: its own tree of categories, and the fields of each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a field of a channel holds."""

    TEXT = "text"
    NUMBER = "number"  # whole
    DECIMAL = "decimal"  # written with `decimals` places
    CHOICE = "choice"  # one of `allowed`
    CHOICES = "choices"  # some of `allowed`
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelField:
    """A field that a channel asks for (渠道属性).

    `most_characters` counts as the channel does: with `counts_bytes` bytes of UTF-8, otherwise characters. `least` and
    `most` bound numbers, both included; decimals are bounded in units of their last place. None and 0: no bound.
    """

    name: str
    title: str
    kind: Kind
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    most_characters: int = 0
    counts_bytes: bool = False
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A node of a channel's tree (类目). Goods are listed under leaves only. `fields` hold for all below it."""

    category_id: str
    title: str
    parent_id: str = ""
    fields: tuple[ChannelField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRule:
    """How many pictures, and how large each at least."""

    least: int = 0
    most: int = 0
    least_pixels: int = 0  # of the shorter side
    square: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """What a price may be, in minor units of the channel's currency; 0 for `most_minor`: no bound.

    A price is a whole multiple of `step_minor`. `most_discount_permille` is by how much at most it may lie below the
    list price; 1,000: by anything.
    """

    least_minor: int = 1
    most_minor: int = 0
    step_minor: int = 1
    most_discount_permille: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel (渠道): a marketplace, a mall, a platform of shops near by. Its shops share its rules.

    `fields` are those of every category. `items_per_call` is how many listings one call to it may carry.
    """

    channel_id: str
    title: str
    currency: str
    version: int
    items_per_call: int
    fields: tuple[ChannelField, ...]
    categories: Mapping[str, Category]
    images: ImageRule = ImageRule()
    prices: PriceRule = PriceRule()

    def line_of(self, category_id: str) -> Iterator[Category]:
        """The category and all above it, the nearest first. KeyError when unknown."""
        while category_id:
            category = self.categories[category_id]
            yield category
            category_id = category.parent_id

    def path_of(self, category_id: str) -> str:
        """The titles from the root down: `Kitchen appliances > Coffee machines`. KeyError when unknown."""
        return " > ".join(category.title for category in reversed(tuple(self.line_of(category_id))))

    def fields_of(self, category_id: str) -> Mapping[str, ChannelField]:
        """Every field of a category by name; a nearer category's field replaces one of the same name."""
        fields = {field.name: field for field in self.fields}
        for category in reversed(tuple(self.line_of(category_id))):
            fields |= {field.name: field for field in category.fields}
        return fields

    def is_leaf(self, category_id: str) -> bool:
        """Whether goods may be listed under it."""
        return all(category.parent_id != category_id for category in self.categories.values())
