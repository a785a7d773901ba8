"""What archiving takes away and costs: `python -m benchmarks.archive [--plans N] [--parts] [--url URL]`.

On an empty database. With `--parts` as beside servers: how long a part keeps them from writing is what they notice.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from solver.clock import ManualClock
from solver.journal.archive_choice import StillNeeded
from solver.journal.archive_parts import RESTS, archive_parts, file_name
from solver.journal.archive_proof import prove
from solver.journal.archiving import archive
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, NewHold, NewPost, Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.storage.database import Database
from solver.storage.url import open_database

AT_ONCE = 1_000
OPEN_OF_AT_ONCE = 10


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--plans", type=int, default=20_000)
    asked.add_argument("--parts", action="store_true", help="in parts, as beside servers")
    asked.add_argument("--url", help="an empty PostgreSQL (default: a new SQLite file)")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(options.url or Path(folder) / "books.db", [JOURNAL_SCHEMA])
        clock = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
        for begin in range(0, options.plans, AT_ONCE):
            clock.advance(timedelta(minutes=10))
            fill(database, Journal(clock), begin)
        clock.advance(timedelta(days=1))
        with database.write() as tx:
            Journal(clock).post(tx, "received", "last", [moved("shelf", "gate", 1, 3)])
        before, memory, began = rows(database), peak_mb(), time.perf_counter()
        files, kept_writers = archived(database, clock.now(), Path(folder) / "archives", in_parts=options.parts)
        seconds, began = time.perf_counter() - began, time.perf_counter()
        print(f"archived in {seconds:.1f} s, {peak_mb() - memory} MB more: {before} became {rows(database)}")
        if kept_writers:
            first, longest = kept_writers[0], max(kept_writers)
            print(f"{len(files)} parts kept writers for {first:.2f} s at first, {longest:.2f} s at most")
        with database.read() as reader:
            assert prove(reader, files).broken == ()
        size_mb = sum(file.stat().st_size for file in files) >> 20
        print(f"proven in {time.perf_counter() - began:.1f} s: {size_mb} MB of archives")
        database.close()


def archived(
    database: Database, before: datetime, folder: Path, *, in_parts: bool
) -> tuple[list[Path], Sequence[float]]:
    """The files, and for how many seconds each part kept others from writing."""
    needed, file = StillNeeded(kinds=("committed",)), folder / file_name(1)
    if not in_parts:
        assert archive(database, before, file, needed, before, lambda *_: None) is not None
        return [file], ()
    rests: list[float] = []
    parts = archive_parts(database, before, folder, needed, before, lambda *_: None, rest=rests.append)
    files = [folder / file_name(one.archive.number) for one in parts]
    return files, [seconds / RESTS for seconds in rests]


def fill(database: Database, journal: Journal, begin: int) -> None:
    """As many receipts and plans, all but a few of them shipped."""
    numbers = range(begin, begin + AT_ONCE)
    with database.write() as tx:
        journal.post_each(
            tx, [NewPost(kind="received", subject=f"po-{n}", transfers=[moved("shelf", "gate", n, 3)]) for n in numbers]
        )
        until = journal.now(tx) + timedelta(hours=1)
        holds = [
            NewHold(subject=f"plan-{n}", transfers=[moved("committed", "shelf", n, 2)], expires_at=until)
            for n in numbers
        ]
        journal.commit_each(tx, "held", holds)
        shipped = [
            NewPost(kind="shipped", subject=f"plan-{n}", transfers=[moved("gate", "committed", n, 2)])
            for n in numbers[OPEN_OF_AT_ONCE:]
        ]
        journal.post_each(tx, shipped)


def moved(to: str, of: str, number: int, units: int) -> Transfer:
    return Transfer(debit=account(to, number), credit=account(of, number), amount=units)


def account(kind: str, number: int) -> AccountKey:
    holder, unit = f"s{number % 100}", f"sku{number % 1000}"
    return AccountKey(book=Book.STOCK, kind=kind, holder=holder, unit=unit, guarded=kind == "shelf")


def rows(database: Database) -> str:
    with database.read() as reader:
        entries, transfers = (
            reader.query(f"SELECT count(*) FROM journal_{table}")[0][0] for table in ("entry", "transfer")
        )
    return f"{entries:,} entries, {transfers:,} transfers"


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
