"""What time alone changes: holds that are due, lots that expire, reports that are too old, and what becomes free."""

from solver.journal.journal import Journal
from solver.stock.partners.staleness import has_stale
from solver.stock.physical.lots import Frozen, expired
from solver.stock.physical.picking import Places
from solver.stock.physical.shortfalls import settle_shortfalls
from solver.stock.serving import give, is_owed, void_due, withdraw
from solver.storage.database import Database, Reader, Transaction


def sweep(journal: Journal, places: Places, tx: Transaction) -> tuple[tuple[str, ...], tuple[Frozen, ...]]:
    """Void holds that are due, and let no unit be sold that is missing, expired, or vouched for by too old a report.

    What the holds leave free goes to whom it is owed. Returns the subjects of the holds, earliest expiry first, and
    what was frozen. Where nothing is due it costs three indexed reads.
    """
    subjects, left = void_due(journal, tx)
    if left:
        settle_shortfalls(journal, tx, left)
    frozen = withdraw(journal, places, tx)
    give(journal, tx, left)
    return subjects, frozen


def is_due(journal: Journal, places: Places, reader: Reader) -> bool:
    """True where `sweep` would move units."""
    return journal.has_due(reader) or is_to_withdraw(journal, places, reader)


def withdraw_if_due(journal: Journal, places: Places, database: Database) -> None:
    """Take expired and stale units out of sale before a view is read; two indexed reads where there are none."""
    with database.read() as reader:
        due = is_to_withdraw(journal, places, reader)
    if due:
        database.run(lambda tx: sweep(journal, places, tx))


def is_to_withdraw(journal: Journal, places: Places, reader: Reader) -> bool:
    """True where units are counted as available that are not to be sold any more: views are wrong until a sweep."""
    now = journal.now(reader)
    return (
        has_stale(journal, reader, now)
        or any(one.free_units for one in expired(journal, places, reader, now))
        or is_owed(journal, reader)
    )
