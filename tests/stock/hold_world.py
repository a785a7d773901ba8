"""What tests of holds share: a site with tea, and short words for what is done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.journal.model import Discrepancy, EntryState
from solver.stock.holding.commitment_model import Commitment, CommitmentRow, ShortPick
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.hold_terms import NO_TERMS, HoldTerms
from solver.stock.holding.holds import Holds
from solver.stock.holding.standing import HoldName
from solver.stock.model import BackorderLimit, Claim, Movement, StockHold, StockLevel
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader
from tests.stock.schemas import STOCK_SCHEMAS

SCHEMAS = STOCK_SCHEMAS
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
Rows = dict[str, list[tuple[Any, ...]]]


def tea(units: int, site_id: str = "s1", consignment_id: str = "") -> Claim:
    """A claim on tea."""
    return Claim(site_id=site_id, sku="tea", units=units, consignment_id=consignment_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWorld:
    """Stock and holds over one database; every method is a transaction of its own."""

    database: Database
    clock: ManualClock
    journal: Journal
    stock: Stock
    holds: Holds
    commitments: Commitments

    @classmethod
    def over(cls, database: Database, clock: ManualClock) -> "HoldWorld":
        """Everything on this database and this clock."""
        journal = Journal(clock)
        stock = Stock(journal)
        return cls(
            database=database,
            clock=clock,
            journal=journal,
            stock=stock,
            holds=Holds(journal, stock.places),
            commitments=Commitments(journal, stock.places),
        )

    def receive(self, units: int, site_id: str = "s1") -> None:
        """Tea comes in."""
        with self.database.write() as tx:
            self.stock.receive(tx, [Movement(site_id=site_id, sku="tea", units=units)], "po")

    def limit(self, units: int) -> None:
        """So much tea may be backordered at s1."""
        with self.database.write() as tx:
            self.stock.limit_backorders(tx, [BackorderLimit(site_id="s1", sku="tea", units=units)], "terms")

    def place(self, hold_id: str, *claims: Claim, minutes: int = 10, terms: HoldTerms = NO_TERMS) -> None:
        """Hold these claims."""
        with self.database.write() as tx:
            self.holds.place(tx, hold_id, claims, minutes * MINUTES, terms)

    def confirm(self, hold_id: str) -> None:
        """Commit a hold."""
        with self.database.write() as tx:
            self.holds.confirm(tx, hold_id)

    def release(self, hold_id: str, *claims: Claim) -> None:
        """Give a hold back, or these claims of it."""
        with self.database.write() as tx:
            self.holds.release(tx, hold_id, claims)

    def extend(self, hold_id: str, minutes: int) -> None:
        """Let a hold stand longer."""
        with self.database.write() as tx:
            self.holds.changes.extend(tx, hold_id, minutes * MINUTES)

    def split(self, hold_id: str, to_hold_id: str, *claims: Claim, order_id: str = "") -> None:
        """Move units to a new hold."""
        with self.database.write() as tx:
            self.holds.changes.split(tx, hold_id, to_hold_id, claims, order_id)

    def transfer(self, hold_id: str, to_hold_id: str, order_id: str = "") -> None:
        """Pass a hold on."""
        with self.database.write() as tx:
            self.holds.changes.transfer(tx, hold_id, to_hold_id, order_id)

    def ship(self, name: HoldName, *rows: CommitmentRow) -> None:
        """Let committed units leave."""
        with self.database.write() as tx:
            self.commitments.ship(tx, name, rows)

    def report_short(self, name: HoldName, *picks: ShortPick) -> None:
        """Say what was not found."""
        with self.database.write() as tx:
            self.commitments.report_short(tx, name, picks)

    def reject(self, name: HoldName, *rows: CommitmentRow, into: StockState = StockState.GOOD) -> None:
        """The site refuses."""
        with self.database.write() as tx:
            self.commitments.reject(tx, name, rows, into)

    def cancel(self, name: HoldName, *rows: CommitmentRow) -> None:
        """Give committed units back."""
        with self.database.write() as tx:
            self.commitments.cancel(tx, name, rows)

    def commitment(self, name: HoldName) -> Commitment:
        """What a confirmed hold is committed to."""
        with self.database.read() as reader:
            return self.commitments.find(reader, name)

    def hold(self, hold_id: str) -> StockHold:
        """A hold as it stands now."""
        with self.database.read() as reader:
            return self.holds.find(reader, hold_id)

    def units(self, hold_id: str) -> tuple[EntryState, dict[str, tuple[int, int]]]:
        """State; units and backordered units by site, SKU and consignment."""
        hold = self.hold(hold_id)
        return hold.state, {
            "/".join(filter(None, (one.site_id, one.sku, one.consignment_id))): (one.units, one.backordered_units)
            for one in hold.contents
        }

    def level(self, site_id: str = "s1") -> StockLevel:
        """Tea at a site."""
        with self.database.read() as reader:
            [found] = self.stock.levels(reader, site_ids=(site_id,))
        return found

    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """What is wrong with the books."""
        with self.database.read() as reader:
            return (*self.journal.audit(reader), *self.stock.audit(reader))

    def rows(self) -> Rows:
        """Every row of every table, to prove that a refusal changed nothing."""
        with self.database.read() as reader:
            return {name: sorted(reader.query(f"SELECT * FROM {name}"), key=repr) for name in TABLES}

    def read(self, ask: Callable[[Reader], Any]) -> Any:
        """What a reader finds."""
        with self.database.read() as reader:
            return ask(reader)


TABLES = (
    "journal_account", "journal_entry", "journal_transfer", "journal_pending", "stock_place", "stock_hold",
    "stock_hold_terms", "stock_coming", "stock_promise",
)  # fmt: skip
