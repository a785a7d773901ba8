"""Old entries are moved to an archive, and what they came to is written in their place.

The file is whole and on disk before one transaction takes anything away. What is still needed stays (docs/archive.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from solver.errors import BrokenInvariant, FieldViolation, InvalidRequest
from solver.journal.archive_choice import Choice, Chosen, StillNeeded
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
from solver.journal.archived import Archive, archives, keep_archive, note_kept
from solver.journal.audit import audit
from solver.storage.database import Database, Reader, Row, Transaction
from solver.storage.sealed import file_digest, seal

_DELETED_AT_ONCE = 50_000
BROKEN_BEFORE = "the books do not balance before: run python -m solver audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What an archiving came to; `is_new` False: it had been done before, and the file is the one of then."""

    archive: Archive
    kept_entries: int
    is_new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that is whole and on disk: the digests of its rows, of its bytes, and of what accounts held at its end."""

    file: Path
    digest: str
    file_digest: str
    closing_digest: str

    def changed_balances(self) -> Iterator[Row]:
        """What each account held at its end that held something else at its beginning."""
        with reading_archive(self.file) as archived:
            yield from archived.stream(
                f"SELECT {BALANCE} FROM closing EXCEPT SELECT {BALANCE} FROM opening ORDER BY account_id"
            )


def archive(
    database: Database, before: datetime, file: Path, needed: StillNeeded, now: datetime, told: Told
) -> Archived | None:
    """Move what was entered before a time to a new file; None where there is nothing to move.

    A file that an interrupted archiving left is recognised and used. The caller has the folder of a file's database
    locked. Raises InvalidRequest for a time that is still to come and a file that is there; BrokenInvariant where the
    books do not balance; StorageUnusable. The database is as it was then.
    """
    refuse_to_come(before, now)
    with database.write() as tx:
        database.refuse_others(tx)
    with database.read() as reader:
        refuse_broken(reader, BROKEN_BEFORE)
        run = next_run(reader, before)
        if run is None:
            return _done_before(reader, file)
        made = written(reader, run, file, told)
    with database.write() as tx:
        database.refuse_others(tx)
        choice = Choice(reader=tx, needed=needed, first=run.first_entry_id, cut=run.last_entry_id)
        done = take_away(tx, run, made, choice.chosen(), made.changed_balances(), told)
        tx.plan_for_many()
        refuse_broken(tx, "the books would not balance after it")
        return done


def written(reader: Reader, run: Run, file: Path, told: Told) -> Written:
    """Write the archive of a run to its file, or recognise it there."""
    part = file.with_name(f"{file.name}.part")
    try:
        digest = write_archive(reader, run, part, told)
        _take_name(part, file, digest)
    finally:
        part.unlink(missing_ok=True)
    with reading_archive(file) as archived:
        closing = closing_digest(archived)
    return Written(file=file, digest=digest, file_digest=file_digest(file), closing_digest=closing)


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


def take_away(
    tx: Transaction, run: Run, made: Written, chosen: Iterable[Chosen], balances: Iterable[Row], told: Told
) -> Archived:
    """Take what the file has out of the database, but for what was chosen to stay; write what accounts held at its end.

    `balances` are those that its entries changed. Raises BrokenInvariant where something else was archived since the
    run was looked for.
    """
    if len(archives(tx)) != run.number - 1:
        raise BrokenInvariant("something else was archived meanwhile: run it again")
    changed = [entry_id for page in chosen for entry_id in page.note(tx)]
    with tx.lifted("journal_transfer"), tx.lifted("journal_entry"):
        _delete(tx, run, told)
        _delete_changed(tx, changed)
    _carry_forward(tx, balances)
    kept = note_kept(tx, (run.number, run.first_entry_id, run.last_entry_id), changed)
    one = as_archive(run, made.digest, made.file_digest, made.closing_digest, kept)
    keep_archive(tx, one)
    return Archived(archive=one, kept_entries=_kept_entries(tx))


def _carry_forward(tx: Transaction, balances: Iterable[Row]) -> None:
    """What accounts held after the archive becomes what the journal begins with."""
    rest = iter(balances)
    while rows := list(islice(rest, ROWS_AT_ONCE)):
        tx.execute_rows("DELETE FROM journal_opening WHERE account_id IN ({rows})", [(row[0],) for row in rows])
        tx.execute_rows(f"INSERT INTO journal_opening ({BALANCE}) {{rows}}", rows)


def _delete(tx: Transaction, run: Run, told: Told) -> None:
    """Everything of a run that does not stay; the latest first, so that no hold goes before what ends it."""
    end = run.last_entry_id
    while end >= run.first_entry_id:
        begin = max(end - _DELETED_AT_ONCE, run.first_entry_id - 1)
        part = (begin, end)
        tx.execute(
            """DELETE FROM journal_transfer WHERE entry_id > ? AND entry_id <= ?
               AND NOT EXISTS (SELECT 1 FROM journal_kept AS kept
                               WHERE kept.entry_id = journal_transfer.entry_id AND kept.is_whole = 1)""",
            part,
        )
        tx.execute(
            """DELETE FROM journal_entry WHERE entry_id > ? AND entry_id <= ?
               AND NOT EXISTS (SELECT 1 FROM journal_kept AS kept WHERE kept.entry_id = journal_entry.entry_id)""",
            part,
        )
        told("taken away", run.last_entry_id - begin, run.entries)
        end = begin


def _delete_changed(tx: Transaction, changed: Sequence[int]) -> None:
    """Of earlier archives' entries what stayed until now: those that do not stay, and transfers of those that do."""
    latest_first = sorted(changed, reverse=True)
    for some in (latest_first[at : at + ROWS_AT_ONCE] for at in range(0, len(latest_first), ROWS_AT_ONCE)):
        rows = [(entry_id,) for entry_id in some]
        tx.execute_rows("DELETE FROM journal_transfer WHERE entry_id IN ({rows})", rows)
        still = {one for (one,) in tx.query_within("SELECT entry_id FROM journal_kept WHERE entry_id IN (?)", (some,))}
        gone = [(entry_id,) for entry_id in some if entry_id not in still]
        tx.execute_rows("DELETE FROM journal_entry WHERE entry_id IN ({rows})", gone)


def _kept_entries(reader: Reader) -> int:
    entries: int = reader.query("SELECT count(*) FROM journal_kept")[0][0]
    return entries


def refuse_to_come(before: datetime, now: datetime) -> None:
    """Raise InvalidRequest for a time that is not past."""
    if before > now:
        _refuse("before", before.isoformat(), f"give a time that is past: now it is {now.isoformat()}")


def refuse_broken(reader: Reader, what: str) -> None:
    """Raise BrokenInvariant, which begins with `what`, where the books do not balance."""
    if broken := audit(reader):
        first = broken[0]
        raise BrokenInvariant(f"{what}: {first.where}: {first.rule}: expected {first.expected}; found {first.found}")


def _refuse(field: str, value: str, remedy: str) -> None:
    raise InvalidRequest("archiving", [FieldViolation(field=field, value=value, remedy=remedy)])
