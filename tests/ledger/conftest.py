"""A ledger on a fresh database of each store, and everything its tables hold."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from solver.storage.url import open_database

JOURNAL_TABLES = ("journal_account", "journal_entry", "journal_transfer", "journal_pending")
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
Contents = dict[str, list[tuple[Any, ...]]]


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
def ledger(journal: Journal) -> Ledger:
    return Ledger(journal)
