"""What a carrier charges beside the freight of a package: fuel, remote areas, peak seasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from solver.units import ceil_div, round_half_up_div

GRAMS_PER_KG = 1000
WHOLE_BASIS_POINTS = 10_000  # one


class SurchargeKind(StrEnum):
    """Why a carrier charges more; it serves to tell surcharges apart, not to price them."""

    FUEL = "fuel"
    REMOTE_AREA = "remote_area"
    PEAK = "peak"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge:
    """An amount for each package, by its freight and its billable weight alone.

    amount = per_package_minor + per_kg_minor * begun kilograms + freight * freight_basis_points / 10,000, the last
    rounded to a whole minor unit, halves up. It applies to packages that go to one of `destination_region_ids` or
    below (none named: everywhere) and are handed over from `first_day` to `last_day`, both included, as days count at
    the source (None: without end).
    """

    name: str
    kind: SurchargeKind = SurchargeKind.OTHER
    per_package_minor: int = 0
    per_kg_minor: int = 0
    freight_basis_points: int = 0
    destination_region_ids: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    def applies(self, region_ids: Iterable[str], day: date) -> bool:
        """Whether it is charged to this place (a region and those above it) on this day of hand-over."""
        in_time = (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)
        return in_time and (
            not self.destination_region_ids or not set(self.destination_region_ids).isdisjoint(region_ids)
        )

    def amount_minor(self, freight_minor: int, billable_grams: int) -> int:
        """What one package of this freight and billable weight is charged."""
        return (
            self.per_package_minor
            + self.per_kg_minor * ceil_div(billable_grams, GRAMS_PER_KG)
            + round_half_up_div(freight_minor * self.freight_basis_points, WHOLE_BASIS_POINTS)
        )


def surcharge_minor(surcharges: Iterable[Surcharge], freight_minor: int, billable_grams: int) -> int:
    """All surcharges of one package; each is rounded by itself, and none is charged on another."""
    return sum(surcharge.amount_minor(freight_minor, billable_grams) for surcharge in surcharges)
