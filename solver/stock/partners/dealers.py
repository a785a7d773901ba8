"""Terms of dealers: set, changed, and what a dealer sold of his own reserve."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.journal.journal import Journal
from solver.stock.partners.dealer_rows import DealerTerms, put_terms
from solver.stock.partners.reserves import DEALER_SOLD, RESERVED, sold, surplus, top_up
from solver.stock.posting import post_moves
from solver.stock.stock import Stock
from solver.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DealerSale:
    """Units that a dealer sold out of his reserve."""

    site_id: str
    sku: str
    units: int


class Dealers:
    """What dealers keep for their own trade. It is topped up from receipts, and never from what others hold."""

    def __init__(self, journal: Journal, stock: Stock) -> None:
        self._journal = journal
        self._stock = stock

    def set_terms(self, tx: Transaction, terms: Sequence[DealerTerms], reference: str) -> None:
        """Agree on terms in place of those before; free units are set apart, or given back, at once."""
        self._stock.sweep(tx)
        put_terms(tx, terms)
        places = [(one.site_id, one.sku) for one in terms]
        given_back = surplus(self._journal, tx, places)
        if given_back:
            post_moves(self._journal, self._stock.places, tx, RESERVED, reference, given_back)
        top_up(self._journal, tx, places, reference)

    def sell(self, tx: Transaction, sales: Sequence[DealerSale], reference: str) -> int:
        """Take what dealers sold off their reserves; the journal entry's number. All or none.

        Raises StockShort naming every site and SKU that has less set apart.
        """
        rows = [((one.site_id, one.sku), one.units) for one in sales]
        transfers = sold(self._journal, tx, rows)
        entry_id = post_moves(self._journal, self._stock.places, tx, DEALER_SOLD, reference, transfers).entry_id
        top_up(self._journal, tx, [place for place, _ in rows], reference)
        return entry_id
