"""Units that are promised though a count did not find them: noted, and made up for from the next that become free."""

from collections.abc import Collection

from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD, good
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.physical.sides import SHORTFALL, shortfall
from solver.stock.rows import Place
from solver.storage.database import Reader, Transaction

SETTLED = "stock_shortfall_settled"


def shortfalls(
    journal: Journal, reader: Reader, site_ids: Collection[str] | None = None, skus: Collection[str] | None = None
) -> dict[Place, int]:
    """Units promised though they are not there, by site and SKU; places without any are left out."""
    found = journal.balances(reader, Book.STOCK, (SHORTFALL,), site_ids, skus)
    return {(one.account.holder, one.account.unit): -one.posted for one in found if one.posted < 0}


def shortfalls_at(journal: Journal, reader: Reader, places: Collection[Place]) -> dict[Place, int]:
    """The shortfalls at these places."""
    found = shortfalls(journal, reader, {site_id for site_id, _ in places}, {sku for _, sku in places})
    return {place: units for place, units in found.items() if place in places}


def settle_shortfalls(
    journal: Journal, tx: Transaction, places: Collection[Place] | None = None, reference: str = ""
) -> None:
    """Take what is free at these places, or anywhere, off the books as far as it was not found there."""
    missing = shortfalls(journal, tx) if places is None else shortfalls_at(journal, tx, places)
    if not missing:
        return
    free = journal.available(tx, Book.STOCK, GOOD, {sku for _, sku in missing})
    transfers = []
    for (site_id, sku), units in missing.items():
        settled = min(units, free[sku].get(site_id, 0))
        if settled > 0:
            transfers.append(Transfer(debit=shortfall(site_id, sku), credit=good(site_id, sku), amount=settled))
    if transfers:
        following = follow_good(journal, tx, changes_of_good(transfers))
        journal.post(tx, SETTLED, reference, [*transfers, *following])
