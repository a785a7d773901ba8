"""Master data in the memory of several servers on one database: each shows what any of them wrote."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from solver.clock import ManualClock
from solver.errors import LostRace
from solver.storage.database import Database, Transaction
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.editions import FRESH_SECONDS
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cat:
    name: str
    lives: int = 9


class Servers:
    """Two servers' databases and registries."""

    def __init__(self, url: str) -> None:
        self.databases = [open_database(url, [DOCUMENT_SCHEMA, REQUEST_SCHEMA]) for _ in range(2)]
        self.first, self.second = (Registry(one, CLOCK, "cat", Cat, lambda cat: cat.name) for one in self.databases)


@pytest.fixture
def servers(postgres_url: str) -> Iterator[Servers]:
    opened = Servers(postgres_url)
    yield opened
    for database in opened.databases:
        database.close()


def request(request_id: str) -> Request:
    return Request(method="Feed", request_id=request_id, body_digest=request_id.encode())


def grow_old() -> None:
    """Wait until an answer about editions is too old to be believed."""
    threading.Event().wait(2 * FRESH_SECONDS)


def test_what_one_server_writes_the_other_one_shows(servers: Servers) -> None:
    for number, (writer, reader) in enumerate(
        [(servers.first, servers.second), (servers.second, servers.first), (servers.first, servers.second)]
    ):
        writer.upsert(request(f"r{number}"), [Cat(name="Tom", lives=9 - number), Cat(name=f"cat {number}")])
        grow_old()
        assert dict(reader.nouns) == dict(writer.nouns)
        assert reader.nouns["Tom"].lives == 9 - number
        assert len(reader.nouns) == number + 2


def test_a_look_from_within_an_old_read_does_not_pass_for_a_fresh_one(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = servers.databases[1]
    with database.read() as reader:
        reader.query("SELECT kind FROM document_edition")  # from here on it sees what was there now
        servers.first.upsert(request("r1"), [Cat(name="Tom")])
        grow_old()
        assert dict(servers.second.nouns) == {}
        at = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: at)  # whatever was asked until now is fresh
    assert set(servers.second.nouns) == {"Tom"}


def test_the_mapping_stays_the_same_while_nobody_writes(servers: Servers) -> None:
    servers.first.upsert(request("r1"), [Cat(name="Tom")])
    grow_old()
    shown = servers.second.nouns
    grow_old()
    assert servers.second.nouns is shown


def test_an_upsert_on_what_is_outdated_is_refused_and_works_when_tried_again(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.first.upsert(request("r1"), [Cat(name="Tom")])
    with pytest.raises(LostRace, match="another server has changed the cat rows"):
        servers.second.upsert(request("r2"), [Cat(name="Mia")])
    grow_old()
    assert dict(servers.first.nouns) == {"Tom": Cat(name="Tom")}
    servers.second.upsert(request("r2"), [Cat(name="Mia")])
    assert set(servers.second.nouns) == {"Tom", "Mia"}


def test_an_act_that_looks_at_master_data_does_not_wait_for_an_upsert_that_waits_for_its_group(
    servers: Servers,
) -> None:
    """The leader's act looks at what another server changed, while an upsert of the same server is of its group."""
    database: Database = servers.databases[0]
    begun, queued = threading.Event(), threading.Event()
    looked: list[set[str]] = []

    def look(_: Transaction) -> None:
        begun.set()
        assert queued.wait(SECONDS)
        grow_old()
        looked.append(set(servers.first.nouns))

    servers.second.upsert(request("r1"), [Cat(name="Tom")])
    leader = threading.Thread(target=database.run, args=(look,), daemon=True)
    follower = threading.Thread(target=lambda: _refused(servers.first), daemon=True)
    leader.start()
    assert begun.wait(SECONDS)
    follower.start()
    while not database._groups._waiting:
        follower.join(0.001)
    queued.set()
    for thread in (leader, follower):
        thread.join(SECONDS)
        assert not thread.is_alive()
    assert looked == [{"Tom"}]


def _refused(registry: Registry[Cat]) -> None:
    """Either answer is right: the upsert came before or after what the other server wrote was read."""
    try:
        registry.upsert(request("r2"), [Cat(name="Mia")])
    except LostRace:
        return
