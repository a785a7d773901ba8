"""Old entries are moved to an archive, and what they came to is written in their place.

The file is whole and on disk before one transaction takes anything away. What is still needed stays (docs/archive.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from solver.errors import BrokenInvariant, FieldViolation, InvalidRequest
from solver.journal.archive_file import (
    BALANCE,
    ROWS_AT_ONCE,
    Run,
    Told,
    as_archive,
    closing_digest,
    head_of,
    next_run,
    reading_archive,
    rows_digest,
    write_archive,
)
from solver.journal.archived import Archive, archives, keep_archive, kept_digest, opening_digest
from solver.journal.audit import audit
from solver.journal.model import Book
from solver.storage.database import Database, Reader, Transaction
from solver.storage.sealed import file_digest, seal

_DELETED_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StillNeeded:
    """What other rooms need of old entries.

    `tables` refer to entries by their column `entry_id`, and need them with their transfers. Units on accounts of these
    `kinds` wait for something: as long as what a subject moved leaves any there, its entries stay whole.
    """

    tables: Sequence[str] = ()
    book: Book = Book.STOCK
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What an archiving came to; `is_new` False: it had been done before, and the file is the one of then."""

    archive: Archive
    kept_entries: int
    is_new: bool = True


def archive(
    database: Database, before: datetime, file: Path, needed: StillNeeded, now: datetime, told: Told
) -> Archived | None:
    """Move what was entered before a time to a new file; None where there is nothing to move.

    A file that an interrupted archiving left is recognised and used. The caller has the folder of a file's database
    locked. Raises InvalidRequest for a time that is still to come and a file that is there; BrokenInvariant where the
    books do not balance; StorageUnusable. The database is as it was then.
    """
    if before > now:
        _refuse("before", before.isoformat(), f"give a time that is past: now it is {now.isoformat()}")
    with database.write() as tx:
        database.refuse_others(tx)
    with database.read() as reader:
        _refuse_broken(reader, "the books do not balance before: run python -m solver audit")
        run = next_run(reader, before)
        if run is None:
            return _done_before(reader, file)
        part = file.with_name(f"{file.name}.part")
        try:
            digest = write_archive(reader, run, part, told)
            _take_name(part, file, digest)
        finally:
            part.unlink(missing_ok=True)
    bytes_digest = file_digest(file)
    with database.write() as tx:
        database.refuse_others(tx)
        if next_run(tx, before) is None or len(archives(tx)) != run.number - 1:
            raise BrokenInvariant("something else was archived meanwhile: run it again")
        return _take_away(tx, run, file, (digest, bytes_digest), needed, told)


def _take_name(part: Path, file: Path, digest: str) -> None:
    """A file of the same rows may be there: of a run that ended before the database took note of it."""
    if not file.exists():
        seal(part, file)
        return
    with head_of(file) as (reader, _, said):
        if said == digest == rows_digest(reader):
            return
    _refuse("file", str(file), "it is there already and is no archive of these entries: name a file that is not there")


def _done_before(reader: Reader, file: Path) -> Archived | None:
    done = archives(reader)
    if not file.exists():
        return None
    if not done or file_digest(file) != done[-1].file_digest:
        _refuse("file", str(file), "it is there already, and there is nothing to archive")
    return Archived(archive=done[-1], kept_entries=_kept_entries(reader), is_new=False)


def _take_away(
    tx: Transaction, run: Run, file: Path, digests: tuple[str, str], needed: StillNeeded, told: Told
) -> Archived:
    """The database's side, in one transaction that ends without effect where the books do not balance after it."""
    _choose(tx, run, needed)
    with tx.lifted("journal_transfer"), tx.lifted("journal_entry"):
        _delete(tx, run, told)
    with reading_archive(file) as archived:
        tx.execute("DELETE FROM journal_opening")
        after = -1
        while rows := archived.query(
            f"SELECT {BALANCE} FROM closing WHERE account_id > ? ORDER BY account_id LIMIT ?", (after, ROWS_AT_ONCE)
        ):
            tx.execute_rows(f"INSERT INTO journal_opening ({BALANCE}) {{rows}}", rows)
            after = rows[-1][0]
        opening = closing_digest(archived)
    if opening != opening_digest(tx):
        raise BrokenInvariant("what accounts held was not written as the archive says")
    one = as_archive(run, *digests, opening, kept_digest(tx, run.last_entry_id))
    keep_archive(tx, one)
    _refuse_broken(tx, "the books would not balance after it")
    return Archived(archive=one, kept_entries=_kept_entries(tx))


# A hold with a subject of its own, not one that stands alongside another.
_OF_ITS_OWN = "phase = 'hold' AND substr(kind, 1, 10) <> 'alongside_'"


