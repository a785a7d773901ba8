"""Who can ship, with whom, from where to where, and at what price: the nouns of the network."""

from dataclasses import dataclass
from enum import StrEnum

from solver.units import ceil_div

DEEPEST_TREE = 16  # regions in one another; validation refuses more, and walks to the root end there


class SourceKind(StrEnum):
    """What a source is; a preference or a rule may ask for it."""

    WAREHOUSE = "warehouse"
    STORE = "store"
    DEALER = "dealer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place of the address tree; one without a parent is a province. Its centre stands in for unknown coordinates."""

    region_id: str
    name: str
    latitude: float
    longitude: float
    parent_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a source works: the same hours on each of `weekdays` (ISO: Monday 1 ... Sunday 7), in its own time zone."""

    opens_minute: int = 0
    closes_minute: int = 1440
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whatever can ship: a warehouse, a store (门店) or a dealer (经销商).

    `lead_minutes` is the time from order to hand-over while open. Handling is paid per package and per unit.
    """

    source_id: str
    name: str
    kind: SourceKind
    region_id: str
    latitude: float
    longitude: float
    time_zone: str = "UTC"
    hours: Hours = Hours()
    lead_minutes: int = 0
    handling_per_package_minor: int = 0
    handling_per_unit_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Who carries. What it offers are its services."""

    carrier_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band of a rate card, for billable weights above the previous band's end and up to `up_to_grams`.

    price(w) = base_minor + ceil(max(0, w - from_grams) / step_grams) * step_minor

    The four shapes that carriers publish are all bands: a flat price (step_minor = 0); first weight plus additional
    weight 首重续重 (from_grams = the first weight); whole weight above a band (from_grams = 0); brackets of those.
    `up_to_grams` None means without end.
    """

    up_to_grams: int | None
    base_minor: int
    from_grams: int = 0
    step_grams: int = 1000
    step_minor: int = 0

    def price_minor(self, billable_grams: int) -> int:
        """Freight of one package of this billable weight, which must lie in this band."""
        return self.base_minor + ceil_div(max(0, billable_grams - self.from_grams), self.step_grams) * self.step_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    """Bands in ascending order of weight. A weight above the last band is not carried."""

    bands: tuple[Band, ...]

    def band_of(self, billable_grams: int) -> Band | None:
        """The band that prices this weight, or None above the last."""
        for band in self.bands:
            if band.up_to_grams is None or billable_grams <= band.up_to_grams:
                return band
        return None

    def price_minor(self, billable_grams: int) -> int | None:
        """Freight of one package, or None where the card does not carry the weight."""
        band = self.band_of(billable_grams)
        return None if band is None else band.price_minor(billable_grams)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceZone:
    """Zone of every destination up to this great-circle distance (None: any distance)."""

    up_to_meters: int | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionZone:
    """Zone of a pair of regions; an empty id means any. The most specific pair wins, destination before origin."""

    zone: str
    origin_region_id: str = ""
    destination_region_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRate:
    """What a service costs and how long it takes in one zone, from hand-over to the door."""

    zone: str
    card: RateCard
    transit_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A carrier's service with its tariff.

    Billable weight = max(actual, volume / divisor, `min_billable_grams`), rounded up to whole grams. A divisor of 0
    means that volume does not count; otherwise it is cm3 per kg (which equals mm3 per gram), such as 5000 or 6000.
    Zones come from `region_zones`, or from `distance_zones` where no pair matches; no zone, no lane.
    A package may weigh at most `max_weight_grams` (0: no limit but the card's own).
    """

    service_id: str
    carrier_id: str
    name: str
    currency: str
    rates: tuple[ZoneRate, ...]
    distance_zones: tuple[DistanceZone, ...] = ()
    region_zones: tuple[RegionZone, ...] = ()
    volumetric_divisor_cm3_per_kg: int = 0
    min_billable_grams: int = 0
    max_weight_grams: int = 0
    kinds: tuple[SourceKind, ...] = ()  # the kinds of source that hand over to it; empty: every kind
