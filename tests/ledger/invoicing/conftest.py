"""Invoices over real books on a fresh database of each store, and a platform that misbehaves as it is told."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.differences.rows import DIFFERENCE_SCHEMA
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.invoicing.model import Invoice
from solver.ledger.invoicing.practice import PracticePlatform, Temper
from solver.ledger.invoicing.rows import INVOICE_SCHEMA
from solver.ledger.invoicing.service import Invoicing
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything that a test looks at."""

    database: Database
    clock: ManualClock
    ledger: Ledger
    desk: DifferenceDesk
    invoicing: Invoicing

    def platform(self, temper: Temper | None = None) -> PracticePlatform:
        return PracticePlatform(temper=temper or Temper(), seconds=lambda: (self.clock.now() - NOON).total_seconds())

    def sleep(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def drive(self, platform: PracticePlatform, patience_seconds: float = 86_400) -> int:
        return self.invoicing.issuing(platform).drive(self.sleep, patience_seconds)

    def balances(self) -> dict[str, int]:
        with self.database.read() as reader:
            return {row.account: row.balance_minor for row in self.ledger.trial_balance(reader)}

    def states(self) -> dict[str, tuple[str, str]]:
        return {one.invoice_id: (str(one.state), one.number) for one in self.invoicing.all()}

    def one(self, invoice_id: str = "W1-1") -> Invoice:
        return self.invoicing.get(invoice_id)


@pytest.fixture
def office(store_url: str) -> Iterator[Office]:
    clock = ManualClock(NOON)
    schema = "".join((REQUEST_SCHEMA, JOURNAL_SCHEMA, LEDGER_SCHEMA, DIFFERENCE_SCHEMA, INVOICE_SCHEMA))
    database = open_database(store_url, [schema], durable=False)
    ledger = Ledger(Journal(clock))
    desk = DifferenceDesk(database=database, clock=clock, posting=ledger)
    yield Office(
        database=database,
        clock=clock,
        ledger=ledger,
        desk=desk,
        invoicing=Invoicing(database=database, clock=clock, tickets=desk.tickets, posting=ledger),
    )
    database.close()


@pytest.fixture
def asked() -> Callable[..., Request]:
    """A request with an id that no other has."""
    numbers = itertools.count(1)
    return lambda *body: request_for("Test", f"request {next(numbers)}", *body)
