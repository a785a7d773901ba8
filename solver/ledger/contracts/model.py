"""The nouns of contracts. Rates are exact; amounts are minor units of the contract's currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from solver.ledger.contracts.rounding import Rounding

NOTHING = Fraction(0)
WHOLE = Fraction(1)


class Role(StrEnum):
    """What a party is to us. `tax` and `company` have shares, but no contracts."""

    PLATFORM = "platform"
    DEALER = "dealer"
    STORE = "store"
    CARRIER = "carrier"
    TAX = "tax"
    COMPANY = "company"


class Basis(StrEnum):
    """What a rate is of: the list price, what was paid, or that without tax (and, for a source, without commission)."""

    LIST = "list"
    PAID = "paid"
    NET = "net"


class Reach(StrEnum):
    """What tiers are counted over: each line by itself, the order, or all orders of the period so far."""

    LINE = "line"
    ORDER = "order"
    PERIOD = "period"


class Period(StrEnum):
    """How long a period is; each begins with the calendar's own, weeks on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A rate from `start` (included) to `end` (not included; None: without end)."""

    start: Fraction
    end: Fraction | None
    rate: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers:
    """Rates by size. Marginal: each band's rate is for what lies within it; else the band reached is for all of it."""

    bands: tuple[Band, ...]
    reach: Reach = Reach.ORDER
    marginal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What a platform takes (平台佣金). A category's own rate goes before tiers and the general rate.

    `minimum_minor`, `cap_minor` and `service_fee_minor` are of each order. Of `kept_on_refund` (commission,
    service_fee) nothing is given back when the buyer is.
    """

    of: Basis = Basis.PAID
    with_freight: bool = False
    rate: Fraction = NOTHING
    tiers: Tiers | None = None
    categories: Mapping[str, Fraction] = field(default_factory=dict)
    minimum_minor: int = 0
    cap_minor: int | None = None
    service_fee_minor: int = 0
    kept_on_refund: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShare:
    """What a dealer or store has of the goods it ships.

    The first that knows the line decides: a settlement price of its SKU, its category, its service level, its distance
    (meters), the general rate. The source bears so much of discounts, of freight and of returns' freight.
    """

    of: Basis = Basis.PAID
    rate: Fraction = NOTHING
    prices: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, Fraction] = field(default_factory=dict)
    by_service: Mapping[str, Fraction] = field(default_factory=dict)
    by_distance: tuple[Band, ...] = ()
    bears_discount: Fraction = NOTHING
    bears_freight: Fraction = NOTHING
    bears_return: Fraction = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistics:
    """What a carrier is paid for a package: so much of its tariff, at least so much, and so much beside."""

    rate: Fraction = WHOLE
    minimum_minor: int = 0
    per_package_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebate:
    """What a partner is given back at the end of a period (返利), of the amount that was paid for what it shipped.

    Bands are of that amount (minor units) or of units; those of growth are of the amount over that of the period
    before, and their rate comes on top.
    """

    period: Period
    by_units: bool = False
    marginal: bool = False
    bands: tuple[Band, ...] = ()
    growth: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """A partner has at least so much of each period."""

    period: Period
    minimum_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """How a party is settled with.

    `holdback` of every amount is kept until `return_days` after delivery. A balance below `minimum_payout_minor` is
    carried forward, and so is a negative one. A platform that `collects` has the buyers' money and owes it to us: what
    it owes in the end is asked for. Without `netting` what is owed and what is due are kept apart.
    """

    period: Period = Period.MONTH
    holdback: Fraction = NOTHING
    return_days: int = 0
    minimum_payout_minor: int = 0
    netting: bool = True
    collects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One version of what was agreed with a party; it never changes.

    It is for orders placed from `from_day` to `until_day` (both included; None: no end), of `channels` (none: all),
    shipped from `sources` or by `carriers` (none: the one that has the party's name). `text` is the document.
    """

    contract_id: str
    version: int
    role: Role
    party: str
    currency: str
    from_day: date
    until_day: date | None = None
    title: str = ""
    title_zh: str = ""
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    rounding: Rounding = Rounding.HALF_UP
    rounds_per_order: bool = False
    commission: Commission | None = None
    share: SourceShare | None = None
    logistics: Logistics | None = None
    rebate: Rebate | None = None
    guarantee: Guarantee | None = None
    settling: Settling = Settling()
    text: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Id and version."""
        return (self.contract_id, self.version)

    @property
    def name(self) -> str:
        """As steps and errors name it."""
        return f"{self.contract_id} v{self.version}"

    def is_valid_on(self, day: date) -> bool:
        """True on one of its days."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)
