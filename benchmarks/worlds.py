"""Problems of a given size, from a seed: sources around cities, three carriers, stock of a given severity."""

import random
from datetime import UTC, datetime

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material
from solver.fulfilment.question import network_problem
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
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem

CITIES = 40
ZONE_ENDS_METERS = (50_000, 300_000, 800_000, 1_500_000, None)
SERVICES = (("economy", 450, 130, 1_900), ("standard", 900, 220, 1_200), ("express", 1_500, 420, 700))
PLACED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def problem(seed: int, *, sources: int, lines: int, stocked_percent: int) -> Problem:
    """One order of `lines` lines; each source stocks a SKU with the given chance. The lower it is, the harder."""
    rng = random.Random(seed)
    network = clustered(rng, sources)
    materials = [Material(sku=f"SKU-{number}", name="", weight_grams=rng.randint(80, 2500)) for number in range(lines)]
    order = Order(
        order_id=f"{sources} sources, {lines} lines, {stocked_percent} % stocked, seed {seed}",
        currency="CNY",
        placed_at=PLACED_AT,
        destination=Address(region_id="R", latitude=rng.uniform(22, 45), longitude=rng.uniform(100, 122)),
        lines=tuple(
            OrderLine(line_id=str(number), sku=material.sku, quantity=rng.choices((1, 2, 3), (80, 15, 5))[0])
            for number, material in enumerate(materials)
        ),
    )
    available = {
        material.sku: {
            source_id: rng.randint(1, 6) for source_id in network.source_ids if rng.random() * 100 < stocked_percent
        }
        for material in materials
    }
    return network_problem(order, Catalog.of(materials), network, available, available, Policy(time_limit_ms=60_000))


def clustered(rng: random.Random, sources: int) -> Network:
    """Sources around cities, with three carriers that charge by distance; each has one service."""
    cities = [(rng.uniform(22, 45), rng.uniform(100, 122)) for _ in range(CITIES)]
    return Network.of(
        regions=[Region(region_id="R", name="", latitude=34.0, longitude=108.0)],
        carriers=[Carrier(carrier_id=_carrier_id(name), name="") for name, *_ in SERVICES],
        sources=[_source(rng, number, cities) for number in range(sources)],
        services=[_service(name, first, more, minutes) for name, first, more, minutes in SERVICES],
    )


def _source(rng: random.Random, number: int, cities: list[tuple[float, float]]) -> Source:
    latitude, longitude = rng.choice(cities)
    return Source(
        source_id=f"S{number:04}",
        name="",
        kind=SourceKind.STORE,
        region_id="R",
        latitude=latitude + rng.uniform(-0.2, 0.2),
        longitude=longitude + rng.uniform(-0.2, 0.2),
        handling_per_package_minor=rng.randint(105, 520),
        handling_per_unit_minor=rng.randint(35, 156),
    )


def _carrier_id(service: str) -> str:
    return f"carrier-{service}"


def _service(name: str, first_minor: int, step_minor: int, minutes: int) -> Service:
    return Service(
        service_id=name,
        carrier_id=_carrier_id(name),
        name=name,
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
                            base_minor=first_minor + 150 * zone,
                            from_grams=1000,
                            step_grams=1000,
                            step_minor=step_minor + 90 * zone,
                        ),
                    )
                ),
            )
            for zone in range(len(ZONE_ENDS_METERS))
        ),
    )
