"""Lanes to an address: which are open, which are closed and why, when they arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from solver.network.lanes import ClosedLane, Closure, Lane, lanes_by, lanes_to
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    Hours,
    RateCard,
    Region,
    RegionZone,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.network.network import Network
from solver.orders.model import Address

PLACED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 16:00 in Shanghai
NEAR_CARD = RateCard(bands=(Band(up_to_grams=None, base_minor=600),))
FAR_CARD = RateCard(bands=(Band(up_to_grams=None, base_minor=900),))
REGIONS = (
    Region(region_id="SH", name="Shanghai", latitude=31.2304, longitude=121.4737),
    Region(region_id="SH-MH", name="Minhang", latitude=31.1128, longitude=121.3817, parent_id="SH"),
    Region(region_id="BJ", name="Beijing", latitude=39.9042, longitude=116.4074),
)
WAREHOUSE = Source(
    source_id="S2",
    name="Beijing warehouse",
    kind=SourceKind.WAREHOUSE,
    region_id="BJ",
    latitude=39.9042,
    longitude=116.4074,
    lead_minutes=60,
)
STORE = Source(
    source_id="S1",
    name="Shanghai store",
    kind=SourceKind.STORE,
    region_id="SH-MH",
    latitude=31.2304,
    longitude=121.4737,
    time_zone="Asia/Shanghai",
    hours=Hours(opens_minute=540, closes_minute=900),
    lead_minutes=30,
)
EXPRESS = Service(
    service_id="express",
    carrier_id="C1",
    name="Express",
    currency="CNY",
    rates=(
        ZoneRate(zone="near", card=NEAR_CARD, transit_minutes=600),
        ZoneRate(zone="far", card=FAR_CARD, transit_minutes=2_880),
    ),
    distance_zones=(DistanceZone(up_to_meters=100_000, zone="near"), DistanceZone(up_to_meters=None, zone="far")),
    volumetric_divisor_cm3_per_kg=6000,
    min_billable_grams=500,
    max_weight_grams=30_000,
)
RIDER = Service(
    service_id="rider",
    carrier_id="C2",
    name="Rider",
    currency="CNY",
    rates=(ZoneRate(zone="city", card=NEAR_CARD, transit_minutes=60),),
    region_zones=(RegionZone(origin_region_id="SH", destination_region_id="SH", zone="city"),),
)
PEOPLES_SQUARE = Address(region_id="SH", latitude=31.2304, longitude=121.4737)


def network(*services: Service) -> Network:
    return Network.of(
        regions=REGIONS,
        sources=(WAREHOUSE, STORE),
        carriers=(Carrier(carrier_id="C1", name="One"), Carrier(carrier_id="C2", name="Two")),
        services=services,
    )


def to_shanghai(
    world: Network, *, source_ids: tuple[str, ...] = ("S2", "S1"), max_distance_meters: int = 0
) -> tuple[tuple[Lane, ...], tuple[ClosedLane, ...]]:
    return lanes_to(
        world,
        world.place(PEOPLES_SQUARE),
        placed_at=PLACED_AT,
        source_ids=source_ids,
        max_distance_meters=max_distance_meters,
    )


def ids(lanes: tuple[Lane, ...]) -> list[tuple[str, str]]:
    return [(lane.source_id, lane.service_id) for lane in lanes]


def test_a_lane_carries_everything_that_prices_it() -> None:
    (near, far), closed = to_shanghai(network(EXPRESS))
    assert closed == ()
    assert near == Lane(
        source_id="S1",
        service_id="express",
        carrier_id="C1",
        distance_meters=0,
        arrives_at=datetime(2026, 3, 3, 1, 30, tzinfo=UTC) + timedelta(minutes=600),
        card=NEAR_CARD,
        crosses_province=False,
        volumetric_divisor_cm3_per_kg=6000,
        min_billable_grams=500,
        max_weight_grams=30_000,
        hand_over_at=datetime(2026, 3, 3, 1, 30, tzinfo=UTC),
        transit_minutes=600,
    )
    assert far == replace(
        near,
        source_id="S2",
        distance_meters=1_067_312,
        arrives_at=PLACED_AT + timedelta(minutes=60 + 2_880),
        card=FAR_CARD,
        crosses_province=True,
        hand_over_at=PLACED_AT + timedelta(minutes=60),
        transit_minutes=2_880,
    )


def test_the_store_that_has_closed_hands_over_after_its_next_opening() -> None:
    late = lanes_to(
        network(EXPRESS),
        network(EXPRESS).place(PEOPLES_SQUARE),
        placed_at=datetime(2026, 3, 2, 6, 59, tzinfo=UTC),  # 14:59 in Shanghai, a minute before closing
        source_ids=("S1",),
    )[0][0]
    assert late.arrives_at == datetime(2026, 3, 2, 6, 59, tzinfo=UTC) + timedelta(minutes=30 + 600)


def test_a_service_that_has_no_zone_for_the_pair_is_closed() -> None:
    lanes, closed = to_shanghai(network(RIDER))
    assert ids(lanes) == [("S1", "rider")]
    assert closed == (ClosedLane(source_id="S2", service_id="rider", closure=Closure.NO_ZONE),)


def test_a_service_for_other_kinds_of_source_is_closed() -> None:
    lanes, closed = to_shanghai(network(replace(EXPRESS, kinds=(SourceKind.STORE, SourceKind.DEALER))))
    assert ids(lanes) == [("S1", "express")]
    assert closed == (ClosedLane(source_id="S2", service_id="express", closure=Closure.KIND_NOT_SERVED),)


@pytest.mark.parametrize(("limit", "is_open"), [(1_067_312, True), (1_067_311, False), (0, True)])
def test_a_source_beyond_the_greatest_distance_is_closed(limit: int, is_open: bool) -> None:
    lanes, closed = to_shanghai(network(EXPRESS), max_distance_meters=limit)
    assert (("S2", "express") in ids(lanes)) is is_open
    too_far = (ClosedLane(source_id="S2", service_id="express", closure=Closure.TOO_FAR),)
    assert closed == (() if is_open else too_far)


def test_lanes_come_by_source_then_service_whatever_the_sequence_asked_for() -> None:
    world = network(RIDER, EXPRESS)
    expected = [("S1", "express"), ("S1", "rider"), ("S2", "express")]
    assert ids(to_shanghai(world, source_ids=("S2", "S1"))[0]) == expected
    assert ids(to_shanghai(world, source_ids=("S1", "S2"))[0]) == expected


def test_only_the_sources_asked_for_are_looked_at() -> None:
    lanes, closed = to_shanghai(network(EXPRESS, RIDER), source_ids=("S2",))
    assert ids(lanes) == [("S2", "express")]
    assert [one.source_id for one in closed] == ["S2"]
    assert to_shanghai(network(EXPRESS), source_ids=()) == ((), ())


def test_an_unknown_source_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="S9"):
        to_shanghai(network(EXPRESS), source_ids=("S9",))


def test_lanes_that_are_named_are_those_of_all_and_one_that_is_closed_is_a_key_error() -> None:
    world = network(RIDER, EXPRESS)
    place, (every, _) = world.place(PEOPLES_SQUARE), to_shanghai(world)
    pairs = {("S2", "express"), ("S1", "rider")}
    named = lanes_by(world, place, PLACED_AT, pairs)
    assert ids(named) == [("S1", "rider"), ("S2", "express")]
    assert named == tuple(lane for lane in every if (lane.source_id, lane.service_id) in pairs)
    assert lanes_by(world, place, PLACED_AT, []) == ()
    with pytest.raises(KeyError, match="S2 by rider: no_zone"):
        lanes_by(world, place, PLACED_AT, [("S2", "rider")])
