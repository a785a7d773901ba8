"""Old entries of a service's journal moved to an archive: what the other rooms still need of them stays."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from solver.clock import Clock, to_micros
from solver.errors import FieldViolation, InvalidRequest
from solver.journal.archive_choice import StillNeeded
from solver.journal.archive_file import Told
from solver.journal.archive_parts import PART_ENTRIES, archive_parts
from solver.journal.archived import archived_through
from solver.journal.archiving import Archived, archive
from solver.ledger.books import periods
from solver.stock.accounts import BACKORDERED, COMMITTED, INCOMING_COMMITTED
from solver.storage.database import Database, Reader

# Vouchers are reversed, translated and verified with what they moved; what is committed is read from what a plan moved.
STILL_NEEDED = StillNeeded(tables=("ledger_voucher",), kinds=(COMMITTED, BACKORDERED, INCOMING_COMMITTED))

_PERIODS = """
SELECT DISTINCT entity, on_day / 100 FROM ledger_voucher JOIN journal_entry USING (entry_id)
WHERE at_us < ? AND entry_id > ? ORDER BY 2, 1
"""


def archive_journal(database: Database, before: datetime, file: Path, clock: Clock, told: Told) -> Archived | None:
    """Move what was entered before a time to a new file; None where there is nothing to move.

    The database is open here and nowhere else. Raises InvalidRequest for a time still to come, one after vouchers of a
    period that is open, and a file that is there; StorageUnusable where other processes use the database.
    """
    with database.read() as reader:
        _refuse_open_periods(reader, before)
    return archive(database, before, file, STILL_NEEDED, clock.now(), told)


def archive_journal_parts(
    database: Database, before: datetime, folder: Path, clock: Clock, told: Told, part_entries: int = PART_ENTRIES
) -> Iterator[Archived]:
    """Move what was entered before a time to files in a folder, part by part; servers may go on meanwhile.

    Raises InvalidRequest for a time still to come, one after vouchers of a period that is open, and a file that is
    there; BrokenInvariant where the books do not balance, or somebody else archives.
    """
    with database.read() as reader:
        _refuse_open_periods(reader, before)
    yield from archive_parts(database, before, folder, STILL_NEEDED, clock.now(), told, part_entries=part_entries)


def _refuse_open_periods(reader: Reader, before: datetime) -> None:
    closed = periods.closed(reader)
    for entity, period in reader.query(_PERIODS, (to_micros(before), archived_through(reader))):
        if (entity, period) not in closed:
            whose = f" of {entity}" if entity else ""
            remedy = f"its vouchers reach into period {periods.period_name(period)}{whose}, which is open: close it"
            raise InvalidRequest(
                "archiving", [FieldViolation(field="before", value=before.isoformat(), remedy=f"{remedy} first")]
            )
