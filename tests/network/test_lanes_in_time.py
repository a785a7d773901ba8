"""Lanes in time: working days, pick-ups, deliveries, backlog, transfers and later stock, all together.

The warehouse in Wuxi works from Monday to Friday, 9:00 to 18:00 in Shanghai's time, takes an hour, and stops taking
orders for the day at 16:00. The store in Shanghai is open every day from 10:00 to 22:00 and takes half an hour.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from solver.network.calendar import Calendar
from solver.network.distance import distance_meters
from solver.network.lanes import ClosedLane, Closure, Lane, lanes_to
from solver.network.later import LaterStock
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    Hours,
    RateCard,
    Region,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.network.network import Network
from solver.network.schedule import Schedule
from solver.network.surcharge import Surcharge
from solver.network.transfer import Transfer
from solver.network.transit import TransitTimes
from solver.network.ways import NO_WORK, Workload
from solver.orders.model import Address

SHANGHAI = "Asia/Shanghai"
WEEKDAYS = (1, 2, 3, 4, 5)
SEEN = TransitTimes(quantiles_minutes=(60, 600), sample_count=40)
REGIONS = (
    Region(region_id="JS", name="Jiangsu", latitude=32.06, longitude=118.76, time_zone=SHANGHAI),
    Region(region_id="SH", name="Shanghai", latitude=31.23, longitude=121.47, time_zone=SHANGHAI),
)
WUXI = Source(
    source_id="wuxi",
    name="Wuxi",
    kind=SourceKind.REGIONAL_WAREHOUSE,
    region_id="JS",
    latitude=31.57,
    longitude=120.30,
    time_zone=SHANGHAI,
    hours=Hours(opens_minute=540, closes_minute=1080, weekdays=WEEKDAYS),
    lead_minutes=60,
    cut_off_minute=960,
    calendar_id="CN",
    lead_times=SEEN,
)
STORE = Source(
    source_id="store",
    name="Store",
    kind=SourceKind.STORE,
    region_id="SH",
    latitude=31.23,
    longitude=121.47,
    time_zone=SHANGHAI,
    hours=Hours(opens_minute=600, closes_minute=1320),
    lead_minutes=30,
)
PARCEL = Service(
    service_id="parcel",
    carrier_id="C",
    name="Parcel",
    currency="CNY",
    rates=(
        ZoneRate(zone="any", card=RateCard(bands=(Band(up_to_grams=None, base_minor=600),)), transit_minutes=1_440),
    ),
    distance_zones=(DistanceZone(up_to_meters=None, zone="any"),),
)
# Closed from Thursday 1 to Wednesday 7 October; Saturday 10 October is made up.
CN = Calendar(
    calendar_id="CN",
    closed_days=tuple(date(2026, 10, day) for day in range(1, 8)),
    open_days=(date(2026, 10, 10),),
)
DOOR = Address(region_id="SH", latitude=31.23, longitude=121.47)
MONDAY_AT_TEN = "2026-03-02 02:00"
WUXI_TO_STORE_METERS = distance_meters(31.57, 120.30, 31.23, 121.47)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def network(*, service: Service = PARCEL, sources: tuple[Source, ...] = (WUXI, STORE), **more: Any) -> Network:
    return Network.of(
        regions=REGIONS,
        sources=sources,
        carriers=(Carrier(carrier_id="C", name="C"),),
        services=(service,),
        calendars=(CN,),
        **more,
    )


def lane_of(
    world: Network, source_id: str = "wuxi", placed_at: str = MONDAY_AT_TEN, workload: Workload = NO_WORK
) -> Lane:
    [lane], _ = lanes_to(world, world.place(DOOR), placed_at=utc(placed_at), source_ids=(source_id,), workload=workload)
    return lane


def times(lane: Lane) -> tuple[datetime | None, datetime]:
    return lane.hand_over_at, lane.arrives_at


@pytest.mark.parametrize(
    ("placed_at", "hand_over_at"),
    [
        (MONDAY_AT_TEN, "2026-03-02 03:00"),
        ("2026-03-02 08:01", "2026-03-03 02:00"),  # Monday 16:01
        ("2026-09-30 08:00", "2026-09-30 09:00"),  # the eve of the golden week, in time
        ("2026-09-30 08:01", "2026-10-08 02:00"),  # and not
        ("2026-10-09 08:01", "2026-10-10 02:00"),  # a made-up Saturday
    ],
)
def test_a_lane_follows_cut_off_and_calendar_of_its_source(placed_at: str, hand_over_at: str) -> None:
    lane = lane_of(network(), placed_at=placed_at)
    assert lane.hand_over_at == utc(hand_over_at)
    assert lane.transit_minutes == 1_440
    assert (lane.arrives_at - utc(hand_over_at)).total_seconds() == 86_400


def test_pick_ups_and_deliveries_are_the_service_s() -> None:
    schedule = Schedule(pick_up_weekdays=WEEKDAYS, pick_up_minutes=(1_050,), delivery_weekdays=WEEKDAYS)
    world = network(service=replace(PARCEL, schedule=schedule))
    # Thursday: ready at 11:00, picked up at 17:30, there a day later
    assert times(lane_of(world, placed_at="2026-03-05 02:00")) == (utc("2026-03-05 09:30"), utc("2026-03-06 09:30"))
    # Friday: Saturday moves to Monday
    assert times(lane_of(world, placed_at="2026-03-06 02:00")) == (utc("2026-03-06 09:30"), utc("2026-03-09 09:30"))
    # the store is ready on Saturday, and nobody comes before Monday
    saturday = lane_of(world, "store", "2026-03-07 04:00")
    assert times(saturday) == (utc("2026-03-09 09:30"), utc("2026-03-10 09:30"))


def test_a_carrier_s_holidays_stop_pick_ups_and_deliveries() -> None:
    world = network(service=replace(PARCEL, schedule=Schedule(calendar_id="CN")))
    # the store works on 30 September at 21:00; the parcel would arrive within the golden week
    assert times(lane_of(world, "store", "2026-09-30 13:00")) == (utc("2026-09-30 13:30"), utc("2026-10-08 13:30"))
    # and on 3 October nobody picks up
    assert times(lane_of(world, "store", "2026-10-03 04:00")) == (utc("2026-10-08 02:00"), utc("2026-10-09 02:00"))


def test_days_of_delivery_are_days_at_the_door() -> None:
    weekdays_only = replace(PARCEL, schedule=Schedule(delivery_weekdays=WEEKDAYS))
    abroad = Network.of(
        regions=(replace(REGIONS[0], time_zone="America/New_York"), replace(REGIONS[1], time_zone="America/New_York")),
        sources=(replace(STORE, time_zone="UTC", hours=Hours(), lead_minutes=0),),
        services=(weekdays_only,),
        carriers=(Carrier(carrier_id="C", name="C"),),
    )
    [lane], _ = lanes_to(abroad, abroad.place(DOOR), placed_at=utc("2026-03-06 03:00"), source_ids=("store",))
    assert lane.arrives_at == utc("2026-03-07 03:00")  # Saturday in UTC, Friday 22:00 in New York


def test_a_region_without_a_time_zone_takes_its_parent_s_and_at_the_root_the_source_s() -> None:
    regions = (
        *REGIONS,
        Region(region_id="SH-1", name="", latitude=31.2, longitude=121.4, parent_id="SH"),
        Region(region_id="XX", name="", latitude=31.2, longitude=121.4),
    )
    world = Network.of(regions=regions)
    assert [world.place(Address(region_id=one)).time_zone for one in ("SH-1", "XX")] == [SHANGHAI, ""]


@pytest.mark.parametrize(
    ("workload", "hand_over_at"),
    [
        (Workload(), "2026-03-06 03:00"),
        (Workload(source_days={"wuxi": 1}), "2026-03-09 03:00"),  # Friday to Monday
        (Workload(source_days={"store": 1}), "2026-03-06 03:00"),
        (Workload(service_days={"parcel": 2}), "2026-03-08 03:00"),  # a carrier that collects every day
        (Workload(source_days={"wuxi": 1}, service_days={"parcel": 1}), "2026-03-10 03:00"),
    ],
)
def test_a_backlog_moves_the_hand_over_by_days_of_work(workload: Workload, hand_over_at: str) -> None:
    assert lane_of(network(), placed_at="2026-03-06 02:00", workload=workload).hand_over_at == utc(hand_over_at)


@pytest.mark.parametrize(
    ("workload", "left"),
    [
        (Workload(), (500, None)),
        (Workload(packages_left={"parcel": 0}, grams_left={"parcel": 40}), (0, 40)),
        (Workload(packages_left={"express": 0}), (500, None)),
    ],
)
def test_a_lane_says_what_its_service_still_takes_today(
    workload: Workload, left: tuple[int | None, int | None]
) -> None:
    lane = lane_of(network(service=replace(PARCEL, daily_packages=500)), workload=workload)
    assert (lane.packages_left, lane.grams_left) == left


VAN = Transfer(
    from_source_id="wuxi",
    to_source_id="store",
    transit_minutes=180,
    per_package_minor=150,
    per_unit_minor=20,
    schedule=Schedule(pick_up_weekdays=WEEKDAYS, pick_up_minutes=(1_140,)),
)


def two_legs(placed_at: str = MONDAY_AT_TEN, **more: Any) -> tuple[tuple[Lane, ...], tuple[ClosedLane, ...]]:
    world = network(transfers=(VAN,), **{key: more.pop(key) for key in ("service", "sources") if key in more})
    return lanes_to(
        world, world.place(DOOR), placed_at=utc(placed_at), source_ids=("wuxi",), with_transfers=True, **more
    )


def test_a_lane_of_two_legs_is_shipped_by_the_second_source_and_paid_for() -> None:
    (straight, moved), closed = two_legs()
    assert closed == ()
    assert (straight.lane_id, moved.lane_id) == (("wuxi", "parcel", "", ""), ("wuxi", "parcel", "store", ""))
    # ready at 11:00, the van leaves at 19:00 and is there at 22:00, when the store closes; it is open from 10:00
    assert times(moved) == (utc("2026-03-03 02:30"), utc("2026-03-04 02:30"))
    assert (moved.transfer_per_package_minor, moved.transfer_per_unit_minor) == (150, 20)
    assert moved.distance_meters == WUXI_TO_STORE_METERS
    assert (straight.crosses_province, moved.crosses_province) == (True, False)
    assert (straight.transfer_per_package_minor, straight.transfer_per_unit_minor) == (0, 0)
    assert straight.distance_meters == WUXI_TO_STORE_METERS  # the door is beside the store


def test_how_orders_fared_from_the_first_source_says_nothing_of_a_detour() -> None:
    (straight, moved), _ = two_legs()
    assert straight.lead_times == SEEN
    assert moved.lead_times is None


def test_the_van_that_is_missed_leaves_on_the_next_day_it_runs() -> None:
    (_, moved), _ = two_legs("2026-03-06 09:30")  # Friday 17:30, after the cut-off: Monday 10:00, the van at 19:00
    assert moved.hand_over_at == utc("2026-03-10 02:30")


def test_transfers_are_asked_for() -> None:
    world = network(transfers=(VAN,))
    assert lane_of(world).via_source_id == ""


def test_a_transfer_s_distance_counts_against_the_limit_and_its_end_decides_who_carries() -> None:
    (one,), closed = two_legs(service=replace(PARCEL, kinds=(SourceKind.STORE,)))
    assert one.via_source_id == "store"
    assert closed == (ClosedLane(source_id="wuxi", service_id="parcel", closure=Closure.KIND_NOT_SERVED),)
    lanes, closed = two_legs(max_distance_meters=WUXI_TO_STORE_METERS - 1)
    assert lanes == ()
    assert [(one.closure, one.via_source_id) for one in closed] == [(Closure.TOO_FAR, ""), (Closure.TOO_FAR, "store")]


def test_zone_and_surcharges_of_the_door_leg_are_those_of_the_second_source() -> None:
    near = PARCEL.rates[0]
    tuesday = Surcharge(name="tuesday", per_package_minor=100, first_day=date(2026, 3, 3), last_day=date(2026, 3, 3))
    service = replace(
        PARCEL,
        rates=(near, replace(near, zone="far", transit_minutes=2_880)),
        distance_zones=(DistanceZone(up_to_meters=1_000, zone="any"), DistanceZone(up_to_meters=None, zone="far")),
        surcharges=(tuesday,),
    )
    (straight, moved), _ = two_legs(service=service)
    assert (straight.transit_minutes, moved.transit_minutes) == (2_880, 1_440)
    assert (straight.surcharges, moved.surcharges) == ((), (tuesday,))  # handed over on Monday and on Tuesday


def test_a_backlog_at_the_second_source_runs_while_the_goods_are_on_their_way() -> None:
    (_, one_day), _ = two_legs(workload=Workload(source_days={"store": 1}))
    assert one_day.hand_over_at == utc("2026-03-03 02:30")  # they come on Tuesday anyway
    (_, three_days), _ = two_legs(workload=Workload(source_days={"store": 3}))
    assert three_days.hand_over_at == utc("2026-03-05 02:30")  # Thursday


def test_a_source_that_is_not_active_gives_nothing_and_receives_nothing() -> None:
    lanes, closed = two_legs(sources=(replace(WUXI, is_active=False), STORE))
    assert lanes == ()
    assert [(one.closure, one.via_source_id) for one in closed] == [(Closure.INACTIVE, ""), (Closure.INACTIVE, "store")]
    lanes, closed = two_legs(sources=(WUXI, replace(STORE, is_active=False)))
    assert [lane.via_source_id for lane in lanes] == [""]
    assert closed == ()


def test_later_stock_makes_lanes_of_its_own_that_begin_when_it_comes() -> None:
    world = network(transfers=(VAN,))
    later = LaterStock(source_id="wuxi", offer_id="PO-7", available_at=utc("2026-03-04 04:00"))
    lanes, _ = lanes_to(
        world,
        world.place(DOOR),
        placed_at=utc(MONDAY_AT_TEN),
        source_ids=("wuxi",),
        later=(later,),
        with_transfers=True,
    )
    assert [(lane.lane_id, lane.hand_over_at) for lane in lanes] == [
        (("wuxi", "parcel", "", ""), utc("2026-03-02 03:00")),
        (("wuxi", "parcel", "", "PO-7"), utc("2026-03-04 05:00")),  # Wednesday noon and an hour
        (("wuxi", "parcel", "store", ""), utc("2026-03-03 02:30")),
        (("wuxi", "parcel", "store", "PO-7"), utc("2026-03-05 02:30")),
    ]
    assert [lane.lead_times for lane in lanes] == [SEEN, None, None, None]


def test_a_network_names_a_calendar_it_does_not_have() -> None:
    with pytest.raises(KeyError, match="MOON"):
        network(sources=(replace(WUXI, calendar_id="MOON"),))
