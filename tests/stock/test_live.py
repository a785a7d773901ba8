"""What decisions ask: it equals the books, and a failure in the midst of catching up leaves nothing half counted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.stock.following.live import LiveAvailability
from solver.storage.database import Database, Reader
from solver.storage.portable import Params, SqlValue
from tests.stock import books


def asked(database: Database, live: LiveAvailability) -> tuple[Any, Any]:
    with database.read() as reader:
        return live.available_and_held(reader, ["tea", "milk"])


def read(database: Database, journal: Journal) -> tuple[Any, Any]:
    with database.read() as reader:
        return (
            journal.available(reader, Book.STOCK, GOOD, ["tea", "milk"]),
            journal.held(reader, Book.STOCK, GOOD, ["tea", "milk"]),
        )


def test_it_says_what_the_books_say(database: Database, journal: Journal, clock: ManualClock) -> None:
    live = LiveAvailability(clock)
    assert asked(database, live) == ({"tea": {}, "milk": {}}, {"tea": {}, "milk": {}})
    books.receive(database, journal, ("east", "tea", 5), ("west", "milk", 2))
    live.prepare(database)
    books.hold(database, journal, "cart", [("east", "tea", 2)], minutes=5)
    assert asked(database, live) == ({"tea": {"east": 3}, "milk": {"west": 2}}, {"tea": {"east": 2}, "milk": {}})
    assert asked(database, live) == read(database, journal)


class Failing(Reader):
    """A reader whose connection breaks after so many queries."""

    def __init__(self, reader: Reader, queries: int) -> None:
        self.memo = {}
        self._reader = reader
        self._left = queries

    def query(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        self._count()
        return self._reader.query(sql, params)

    def stream(self, sql: str, params: Params = ()) -> Iterator[tuple[Any, ...]]:
        self._count()
        return self._reader.stream(sql, params)

    def query_within(self, sql: str, params: Sequence[SqlValue | Collection[SqlValue]]) -> list[tuple[Any, ...]]:
        self._count()
        return self._reader.query_within(sql, params)

    def _count(self) -> None:
        if self._left == 0:
            raise OSError("the connection broke")
        self._left -= 1


@pytest.mark.parametrize("queries", [0, 1, 2])
def test_a_failure_on_the_way_leaves_nothing_half_counted(
    database: Database, journal: Journal, clock: ManualClock, queries: int
) -> None:
    live = LiveAvailability(clock)
    live.prepare(database)
    books.receive(database, journal, ("east", "tea", 5))
    with database.read() as reader, pytest.raises(OSError, match="broke"):
        live.available_and_held(Failing(reader, queries), ["tea"])
    assert (
        asked(database, live) == read(database, journal) == ({"tea": {"east": 5}, "milk": {}}, {"tea": {}, "milk": {}})
    )


def test_what_was_archived_behind_its_back_is_read_from_the_balances(
    database: Database, journal: Journal, clock: ManualClock, tmp_path: Path
) -> None:
    live = LiveAvailability(clock)
    live.prepare(database)
    books.receive(database, journal, ("east", "tea", 5), ("west", "milk", 2))
    books.hold(database, journal, "cart", [("east", "tea", 2)], minutes=5)
    books.receive(database, journal, ("east", "milk", 1))
    clock.advance(timedelta(minutes=1))
    assert books.archive_all(database, clock, tmp_path) == 1
    assert (
        asked(database, live)
        == read(database, journal)
        == ({"tea": {"east": 3}, "milk": {"west": 2, "east": 1}}, {"tea": {"east": 2}, "milk": {}})
    )
