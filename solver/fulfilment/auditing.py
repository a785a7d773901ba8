"""Every rule of the books at once: within the journal, between the books of stock, and between stock and money."""

from solver.fulfilment.costing.costing import Costing
from solver.fulfilment.questions import Questions
from solver.journal.journal import Journal
from solver.journal.model import Discrepancy
from solver.ledger.ledger import Ledger
from solver.ledger.valuation.book import ValueBook
from solver.stock.stock import Stock
from solver.storage.database import Reader


def broken_rules(journal: Journal, reader: Reader) -> tuple[Discrepancy, ...]:
    """Every broken rule of the books; empty when they balance and tie."""
    costing = Costing(journal, ValueBook(Ledger(journal)), Questions())
    return (*journal.audit(reader), *Stock(journal).audit(reader), *costing.audit(reader))
