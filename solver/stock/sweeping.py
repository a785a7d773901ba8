"""What time alone changes: holds that are due, lots that expire, reports that are too old, and what becomes free."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

from solver.clock import to_micros
from solver.journal.accounts import ANY_OF
from solver.journal.archived import ARCHIVED_THROUGH
from solver.journal.balances import NEXT_EXPIRY_US
from solver.journal.entries import LAST_AT_US, LAST_ENTRY
from solver.journal.journal import Journal
from solver.stock.layers.entitlement import DIVIDED
from solver.stock.partners.report_rows import FIRST_STALE_US
from solver.stock.partners.staleness import has_stale
from solver.stock.physical.lots import Frozen, expired
from solver.stock.physical.picking import Places
from solver.stock.physical.place_rows import FIRST_EXPIRY
from solver.stock.physical.shortfalls import settle_shortfalls
from solver.stock.serving import give, is_owed, void_due, withdraw
from solver.storage.database import Database, Reader, Transaction
from solver.storage.firsts import Looked, look_up

_AHEAD = (
    LAST_ENTRY,
    LAST_AT_US,
    ARCHIVED_THROUGH,
    NEXT_EXPIRY_US,
    FIRST_STALE_US,
    FIRST_EXPIRY,
    *(ANY_OF[book] for book in DIVIDED),
)


def look_ahead(reader: Reader, *also: Looked) -> None:
    """Read at once what every question and every hold wants to know first: the journal's time, and what is due when."""
    look_up(reader, *_AHEAD, *also)


def quiet_until_us(reader: Reader) -> int:
    """Until then, in microseconds since 1970, time alone changes nothing of what `reader` has; it may also be later."""
    expiry_us: int = NEXT_EXPIRY_US.up(reader)
    stale_us, dawn_us = FIRST_STALE_US.up(reader), _dawn_us(FIRST_EXPIRY.up(reader))
    return min(expiry_us, dawn_us, dawn_us if stale_us is None else stale_us)


@lru_cache(maxsize=16)
def _dawn_us(day: str) -> int:
    """When a day begins in UTC. Where it is latest the day is over 10 hours after that."""
    return to_micros(datetime.combine(date.fromisoformat(day), time(), UTC))


def sweep(journal: Journal, places: Places, tx: Transaction) -> tuple[tuple[str, ...], tuple[Frozen, ...]]:
    """Void holds that are due, and let no unit be sold that is missing, expired, or vouched for by too old a report.

    What the holds leave free goes to whom it is owed. Returns the subjects of the holds, earliest expiry first, and
    what was frozen. Where nothing is due it costs one read of what comes first.
    """
    look_ahead(tx)
    if journal.now_us(tx) < quiet_until_us(tx):
        return (), ()
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
    look_ahead(reader)
    if journal.now_us(reader) < quiet_until_us(reader):
        return False
    now = journal.now(reader)
    return (
        has_stale(journal, reader, now)
        or any(one.free_units for one in expired(journal, places, reader, now))
        or is_owed(journal, reader)
    )
