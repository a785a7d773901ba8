"""Many rows at once say what as many statements would, on every store, however few or many they are."""

from collections.abc import Iterator

import pytest

from solver.storage.database import Database
from solver.storage.errors import ConstraintRefused
from solver.storage.portable import MOST_ROWS
from solver.storage.sqlite import FEW_ROWS
from solver.storage.url import open_database

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    id INTEGER PRIMARY KEY, posted INTEGER NOT NULL CHECK (posted >= 0), pending INTEGER NOT NULL
) STRICT;
"""
NUMBERS = (0, 1, 2, 3, FEW_ROWS - 1, FEW_ROWS, FEW_ROWS + 1, MOST_ROWS, MOST_ROWS + 3)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [SCHEMA])
    yield opened
    opened.close()


def rows(database: Database) -> list[tuple[int, int, int]]:
    with database.read() as reader:
        return [tuple(row) for row in reader.query("SELECT id, posted, pending FROM account ORDER BY id")]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_row_is_written(database: Database, number: int) -> None:
    new = [(one, 10 * one, -one) for one in range(number)]
    with database.write() as tx:
        tx.execute_rows("INSERT INTO account (id, posted, pending) {rows}", new)
    assert rows(database) == new


@pytest.mark.parametrize("number", NUMBERS)
def test_to_every_row_its_own_is_added(database: Database, number: int) -> None:
    with database.write() as tx:
        tx.execute_rows(
            "INSERT INTO account (id, posted, pending) {rows}", [(one, 5, 5) for one in range(MOST_ROWS + 4)]
        )
        tx.add_to_rows("account", "id", ("posted", "pending"), [(one, one, -2) for one in range(number)])
    changed = [(one, 5 + one, 3) for one in range(number)]
    assert rows(database) == changed + [(one, 5, 5) for one in range(number, MOST_ROWS + 4)]


def test_where_a_row_would_break_a_rule_the_act_ends_and_nothing_is_added(database: Database) -> None:
    with database.write() as tx:
        tx.execute_rows("INSERT INTO account (id, posted, pending) {rows}", [(1, 5, 0), (2, 5, 0), (3, 5, 0)])
    with pytest.raises(ConstraintRefused), database.write() as tx:
        tx.add_to_rows("account", "id", ("posted", "pending"), [(1, 1, 1), (2, -6, 1), (3, 1, 1)])
    assert rows(database) == [(1, 5, 0), (2, 5, 0), (3, 5, 0)]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 8, 9, 600])
def test_a_set_of_any_size_finds_what_is_in_it_beside_other_parameters(database: Database, number: int) -> None:
    with database.write() as tx:
        tx.execute_rows("INSERT INTO account (id, posted, pending) {rows}", [(one, one % 2, 0) for one in range(700)])
    sql = "SELECT id FROM account WHERE id IN (?) AND posted = ? AND id NOT IN (?) ORDER BY id"
    with database.read() as reader:
        found = reader.query_within(sql, (list(range(number)), 1, [1, 5]))
    assert [one for (one,) in found] == [one for one in range(number) if one % 2 and one not in (1, 5)]
