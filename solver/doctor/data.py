"""The database: reachable, of this release, its own, in time, and its journal sound."""

import time
from collections.abc import Iterator
from pathlib import Path

from solver.doctor.finding import Finding, fault, ok, warning
from solver.journal.changes import tail
from solver.journal.glance import MOST_ENTRIES, glance
from solver.schema import STEPS
from solver.settings.settings import Settings
from solver.storage.database import Database
from solver.storage.errors import StorageFailed, StorageUnusable
from solver.storage.lock import LOCK_FILE, FolderLock
from solver.storage.url import open_existing, sqlite_path
from solver.upkeep import audited
from solver.webhooks.kept_secrets import clear_ones, sealed_ones

MOST_OFFSET_SECONDS = 1.0
MOST_SHOWN = 5


def data(settings: Settings, *, thorough: bool) -> Iterator[Finding]:
    """Everything about the database; where it cannot be opened, that alone."""
    where = settings.storage.where
    try:
        path = sqlite_path(where)
        if path is not None and not path.exists():
            yield warning("database", f"there is none at {path} yet", "the server begins one when it starts")
            return
        database = open_existing(where, STEPS)
    except (StorageUnusable, StorageFailed) as error:
        yield fault("database", str(error), "see the message; docs/operations.md tells how databases are made")
        return
    try:
        yield ok("database", f"{database.name} answers, schema {len(STEPS)}")
        yield from _in_use(path)
        yield from _time(database)
        yield from _journal(database)
        yield from _webhook_secrets(database, has_key=settings.persons.key_file is not None)
    finally:
        database.close()
    if thorough:
        yield from _whole_journal(where)


def _in_use(path: Path | None) -> Iterator[Finding]:
    if path is None or not (path.parent / LOCK_FILE).exists():
        return
    try:
        FolderLock(path.parent).let_go()
    except StorageUnusable:
        yield ok("lock", f"a server runs on {path.parent}")
    else:
        yield ok("lock", f"no server runs on {path.parent}")


def _time(database: Database) -> Iterator[Finding]:
    with database.read() as reader:
        last_us = tail(reader).at_us
        if database.shared:
            theirs = reader.query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0][0]
            offset = time.time() - theirs / 1_000_000
            if abs(offset) > MOST_OFFSET_SECONDS:
                text = f"it is {offset:+.1f} s off the database server's"
                yield warning("clock", text, "keep both by NTP: holds expire by the clock of each server")
            else:
                yield ok("clock", f"it is {offset:+.3f} s off the database server's")
    ahead = last_us / 1_000_000 - time.time()
    if ahead > MOST_OFFSET_SECONDS:
        yield warning(
            "clock",
            f"the journal's last entry is {ahead:,.0f} s ahead of it",
            "set the clock right: until then new entries bear the time of the last one",
        )


def _journal(database: Database) -> Iterator[Finding]:
    with database.read() as reader:
        found = [one for one, _ in zip(glance(reader), range(MOST_SHOWN), strict=False)]
        last = tail(reader).entry_id
    for one in found:
        yield fault("journal", one, "stop the servers, run python -m solver audit, and restore a backup")
    if not found:
        yield ok("journal", f"its last {min(last, MOST_ENTRIES):,} of {last:,} entries and all accounts look right")


def _webhook_secrets(database: Database, *, has_key: bool) -> Iterator[Finding]:
    with database.read() as reader:
        in_clear, sealed = clear_ones(reader), sealed_ones(reader)
    if in_clear:
        text = f"those of {len(in_clear)} endpoints lie in clear: {', '.join(in_clear[:MOST_SHOWN])}"
        given = "start the server: it seals them with its key"
        yield warning(
            "webhook secrets", text, given if has_key else "give persons.key_file: the server seals them then"
        )
    if sealed and not has_key:
        text = f"those of {len(sealed)} endpoints are sealed, and there is no key: nothing can be sent there"
        yield fault("webhook secrets", text, "give persons.key_file the key that they were sealed with")
    if sealed and has_key and not in_clear:
        yield ok("webhook secrets", f"those of {len(sealed)} endpoints are sealed")


def _whole_journal(where: str | Path) -> Iterator[Finding]:
    entries, broken = audited(where)
    for one in broken[:MOST_SHOWN]:
        text = f"{one.where}: {one.rule}: expected {one.expected}; found {one.found}"
        yield fault("audit", text, "stop the servers, run python -m solver audit, and restore a backup")
    if not broken:
        yield ok("audit", f"the books balance: {entries:,} entries")
