"""What became of each order of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from solver.sourcing.snapshot.itemised import ItemisedPackage
from solver.stock.physical.return_model import Grade

_ITEMISED = tuple(one.name for one in fields(ItemisedPackage))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPackage(ItemisedPackage):
    """A package that left, or was to leave; `refused`: its source did not ship it, and its units were decided anew.

    `moved`: it was decided anew before it left, as its carrier or its source had trouble. `offer_id` says which goods
    it awaited, such as `in_transit@2026-03-04T00:00Z` or `backorder@...`; empty: they were there.
    """

    refused: bool = False
    moved: bool = False
    offer_id: str = ""

    @classmethod
    def of(cls, package: ItemisedPackage, offer_id: str = "") -> "RunPackage":
        """The package as it was decided."""
        return cls(**{name: getattr(package, name) for name in _ITEMISED}, offer_id=offer_id)

    @property
    def ships(self) -> bool:
        """Whether it leaves."""
        return not (self.refused or self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedParcel:
    """What a customer sent back of a package: the units by grade and SKU, where and when they came, what that cost.

    They came so many `days` after the package did.
    `wanted` are units that are to be sent in exchange, by SKU, and `wanted_minor` what had been paid for those that
    they are wanted for; `exchange` the packages in which they left, as far as they were to be had, and `exchange_minor`
    what carriers and sources are paid for these. `refund_minor` is what the customer had paid for the others, and for
    those of which nothing is sent; None: the order does not say what was paid.
    """

    source_id: str
    returned_at: datetime
    grades: Mapping[Grade, Mapping[str, int]]
    cost_minor: int
    wanted: Mapping[str, int] = field(default_factory=dict)
    exchange: tuple[RunPackage, ...] = ()
    exchange_minor: int = 0
    wanted_minor: Mapping[str, int] = field(default_factory=dict)
    refund_minor: int | None = None
    days: int = 0

    @property
    def units(self) -> int:
        """How many came."""
        return sum(sum(of.values()) for of in self.grades.values())

    @property
    def restocked(self) -> Mapping[str, int]:
        """The units that are sold again, by SKU."""
        return self.grades.get(Grade.RESELL, {})

    @property
    def exchanged_units(self) -> int:
        """How many left in exchange."""
        return sum(sum(package.units.values()) for package in self.exchange)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An order at the end of a run: its packages, what they cost by term, what of it never shipped.

    `cost_minor` is what was decided about it comes to, less what falls on packages that did not leave; `bound_minor`
    what no plan for it cost less than when it came. `decided_at` is later than `placed_at` where it waited for others.
    """

    order_id: str
    placed_at: datetime
    promised_at: datetime | None
    region_id: str
    ordered_units: int
    unfilled_units: int
    lost_minor: int
    packages: tuple[RunPackage, ...]
    cost_minor: Mapping[str, int]
    bound_minor: int
    fallback: str = ""
    decided_at: datetime | None = None  # None: when it was placed
    unknown: tuple[str, ...] = ()  # figures of its packages that history does not tell: what stands there means nothing
    returned: tuple[ReturnedParcel, ...] = ()  # also what comes back when the last order is long decided

    @property
    def shipped(self) -> tuple[RunPackage, ...]:
        """The packages that left."""
        return tuple(package for package in self.packages if package.ships)

    @property
    def total_minor(self) -> int:
        """The sum of the terms."""
        return sum(self.cost_minor.values())
