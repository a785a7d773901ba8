"""How the company's words become a channel's: which category is which, and where each field comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a field of the channel comes from: a fact of the article, a constant, or a text with facts in it.

    Exactly one of `fact`, `constant` and `text` is given. A number is multiplied and divided, rounded half up to the
    places that the channel's field has; a word is replaced by what `values` says for it. `default` stands in where the
    article has no such fact.
    """

    fact: str = ""
    constant: str = ""
    text: str = ""  # `{brand} {name}`
    multiply: int = 1
    divide: int = 1
    values: Mapping[str, str] | None = None
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryMapping:
    """What holds for articles of an own category, and for those of categories below it, unless a nearer one says else.

    `category_id` is the channel's; empty: that of the category above. `fields` are by the channel's names.
    """

    category_id: str = ""
    fields: Mapping[str, Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMapping:
    """A channel's mapping: what holds for all (`fields`), by own category, and what single shops say differently."""

    channel_id: str
    version: int
    fields: Mapping[str, Source]
    categories: Mapping[str, CategoryMapping]
    shops: Mapping[str, Mapping[str, Source]]

    def category_of(self, own: tuple[str, ...]) -> str:
        """The channel's category for own categories, the nearest first; empty where none is mapped."""
        return next((one.category_id for one in self._said(own) if one.category_id), "")

    def sources_of(self, own: tuple[str, ...], shop_id: str = "") -> Mapping[str, Source]:
        """Where each field comes from: a shop's word goes before a category's, a nearer category's before a farther."""
        sources = dict(self.fields)
        for one in reversed(tuple(self._said(own))):
            sources.update(one.fields)
        sources.update(self.shops.get(shop_id, {}))
        return sources

    def _said(self, own: tuple[str, ...]) -> Iterator[CategoryMapping]:
        return (self.categories[category] for category in own if category in self.categories)
