"""What is looked up once is known within a snapshot; many values take one statement."""

from collections.abc import Iterator
from typing import Any

import pytest

from solver.storage.database import Database, Reader
from solver.storage.firsts import Looked, look_up
from solver.storage.url import open_database

SCHEMA = "CREATE TABLE IF NOT EXISTS shelf (place INTEGER PRIMARY KEY, units INTEGER NOT NULL) STRICT;"
LAST = Looked(sql="SELECT max(place) FROM shelf", otherwise=0)
FEWEST = Looked(sql="SELECT units FROM shelf ORDER BY units LIMIT 1")


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [SCHEMA])
    yield opened
    opened.close()


class Counting:
    """A reader that counts what it is asked."""

    def __init__(self, reader: Reader) -> None:
        self.asked = 0
        self.memo: dict[object, Any] = {}
        self._reader = reader

    def query(self, sql: str) -> Any:
        self.asked += 1
        return self._reader.query(sql)


def test_an_empty_table_says_what_stands_for_nothing(database: Database) -> None:
    with database.read() as reader:
        assert (LAST.up(reader), FEWEST.up(reader)) == (0, None)


def test_several_values_take_one_statement_and_none_when_they_are_known(database: Database) -> None:
    with database.write() as tx:
        tx.execute_rows("INSERT INTO shelf (place, units) {rows}", [(1, 8), (4, 3)])
    with database.read() as reader:
        counting: Any = Counting(reader)
        look_up(counting, LAST, FEWEST)
        assert (LAST.up(counting), FEWEST.up(counting)) == (4, 3)
        look_up(counting, FEWEST, LAST)
        assert counting.asked == 1


def test_only_what_is_not_known_is_asked(database: Database) -> None:
    with database.read() as reader:
        counting: Any = Counting(reader)
        LAST.note(counting, 7)
        look_up(counting, LAST, FEWEST)
        assert (LAST.up(counting), FEWEST.up(counting), counting.asked) == (7, None, 1)


def test_a_value_that_was_forgotten_is_read_again(database: Database) -> None:
    with database.write() as tx:
        assert LAST.up(tx) == 0
        tx.execute("INSERT INTO shelf (place, units) VALUES (?, ?)", (5, 1))
        assert LAST.up(tx) == 0, "as it was known"
        LAST.forget(tx)
        assert LAST.up(tx) == 5


def test_what_was_noted_in_an_act_that_is_undone_is_not_known(database: Database) -> None:
    with database.write() as tx:
        with pytest.raises(ValueError, match="no"), tx.attempt():
            LAST.note(tx, 9)
            raise ValueError("no")
        assert LAST.up(tx) == 0
