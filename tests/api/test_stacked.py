"""Calls that wait for a commit without a thread of their own."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from solver.api.server import Limits
from solver.api.stacked import MOST_STACKED, StackedCalls
from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.scenario.load import load
from solver.storage.database import Database, Transaction
from solver.storage.errors import ConstraintRefused
from solver.storage.url import open_database
from tests.made_world import made_world
from tests.running import SECONDS, Running, fresh_id

NOTE_SCHEMA = "CREATE TABLE IF NOT EXISTS note (text TEXT PRIMARY KEY) STRICT;"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def commits(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One item for each transaction that a group began."""
    begun: list[None] = []
    begin = database._groups._begin

    def counted() -> AbstractContextManager[Transaction]:
        begun.append(None)
        return begin()

    monkeypatch.setattr(database._groups, "_begin", counted)
    return begun


@pytest.fixture
def calls() -> Iterator[StackedCalls]:
    with StackedCalls("test") as stacked:
        yield stacked


def noting(text: str) -> Callable[[Transaction], str]:
    def act(tx: Transaction) -> str:
        tx.execute("INSERT INTO note (text) VALUES (?)", (text,))
        return text

    return act


def notes(database: Database) -> set[str]:
    with database.read() as reader:
        return {text for (text,) in reader.query("SELECT text FROM note")}


def together(calls: StackedCalls, database: Database, texts: list[str]) -> list[Future[str]]:
    """Calls that were all there before the thread had time for the first of them."""
    free = threading.Event()
    calls.submit(free.wait)
    futures = [calls.submit(database.run, noting(text)) for text in texts]
    free.set()
    return futures


def test_a_call_by_itself_is_answered_and_so_is_the_next(calls: StackedCalls, database: Database) -> None:
    assert calls.submit(database.run, noting("a")).result(SECONDS) == "a"
    assert calls.submit(database.run, noting("b")).result(SECONDS) == "b"
    assert notes(database) == {"a", "b"}


def test_calls_that_wait_share_one_commit_and_one_thread(
    calls: StackedCalls, database: Database, commits: list[None]
) -> None:
    texts = [str(number) for number in range(MOST_STACKED)]
    assert [one.result(SECONDS) for one in together(calls, database, texts)] == texts
    assert notes(database) == set(texts)
    assert len(commits) == 1


def test_more_calls_than_fit_upon_another_are_answered_by_later_commits(
    calls: StackedCalls, database: Database, commits: list[None]
) -> None:
    texts = [str(number) for number in range(3 * MOST_STACKED)]
    assert [one.result(SECONDS) for one in together(calls, database, texts)] == texts
    assert len(commits) == 3


def test_a_call_that_fails_fails_alone(calls: StackedCalls, database: Database) -> None:
    database.run(noting("there"))
    first, refused, last = together(calls, database, ["a", "there", "b"])
    assert (first.result(SECONDS), last.result(SECONDS)) == ("a", "b")
    with pytest.raises(ConstraintRefused):
        refused.result(SECONDS)
    assert notes(database) == {"a", "b", "there"}


def test_a_call_that_is_cancelled_before_it_begins_does_nothing(calls: StackedCalls, database: Database) -> None:
    free = threading.Event()
    calls.submit(free.wait)
    given_up, other = (calls.submit(database.run, noting(text)) for text in ("given up", "other"))
    assert given_up.cancel()
    free.set()
    assert other.result(SECONDS) == "other"
    assert notes(database) == {"other"}


def test_stacked_calls_and_threads_of_others_all_get_their_turn(database: Database) -> None:
    """Two stacks and six threads write at once; whoever leads, nobody waits for ever."""
    texts = [f"{group} {number}" for group in range(8) for number in range(150)]
    with StackedCalls("one") as one, StackedCalls("two") as two, ThreadPoolExecutor(6) as threads:
        executors = itertools.cycle([one, two, threads])
        futures = [next(executors).submit(database.run, noting(text)) for text in texts]
        assert [future.result(SECONDS) for future in futures] == texts
    assert notes(database) == set(texts)


def test_the_end_waits_for_the_calls_that_are_there(database: Database) -> None:
    with StackedCalls("test") as calls:
        futures = together(calls, database, ["a", "b", "c"])
    assert [future.done() for future in futures] == [True, True, True]


def test_holds_that_wait_for_a_commit_leave_the_threads_of_a_server_to_others(
    tmp_path: Path, clock: ManualClock
) -> None:
    service = Running(tmp_path / "data", clock, limits=Limits(workers=1))
    load(service.application, made_world())
    claim = stock_pb2.Claim(site_id="W-EAST", sku="CUP", units=1)
    names = [fresh_id() for _ in range(3)]
    with service.application.database.write():
        holds = [
            service.stock.HoldStock.future(
                stock_pb2.HoldStockRequest(request_id=name, hold_id=name, claims=[claim]), timeout=SECONDS
            )
            for name in names
        ]
        levels = service.stock.ListStockLevels(stock_pb2.ListStockLevelsRequest(skus=["CUP"]), timeout=SECONDS)
        assert [level.held for level in levels.levels if level.site_id == "W-EAST"] == [0]
        assert not any(hold.done() for hold in holds)
    assert [hold.result().hold.hold_id for hold in holds] == names
    service.close()
