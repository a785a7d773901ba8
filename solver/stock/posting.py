"""One way to post moves of units: every layer in one entry, and what became free given at once to whom it is owed."""

from collections.abc import Sequence

from solver.errors import StockShort
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Book, Entry, Shortage, Transfer
from solver.stock.accounts import GOOD
from solver.stock.layers.following_sites import changes_of_good, follow_good
from solver.stock.physical.picking import Places
from solver.stock.serving import Freed, serve
from solver.storage.database import Transaction


def post_moves(
    journal: Journal, places: Places, tx: Transaction, kind: str, reference: str, transfers: Sequence[Transfer]
) -> Entry:
    """Post moves in both books and in the layers above; who is owed units is served from what comes.

    Raises StockShort naming every account that has too few units; nothing is written then.
    """
    entry, came = post_unserved(journal, tx, kind, reference, transfers)
    if came:
        serve(journal, places, tx, came, reference)
    return entry


def post_unserved(
    journal: Journal, tx: Transaction, kind: str, reference: str, transfers: Sequence[Transfer]
) -> tuple[Entry, Freed]:
    """`post_moves` without giving what comes to anyone yet: the entry, and what the caller is to `serve` from."""
    changes = changes_of_good(transfers)
    try:
        entry = journal.post(tx, kind, reference, [*transfers, *follow_good(journal, tx, changes)])
    except GuardRefused as refused:
        raise too_few(reference, refused) from refused
    return entry, {place: units for place, units in changes.items() if units > 0}


def too_few(reference: str, refused: GuardRefused) -> StockShort:
    """The error that names every site, or place where its site has enough, with the units wanted and available."""
    of_sites = [one for one in refused.shortages if one.account.book is not Book.PLACES]
    short = of_sites or list(refused.shortages)
    metadata = {_name(one): f"wanted {one.wanted}, available {one.available}" for one in short}
    listed = "; ".join(f"{name}: {figures}" for name, figures in metadata.items())
    return StockShort(f"{reference or 'the move'} asks for more than is available: {listed}", metadata=metadata)


def _name(short: Shortage) -> str:
    account = short.account
    state = "" if account.kind == GOOD else f"/{account.kind}"
    return f"{account.holder}/{account.unit}{state}"
