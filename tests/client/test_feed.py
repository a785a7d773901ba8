"""The client's watch goes on over breaks of the connection, a restart of the service, and silence."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from solver.api.feed import FeedServicer
from solver.api.guard import ErrorsToStatuses
from solver.client import CallFailed
from solver.client.channel import open_channel
from solver.client.feed import FeedClient
from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from solver.journal.journal import Journal
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.model import FeedMessage
from solver.stock.feed.platform_feed import PlatformFeed
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, SECONDS
from tests.stock import books
from tests.stock.shopfront import PlainShopfront

SKUS = ("milk", "tea")


class FeedHost:
    """The feed behind a server that can be stopped and started again on the same port, with the same data."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "books.db"
        self.port = 0
        self.start()

    def start(self) -> None:
        clock = ManualClock(MONDAY_AT_8)
        self.database = books.opened(self.path)
        self.journal = Journal(clock)
        front = PlainShopfront(self.journal, {("c1-a", sku): 0 for sku in SKUS})
        self.feed = PlatformFeed(self.database, clock, front)
        self.streams = ThreadPoolExecutor(4)
        self.server = grpc.server(ThreadPoolExecutor(2), interceptors=[ErrorsToStatuses(self.streams)])
        feed_pb2_grpc.add_FeedServiceServicer_to_server(FeedServicer(self.feed, 3), self.server)
        self.port = self.server.add_insecure_port(f"{HOST}:{self.port}")
        self.server.start()
        self.feed.start()

    def stop(self) -> None:
        self.feed.stop()
        self.server.stop(0).wait()
        self.streams.shutdown()
        self.database.close()

    def receive(self, sku: str, units: int) -> None:
        books.receive(self.database, self.journal, ("east", sku, units))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[FeedHost]:
    host = FeedHost(tmp_path)
    yield host
    host.stop()


@pytest.fixture
def client(host: FeedHost) -> Iterator[FeedClient]:
    with open_channel(f"{HOST}:{host.port}") as channel:
        yield FeedClient(channel, SECONDS)


def take_until(messages: Iterator[FeedMessage], copy: ShownCopy, tea: int) -> list[FeedMessage]:
    """Take in messages until the shop shows so many units of tea and no milk, and a group has ended.

    What changed is published first, and what never changed a moment later.
    """
    taken: list[FeedMessage] = []
    for message in messages:
        taken.append(message)
        if copy.take(message) and copy.units == {("c1-a", "milk"): 0, ("c1-a", "tea"): tea}:
            break
    return taken


def test_a_watch_goes_on_after_the_service_was_restarted_and_repeats_nothing(
    host: FeedHost, client: FeedClient
) -> None:
    host.receive("tea", 5)
    messages, copy = client.watch(), ShownCopy()
    take_until(messages, copy, 5)
    number = copy.number
    assert number is not None
    host.stop()
    host.start()
    host.receive("tea", 2)
    taken = take_until(messages, copy, 7)
    assert not any(message.begins_snapshot for message in taken)
    assert [value.number for message in taken for value in message.values] == [number + 1]
    assert copy.units == {("c1-a", "milk"): 0, ("c1-a", "tea"): 7}


def test_a_watch_that_is_closed_leaves_no_thread(host: FeedHost, client: FeedClient) -> None:
    messages = client.watch()
    next(messages)
    messages.close()  # type: ignore[attr-defined]  # a generator
    for thread in threading.enumerate():
        if thread.name == "stream-watchdog":
            thread.join(SECONDS)
            assert not thread.is_alive()


def test_what_resuming_cannot_help_is_told(host: FeedHost, client: FeedClient) -> None:
    with pytest.raises(CallFailed) as failed:
        next(client.watch(after_number=1_000))
    assert failed.value.code == "INVALID_ARGUMENT"
    assert [one.field for one in failed.value.violations] == ["after_number"]


class Mute(feed_pb2_grpc.FeedServiceServicer):
    """Answers a first watch once and then falls silent; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[feed_pb2.WatchAvailabilityRequest] = []
        self.gone = threading.Event()

    def WatchAvailability(  # noqa: N802 - the proto's name
        self, request: feed_pb2.WatchAvailabilityRequest, context: grpc.ServicerContext
    ) -> Iterator[feed_pb2.WatchAvailabilityResponse]:
        self.asked.append(request)
        context.add_callback(self.gone.set)
        yield feed_pb2.WatchAvailabilityResponse(through_number=len(self.asked))
        if len(self.asked) == 1:
            self.gone.wait(SECONDS)

    def GetAvailability(  # noqa: N802 - the proto's name
        self, request: feed_pb2.GetAvailabilityRequest, context: grpc.ServicerContext
    ) -> feed_pb2.GetAvailabilityResponse:
        raise AssertionError("nobody asks for pages here")


def test_a_service_that_falls_silent_is_asked_anew_from_the_last_number() -> None:
    mute = Mute()
    server = grpc.server(ThreadPoolExecutor(2))
    feed_pb2_grpc.add_FeedServiceServicer_to_server(mute, server)
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    with open_channel(f"{HOST}:{port}") as channel:
        messages = FeedClient(channel, SECONDS).watch(heartbeat=timedelta(milliseconds=50))
        assert [next(messages).through_number for _ in range(2)] == [1, 2]
        messages.close()  # type: ignore[attr-defined]  # a generator
    server.stop(0).wait()
    assert [request.HasField("after_number") for request in mute.asked] == [False, True]
    assert mute.asked[1].after_number == 1


def test_all_that_is_shown_is_read_by_pages(host: FeedHost, client: FeedClient) -> None:
    host.receive("tea", 5)
    take_until(client.watch(), ShownCopy(), 5)
    assert [(value.sku, value.units) for value in client.shown(shop_ids=["c1-a"])] == [("milk", 0), ("tea", 5)]
