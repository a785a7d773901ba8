"""Stock on a fresh file, and everything its tables hold."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.stock.schemas import STOCK_SCHEMAS

TABLES = ("journal_account", "journal_entry", "journal_transfer", "journal_pending", "stock_place", "stock_paper")
Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STOCK_SCHEMAS)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def journal(clock: ManualClock) -> Journal:
    return Journal(clock)


@pytest.fixture
def contents(database: Database) -> Callable[[], Contents]:
    """Every row of every table, to prove that a refusal changed nothing."""

    def read() -> Contents:
        with database.read() as reader:
            return {table: reader.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}

    return read


@pytest.fixture
def stock(journal: Journal) -> Stock:
    return Stock(journal)
