"""The nouns of the platform feed, and what it needs to know of shops."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from solver.storage.database import Reader

Pair: TypeAlias = tuple[str, str]  # shop id, SKU

MOST_VALUES = 1_000  # of one message


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whose values a receiver wants: those of the shops of these channels and of these shops; of all without either."""

    channel_ids: frozenset[str] = frozenset()
    shop_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """How many units of a SKU a shop shows, as of the feed's `number`. A delisted one shows none and is no more."""

    shop_id: str
    sku: str
    units: int
    is_delisted: bool
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMessage:
    """A part of what a receiver must learn, at most MOST_VALUES values.

    One that `begins_snapshot` asks the receiver to forget all that it knows first. `through_number` ends a group:
    whoever took in everything up to it has what the feed had at that number, and may resume from it. Without values it
    is a sign of life.
    """

    values: tuple[ShownValue, ...] = ()
    begins_snapshot: bool = False
    through_number: int | None = None


class Shopfront(Protocol):
    """What shops list, and what they show now."""

    def revision(self, reader: Reader) -> object:
        """Equal as long as no shop, listing, kit or rule changed in a way that no entry of the journal tells."""
        ...

    def listed(self, reader: Reader) -> Collection[str]:
        """Every SKU that any shop lists."""
        ...

    def showing(self, reader: Reader, skus: Collection[str]) -> Collection[str]:
        """The listed SKUs whose units follow from these: they themselves, and the kits that they are parts of."""
        ...

    def shown(self, reader: Reader, skus: Collection[str]) -> Mapping[Pair, int]:
        """The units that every listed pair of these SKUs shows."""
        ...

    def shops(self, reader: Reader) -> Mapping[str, str]:
        """The channel of every shop, by the shop's id."""
        ...

    def channels(self, reader: Reader) -> Collection[str]:
        """Every channel, also those without shops."""
        ...
