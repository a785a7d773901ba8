"""A reconciliation of many rows through the service's own room: taken in, matched, kept, read again, run again.

Usage: python -m benchmarks.reconciliation_service [--rows N] [--seed N] [--store URL] [--data DIR]

Seconds are those of the processor. Memory is the most that the whole process took, with the rows themselves.
"""

import argparse
import itertools
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.corruption import HELD_OUT_MIX, corrupted, grown, olist_payments
from benchmarks.reconciliation import items_of
from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.ledger.differences.tickets import Tickets
from solver.ledger.ledger import Ledger
from solver.ledger.matching.model import Item, Side
from solver.ledger.reconciling.service import Reconciling
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.url import open_database

RULES = (
    "keys: {order: order}\nprefixes: [T200P]\ndays_before: 3\ndays_after: 10\n"
    "fees:\n  - {name: card, rate: 2.5%}\n  - {name: transfer, rate: 0.6%}\n"
)
SET = "olist"
LOT = 1_000
_Answer = TypeVar("_Answer")
_numbers = itertools.count()


def named(method: str) -> Request:
    return request_for(method, f"{method}-{next(_numbers)}")


def timed(what: str, act: Callable[[], _Answer]) -> _Answer:
    """What it gives, and a row of what it took."""
    began = time.process_time()
    answer = act()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {what} | {time.process_time() - began:.1f} s | {peak:,.0f} MB |", flush=True)
    return answer


def take_in(service: Reconciling, side: Side, items: Sequence[Item]) -> None:
    for start in range(0, len(items), LOT):
        service.add(named("AddRecords"), SET, side, items[start : start + LOT])


def page_through(service: Reconciling) -> int:
    """Every match, a page at a time."""
    after, count = "", 0
    while page := service.matches(SET, after=after, most=LOT):
        after, count = page[-1].match_id, count + len(page)
    return count


def measure(database: Database, rows: int, seed: int, data: Path) -> None:
    clock = SystemClock()
    ledger = Ledger(Journal(clock))
    service = Reconciling(database=database, clock=clock, posting=ledger, tickets=Tickets(ledger, clock))
    world = corrupted(grown(olist_payments(data / "olist/sample_a"), rows, seed), HELD_OUT_MIX, seed)
    ours, theirs = items_of(world.ours), items_of(world.theirs)
    late = theirs[-len(theirs) // 100 :]
    print(f"{len(ours):,} rows of ours, {len(theirs):,} of theirs, of which {len(late):,} come late, seed {seed}.\n")
    print("| step | processor | memory so far |\n|---|---:|---:|")
    timed("rows taken in, 1,000 a call", lambda: take_in(service, Side.OURS, ours))
    timed("theirs", lambda: take_in(service, Side.THEIRS, theirs[: -len(late)]))
    first = timed("run", lambda: service.run(named("Run"), SET, rules=RULES, actor="b", platform="olist"))
    timed("every match read, 1,000 a page", lambda: page_through(service))
    timed("late rows taken in", lambda: take_in(service, Side.THEIRS, late))
    second = timed("run again", lambda: service.run(named("Run"), SET, rules=RULES, actor="b", platform="olist"))
    for name, result in (("First", first), ("Again", second)):
        print(
            f"\n{name}: {result.sure:,} matches, {result.questions:,} questions, {result.tickets:,} tickets, "
            f"{result.vouchers:,} fees posted, {result.closed_tickets:,} tickets closed; open: {result.open_ours:,} of "
            f"ours, {result.open_theirs:,} of theirs."
        )


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--rows", type=int, default=100_000)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--store", default="", help="the URL of an empty database (default: a file of its own)")
    reader.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(options.store or Path(folder), STEPS)
        try:
            measure(database, options.rows, options.seed, options.data)
        finally:
            database.close()


if __name__ == "__main__":
    main()