def _choose(tx: Transaction, run: Run, needed: StillNeeded) -> None:
    """Say in journal_kept which entries stay, and which of them with their transfers."""
    cut = run.last_entry_id
    tx.execute(
        """INSERT INTO journal_kept (entry_id, is_whole)
           SELECT entry_id, 1 FROM journal_entry WHERE entry_id >= ? AND entry_id <= ?""",
        (run.first_entry_id, cut),
    )
    referred = "".join(f" AND entry_id NOT IN (SELECT entry_id FROM {table})" for table in needed.tables)
    kinds = ", ".join("?" * len(needed.kinds)) or "NULL"
    tx.execute(
        f"""
        WITH whole AS (
            SELECT made.* FROM journal_kept AS kept JOIN journal_entry AS made ON made.entry_id = kept.entry_id
            WHERE kept.is_whole = 1
        ), holds AS (SELECT * FROM whole WHERE {_OF_ITS_OWN}), moved AS (
            SELECT made.subject, one.debit_id, one.credit_id, one.amount
            FROM whole AS made JOIN journal_transfer AS one ON one.entry_id = made.entry_id
            LEFT JOIN journal_entry AS resolution ON resolution.resolves = made.entry_id
            WHERE made.phase = 'post' OR resolution.phase = 'confirm'
        ), sides AS (
            SELECT subject, debit_id AS account_id, amount FROM moved
            UNION ALL SELECT subject, credit_id, -amount FROM moved
        ), waiting AS (
            SELECT subject FROM sides JOIN journal_account AS account ON account.account_id = sides.account_id
            WHERE book = ? AND kind IN ({kinds}) GROUP BY subject, sides.account_id HAVING sum(amount) <> 0
        ), open_subjects AS (
            SELECT subject FROM holds WHERE subject IN (SELECT subject FROM waiting)
                OR EXISTS (SELECT 1 FROM journal_entry AS later
                           WHERE later.subject = holds.subject AND later.entry_id > ?)
        ), wanted AS (
            SELECT entry_id FROM whole WHERE subject IN (SELECT subject FROM open_subjects)
            UNION SELECT entry_id FROM whole WHERE phase = 'hold' AND NOT EXISTS (
                SELECT 1 FROM journal_entry AS by WHERE by.resolves = whole.entry_id AND by.entry_id <= ?)
        ), beside AS (
            SELECT entry_id FROM whole WHERE subject IN (SELECT 'hold ' || entry_id FROM wanted)
        )
        UPDATE journal_kept SET is_whole = 0
        WHERE is_whole = 1 AND entry_id NOT IN (SELECT entry_id FROM wanted)
            AND entry_id NOT IN (SELECT entry_id FROM beside){referred}
            AND EXISTS (SELECT 1 FROM journal_transfer AS one WHERE one.entry_id = journal_kept.entry_id)
        """,
        (str(needed.book), *needed.kinds, cut, cut),
    )
    # Who asks what became of a hold reads its entries, and its name is never given twice: those stay, as rows alone.
    tx.execute(
        f"""
        WITH named AS (SELECT subject FROM journal_entry WHERE entry_id <= ? AND {_OF_ITS_OWN}),
        stays AS (
            SELECT kept.entry_id FROM journal_kept AS kept JOIN journal_entry AS made ON made.entry_id = kept.entry_id
            WHERE made.subject IN (SELECT subject FROM named) OR (kept.is_whole = 1 AND (
                made.phase = 'hold'
                OR EXISTS (SELECT 1 FROM journal_transfer AS one WHERE one.entry_id = made.entry_id)
                OR EXISTS (SELECT 1 FROM journal_kept AS of_hold
                           WHERE of_hold.entry_id = made.resolves AND of_hold.is_whole = 1)))
        )
        DELETE FROM journal_kept WHERE entry_id NOT IN (SELECT entry_id FROM stays)
        """,
        (cut,),
    )


def _delete(tx: Transaction, run: Run, told: Told) -> None:
    """Everything up to the run's end that does not stay; the latest first, so that no hold goes before what ends it."""
    end = run.last_entry_id
    while end > 0:
        begin = max(end - _DELETED_AT_ONCE, 0) if end > run.first_entry_id else 0
        part = (begin, end)
        tx.execute(
            """DELETE FROM journal_transfer WHERE entry_id > ? AND entry_id <= ?
               AND entry_id NOT IN (SELECT entry_id FROM journal_kept WHERE is_whole = 1)""",
            part,
        )
        tx.execute(
            """DELETE FROM journal_entry WHERE entry_id > ? AND entry_id <= ?
               AND entry_id NOT IN (SELECT entry_id FROM journal_kept)""",
            part,
        )
        told("taken away", run.last_entry_id - max(begin, run.first_entry_id - 1), run.entries)
        end = begin


def _kept_entries(reader: Reader) -> int:
    entries: int = reader.query("SELECT count(*) FROM journal_kept")[0][0]
    return entries


def _refuse_broken(reader: Reader, what: str) -> None:
    if broken := audit(reader):
        first = broken[0]
        raise BrokenInvariant(f"{what}: {first.where}: {first.rule}: expected {first.expected}; found {first.found}")


def _refuse(field: str, value: str, remedy: str) -> None:
    raise InvalidRequest("archiving", [FieldViolation(field=field, value=value, remedy=remedy)])
