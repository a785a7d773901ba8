"""Which tax an item bears at a place on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BASIS_POINTS = 10_000


class Treatment(StrEnum):
    """How tax law looks at a sale. Only what is taxed or simplified bears any tax."""

    TAXED = "taxed"
    ZERO = "zero"  # 零税率: taxed, at nothing
    EXEMPT = "exempt"  # 免税
    SIMPLIFIED = "simplified"  # 简易计税: a levy without deduction
    UNTAXED = "untaxed"  # 不征税


class RoundingAt(StrEnum):
    """Where a place rounds tax: line by line, or once for all lines of a rate of an invoice."""

    LINE = "line"
    INVOICE = "invoice"


class RoundingMode(StrEnum):
    """What becomes of a half of the minor unit, or of any part of it."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What counts from a day on; `basis_points`: hundredths of a per cent. `source`: the law or announcement of it.

    One that is not checked was not held against a publication.
    """

    since: date
    basis_points: int
    treatment: Treatment = Treatment.TAXED
    source: str = ""
    is_checked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxItem:
    """A kind of goods or services. `chapter`: how its code of the tax classification begins; empty: any."""

    item: str
    name: str
    name_zh: str
    rate_class: str
    chapter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPlace:
    """What a place says of tax: items, the rates of each class from the oldest, and how it rounds."""

    place: str
    name: str
    name_zh: str
    currency: str
    rounding_at: RoundingAt
    rounding_mode: RoundingMode
    items: Mapping[str, TaxItem]
    rates: Mapping[str, tuple[Rate, ...]]

    def rate(self, item: str, on: date) -> Rate | None:
        """What the item bears on a day; None for an unknown item, or before its first rate."""
        if item not in self.items:
            return None
        known = [rate for rate in self.rates[self.items[item].rate_class] if rate.since <= on]
        return known[-1] if known else None


TaxTable = Mapping[str, TaxPlace]


def percent(basis_points: int) -> str:
    """A rate as people write it: 1300 -> `13%`, 1750 -> `17.5%`."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"
