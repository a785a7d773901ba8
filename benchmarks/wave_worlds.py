"""Tight waves from a seed: orders that compete for stock, for the work of sources and for the parcels of carriers.

`docs/waves.md` describes the instance. It is made of the domain's own objects, so that one and the same wave can be
laid out from Problems and from a snapshot.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from benchmarks.snapshots import World
from benchmarks.worlds import PLACED_AT
from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    RateCard,
    Region,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.waves.wave import CarrierCapacity, SourceTerms, Wave, WaveTerms

CITIES = 40
ZONE_ENDS_METERS = (50_000, 200_000, 500_000, 1_000_000, 1_700_000, None)
# Service, first kilogram in zone 0, more per zone, step in grams, its price in zone 0, more per zone, minutes per zone.
SERVICES = (
    ("economy", 420, 130, 1000, 130, 80, 1_200),
    ("standard", 480, 150, 1000, 160, 90, 900),
    ("express", 620, 180, 500, 110, 60, 600),
)
LINE_COUNTS, LINE_WEIGHTS = (1, 2, 3, 4, 5, 6), (50, 26, 12, 7, 3, 2)  # mean 1.93
QUANTITIES, QUANTITY_WEIGHTS = (1, 2, 3), (88, 9, 3)
POPULARITY = 0.9  # the SKU of rank r is asked for in proportion to r ** -POPULARITY
IN_WAREHOUSES = 0.4  # of a SKU's units, in two warehouses
PACKAGES_PER_FURTHER_LINE = 0.75  # beside one per order: on so many packages capacities are reckoned
POLICY = Policy(
    lateness_minor_per_hour=0,
    settings={"lateness_minor_per_day": 500},
    split_minor=0,
    unfilled_minor_per_unit=15_000,
    max_packages=MOST_PACKAGES,
    time_limit_ms=60_000,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How tight a wave is: its stock by its demand, and by how much capacities exceed what it is reckoned to need.

    A slack of None: no capacities of that kind. What goes beyond a capacity is paid by the package.
    """

    stock_ratio: float = 1.1
    source_slack: float | None = 0.15
    carrier_slack: float | None = 0.15
    over_source_minor: int = 500
    over_carrier_minor: int = 300


TIGHT = Severity()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveWorld:
    """A wave's orders, the world that they are placed in, and what its sources and services take in this wave."""

    seed: int
    severity: Severity
    world: World
    orders: tuple[Order, ...]
    source_packages: Mapping[str, int]  # by source id; empty: no limits
    service_packages: Mapping[str, int]  # by service id; empty: no limits

    def terms(self) -> WaveTerms:
        """The capacities as a wave states them. A package is an order's only one from its source, nearly always."""
        severity = self.severity
        return WaveTerms(
            sources=tuple(
                SourceTerms(source_id=source_id, most_orders=most, over_order_minor=severity.over_source_minor)
                for source_id, most in self.source_packages.items()
            ),
            carriers=tuple(
                CarrierCapacity(
                    service_id=service_id, most_packages=most, over_package_minor=severity.over_carrier_minor
                )
                for service_id, most in self.service_packages.items()
            ),
        )

    def wave(self) -> Wave:
        """All of it as Problems: for small waves."""
        return Wave(orders=tuple(self.world.problem(order) for order in self.orders), terms=self.terms())


def wave_world(seed: int, *, orders: int, sources: int, skus: int, severity: Severity = TIGHT) -> WaveWorld:
    """The instance of this size and seed; the same on every machine."""
    rng = random.Random(f"wave {seed}")
    cities = [(rng.uniform(22, 45), rng.uniform(100, 122)) for _ in range(CITIES)]
    network = _network(rng, cities, sources)
    materials = [Material(sku=f"SKU-{number:05}", name="", weight_grams=_grams(rng)) for number in range(skus)]
    names = tuple(material.sku for material in materials)
    asked = _orders(rng, cities, names, orders)
    available = _stock(rng, network, _demand(names, asked), severity.stock_ratio)
    packages = orders + PACKAGES_PER_FURTHER_LINE * sum(len(order.lines) - 1 for order in asked)
    return WaveWorld(
        seed=seed,
        severity=severity,
        world=World(network=network, catalog=Catalog.of(materials), skus=names, available=available, policy=POLICY),
        orders=asked,
        source_packages=_of_sources(network, available, packages, severity.source_slack),
        service_packages=_of_services(packages, severity.carrier_slack),
    )


