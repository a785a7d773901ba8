"""Fixtures of a journal on a clock that stands still, and a look at every row of some tables."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.storage.database import Database

JOURNAL_TABLES = ("journal_account", "journal_entry", "journal_transfer", "journal_pending")
Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def journal(clock: ManualClock) -> Journal:
    return Journal(clock)


def contents_of(database: Database, tables: Sequence[str]) -> Callable[[], Contents]:
    """Reads every row of every table, to prove that a refusal changed nothing."""

    def read() -> Contents:
        with database.read() as reader:
            return {table: reader.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}

    return read
