"""What is to be listed, in the company's own words, before any channel has its say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture by its address, with its size as the company knows it; 0: not known."""

    url: str
    width_pixels: int = 0
    height_pixels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An item with all that is known of it: own category and those above it, the nearest first, and facts by field.

    `item_id` is our key of it in the channel. `channel_category_id` is the channel's category where it was chosen by
    hand; empty: that of the mapping. `price_minor` is what a customer pays, `list_price_minor` what is struck through
    beside it (0: nothing is).
    """

    item_id: str
    categories: tuple[str, ...]
    facts: Mapping[str, Value]
    price_minor: int
    currency: str
    list_price_minor: int = 0
    channel_category_id: str = ""
    images: tuple[Image, ...] = field(default=())
