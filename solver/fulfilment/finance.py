"""What is done in money after plans are confirmed: shared and settled, matched with statements, invoiced, valued."""

from dataclasses import dataclass

from solver.clock import Clock
from solver.fulfilment.costing.valuation import Valuation
from solver.fulfilment.master_data import MasterData
from solver.fulfilment.open_books import OpenBooks
from solver.fulfilment.planner import Planner
from solver.fulfilment.settled_plans import SettledPlans
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.invoicing.service import Invoicing
from solver.ledger.reconciling.service import Reconciling
from solver.ledger.settlement.settlements import Settlements
from solver.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """One part for each kind of work."""

    settlements: Settlements
    settled_plans: SettledPlans
    differences: DifferenceDesk
    reconciling: Reconciling
    invoicing: Invoicing
    valuation: Valuation

    @classmethod
    def of(
        cls, *, database: Database, clock: Clock, masters: MasterData, books: OpenBooks, planner: Planner
    ) -> "Finance":
        """All parts over one database; whatever does not match becomes a ticket of `differences`."""
        settlements = Settlements(
            database=database,
            clock=clock,
            journal=books.journal,
            ledger=books.ledger,
            book=lambda: masters.contracts.book,
        )
        differences = DifferenceDesk(database=database, clock=clock, posting=books.ledger)
        tickets = differences.tickets
        return cls(
            settlements=settlements,
            settled_plans=SettledPlans(
                database=database, catalog=masters.catalog, planner=planner, settlements=settlements
            ),
            differences=differences,
            reconciling=Reconciling(database=database, clock=clock, posting=books.ledger, tickets=tickets),
            invoicing=Invoicing(database=database, clock=clock, tickets=tickets, posting=books.ledger),
            valuation=Valuation(
                database=database,
                clock=clock,
                journal=books.journal,
                values=books.values,
                costing=books.costing,
                catalog=masters.catalog,
                network=masters.network,
            ),
        )
