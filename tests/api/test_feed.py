"""What shops show, watched and read over the wire."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

from solver.api import feed
from solver.api.feed import FeedServicer
from solver.api.guard import ErrorsToStatuses
from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import feed_pb2 as pb
from solver.gen.xunyuan.stock.v1 import feed_pb2_grpc
from solver.journal.journal import Journal
from solver.stock.feed.model import FeedMessage, ShownValue
from solver.stock.feed.platform_feed import PlatformFeed
from solver.wire.codec import to_proto
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, SECONDS, plain_channel, refusal, refusal_of
from tests.stock import books
from tests.stock.shopfront import PlainShopfront

WATCHERS, CALL_THREADS = 3, 1
SHOPS = ("c1-a", "c1-b", "c2-a")
Told = dict[tuple[str, str], int]


class FeedService:
    """The feed alone behind a server."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.database = books.opened(folder / "books.db")
        self.journal = Journal(clock)
        self.front = PlainShopfront(self.journal, {(shop, sku): 0 for shop in SHOPS for sku in ("milk", "tea")})
        self.feed = PlatformFeed(self.database, clock, self.front)
        self.streams = ThreadPoolExecutor(WATCHERS + 1)
        self.server = grpc.server(ThreadPoolExecutor(CALL_THREADS), interceptors=[ErrorsToStatuses(self.streams)])
        servicer = FeedServicer(self.feed, WATCHERS)
        feed_pb2_grpc.add_FeedServiceServicer_to_server(servicer, self.server)
        self.channel = plain_channel(self.server.add_insecure_port(f"{HOST}:0"))
        self.stub = feed_pb2_grpc.FeedServiceStub(self.channel)
        self.server.start()
        self.feed.start()

    def close(self) -> None:
        self.feed.stop()
        self.channel.close()
        self.server.stop(0).wait()
        self.streams.shutdown()
        self.database.close()

    def receive(self, sku: str, units: int) -> None:
        books.receive(self.database, self.journal, ("east", sku, units))

    def watch(
        self, after_number: int | None = None, channel_ids: Sequence[str] = (), shop_ids: Sequence[str] = ()
    ) -> Iterator[pb.WatchAvailabilityResponse]:
        request = pb.WatchAvailabilityRequest(after_number=after_number, channel_ids=channel_ids, shop_ids=shop_ids)
        answers: Iterator[pb.WatchAvailabilityResponse] = self.stub.WatchAvailability(request, timeout=SECONDS)
        return answers

    def page(
        self, page_size: int = 0, page_token: str = "", shop_ids: Sequence[str] = ()
    ) -> pb.GetAvailabilityResponse:
        request = pb.GetAvailabilityRequest(page_size=page_size, page_token=page_token, shop_ids=shop_ids)
        return self.stub.GetAvailability(request, timeout=SECONDS)

    def shown(self) -> Told:
        """Everything, in one page."""
        return {(value.shop_id, value.sku): value.units for value in self.page().values}

    def until_shown(self, units: dict[str, int]) -> int:
        """Wait until every shop shows so many of each SKU; the feed's number then."""
        eventually(lambda: self.shown() == {(shop, sku): units[sku] for shop in SHOPS for sku in units})
        return self.page().number


@pytest.fixture
def service(tmp_path: Path) -> Iterator[FeedService]:
    started = FeedService(tmp_path, ManualClock(MONDAY_AT_8))
    yield started
    started.close()


def told(answers: Iterator[pb.WatchAvailabilityResponse], known: Told) -> int:
    """Take in one group; its number."""
    for answer in answers:
        if answer.begins_snapshot:
            known.clear()
        for value in answer.values:
            known[value.shop_id, value.sku] = value.units
            if value.is_delisted:
                del known[value.shop_id, value.sku]
        if answer.HasField("through_number"):
            return answer.through_number
    raise AssertionError("the stream ended")


