"""The nouns of early warnings. Every warning carries the numbers that it follows from."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ChanceAbove = Callable[[Sequence[int], int, int], float | None]
"""By units sold day by day: how likely in so many days more than so many are asked for; None: nothing is forecast."""

DEMAND_DAYS = 28  # four weeks, so that every day of the week counts alike


class WarningKind(StrEnum):
    """What is about to go wrong, the most urgent first.

    NEGATIVE_COUNT: a count found fewer units than are promised. OVERSOLD: more is promised beyond what is there than is
    on its way. STALE_SUPPLIER: a drop-shipper's units are not sold, since he said nothing for too long. RUNS_OUT: what
    is there and comes in time lasts shorter than new goods take. SHORT_COVER: what is there lasts for fewer days than
    it should. BELOW_LEAST: fewer units are available than should be.
    """

    NEGATIVE_COUNT = "negative_count"
    OVERSOLD = "oversold"
    STALE_SUPPLIER = "stale_supplier"
    RUNS_OUT = "runs_out"
    SHORT_COVER = "short_cover"
    BELOW_LEAST = "below_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockThreshold:
    """When to warn of a SKU: at a site, in a channel, or (without either) of all sites together.

    Warn below `least_units` available; below `least_cover_days` of sales; and where what is there and comes in time
    lasts shorter than the `lead_days` that new goods take. 0: never. One that says nothing ends the threshold.
    """

    sku: str
    site_id: str = ""
    channel_id: str = ""
    least_units: int = 0
    least_cover_days: int = 0
    lead_days: int = 0

    @property
    def says_nothing(self) -> bool:
        """True for one that ends a threshold."""
        return not (self.least_units or self.least_cover_days or self.lead_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockWarning:
    """What is about to go wrong with a SKU, where (site, channel, or neither), and the `figures` behind it, by name."""

    kind: WarningKind
    sku: str
    site_id: str = ""
    channel_id: str = ""
    figures: Mapping[str, int]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningQuery:
    """Which warnings are asked for; None: whatever there is. Sales are those of the last `demand_days`."""

    skus: Collection[str] | None = None
    site_ids: Collection[str] | None = None
    demand_days: int = DEMAND_DAYS
