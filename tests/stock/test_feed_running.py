"""The publisher's thread, and streams that wait for what it publishes."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.stock.feed.bell import Bell
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.model import FeedMessage, Pair
from solver.stock.feed.publisher import Progress
from solver.stock.feed.receiver import Watch
from solver.stock.feed.runner import PAUSE_SECONDS, QUIET_PAUSE_SECONDS, FeedRunner
from solver.stock.feed.stream import stream
from solver.storage.database import Database, Reader
from tests.stock import books
from tests.stock.shopfront import PlainShopfront

LONGEST_WAIT_SECONDS = 30.0  # a thread that hangs must fail the test, not the run


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = books.opened(store_url)
    yield opened
    opened.close()


@pytest.fixture
def front(journal: Journal) -> PlainShopfront:
    return PlainShopfront(journal, {("c1-a", "tea"): 0})


@pytest.fixture
def runner(database: Database, clock: ManualClock, front: PlainShopfront) -> Iterator[FeedRunner]:
    runner = FeedRunner(database, clock, front)
    yield runner
    runner.stop()


def shown_in_time(runner: FeedRunner, watch: Watch, pair: Pair, units: int) -> bool:
    """Whether the stream comes to tell so many units."""
    copy = ShownCopy()
    for message in stream(watch, runner.bell, heartbeat_seconds=LONGEST_WAIT_SECONDS, wanted=lambda: True):
        if message == FeedMessage(through_number=copy.number):
            return False  # a sign of life after the longest wait
        copy.take(message)
        if copy.units.get(pair) == units:
            return True
    return False


def test_what_is_written_reaches_a_waiting_stream(
    database: Database, journal: Journal, front: PlainShopfront, runner: FeedRunner
) -> None:
    runner.start()
    runner.start()
    watch = Watch(database, front)
    writer = threading.Timer(0.05, books.receive, (database, journal, ("east", "tea", 4)))
    writer.start()
    assert shown_in_time(runner, watch, ("c1-a", "tea"), 4)
    writer.join()


def test_stopping_ends_the_thread_and_lets_streams_go(
    database: Database, front: PlainShopfront, runner: FeedRunner
) -> None:
    runner.start()
    told: list[FeedMessage] = []

    def listen() -> None:
        told.extend(
            stream(Watch(database, front), runner.bell, heartbeat_seconds=LONGEST_WAIT_SECONDS, wanted=lambda: True)
        )

    listener = threading.Thread(target=listen)
    listener.start()
    runner.stop()
    runner.stop()
    listener.join(LONGEST_WAIT_SECONDS)
    assert not listener.is_alive()
    assert "feed" not in {thread.name for thread in threading.enumerate()}


class FailingOnce(PlainShopfront):
    """Cannot be computed the first time."""

    def shown(self, reader: Reader, skus: Collection[str]) -> Mapping[Pair, int]:
        if not self.asked:
            self.asked.extend(skus)
            raise RuntimeError("no figures today")
        return super().shown(reader, skus)


def test_the_thread_survives_a_failure_and_publishes_afterwards(
    database: Database,
    journal: Journal,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("solver.stock.feed.runner.REST_SECONDS", 0.01)
    front = FailingOnce(journal, {("c1-a", "tea"): 0})
    books.receive(database, journal, ("east", "tea", 4))
    runner = FeedRunner(database, clock, front)
    runner.start()
    assert shown_in_time(runner, Watch(database, front, after_number=0), ("c1-a", "tea"), 4)
    runner.stop()
    assert "no figures today" in caplog.text


def test_what_time_makes_unsellable_is_withdrawn_first_and_a_failure_of_that_stops_nothing(
    database: Database, journal: Journal, clock: ManualClock, front: PlainShopfront, caplog: pytest.LogCaptureFixture
) -> None:
    books.receive(database, journal, ("east", "tea", 4))

    def withdraw() -> None:
        books.remove(database, journal, ("east", "tea", 3))
        raise RuntimeError("not today")

    runner = FeedRunner(database, clock, front, withdraw=withdraw)
    runner.start()
    assert shown_in_time(runner, Watch(database, front, after_number=0), ("c1-a", "tea"), 1)
    runner.stop()
    assert "not today" in caplog.text


def test_a_stream_gives_signs_of_life_with_the_number_to_resume_from(database: Database, front: PlainShopfront) -> None:
    seconds = iter(range(1_000))
    messages = stream(
        Watch(database, front, after_number=0),
        Bell(),
        heartbeat_seconds=0.5,  # each look at the watch below takes a second
        wanted=lambda: True,
        stopwatch=lambda: float(next(seconds)),
    )
    assert [next(messages) for _ in range(3)] == [FeedMessage(through_number=0)] * 3


def test_a_stream_that_is_wanted_no_longer_ends_while_it_waits(database: Database, front: PlainShopfront) -> None:
    bell, cancelled = Bell(), threading.Event()
    messages = stream(
        Watch(database, front, after_number=0),
        bell,
        heartbeat_seconds=LONGEST_WAIT_SECONDS,
        wanted=lambda: not cancelled.is_set(),
    )
    assert next(messages) == FeedMessage(through_number=0)

    def cancel() -> None:
        cancelled.set()
        bell.wake()

    canceller = threading.Timer(0.05, cancel)
    canceller.start()
    assert list(messages) == []
    canceller.join()


def test_bells_wake_only_who_waits_for_less_than_they_ring() -> None:
    bell = Bell()
    always: Callable[[], bool] = lambda: True  # noqa: E731 - names what is passed
    bell.ring(3)
    assert bell.wait(2, 0, always)
    assert not bell.wait(3, 0, always)
    bell.ring(2)
    assert not bell.wait(3, 0, always)
    bell.fall_silent()
    assert not bell.wait(3, timedelta(hours=1).total_seconds(), always)


def test_it_looks_less_often_where_no_shop_was_to_be_told_anything_lately(runner: FeedRunner) -> None:
    nothing = Progress(values=0, last_number=7, skus_to_recompute=0)
    begun = runner._quiet_at  # nothing was told before the start
    assert runner._pause(nothing, begun, begun) == QUIET_PAUSE_SECONDS
    assert runner._pause(replace(nothing, values=1), begun, begun + 0.5) == PAUSE_SECONDS
    assert runner._pause(nothing, begun + 1.4, begun + 1.4) == PAUSE_SECONDS
    assert runner._pause(nothing, begun + 1.5, begun + 1.5) == QUIET_PAUSE_SECONDS
    assert runner._pause(replace(nothing, skus_to_recompute=1), 2.0, 2.5) == 0.5, "half of the processor is left"
