"""What becomes free at a site is given at once to whom it is owed, in one order.

First to what a count did not find, then to confirmed backorders, then to dealers' reserves. Whatever frees units passes
here in the same transaction: receipts, returns, corrections, and holds that are released, expire or are cancelled.
"""

from collections.abc import Mapping

from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.stock.expected.backorders import all_waiting, cover, waiting_at
from solver.stock.partners.dealer_rows import terms_of
from solver.stock.partners.reserves import top_up
from solver.stock.partners.staleness import withdraw_stale
from solver.stock.physical.lots import Frozen, freeze_expired
from solver.stock.physical.picking import Places
from solver.stock.physical.shortfalls import settle_shortfalls, shortfalls_at
from solver.stock.rows import Place
from solver.storage.database import Reader, Transaction

Freed = Mapping[Place, int]  # by site and SKU: how many units came from outside; 0 where a hold gave its units back


def serve(journal: Journal, places: Places, tx: Transaction, freed: Freed, reference: str = "") -> None:
    """Give what is free at these sites, and at those that due holds leave, to whom it is owed.

    What has expired, or is vouched for by too old a report, is out of sale before anyone gets it.
    """
    _, left = void_due(journal, tx)
    freed = {**left, **freed}
    if not freed:
        return
    settle_shortfalls(journal, tx, freed, reference)
    if waiting_at(journal, tx, freed) or terms_of(tx, {sku for _, sku in freed}):
        withdraw(journal, places, tx)
        give(journal, tx, freed, reference)


def serve_all(journal: Journal, places: Places, tx: Transaction, reference: str = "") -> None:
    """`serve` wherever backorders wait: what their channels may take has changed."""
    serve(journal, places, tx, dict.fromkeys(all_waiting(journal, tx), 0), reference)


def give(journal: Journal, tx: Transaction, freed: Freed, reference: str = "") -> None:
    """Give what is free, and may be sold, to confirmed backorders and then to dealers."""
    if freed:
        cover(journal, tx, freed, reference)
        top_up(journal, tx, freed, reference)


def withdraw(journal: Journal, places: Places, tx: Transaction) -> tuple[Frozen, ...]:
    """Take out of sale what has expired or is vouched for by too old a report; returns what was frozen."""
    now = journal.now(tx)
    withdraw_stale(journal, places, tx, now)
    return freeze_expired(journal, places, tx, now)


def void_due(journal: Journal, tx: Transaction) -> tuple[tuple[str, ...], dict[Place, int]]:
    """Void the holds that are due: their subjects, earliest expiry first, and where they leave units free."""
    left = dict.fromkeys(_left_by_due(journal, tx), 0)
    return journal.expire_due(tx), left


def is_owed(journal: Journal, reader: Reader) -> bool:
    """True where holds that are due leave units that `serve` would give to someone."""
    left = dict.fromkeys(_left_by_due(journal, reader), 0)
    if not left:
        return False
    owed = shortfalls_at(journal, reader, left) or waiting_at(journal, reader, left)
    return bool(owed) or any(place in left for place in terms_of(reader, {sku for _, sku in left}))


def _left_by_due(journal: Journal, reader: Reader) -> list[Place]:
    return journal.due_out_of(reader, Book.STOCK, GOOD)
