"""Who can ship, with whom, from where to where, and at what price: the nouns of the network."""

from dataclasses import dataclass
from enum import StrEnum

from solver.network.capacity import UNLIMITED, DailyCapacity
from solver.network.schedule import ANY_TIME, Schedule
from solver.network.surcharge import Surcharge
from solver.network.transit import TransitTimes
from solver.units import ceil_div

DEEPEST_TREE = 16  # regions in one another; validation refuses more, and walks to the root end there


class SourceKind(StrEnum):
    """What a source is; a preference or a rule may ask for it."""

    WAREHOUSE = "warehouse"  # central (中心仓), or not said which
    STORE = "store"
    DEALER = "dealer"
    REGIONAL_WAREHOUSE = "regional_warehouse"
    FRONT_WAREHOUSE = "front_warehouse"
    DROP_SHIPPER = "drop_shipper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place of the address tree; one without a parent is a province. Its centre stands in for unknown coordinates.

    `country` is an ISO 3166 code such as CN; empty: that of the region it lies in. `time_zone` is an IANA name, for the
    days of delivery; empty: that of the region it lies in, and at the root that of the source.
    """

    region_id: str
    name: str
    latitude: float
    longitude: float
    parent_id: str = ""
    country: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a source works: the same hours on each of `weekdays` (ISO: Monday 1 ... Sunday 7), in its own time zone."""

    opens_minute: int = 0
    closes_minute: int = 1440
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whatever can ship: a warehouse (仓), a store (门店), a dealer (经销商) or a drop-shipper (一件代发).

    `lead_minutes` is the time from order to hand-over while open; an order after `cut_off_minute` of a day (截单, None:
    none) is begun on the next. The hours' weekdays hold but for what the calendar says. `days_to_ship` is what it says
    of backorders. Handling is paid once per order, per package, per distinct SKU in a package and per unit, packaging
    per package. `priority` 1 is the best, 0 says nothing. One that is not active gives nothing.
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
    lead_times: TransitTimes | None = None  # from order to hand-over, as it was seen; None: nobody counted
    handling_per_package_minor: int = 0
    handling_per_unit_minor: int = 0
    handling_per_order_minor: int = 0
    handling_per_line_minor: int = 0
    packaging_minor: int = 0
    cut_off_minute: int | None = None
    calendar_id: str = ""
    days_to_ship: int | None = None
    capacity: DailyCapacity = UNLIMITED
    minutes_per_package: int = 0
    minutes_per_unit: int = 0
    carbon_grams_per_package: int = 0
    priority: int = 0
    tags: tuple[str, ...] = ()
    is_active: bool = True


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
    `up_to_grams` None means without end. A closed band has no price: it carries nothing.
    """

    up_to_grams: int | None
    base_minor: int
    from_grams: int = 0
    step_grams: int = 1000
    step_minor: int = 0
    closed: bool = False

    def price_minor(self, billable_grams: int) -> int:
        """Freight of one package of this billable weight, which must lie in this band; the band must be open."""
        further_grams = billable_grams - self.from_grams
        return self.base_minor + (
            ceil_div(further_grams, self.step_grams) * self.step_minor if further_grams > 0 else 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    """Bands in ascending order of weight. A weight above the last band, or in a closed one, is not carried."""

    bands: tuple[Band, ...]

    def band_of(self, billable_grams: int) -> Band | None:
        """The band that prices this weight, or None above the last and in a closed one."""
        for band in self.bands:
            if band.up_to_grams is None or billable_grams <= band.up_to_grams:
                return None if band.closed else band
        return None

    def price_minor(self, billable_grams: int) -> int | None:
        """Freight of one package, or None where the card does not carry the weight."""
        for band in self.bands:
            if band.up_to_grams is None or billable_grams <= band.up_to_grams:
                return None if band.closed else band.price_minor(billable_grams)
        return None


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
    """What a service costs and how long it takes in one zone, from hand-over to the door.

    A plan counts on `transit_minutes`; `transit_times` is how parcels really fared, for the chance of being on time.
    """

    zone: str
    card: RateCard
    transit_minutes: int
    transit_times: TransitTimes | None = None  # None: nobody counted, and the chance is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A carrier's service with its tariff.

    Billable weight = max(actual, volume / divisor, `min_billable_grams`) in whole grams. The divisor is stated in cm3
    per kg (which equals mm3 per gram), such as 5000 or 6000, or in cubic inches per pound, such as 139; by the one
    a begun gram counts, by the other it does not (`volumetric.volumetric`). Where both are 0, volume does not count.
    `weight_step_grams` rounds the billable weight further up to its multiples before the card prices it (0: grams as
    they are); it must fit the cards' own steps, see `cards.rounded_card`.
    Zones come from `region_zones`, or from `distance_zones` where no pair matches; no zone, no lane.
    A package may weigh at most `max_weight_grams`, take the room of `max_volume_mm3`, hold `max_units` and nothing
    with a side longer than `max_side_mm` (0: no limit but the card's own), nor anything of a material that bears one
    of `refuses_tags` (hazmat, battery, cold_chain ...). It emits `carbon_grams_per_package` and, for its actual weight,
    `carbon_grams_per_tonne_km` (grams of CO2 equivalent). `assumed` names what the carrier does not state and is
    assumed, for people; `assumed_zh` the same in Chinese, one for one, or nothing. One that is not active carries
    nothing.
    """

    service_id: str
    carrier_id: str
    name: str
    currency: str
    rates: tuple[ZoneRate, ...]
    distance_zones: tuple[DistanceZone, ...] = ()
    region_zones: tuple[RegionZone, ...] = ()
    volumetric_divisor_cm3_per_kg: int = 0
    volumetric_divisor_in3_per_lb: int = 0
    min_billable_grams: int = 0
    max_weight_grams: int = 0
    kinds: tuple[SourceKind, ...] = ()  # the kinds of source that hand over to it; empty: every kind
    weight_step_grams: int = 0
    surcharges: tuple[Surcharge, ...] = ()
    max_volume_mm3: int = 0
    max_side_mm: int = 0
    max_units: int = 0
    refuses_tags: tuple[str, ...] = ()
    carbon_grams_per_package: int = 0
    carbon_grams_per_tonne_km: int = 0
    schedule: Schedule = ANY_TIME
    daily_packages: int = 0  # what it takes in a day, from all sources together; 0: no limit
    daily_grams: int = 0
    assumed: tuple[str, ...] = ()
    assumed_zh: tuple[str, ...] = ()
    is_active: bool = True