def _network(rng: random.Random, cities: Sequence[tuple[float, float]], sources: int) -> Network:
    warehouses = max(2, sources // 20)
    return Network.of(
        regions=[Region(region_id="R", name="", latitude=34.0, longitude=108.0)],
        carriers=[Carrier(carrier_id=name, name="") for name, *_ in SERVICES],
        sources=[_source(rng, number, cities, is_warehouse=number < warehouses) for number in range(sources)],
        services=[_service(*row) for row in SERVICES],
    )


def _source(rng: random.Random, number: int, cities: Sequence[tuple[float, float]], *, is_warehouse: bool) -> Source:
    latitude, longitude = _near(rng, cities)
    return Source(
        source_id=f"S{number:04}",
        name="",
        kind=SourceKind.WAREHOUSE if is_warehouse else SourceKind.STORE,
        region_id="R",
        latitude=latitude,
        longitude=longitude,
        handling_per_package_minor=rng.randint(105, 520),
        handling_per_unit_minor=rng.randint(35, 156),
    )


def _near(rng: random.Random, cities: Sequence[tuple[float, float]]) -> tuple[float, float]:
    latitude, longitude = rng.choice(cities)
    return latitude + rng.uniform(-0.3, 0.3), longitude + rng.uniform(-0.3, 0.3)


def _service(
    service_id: str, first: int, first_more: int, step_grams: int, step: int, step_more: int, minutes: int
) -> Service:
    return Service(
        service_id=service_id,
        carrier_id=service_id,
        name=service_id,
        currency="CNY",
        distance_zones=tuple(
            DistanceZone(up_to_meters=end, zone=str(zone)) for zone, end in enumerate(ZONE_ENDS_METERS)
        ),
        rates=tuple(
            ZoneRate(
                zone=str(zone),
                transit_minutes=minutes * (zone + 1),
                card=RateCard(
                    bands=(
                        Band(
                            up_to_grams=None,
                            base_minor=first + first_more * zone,
                            from_grams=1000,
                            step_grams=step_grams,
                            step_minor=step + step_more * zone,
                        ),
                    )
                ),
            )
            for zone in range(len(ZONE_ENDS_METERS))
        ),
    )


def _grams(rng: random.Random) -> int:
    """Log-normal about 400 g."""
    return min(8000, max(30, round(400 * math.exp(rng.gauss(0, 0.8)))))


def _orders(
    rng: random.Random, cities: Sequence[tuple[float, float]], skus: tuple[str, ...], count: int
) -> tuple[Order, ...]:
    popularity = tuple(accumulate((rank + 1) ** -POPULARITY for rank in range(len(skus))))
    return tuple(_order(rng, cities, skus, popularity, number) for number in range(count))


def _order(
    rng: random.Random,
    cities: Sequence[tuple[float, float]],
    skus: tuple[str, ...],
    popularity: tuple[float, ...],
    number: int,
) -> Order:
    lines = min(rng.choices(LINE_COUNTS, LINE_WEIGHTS)[0], len(skus))
    chosen: dict[str, int] = {}
    while len(chosen) < lines:
        sku = rng.choices(skus, cum_weights=popularity)[0]
        if sku not in chosen:
            chosen[sku] = rng.choices(QUANTITIES, QUANTITY_WEIGHTS)[0]
    latitude, longitude = _near(rng, cities)
    return Order(
        order_id=f"O{number:05}",
        currency="CNY",
        placed_at=PLACED_AT,
        promised_at=PLACED_AT + timedelta(days=rng.randint(1, 3)),
        destination=Address(region_id="R", latitude=latitude, longitude=longitude),
        lines=tuple(
            OrderLine(line_id=str(line), sku=sku, quantity=units) for line, (sku, units) in enumerate(chosen.items())
        ),
    )


def _demand(skus: tuple[str, ...], orders: Sequence[Order]) -> dict[str, int]:
    demand = dict.fromkeys(skus, 0)
    for order in orders:
        for line in order.lines:
            demand[line.sku] += line.quantity
    return demand


def _stock(rng: random.Random, network: Network, demand: Mapping[str, int], ratio: float) -> dict[str, dict[str, int]]:
    """Every SKU's units, by source: `ratio` times its demand, rounded at random so that the sum is right."""
    kinds = network.sources.values()
    warehouses = [source.source_id for source in kinds if source.kind == SourceKind.WAREHOUSE]
    stores = [source.source_id for source in kinds if source.kind == SourceKind.STORE]
    stock: dict[str, dict[str, int]] = {}
    for sku, units in demand.items():
        two = rng.sample(warehouses, 2)
        rows = stock[sku] = {}
        for _ in range(math.floor(units * ratio + rng.random())):
            source_id = rng.choice(two if rng.random() < IN_WAREHOUSES else stores)
            rows[source_id] = rows.get(source_id, 0) + 1
    return stock


def _of_sources(network: Network, available: UnitsBySource, packages: float, slack: float | None) -> dict[str, int]:
    """The packages that each source takes: in proportion to the units that lie there."""
    if slack is None:
        return {}
    lying = dict.fromkeys(network.source_ids, 0)
    for rows in available.values():
        for source_id, units in rows.items():
            lying[source_id] += units
    return dict(zip(lying, _shared_out(round(packages * (1 + slack)), tuple(lying.values())), strict=True))


def _of_services(packages: float, slack: float | None) -> dict[str, int]:
    """The packages that each service takes: the same for all."""
    if slack is None:
        return {}
    shares = _shared_out(round(packages * (1 + slack)), (1,) * len(SERVICES))
    return {name: share for (name, *_), share in zip(SERVICES, shares, strict=True)}


def _shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in proportion to the weights: rounded down, then one each by the largest remainder, the first first."""
    whole = max(1, sum(weights))
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: -(total * weights[at] % whole))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares
