"""A ledger on a fresh database of each store, and everything its tables hold."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.kept_books import JOURNAL_TABLES, Contents, clock, contents_of, journal

# fixtures, for every test of the room
__all__ = ["clock", "journal"]

LEDGER_TABLES = (
    "ledger_voucher",
    "ledger_line",
    "ledger_total",
    "ledger_period_change",
    "ledger_rate",
    "ledger_carrying",
    "ledger_declaration",
    "ledger_untranslated",
    "ledger_translation",
    "ledger_chart",
)
TABLES = (*JOURNAL_TABLES, *LEDGER_TABLES)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [JOURNAL_SCHEMA + LEDGER_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def another_store(tmp_path: Path) -> Iterator[Database]:
    """Empty books beside the others."""
    opened = open_database(tmp_path / "again.db", [JOURNAL_SCHEMA + LEDGER_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def contents(database: Database) -> Callable[[], Contents]:
    return contents_of(database, TABLES)


@pytest.fixture
def ledger(journal: Journal) -> Ledger:
    return Ledger(journal)
