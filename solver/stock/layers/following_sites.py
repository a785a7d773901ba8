"""The layers above the sites follow every unit that becomes sellable at a site or ceases to be, outside of holds."""

from collections.abc import Iterable, Mapping

from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD
from solver.stock.layers.allotment import shared_out
from solver.stock.rows import Place
from solver.storage.database import Reader


def changes_of_good(transfers: Iterable[Transfer]) -> dict[Place, int]:
    """By how much these transfers change the sellable units of each site and SKU; what stays equal is left out."""
    changes: dict[Place, int] = {}
    for one in transfers:
        for account, units in ((one.debit, one.amount), (one.credit, -one.amount)):
            if account.book is Book.STOCK and account.kind == GOOD:
                place = (account.holder, account.unit)
                changes[place] = changes.get(place, 0) + units
    return {place: units for place, units in changes.items() if units}


def follow_good(journal: Journal, reader: Reader, changes: Mapping[Place, int]) -> list[Transfer]:
    """What is to be posted in the same entry, so that what is shared out among channels stays what sites have."""
    return shared_out(journal, reader, changes) if changes else []
