"""Units moved in the journal itself, for tests of what follows it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from solver.clock import ManualClock
from solver.journal.archive_choice import StillNeeded
from solver.journal.archive_parts import archive_parts
from solver.journal.journal import Journal
from solver.journal.model import Entry, Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.accounts import ADJUSTED, committed, good, supply
from solver.stock.feed.rows import FEED_SCHEMA
from solver.stock.physical.sides import outside
from solver.storage.database import Database
from solver.storage.url import open_database

Rows = Sequence[tuple[str, str, int]]  # site, SKU, units
HELD = "stock_held"


def opened(where: Path | str) -> Database:
    """The journal's and the feed's tables, made where they are missing."""
    return open_database(where, [JOURNAL_SCHEMA, FEED_SCHEMA])


def receive(database: Database, journal: Journal, *rows: tuple[str, str, int]) -> Entry:
    """Units come in."""
    transfers = [Transfer(debit=good(site, sku), credit=supply(sku), amount=units) for site, sku, units in rows]
    with database.write() as tx:
        return journal.post(tx, "stock_received", "delivery", transfers)


def remove(database: Database, journal: Journal, *rows: tuple[str, str, int]) -> Entry:
    """Units go. Raises GuardRefused."""
    transfers = [
        Transfer(debit=outside(ADJUSTED, sku).site, credit=good(site, sku), amount=units) for site, sku, units in rows
    ]
    with database.write() as tx:
        return journal.post(tx, "stock_adjusted", "count", transfers)


def hold(database: Database, journal: Journal, hold_id: str, rows: Rows, minutes: int) -> Entry:
    """Units are held for so many minutes from now. Raises GuardRefused."""
    with database.write() as tx:
        journal.expire_due(tx)
        transfers = [
            Transfer(debit=committed(site, sku), credit=good(site, sku), amount=units) for site, sku, units in rows
        ]
        return journal.hold(tx, HELD, hold_id, transfers, journal.now(tx) + timedelta(minutes=minutes))


def confirm(database: Database, journal: Journal, hold: Entry) -> None:
    """Raises StateConflict."""
    with database.write() as tx:
        journal.confirm(tx, hold.entry_id)


def release(database: Database, journal: Journal, hold: Entry) -> None:
    """Raises StateConflict."""
    with database.write() as tx:
        journal.release(tx, hold.entry_id)


def sweep(database: Database, journal: Journal) -> None:
    """Every due hold is voided."""
    with database.write() as tx:
        journal.expire_due(tx)


def archive_all(database: Database, clock: ManualClock, folder: Path) -> int:
    """What was entered until now is archived, but for the last entry; how many archives that took."""
    return sum(1 for _ in archive_parts(database, clock.now(), folder, StillNeeded(), clock.now(), lambda *_: None))
