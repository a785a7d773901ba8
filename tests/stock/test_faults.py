"""Races, kills and restarts: no unit is sold twice and no acknowledged entry is lost."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

from solver.clock import ManualClock, SystemClock
from solver.errors import StockShort
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database

PROJECT = Path(__file__).parents[2]
MINUTES = timedelta(minutes=1)


def test_of_two_threads_racing_for_the_last_unit_exactly_one_wins(
    database: Database, stock: Stock, journal: Journal
) -> None:
    rounds = 150
    start = threading.Barrier(2)
    won: list[tuple[str, int]] = []
    lost: list[tuple[str, int]] = []

    def race(name: str) -> None:
        for number in range(rounds):
            claim = Claim(site_id="s1", sku=f"tea-{number}", units=1)
            start.wait()
            try:
                with database.write() as tx:
                    stock.hold(tx, f"{name}-{number}", [claim], stock.now(tx) + MINUTES)
                won.append((name, number))
            except StockShort:
                lost.append((name, number))

    with database.write() as tx:
        stock.receive(tx, [Movement(site_id="s1", sku=f"tea-{n}", units=1) for n in range(rounds)], "po")
    threads = [threading.Thread(target=race, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(number for _, number in won) == list(range(rounds))
    assert sorted(number for _, number in lost) == list(range(rounds))
    with database.read() as reader:
        assert {level.available for level in stock.levels(reader)} == {0}
        assert {level.held for level in stock.levels(reader)} == {1}
        assert journal.audit(reader) == ()


def test_everything_is_there_after_closing_and_reopening(
    database: Database, stock: Stock, clock: ManualClock, tmp_path: Path
) -> None:
    with database.write() as tx:
        stock.receive(tx, [Movement(site_id="s1", sku="tea", units=9)], "po")
        for hold_id in ("standing", "confirmed", "released"):
            stock.hold(tx, hold_id, [Claim(site_id="s1", sku="tea", units=2)], stock.now(tx) + 10 * MINUTES)
        stock.confirm(tx, "confirmed")
        stock.release(tx, "released")
    with database.read() as reader:
        before = stock.levels(reader)
    database.close()

    reopened = Database(tmp_path / "books.db", [JOURNAL_SCHEMA])
    with reopened.read() as reader:
        assert stock.levels(reader) == before
        assert [stock.hold_state(reader, hold_id) for hold_id in ("standing", "confirmed", "released")] == [
            EntryState.HELD,
            EntryState.CONFIRMED,
            EntryState.RELEASED,
        ]
    clock.advance(10 * MINUTES)
    assert stock.sweep_if_due(reopened) == ("standing",)
    reopened.close()


WRITE_UNTIL_KILLED = """
import itertools, sys
from datetime import timedelta
from pathlib import Path
from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database

path, run = Path(sys.argv[1]), sys.argv[2]
database = Database(path, [JOURNAL_SCHEMA])
stock = Stock(Journal(SystemClock()))
for number in itertools.count():
    hold_id = f"{run}-{number}"
    with database.write() as tx:
        stock.receive(tx, [Movement(site_id="s1", sku="tea", units=3)], hold_id)
        stock.hold(tx, hold_id, [Claim(site_id="s1", sku="tea", units=2)], stock.now(tx) + timedelta(hours=1))
    print("held", hold_id, flush=True)
    with database.write() as tx:
        stock.confirm(tx, hold_id)
    print("confirmed", hold_id, flush=True)
"""


def test_a_process_killed_while_it_writes_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    acknowledged: list[list[str]] = []
    for run, after in enumerate((5, 18, 61)):
        acknowledged += _acknowledged_before_the_kill(path, f"run{run}", after)

    database = Database(path, [JOURNAL_SCHEMA])
    journal = Journal(SystemClock())
    stock = Stock(journal)
    confirmed = {hold_id for verb, hold_id in acknowledged if verb == "confirmed"}
    assert len(acknowledged) >= 5 + 18 + 61
    with database.read() as reader:
        for _, hold_id in acknowledged:
            state = stock.hold_state(reader, hold_id)
            assert (
                state is EntryState.CONFIRMED if hold_id in confirmed else state in (EntryState.HELD, state.CONFIRMED)
            )
            assert len(journal.entries(reader, hold_id)) == (3 if state is EntryState.CONFIRMED else 2)
        (level,) = stock.levels(reader)
        assert level.on_hand % 3 == 0
        assert level.on_hand >= 3 * len({hold_id for _, hold_id in acknowledged})
        assert 3 * (level.held + level.committed) == 2 * level.on_hand
        assert journal.audit(reader) == ()
    database.close()


def _acknowledged_before_the_kill(path: Path, run: str, after: int) -> list[list[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, str(path), run], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().splitlines(keepends=True)
    assert process.wait() == -signal.SIGKILL
    return [line.split() for line in lines + rest if line.endswith("\n")]
