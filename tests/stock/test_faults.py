"""Races, kills and restarts: no unit is sold twice and no acknowledged entry is lost."""

import random
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock, SystemClock
from solver.errors import StateConflict, StockShort
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.schema import STEPS
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.stock.schemas import STOCK_SCHEMAS

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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_threads_that_hold_resolve_and_sweep_at_random_leave_balanced_books(
    database: Database, stock: Stock, journal: Journal, clock: ManualClock, seed: int
) -> None:
    skus = ("tea", "milk", "rice")
    resolved: list[tuple[str, dict[str, int]]] = []

    def work(worker: int) -> None:
        draw = random.Random(f"{seed}/{worker}")
        for number in range(40):
            hold_id = f"{worker}-{number}"
            claims = {sku: draw.randint(1, 4) for sku in draw.sample(skus, draw.randint(1, 3))}
            try:
                with database.write() as tx:
                    wanted = [Claim(site_id="s1", sku=sku, units=units) for sku, units in claims.items()]
                    stock.hold(tx, hold_id, wanted, stock.now(tx) + draw.randint(1, 4) * MINUTES)
                clock.advance(timedelta(seconds=draw.randint(-30, 60)))
                stock.sweep_if_due(database)
                with database.write() as tx:
                    confirming = draw.random() < 0.3
                    (stock.confirm if confirming else stock.release)(tx, hold_id)
                if confirming:
                    resolved.append((hold_id, claims))
            except (StockShort, StateConflict):
                continue

    with database.write() as tx:
        stock.receive(tx, [Movement(site_id="s1", sku=sku, units=60) for sku in skus], "po")
    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock.advance(60 * MINUTES)
    stock.sweep_if_due(database)

    with database.read() as reader:
        assert journal.audit(reader) == ()
        for level in stock.levels(reader):
            confirmed = sum(claims.get(level.sku, 0) for _, claims in resolved)
            assert (level.on_hand, level.held, level.committed) == (60, 0, confirmed)
            assert level.available == 60 - confirmed


def test_everything_is_there_after_closing_and_reopening(
    database: Database, stock: Stock, clock: ManualClock, store_url: str
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

    reopened = open_database(store_url, STOCK_SCHEMAS)
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
from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.schema import STEPS
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.url import open_database

url, run = sys.argv[1:]
database = open_database(url, STEPS)
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


def test_a_process_killed_while_it_writes_loses_nothing_it_acknowledged(store_url: str) -> None:
    acknowledged: list[list[str]] = []
    for run, after in enumerate((5, 18, 61)):
        acknowledged += _acknowledged_before_the_kill(store_url, f"run{run}", after)

    database = open_database(store_url, STEPS)
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


def _acknowledged_before_the_kill(url: str, run: str, after: int) -> list[list[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, url, run], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().splitlines(keepends=True)
    assert process.wait() == -signal.SIGKILL
    return [line.split() for line in lines + rest if line.endswith("\n")]
