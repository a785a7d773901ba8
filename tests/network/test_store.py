"""The network that is kept: all or nothing, once, in memory as on disk."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, RequestIdReused
from solver.network.model import Region
from solver.network.store import NetworkStore
from solver.storage.database import Database
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database
from tests.made_world import AIR, CARRIERS, GROUND, REGIONS, SERVICES, SOURCES

CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "network.db", [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> NetworkStore:
    return NetworkStore(database, CLOCK)


def request(request_id: str, body: str = "") -> Request:
    return Request(method="upsert", request_id=request_id, body_digest=body.encode())


def fill(store: NetworkStore) -> None:
    assert store.upsert_regions(request("regions"), REGIONS) == 4
    assert store.upsert_carriers(request("carriers"), CARRIERS) == 2
    assert store.upsert_services(request("services"), SERVICES) == 2
    assert store.upsert_sources(request("sources"), SOURCES) == 3


def documents(database: Database) -> list[tuple[object, ...]]:
    with database.read() as reader:
        return reader.query("SELECT * FROM document ORDER BY kind, id") + reader.query("SELECT * FROM request")


def test_what_is_written_is_there_at_once_and_after_reopening(database: Database, store: NetworkStore) -> None:
    fill(store)
    for network in (store.network, NetworkStore(database, CLOCK).network):
        assert tuple(network.regions.values()) == REGIONS
        assert set(network.sources.values()) == set(SOURCES)
        assert set(network.carriers.values()) == set(CARRIERS)
        assert set(network.services.values()) == set(SERVICES)
        assert network.province_id("EAST-CITY") == "EAST"
    assert store.currency == "CNY"


def test_a_network_taken_earlier_does_not_change(store: NetworkStore) -> None:
    fill(store)
    taken = store.network
    store.upsert_sources(request("later"), [replace(SOURCES[0], lead_minutes=5)])
    assert taken.sources["W-EAST"].lead_minutes == 60
    assert store.network.sources["W-EAST"].lead_minutes == 5


def test_one_wrong_row_refuses_all_and_every_wrong_row_is_told(database: Database, store: NetworkStore) -> None:
    fill(store)
    before, network = documents(database), store.network
    rows = [
        replace(SOURCES[0], source_id="NEW"),
        replace(SOURCES[0], source_id="LOST", region_id="MOON"),
        replace(SOURCES[0], source_id="SLOW", lead_minutes=-1),
    ]
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_sources(request("mixed"), rows)
    assert [one.field for one in refused.value.violations] == ["sources[1].region_id", "sources[2].lead_minutes"]
    assert documents(database) == before
    assert store.network is network


def test_a_repeated_request_answers_the_same_and_does_not_undo_what_came_after(store: NetworkStore) -> None:
    fill(store)
    slower = replace(SOURCES[0], lead_minutes=500)
    assert store.upsert_sources(request("again"), [slower]) == 1
    store.upsert_sources(request("after"), [SOURCES[0]])
    assert store.upsert_sources(request("again"), [slower]) == 1
    assert store.network.sources["W-EAST"].lead_minutes == 60


def test_a_request_id_with_another_body_is_refused(database: Database, store: NetworkStore) -> None:
    fill(store)
    before = documents(database)
    with pytest.raises(RequestIdReused):
        store.upsert_sources(request("sources", "another body"), [replace(SOURCES[0], lead_minutes=7)])
    assert documents(database) == before
    assert store.network.sources["W-EAST"].lead_minutes == 60


def test_the_same_id_twice_in_one_call_is_refused(store: NetworkStore) -> None:
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_carriers(request("twice"), [CARRIERS[0], CARRIERS[1], CARRIERS[0]])
    assert [one.field for one in refused.value.violations] == ["carriers[2]"]
    assert dict(store.network.carriers) == {}


@pytest.mark.parametrize("count", [0, 1001])
def test_a_call_takes_one_to_a_thousand_rows(store: NetworkStore, count: int) -> None:
    regions = [Region(region_id=f"R{number}", name="", latitude=0, longitude=0) for number in range(count)]
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_regions(request("many"), regions)
    assert [(one.field, one.value) for one in refused.value.violations] == [("regions", f"'{count} rows'")]


def test_regions_may_name_parents_of_the_same_call_in_any_order(store: NetworkStore) -> None:
    assert store.upsert_regions(request("backwards"), REGIONS[::-1]) == 4
    assert store.network.province_id("WEST-CITY") == "WEST"


def test_a_loop_through_regions_that_are_kept_already_is_refused(database: Database, store: NetworkStore) -> None:
    fill(store)
    before = documents(database)
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_regions(request("loop"), [replace(REGIONS[0], parent_id="EAST-CITY")])
    assert [one.field for one in refused.value.violations] == ["regions"]
    assert documents(database) == before


def test_a_second_currency_is_refused(database: Database, store: NetworkStore) -> None:
    fill(store)
    before = documents(database)
    for services in ([replace(AIR, currency="USD")], [replace(AIR, service_id="new", currency="USD")]):
        with pytest.raises(InvalidRequest) as refused:
            store.upsert_services(request("mixed"), services)
        [violation] = refused.value.violations
        assert (violation.field, violation.value) == ("services[0].currency", "'USD'")
        assert "CNY, USD" in violation.remedy
    assert documents(database) == before


def test_two_currencies_in_the_first_call_are_refused_both(store: NetworkStore) -> None:
    store.upsert_regions(request("regions"), REGIONS)
    store.upsert_carriers(request("carriers"), CARRIERS)
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_services(request("mixed"), [GROUND, replace(AIR, currency="USD")])
    assert [one.field for one in refused.value.violations] == ["services[0].currency", "services[1].currency"]
    assert store.currency is None


def test_every_service_together_may_change_the_currency(store: NetworkStore) -> None:
    fill(store)
    store.upsert_services(request("dollars"), [replace(service, currency="USD") for service in SERVICES])
    assert store.currency == "USD"


def test_upserts_at_once_all_stand_in_the_index(database: Database, store: NetworkStore) -> None:
    start, rounds = threading.Barrier(4), 12

    def write(worker: int) -> None:
        start.wait()
        for number in range(rounds):
            region = Region(region_id=f"{worker}-{number}", name="", latitude=0, longitude=0)
            store.upsert_regions(request(region.region_id), [region])

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(store.network.regions) == {f"{worker}-{number}" for worker in range(4) for number in range(rounds)}
    assert set(NetworkStore(database, CLOCK).network.regions) == set(store.network.regions)


def test_two_upserts_at_once_cannot_make_a_loop_together(store: NetworkStore) -> None:
    for number in range(20):
        left, right = (Region(region_id=f"{side}{number}", name="", latitude=0, longitude=0) for side in "LR")
        store.upsert_regions(request(f"pair {number}"), [left, right])
        start = threading.Barrier(2)
        refused: list[str] = []

        def move(
            region: Region, parent: Region, start: threading.Barrier = start, refused: list[str] = refused
        ) -> None:
            start.wait()
            try:
                moved = replace(region, parent_id=parent.region_id)
                store.upsert_regions(request(f"move {region.region_id}"), [moved])
            except InvalidRequest:
                refused.append(region.region_id)

        threads = [threading.Thread(target=move, args=pair) for pair in ((left, right), (right, left))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