def eventually(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def test_a_watch_begins_with_a_snapshot_and_tells_what_changes(service: FeedService) -> None:
    service.receive("tea", 5)
    service.until_shown({"milk": 0, "tea": 5})
    answers, known = service.watch(), Told()
    told(answers, known)
    assert known == service.shown()
    service.receive("milk", 3)
    while known["c2-a", "milk"] != 3:
        told(answers, known)
    assert (
        known
        == service.shown()
        == {(shop, sku): {"milk": 3, "tea": 5}[sku] for shop in SHOPS for sku in ("milk", "tea")}
    )


def test_a_watch_resumes_from_a_number_and_repeats_nothing(service: FeedService) -> None:
    number = service.until_shown({"milk": 0, "tea": 0})
    service.receive("tea", 5)
    last = service.until_shown({"milk": 0, "tea": 5})
    assert last == number + len(SHOPS)
    answer = next(service.watch(number))
    assert [(value.shop_id, value.sku, value.units, value.number) for value in answer.values] == [
        ("c1-a", "tea", 5, number + 1),
        ("c1-b", "tea", 5, number + 2),
        ("c2-a", "tea", 5, number + 3),
    ]
    assert (answer.begins_snapshot, answer.through_number) == (False, last)
    answer = next(service.watch(last))
    assert (len(answer.values), answer.through_number) == (0, last)


def test_a_message_has_at_most_1000_values_and_only_the_last_of_a_group_a_number(service: FeedService) -> None:
    for number in range(2_100):
        service.front.listings[f"c3-{number % 3}", f"sku-{number}"] = 0
    service.front.changes += 1
    eventually(lambda: service.page().number == 2_106)
    answers = list(itertools.islice(service.watch(0), 3))
    assert [len(answer.values) for answer in answers] == [1_000, 1_000, 106]
    assert [answer.HasField("through_number") for answer in answers] == [False, False, True]
    assert answers[-1].through_number == 2_106


def test_a_watch_is_narrowed_to_a_channel_and_a_shop(service: FeedService) -> None:
    service.until_shown({"milk": 0, "tea": 0})
    known = Told()
    told(service.watch(channel_ids=["c2"], shop_ids=["c1-b"]), known)
    assert {shop for shop, _ in known} == {"c1-b", "c2-a"}


def test_a_watch_tells_what_is_delisted(service: FeedService) -> None:
    number = service.until_shown({"milk": 0, "tea": 0})
    service.front.list_pair(("c1-a", "tea"), None)
    eventually(lambda: service.page().number == number + 1)
    [value] = next(service.watch(number)).values
    assert (value.shop_id, value.sku, value.units, value.is_delisted) == ("c1-a", "tea", 0, True)
    assert ("c1-a", "tea") not in service.shown()


def test_a_number_from_the_future_is_refused_with_where_the_feed_stands(service: FeedService) -> None:
    number = service.until_shown({"milk": 0, "tea": 0})
    refused = refusal(lambda: next(service.watch(number + 1)))
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert refused.fields == {
        "after_number": f"{number + 1}: the feed stands at {number}: resume from at most that, "
        "or leave it out for a snapshot"
    }


def test_everything_that_is_wrong_with_a_watch_is_named(service: FeedService) -> None:
    request = pb.WatchAvailabilityRequest(channel_ids=["c"] * 1_001)
    request.heartbeat.FromMilliseconds(10)
    refused = refusal(lambda: next(service.stub.WatchAvailability(request, timeout=SECONDS)))
    assert refused.fields == {
        "channel_ids": "'1001 rows': send at most 1,000",
        "heartbeat": "'0:00:00.010000': must lie between 0:00:01 and 0:05:00",
    }
    refused = refusal(lambda: next(service.watch(shop_ids=["nowhere"])))
    assert refused.fields == {"shop_ids": "'nowhere': there is no such shop; name one that exists, or add it first"}


def test_a_silent_feed_gives_signs_of_life(service: FeedService) -> None:
    number = service.until_shown({"milk": 0, "tea": 0})
    request = pb.WatchAvailabilityRequest(after_number=number)
    request.heartbeat.FromSeconds(1)
    answers = service.stub.WatchAvailability(request, timeout=SECONDS)
    for answer in itertools.islice(answers, 2):
        assert (len(answer.values), answer.through_number) == (0, number)


def test_watchers_take_no_threads_from_calls_and_one_too_many_is_refused(service: FeedService) -> None:
    service.until_shown({"milk": 0, "tea": 0})
    streams = [service.watch() for _ in range(WATCHERS)]
    for answers in streams:
        told(answers, Told())
    assert len(service.page().values) == 6  # though there is one thread for calls
    refused = refusal(lambda: next(service.watch()))
    assert (refused.code, refused.reason, refused.retry_ms) == ("RESOURCE_EXHAUSTED", "TOO_BUSY", 5_000)


def test_a_cancelled_watch_makes_room_at_once(service: FeedService) -> None:
    for _ in range(4 * WATCHERS):
        answers = service.stub.WatchAvailability(pb.WatchAvailabilityRequest(), timeout=SECONDS)
        next(answers)
        answers.cancel()
    streams = [service.watch() for _ in range(WATCHERS)]

    def all_told() -> bool:
        try:
            for answers in streams:
                told(answers, Told())
        except grpc.RpcError:  # the place of one that was cancelled is not free yet
            streams[:] = [service.watch() for _ in range(WATCHERS)]
            return False
        return True

    eventually(all_told)


def test_a_reader_who_does_not_read_holds_nobody_up(service: FeedService) -> None:
    long = "x" * 100
    for number in range(20_000):  # more than what a connection takes up unread
        service.front.listings[f"c3-{number % 400}", f"{long}{number // 400}"] = 0
    asleep = service.watch(0)
    service.front.changes += 1
    eventually(lambda: service.page().number == 20_006)
    service.receive("tea", 7)
    eventually(lambda: service.page(shop_ids=["c1-a"]).values[1].units == 7)
    awake, known = service.watch(shop_ids=["c1-a"]), Told()
    told(awake, known)
    assert known == {("c1-a", "milk"): 0, ("c1-a", "tea"): 7}
    late = Told()
    while told(asleep, late) < service.page().number:
        pass
    assert late["c1-b", "tea"] == 7
    assert len(late) == 20_006


def test_watchers_are_told_when_the_service_stops(service: FeedService) -> None:
    answers = service.watch()
    told(answers, Told())
    failures = []

    def listen() -> None:
        try:
            while True:  # what is published meanwhile comes first
                told(answers, Told())
        except grpc.RpcError as error:
            failures.append(refusal_of(error))

    listener = threading.Thread(target=listen)
    listener.start()
    service.feed.stop()
    listener.join(SECONDS)
    [refused] = failures
    assert refused.code == "UNAVAILABLE"
    assert refused.text == "the service stops; resume from the last through_number"


def test_values_are_written_as_the_codec_writes_them() -> None:
    for units, is_delisted in ((3, False), (0, True)):
        value = ShownValue(shop_id="c1-a", sku="tea", units=units, is_delisted=is_delisted, number=12)
        assert feed._value(value) == to_proto(value, pb.ShownValue)
    for message in (FeedMessage(), FeedMessage(begins_snapshot=True, through_number=0)):
        assert feed._response(message) == to_proto(message, pb.WatchAvailabilityResponse)


@pytest.mark.parametrize("page_size", [1, 2, 5, 6, 7])
def test_pages_meet_every_pair_once_and_bear_one_number(service: FeedService, page_size: int) -> None:
    number = service.until_shown({"milk": 0, "tea": 0})
    met, token = [], ""
    while True:
        answer = service.page(page_size=page_size, page_token=token)
        assert answer.number == number
        met += [(value.shop_id, value.sku) for value in answer.values]
        token = answer.next_page_token
        if not token:
            break
    assert met == [(shop, sku) for shop in SHOPS for sku in ("milk", "tea")]


@pytest.mark.parametrize("token", ["x", "eA==", "e30="])
def test_a_page_token_that_we_never_gave_is_refused(service: FeedService, token: str) -> None:
    refused = refusal(lambda: service.page(page_token=token))
    assert refused.fields == {"page_token": f"'{token}': send back the next_page_token of the page before"}


def test_a_page_size_beyond_the_most_is_refused(service: FeedService) -> None:
    assert refusal(lambda: service.page(page_size=1_001)).fields == {
        "page_size": "1001: ask for 1 to 1000, or 0 for 1000"
    }
