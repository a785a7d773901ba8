"""Calendars and transfers that are kept: checked against what is there, read back, used by sources and services."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.network.calendar import Calendar
from solver.network.capacity import DailyCapacity
from solver.network.schedule import Schedule
from solver.network.store import NetworkStore
from solver.network.transfer import Transfer
from solver.storage.database import Database
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database
from tests.made_world import CARRIERS, EAST_WAREHOUSE, GROUND, REGIONS, SERVICES, SOURCES

CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
CHINA = Calendar(calendar_id="CN", closed_days=(date(2026, 10, 1),), open_days=(date(2026, 10, 10),))
VAN = Transfer(from_source_id="W-EAST", to_source_id="S-EAST", transit_minutes=90, schedule=Schedule(calendar_id="CN"))
TRUCK = Transfer(from_source_id="W-EAST", to_source_id="W-WEST", transit_minutes=2_880)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "network.db", [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> NetworkStore:
    made = NetworkStore(database, CLOCK)
    made.upsert_regions(request("regions"), REGIONS)
    made.upsert_carriers(request("carriers"), CARRIERS)
    made.upsert_services(request("services"), SERVICES)
    made.upsert_sources(request("sources"), SOURCES)
    return made


def request(request_id: str) -> Request:
    return Request(method="upsert", request_id=request_id, body_digest=b"")


def test_calendars_and_transfers_are_there_at_once_and_after_reopening(database: Database, store: NetworkStore) -> None:
    assert store.upsert_calendars(request("calendars"), [CHINA]) == 1
    assert store.upsert_transfers(request("transfers"), [TRUCK, VAN]) == 2
    for network in (store.network, NetworkStore(database, CLOCK).network):
        assert dict(network.calendars) == {"CN": CHINA}
        assert list(network.transfers.values()) == [VAN, TRUCK]  # by their ends
        assert network.transfers_from == {"W-EAST": (VAN, TRUCK)}


def test_every_fact_of_a_source_and_a_service_is_kept(database: Database, store: NetworkStore) -> None:
    store.upsert_calendars(request("calendars"), [CHINA])
    source = replace(
        EAST_WAREHOUSE,
        cut_off_minute=960,
        calendar_id="CN",
        days_to_ship=12,
        capacity=DailyCapacity(orders=(500,), units=(1, 2, 3, 4, 5, 6, 7)),
        minutes_per_package=3,
        minutes_per_unit=1,
        handling_per_order_minor=90,
        handling_per_line_minor=7,
        packaging_minor=55,
        carbon_grams_per_package=80,
        priority=2,
        tags=("cold", "own"),
        is_active=False,
    )
    service = replace(GROUND, schedule=Schedule(pick_up_minutes=(600,), calendar_id="CN"), daily_packages=900)
    store.upsert_sources(request("source"), [source])
    store.upsert_services(request("service"), [service])
    again = NetworkStore(database, CLOCK).network
    assert again.sources["W-EAST"] == source
    assert again.services["ground"] == service
    assert not again.work_days["W-EAST"].is_open(date(2026, 10, 1))


def test_what_refers_to_a_calendar_that_is_not_there_is_refused(store: NetworkStore) -> None:
    network = store.network
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_sources(request("source"), [replace(EAST_WAREHOUSE, calendar_id="CN")])
    assert [one.field for one in refused.value.violations] == ["sources[0].calendar_id"]
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_services(request("service"), [replace(GROUND, schedule=Schedule(calendar_id="CN"))])
    assert [one.field for one in refused.value.violations] == ["services[0].schedule.calendar_id"]
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_transfers(request("transfer"), [VAN, replace(TRUCK, to_source_id="MOON")])
    assert [one.field for one in refused.value.violations] == [
        "transfers[0].schedule.calendar_id",
        "transfers[1].to_source_id",
    ]
    assert store.network is network


def test_a_list_names_each_calendar_and_each_pair_of_ends_once(store: NetworkStore) -> None:
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_calendars(request("calendars"), [CHINA, CHINA])
    assert [one.field for one in refused.value.violations] == ["calendars[1]"]
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_transfers(request("transfers"), [TRUCK, replace(TRUCK, transit_minutes=1)])
    assert [one.field for one in refused.value.violations] == ["transfers[1]"]


def test_a_replaced_calendar_counts_at_once_for_those_who_follow_it(store: NetworkStore) -> None:
    store.upsert_calendars(request("calendars"), [CHINA])
    store.upsert_sources(request("source"), [replace(EAST_WAREHOUSE, calendar_id="CN")])
    assert not store.network.work_days["W-EAST"].is_open(date(2026, 10, 1))
    store.upsert_calendars(request("mended"), [replace(CHINA, closed_days=(date(2026, 10, 2),))])
    days = store.network.work_days["W-EAST"]
    assert (days.is_open(date(2026, 10, 1)), days.is_open(date(2026, 10, 2))) == (True, False)
