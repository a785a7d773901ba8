"""Old entries are moved to archives in parts, each taken away by a short transaction: servers may go on meanwhile.

What a server keeps in memory goes from entry to entry; where it stands before what was archived, it is read anew.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from solver.errors import BrokenInvariant
from solver.journal.archive_choice import Choice, Chosen, StillNeeded, moved_since
from solver.journal.archive_file import Run, Told, next_run
from solver.journal.archived import archives, opening_digest
from solver.journal.archiving import BROKEN_BEFORE, Archived, refuse_broken, refuse_to_come, take_away, written
from solver.journal.changes import tail
from solver.storage.database import Database, Reader

PART_ENTRIES = 20_000
RESTS = 2.0  # times as long as a part kept others from writing

_PENDING_DIFFERS = """
WITH pending AS (
    SELECT moved.debit_id, moved.credit_id, moved.amount
    FROM journal_pending JOIN journal_transfer AS moved USING (entry_id)
), sides AS (
    SELECT debit_id AS account_id, amount AS dr, 0 AS cr FROM pending UNION ALL SELECT credit_id, 0, amount FROM pending
), rebuilt AS (
    SELECT account_id, sum(dr) AS dr, sum(cr) AS cr FROM sides GROUP BY account_id
)
SELECT account.account_id FROM journal_account AS account LEFT JOIN rebuilt USING (account_id)
WHERE (coalesce(dr, 0), coalesce(cr, 0)) <> (debits_pending, credits_pending) LIMIT 1
"""


def archive_parts(
    database: Database,
    before: datetime,
    folder: Path,
    needed: StillNeeded,
    now: datetime,
    told: Told,
    *,
    part_entries: int = PART_ENTRIES,
    rest: Callable[[float], object] = time.sleep,
) -> Iterator[Archived]:
    """Move what was entered before a time to files in a folder, of at most so many entries each; each as it is done.

    The books are audited before the first part and after the last. Raises InvalidRequest for a time that is still to
    come and for a file that is there; BrokenInvariant where the books do not balance, or something else is archived
    meanwhile; StorageUnusable. Parts that were told of are done, and the same call again goes on behind them.
    """
    refuse_to_come(before, now)
    with database.read() as reader:
        run = next_run(reader, before, part_entries)
        if run is None:
            return
        refuse_broken(reader, BROKEN_BEFORE)
    while run is not None:
        file = folder / file_name(run.number)
        with database.read() as reader:
            _refuse_other_opening(reader)
            made = written(reader, run, file, told)
            balances = list(made.changed_balances())
            chosen, seen = list(_choice(reader, needed, run)), tail(reader).entry_id
        begun = time.monotonic()
        with database.write() as tx:
            moved = moved_since(tx, seen)
            holds = all(moved.isdisjoint(page.subjects) for page in chosen)
            done = take_away(tx, run, made, chosen if holds else _choice(tx, needed, run), balances, told)
            _refuse_lost_holds(tx, run)
        yield done
        rest(RESTS * (time.monotonic() - begun))
        with database.read() as reader:
            run = next_run(reader, before, part_entries)
    with database.read() as reader:
        refuse_broken(reader, "the books do not balance after it; the archives have every row that was taken away")


def file_name(number: int) -> str:
    """What the file of an archive is called in a folder of them: they stand in their order there."""
    return f"journal-{number:06}.db"


def _choice(reader: Reader, needed: StillNeeded, run: Run) -> Iterator[Chosen]:
    return Choice(reader=reader, needed=needed, first=run.first_entry_id, cut=run.last_entry_id).chosen()


def _refuse_other_opening(reader: Reader) -> None:
    """What the part before carried forward must be what its archive ended with; so must the last one's: the audit."""
    done = archives(reader)
    if done and done[-1].opening_digest != opening_digest(reader):
        raise BrokenInvariant(f"what accounts held after {done[-1]} was not carried forward as its file says")


def _refuse_lost_holds(reader: Reader, run: Run) -> None:
    """Of a hold that stands every transfer must stay: what accounts have pending is told by them alone."""
    for (account_id,) in reader.query(_PENDING_DIFFERS):
        raise BrokenInvariant(
            f"entries {run.first_entry_id} to {run.last_entry_id}: what account {account_id} has pending would be lost"
        )
