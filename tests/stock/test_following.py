"""The view in memory equals the full read, whatever happened in between and whoever wrote it."""

import random
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Book, Entry, EntryState
from solver.stock.accounts import GOOD
from solver.stock.following.followed import FollowedAvailability, Lag
from solver.storage.database import Database
from tests.stock import books

SITES, SKUS = ("east", "north", "west"), ("milk", "rice", "tea", "wine")


def followed(database: Database, clock: ManualClock) -> FollowedAvailability:
    with database.read() as reader:
        return FollowedAvailability(reader, clock)


def assert_equals_full_read(database: Database, journal: Journal, view: FollowedAvailability) -> None:
    with database.read() as reader:
        view.catch_up(reader)
        expected = journal.available(reader, Book.STOCK, GOOD, SKUS)
        assert view.available(SKUS) == expected
        assert view.held(SKUS) == journal.held(reader, Book.STOCK, GOOD, SKUS)
        assert view.array(SKUS, SITES).tolist() == [[expected[sku].get(site, 0) for site in SITES] for sku in SKUS]
        assert view.lag(reader) == Lag(entries=0, micros=0)


def random_step(
    chance: random.Random, database: Database, journal: Journal, clock: ManualClock, holds: list[Entry]
) -> None:
    row = (chance.choice(SITES), chance.choice(SKUS), chance.randint(1, 9))
    step = chance.choice(["receive", "receive", "remove", "hold", "hold", "confirm", "release", "turn", "sweep"])
    try:
        if step == "receive":
            books.receive(database, journal, row)
        elif step == "remove":
            books.remove(database, journal, row)
        elif step == "hold":
            holds.append(books.hold(database, journal, f"hold-{len(holds)}", [row], minutes=chance.randint(1, 20)))
        elif step == "turn":
            clock.advance(timedelta(minutes=chance.randint(-9, 12)))
        elif step == "sweep":
            books.sweep(database, journal)
        elif holds:
            (books.confirm if step == "confirm" else books.release)(database, journal, chance.choice(holds))
    except (GuardRefused, StateConflict):
        return


@pytest.mark.parametrize("run", range(4))
def test_the_view_equals_the_full_read_after_every_random_step(
    database: Database, journal: Journal, clock: ManualClock, seed: int, run: int
) -> None:
    chance = random.Random(seed * 100 + run)
    view = followed(database, clock)
    holds: list[Entry] = []
    for _ in range(150):
        random_step(chance, database, journal, clock, holds)
        if chance.random() < 0.6:
            assert_equals_full_read(database, journal, view)
    assert holds
    assert_equals_full_read(database, journal, view)
    assert_equals_full_read(database, journal, followed(database, clock))


def test_a_view_follows_what_other_connections_write(store_url: str, clock: ManualClock, journal: Journal) -> None:
    own, other = (books.opened(store_url) for _ in range(2))
    view = followed(own, clock)

    def write(database: Database, number: int) -> None:
        for turn in range(30):
            books.receive(database, journal, (SITES[number % 3], SKUS[turn % 4], 1 + turn % 3))

    writers = [threading.Thread(target=write, args=((own, other)[number % 2], number)) for number in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert_equals_full_read(own, journal, view)
    assert_equals_full_read(own, journal, view)
    assert view.entry_id == 120
    own.close()
    other.close()


_WRITER = """
import sys
from datetime import UTC, datetime
from solver.clock import ManualClock
from solver.journal.journal import Journal
from tests.stock import books

database = books.opened(sys.argv[1])
journal = Journal(ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC)))
for turn in range(20):
    books.receive(database, journal, ("east", "tea", 1 + turn))
    books.hold(database, journal, f"{sys.argv[2]}-{turn}", [("east", "tea", 1)], minutes=5)
database.close()
"""


def test_a_view_follows_what_other_processes_write(store_url: str, clock: ManualClock, journal: Journal) -> None:
    database = books.opened(store_url)
    view = followed(database, clock)
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, store_url, name], cwd=Path(__file__).parents[2])
        for name in ("first", "second")
    ]
    while any(writer.poll() is None for writer in writers):
        assert_equals_full_read(database, journal, view)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert_equals_full_read(database, journal, view)
    assert view.held(["tea"]) == {"tea": {"east": 40}}
    database.close()


