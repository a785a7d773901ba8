"""What time alone changes: holds that are due, lots that expire, reports that are too old, and what becomes free."""

from solver.journal.journal import Journal
from solver.stock.lots import Frozen, expired, freeze_expired
from solver.stock.picking import Places
from solver.stock.shortfalls import settle_shortfalls
from solver.stock.staleness import has_stale, withdraw_stale
from solver.storage.database import Reader, Transaction


def sweep(journal: Journal, places: Places, tx: Transaction) -> tuple[tuple[str, ...], tuple[Frozen, ...]]:
    """Void holds that are due, and let no unit be sold that is missing, expired, or vouched for by too old a report.

    Returns the subjects of the holds, earliest expiry first, and what was frozen. Where nothing is due it costs three
    indexed reads.
    """
    subjects = journal.expire_due(tx)
    if subjects:
        settle_shortfalls(journal, tx)
    withdraw_stale(journal, places, tx)
    return subjects, freeze_expired(journal, places, tx)


def is_due(journal: Journal, places: Places, reader: Reader) -> bool:
    """True where `sweep` would write."""
    return journal.has_due(reader) or has_stale(journal, reader) or bool(expired(journal, places, reader))
