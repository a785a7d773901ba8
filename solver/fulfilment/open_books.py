"""One journal, and the books in units and in money that are kept in it."""

from dataclasses import dataclass

from solver.clock import Clock
from solver.fulfilment.costing.costing import Costing
from solver.fulfilment.costing.sales import Sales
from solver.fulfilment.plan_events.noting import note_expiry
from solver.fulfilment.questions import Questions
from solver.fulfilment.site_days import days_of
from solver.fulfilment.sources import NetworkSource
from solver.journal.journal import Journal
from solver.ledger.ledger import Ledger
from solver.ledger.valuation.book import ValueBook
from solver.stock.holding.commitments import Commitments
from solver.stock.physical.adoption import needs_places, put_in_places
from solver.stock.physical.picking import Places
from solver.stock.stock import Stock
from solver.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBooks:
    """The books as one process has them open. Goods that move are valued in the same transaction."""

    journal: Journal
    stock: Stock
    commitments: Commitments
    ledger: Ledger
    values: ValueBook
    costing: Costing
    sales: Sales

    @classmethod
    def over(cls, database: Database, clock: Clock, network: NetworkSource) -> "OpenBooks":
        """Open them; stock of a release that knew no places is put into default places."""
        journal = Journal(clock)
        stock, ledger = Stock(journal, Places(journal, days_of(network))), Ledger(journal)
        _put_all_in_places(database, journal, stock)
        values, questions = ValueBook(ledger), Questions()
        costing = Costing(journal, values, questions)
        journal.watch(costing.follow)
        journal.watch_expiries(note_expiry)
        return cls(
            journal=journal,
            stock=stock,
            commitments=Commitments(journal, stock.places),
            ledger=ledger,
            values=values,
            costing=costing,
            sales=Sales(ledger, values, questions),
        )


def _put_all_in_places(database: Database, journal: Journal, stock: Stock) -> None:
    with database.read() as reader:
        needed = needs_places(journal, reader)
    if needed:
        with database.write() as tx:
            put_in_places(journal, stock.places, tx)
