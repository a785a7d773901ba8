"""A ledger with contracts on a fresh database of each store, and settlements over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.store import ContractStore
from solver.ledger.ledger import Ledger
from solver.ledger.settlement.model import Statement
from solver.ledger.settlement.settlements import Settlements
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.once import request_for
from solver.storage.url import open_database


@dataclass(slots=True)
class House:
    """Everything that a test of settlement asks."""

    database: Database
    clock: ManualClock
    journal: Journal
    ledger: Ledger
    contracts: ContractStore
    settlements: Settlements
    asked: int = 0

    def keep(self, *texts: str) -> None:
        """Keep contracts."""
        self.asked += 1
        self.contracts.upsert(
            request_for("UpsertContracts", f"c-{self.asked}", texts), [parse(text, "c.yaml") for text in texts]
        )

    def run(self, party: str, day: date, request_id: str = "") -> Statement:
        """Settle for the period of a day."""
        self.asked += 1
        request = request_for("RunSettlement", request_id or f"r-{self.asked}", party, day)
        return self.settlements.run(request, party, "CNY", day)

    def accounts(self) -> dict[str, int]:
        """Credit less debit of every account that has anything: what is owed stands as a positive number."""
        with self.database.read() as reader:
            rows = self.ledger.trial_balance(reader)
            assert self.journal.audit(reader) == ()
        return {row.account: -row.balance_minor for row in rows if row.balance_minor}


@pytest.fixture
def house(store_url: str) -> Iterator[House]:
    clock = ManualClock(datetime(2026, 6, 1, 12, tzinfo=UTC))
    database = open_database(store_url, STEPS)
    journal = Journal(clock)
    ledger = Ledger(journal)
    contracts = ContractStore(database, clock)
    settlements = Settlements(
        database=database, clock=clock, journal=journal, ledger=ledger, book=lambda: contracts.book
    )
    yield House(
        database=database, clock=clock, journal=journal, ledger=ledger, contracts=contracts, settlements=settlements
    )
    database.close()
