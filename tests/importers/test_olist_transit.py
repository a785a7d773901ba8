"""Which real dates count, how they are pooled, and where the times end up in the imported scenario."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from solver.importers.olist.importer import import_olist, read_parcels
from solver.importers.olist.options import OlistOptions
from solver.importers.olist.transit import Parcel, fit_times
from solver.importers.result import ImportResult
from solver.network.transit import TransitPool, TransitTimes
from tests.importers.olist_folder import OlistFolder, item, order

PLACED_AT = datetime(2018, 3, 1, tzinfo=UTC)
PARCEL = Parcel(
    seller_id="s1",
    distance_meters=10_000,
    placed_at=PLACED_AT,
    handed_over_at=PLACED_AT + timedelta(minutes=100),
    delivered_at=PLACED_AT + timedelta(minutes=400),
    promised_at=PLACED_AT + timedelta(days=1),
)


@pytest.fixture
def olist(tmp_path: Path) -> OlistFolder:
    folder = OlistFolder(tmp_path / "data")
    folder.fill()
    return folder


def read(olist: OlistFolder) -> ImportResult:
    return import_olist(olist.root, OlistOptions())


def sell(olist: OlistFolder, orders: Iterable[dict[str, str]]) -> None:
    """Orders with these columns replaced, each of one unit."""
    rows = list(enumerate(orders))
    olist.orders([order(order_id=f"o{at}", **changes) for at, changes in rows])
    olist.items([item(order_id=f"o{at}") for at, _ in rows])


def flat(minutes: int, count: int, pool: TransitPool) -> TransitTimes:
    return TransitTimes(quantiles_minutes=(minutes,) * 101, sample_count=count, pooled_from=pool)


def test_a_delivered_order_is_a_parcel_with_its_dates_in_utc(olist: OlistFolder) -> None:
    (parcel,) = read_parcels(olist.root)
    assert parcel == Parcel(
        seller_id="s1",
        distance_meters=parcel.distance_meters,
        placed_at=datetime(2018, 6, 12, 23, 7, 44, tzinfo=UTC),
        handed_over_at=datetime(2018, 6, 13, 16, tzinfo=UTC),
        delivered_at=datetime(2018, 6, 19, 16, tzinfo=UTC),
        promised_at=datetime(2018, 7, 18, 3, tzinfo=UTC),
    )
    assert 350_000 < parcel.distance_meters < 370_000  # São Paulo to Rio de Janeiro
    assert (parcel.step, parcel.transit_minutes) == (3, 6 * 1440)
    assert parcel.lead_minutes == 1013  # 16 hours, 52 minutes and 16 seconds
    assert parcel.door_minutes == 1013 + 6 * 1440


def test_orders_of_several_sellers_without_dates_or_with_dates_out_of_order_tell_nothing(olist: OlistFolder) -> None:
    olist.sellers([("s1", "1001", "sao paulo", "SP"), ("s2", "1001", "sao paulo", "SP")])
    sell(
        olist,
        [
            {},
            {"order_delivered_carrier_date": ""},
            {"order_delivered_customer_date": ""},
            {"order_delivered_customer_date": "2018-06-13 13:00:00"},  # at the door as it is handed over
            {"order_delivered_carrier_date": "2018-06-12 20:07:43"},  # handed over a second before it is ordered
            {},
        ],
    )
    olist.items([item(order_id=f"o{at}") for at in range(6)] + [item(order_id="o5", order_item_id="2", seller_id="s2")])
    assert len(read_parcels(olist.root)) == 1
    told = "times seen on 1 parcels; left out: 1 orders of several sellers, 2 without a date of hand-over or delivery, "
    assert told + "2 with dates out of order." in read(olist).notes


@pytest.mark.parametrize(("meters", "step"), [(0, 0), (50_000, 0), (50_001, 1), (2_500_000, 7), (2_500_001, 8)])
def test_a_parcel_falls_into_the_step_that_prices_it(meters: int, step: int) -> None:
    assert replace(PARCEL, distance_meters=meters).step == step


def test_steps_and_sellers_with_thirty_parcels_have_their_own_times_and_the_others_those_of_all() -> None:
    far = replace(PARCEL, seller_id="s2", distance_meters=3_000_000, delivered_at=PLACED_AT + timedelta(minutes=999))
    times = fit_times([*[PARCEL] * 30, *[far] * 29])
    of_all = times.transit[8]
    assert times.transit[0] == flat(300, 30, TransitPool.ZONE)
    assert of_all is not None
    assert (of_all.sample_count, of_all.pooled_from) == (59, TransitPool.CARRIER)
    assert (of_all.quantile_minutes(500), of_all.quantile_minutes(510)) == (300, 659)  # 51 % is the 30.6th of 59
    assert set(times.transit[1:]) == {of_all}
    assert times.lead_of("s1") == flat(100, 30, TransitPool.SOURCE)
    assert times.lead_of("s2") == times.lead_of("unheard of") == flat(100, 59, TransitPool.ALL)


def test_with_fewer_than_thirty_parcels_in_all_nothing_is_claimed(olist: OlistFolder) -> None:
    sell(olist, [{}] * 29)
    result = read(olist)
    assert {rate.transit_times for service in result.scenario.services for rate in service.rates} == {None}
    assert {source.lead_times for source in result.scenario.sources} == {None}
    assert "lead of all sellers: too few parcels to tell" in result.notes


def test_the_scenario_has_the_times_that_were_seen_and_says_which_are_assumed(olist: OlistFolder) -> None:
    sell(olist, [{}] * 30)
    result = read(olist)
    standard, express = result.scenario.services
    seen = {rate.zone: rate.transit_times for rate in standard.rates}
    assert seen["km-600"] == flat(8640, 30, TransitPool.ZONE)
    assert seen["km-50"] == flat(8640, 30, TransitPool.CARRIER)
    assert {rate.transit_times for rate in express.rates} == {flat(4320, 0, TransitPool.ASSUMED)}
    leads = {source.source_id: source.lead_times for source in result.scenario.sources}
    assert leads.pop("s1") == flat(1013, 30, TransitPool.SOURCE)
    assert set(leads.values()) <= {None}
    assert (
        "transit up to 600 km: half within 8640 minutes, nine of ten within 8640, from 30 parcels (zone)"
        in result.notes
    )
