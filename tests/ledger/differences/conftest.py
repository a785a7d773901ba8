"""A desk for differences over real books on a fresh database of each store."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.differences.rows import DIFFERENCE_SCHEMA
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything that a test looks at."""

    database: Database
    clock: ManualClock
    ledger: Ledger
    desk: DifferenceDesk

    def balances(self) -> dict[str, int]:
        with self.database.read() as reader:
            return {row.account: row.balance_minor for row in self.ledger.trial_balance(reader)}

    def rows(self) -> list[object]:
        tables = ("difference_ticket", "difference_note", "journal_entry", "ledger_voucher")
        with self.database.read() as reader:
            return [reader.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


@pytest.fixture
def books(store_url: str) -> Iterator[Books]:
    clock = ManualClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    schema = "".join((REQUEST_SCHEMA, JOURNAL_SCHEMA, LEDGER_SCHEMA, DIFFERENCE_SCHEMA))
    database = open_database(store_url, [schema])
    ledger = Ledger(Journal(clock))
    yield Books(
        database=database,
        clock=clock,
        ledger=ledger,
        desk=DifferenceDesk(database=database, clock=clock, posting=ledger),
    )
    database.close()


@pytest.fixture
def asked() -> Callable[..., Request]:
    """A request with an id that no other has."""
    numbers = itertools.count(1)
    return lambda *body: request_for("Test", f"request {next(numbers)}", *body)
