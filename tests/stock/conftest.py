"""Stock on a fresh file, and everything its tables hold."""

from collections.abc import Callable, Iterator

import pytest

from solver.journal.journal import Journal
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.kept_books import JOURNAL_TABLES, Contents, clock, contents_of, journal
from tests.stock.schemas import STOCK_SCHEMAS

# fixtures, for every test of the room
__all__ = ["clock", "journal"]

TABLES = (*JOURNAL_TABLES, "stock_place", "stock_paper")


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STOCK_SCHEMAS)
    yield opened
    opened.close()


@pytest.fixture
def contents(database: Database) -> Callable[[], Contents]:
    return contents_of(database, TABLES)


@pytest.fixture
def stock(journal: Journal) -> Stock:
    return Stock(journal)
