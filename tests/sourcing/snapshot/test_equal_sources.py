"""Of sources in different zones that cost the same, the best plan and that without its main source take the first."""

import random
from datetime import UTC, datetime

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
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.asked import Asked
from tests.sourcing.snapshot.any_world import World
from tests.sourcing.snapshot.test_several import one_by_one, parts, ready

ZONE_ENDS_METERS = (200_000, 500_000, None)
SKUS = ("A", "B", "C")
WORLDS = 20


def world_of_equals(rng: random.Random) -> World:
    """Sources in zones that cost the same: only which comes first tells them apart."""
    service = Service(
        service_id="V",
        carrier_id="C",
        name="",
        currency="CNY",
        rates=tuple(
            ZoneRate(zone=str(end), card=RateCard(bands=(Band(up_to_grams=None, base_minor=500),)), transit_minutes=60)
            for end in ZONE_ENDS_METERS
        ),
        distance_zones=tuple(DistanceZone(up_to_meters=end, zone=str(end)) for end in ZONE_ENDS_METERS),
    )
    network = Network.of(
        regions=[Region(region_id="R", name="", latitude=30.0, longitude=110.0)],
        carriers=[Carrier(carrier_id="C", name="")],
        sources=[_source(number, 30.0 + rng.uniform(-8, 8)) for number in range(8)],
        services=[service],
    )
    return World(
        network=network,
        catalog=Catalog.of([Material(sku=sku, name="", weight_grams=100) for sku in SKUS]),
        available={sku: {one: rng.randint(0, 3) for one in network.source_ids} for sku in SKUS},
        policy=Policy(),
        orders=tuple(_order(rng, number) for number in range(10)),
    )


def _source(number: int, latitude: float) -> Source:
    return Source(
        source_id=f"S{number}", name="", kind=SourceKind.STORE, region_id="R", latitude=latitude, longitude=110.0
    )


def _order(rng: random.Random, number: int) -> Order:
    return Order(
        order_id=str(number),
        currency="CNY",
        placed_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        destination=Address(region_id="R"),
        lines=tuple(OrderLine(line_id=sku, sku=sku, quantity=rng.randint(1, 2)) for sku in SKUS),
    )


def test_of_equal_sources_each_question_names_the_first(seed: int) -> None:
    ties = 0
    for number in range(seed, seed + WORLDS):
        world = world_of_equals(random.Random(f"equals/{number}"))
        briefly = ready(world)
        assert briefly is not None
        asked = [Asked(order=order, available=world.available) for order in world.orders]
        expected = [one_by_one(briefly, one) for one in asked]
        assert [parts(one) for one in briefly.decide_each(asked)] == expected, f"world {number}"
        ties += sum(found is not None and found[0].total_minor == found[2].total_minor for found in expected)
    assert ties > WORLDS
