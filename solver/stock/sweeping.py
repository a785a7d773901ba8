"""What time alone changes: holds that are due, lots that expire, and what becomes free by either."""

from solver.journal.journal import Journal
from solver.stock.lots import Frozen, expired, freeze_expired
from solver.stock.picking import Places
from solver.stock.shortfalls import settle_shortfalls
from solver.storage.database import Reader, Transaction


def sweep(journal: Journal, places: Places, tx: Transaction) -> tuple[tuple[str, ...], tuple[Frozen, ...]]:
    """Void holds that are due, and let neither missing nor expired units be sold again.

    Returns the subjects of the holds, earliest expiry first, and what was frozen. Where nothing is due it costs two
    indexed reads.
    """
    subjects = journal.expire_due(tx)
    if subjects:
        settle_shortfalls(journal, tx)
    return subjects, freeze_expired(journal, places, tx)


def is_due(journal: Journal, places: Places, reader: Reader) -> bool:
    """True where `sweep` would write."""
    return journal.has_due(reader) or bool(expired(journal, places, reader))
