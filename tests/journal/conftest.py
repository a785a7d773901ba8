"""A journal on a fresh file, and everything its tables hold."""

from collections.abc import Callable, Iterator

import pytest

from solver.journal.schema import JOURNAL_SCHEMA
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.kept_books import JOURNAL_TABLES, Contents, clock, contents_of, journal

# fixtures, for every test of the room
__all__ = ["clock", "journal"]


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [JOURNAL_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def contents(database: Database) -> Callable[[], Contents]:
    return contents_of(database, JOURNAL_TABLES)
