"""What is done to a database beside the server: its books audited, their past told, old entries archived and proven."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from solver.clock import SystemClock
from solver.fulfilment.archiving import archive_journal
from solver.fulfilment.auditing import broken_rules
from solver.journal.archive_file import Told
from solver.journal.archive_history import balances_in_archives
from solver.journal.archive_proof import Proof, prove
from solver.journal.archived import archives
from solver.journal.archiving import Archived
from solver.journal.journal import Journal
from solver.journal.model import Balance, Discrepancy
from solver.schema import STEPS
from solver.storage.database import Reader
from solver.storage.lock import FolderLock
from solver.storage.url import open_existing, sqlite_path


def audited(where: Path | str) -> tuple[int, tuple[Discrepancy, ...]]:
    """How many entries the journal there has, and every broken rule of its books; a server may be running on it.

    What was archived is taken as the database says. Raises StorageUnusable where there is no database of this release.
    """
    with _reading(where) as reader:
        broken = broken_rules(Journal(SystemClock()), reader)
        return reader.query("SELECT count(*) FROM journal_entry")[0][0], broken


def archived(where: Path | str, before: datetime, file: Path, told: Told) -> Archived | None:
    """Move old entries of the journal there to a file; see `archive_journal`.

    Raises what that raises, and StorageUnusable where there is no database of this release, or a server runs on it.
    """
    path = sqlite_path(where)
    lock = FolderLock(path.parent) if path is not None and path.is_file() else None
    try:
        with closing(open_existing(where, STEPS)) as database:
            return archive_journal(database, before, file, SystemClock(), told)
    finally:
        if lock is not None:
            lock.let_go()


def proven(where: Path | str, files: Sequence[Path]) -> Proof:
    """What the archives of the database there prove, and which of them are not among `files`.

    Raises InvalidRequest, StorageUnusable: see `prove`.
    """
    with _reading(where) as reader:
        return prove(reader, files)


def rebuilt(where: Path | str, sku: str, at: datetime, files: Sequence[Path] = ()) -> tuple[Balance, ...]:
    """What every account of a SKU held at a time, rebuilt from the movements until then.

    For a time that is archived the archive is to be among `files`. Raises StateConflict (JOURNAL_ARCHIVED) without any,
    InvalidRequest where it is not among them, StorageUnusable where there is no database of this release.
    """
    with _reading(where) as reader:
        done = archives(reader)
        if files and done and at < done[-1].last_at:
            return balances_in_archives(reader, files, sku, at)
        return Journal(SystemClock()).balances_at(reader, sku, at)


@contextmanager
def _reading(where: Path | str) -> Iterator[Reader]:
    with closing(open_existing(where, STEPS)) as database, database.read() as reader:
        yield reader