def test_a_due_hold_counts_for_nothing_from_its_very_instant(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    books.receive(database, journal, ("east", "tea", 10))
    books.hold(database, journal, "cart", [("east", "tea", 4)], minutes=15)
    view = followed(database, clock)
    assert view.available(["tea"]) == {"tea": {"east": 6}}
    assert view.held(["tea"]) == {"tea": {"east": 4}}

    clock.advance(timedelta(minutes=15) - timedelta(microseconds=1))
    with database.read() as reader:
        assert view.catch_up(reader).entries == 0
    assert view.available(["tea"]) == {"tea": {"east": 6}}
    clock.advance(timedelta(microseconds=1))
    with database.read() as reader:
        caught_up = view.catch_up(reader)
    assert caught_up.entries == 0
    assert view.available(["tea"]) == {"tea": {"east": 10}}
    assert view.held(["tea"]) == {"tea": {}}


def test_a_clock_turned_back_revives_a_hold_that_was_not_swept(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    books.receive(database, journal, ("east", "tea", 10))
    cart = books.hold(database, journal, "cart", [("east", "tea", 4)], minutes=15)
    view = followed(database, clock)
    clock.advance(timedelta(minutes=20))
    assert_equals_full_read(database, journal, view)
    assert view.available(["tea"]) == {"tea": {"east": 10}}
    clock.advance(timedelta(minutes=-10))
    assert_equals_full_read(database, journal, view)
    assert view.available(["tea"]) == {"tea": {"east": 6}}

    books.confirm(database, journal, cart)
    clock.advance(timedelta(minutes=20))
    assert_equals_full_read(database, journal, view)
    with database.read() as reader:
        assert journal.state(reader, cart.entry_id) is EntryState.CONFIRMED
    assert view.available(["tea"]) == {"tea": {"east": 6}}


def test_the_lag_is_what_the_journal_has_and_the_view_has_not(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    view = followed(database, clock)
    books.receive(database, journal, ("east", "tea", 1))
    clock.advance(timedelta(seconds=2))
    books.receive(database, journal, ("west", "tea", 2))
    clock.advance(timedelta(seconds=3))
    with database.read() as reader:
        assert view.lag(reader) == Lag(entries=2, micros=5_000_000)
        caught_up = view.catch_up(reader)
        assert (caught_up.entry_id, caught_up.entries) == (2, 2)
        assert view.available(["tea"]) == {"tea": {"east": 1, "west": 2}}
        assert view.lag(reader) == Lag(entries=0, micros=0)


def test_an_older_snapshot_takes_nothing_back(database: Database, journal: Journal, clock: ManualClock) -> None:
    view = followed(database, clock)
    with database.read() as old:
        assert old.query("SELECT count(*) FROM journal_entry") == [(0,)]
        for work in (
            threading.Thread(target=books.receive, args=(database, journal, ("east", "tea", 3))),
            threading.Thread(target=assert_equals_full_read, args=(database, journal, view)),
        ):
            work.start()
            work.join()
        assert view.entry_id == 1
        assert view.catch_up(old).entries == 0
    assert view.available(["tea"]) == {"tea": {"east": 3}}


def test_the_array_is_cut_to_what_is_asked_and_0_where_nothing_ever_was(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    view = followed(database, clock)
    for number in range(40):
        books.receive(database, journal, (f"site-{number}", f"sku-{number % 20}", number + 1))
    with database.read() as reader:
        view.catch_up(reader)
    assert view.array(["sku-3", "none", "sku-0"], ["site-23", "nowhere", "site-20", "site-0"]).tolist() == [
        [24, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 21, 1],
    ]
    assert view.array([], ["site-0"]).shape == (0, 1)
