"""FeedService."""

import base64
import binascii
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import grpc
import msgspec

from solver.errors import FieldViolation, InvalidRequest, TooBusy, Violations
from solver.gen.xunyuan.stock.v1 import feed_pb2 as pb
from solver.gen.xunyuan.stock.v1 import feed_pb2_grpc
from solver.stock.feed.model import MOST_VALUES, Audience, FeedMessage, ShownValue
from solver.stock.feed.page import PageMark
from solver.stock.feed.platform_feed import PlatformFeed
from solver.storage.errors import StorageUnusable
from solver.validation import MOST_ROWS
from solver.wire.codec import duration_of

HEARTBEAT = timedelta(seconds=30)
SHORTEST_HEARTBEAT, LONGEST_HEARTBEAT = timedelta(seconds=1), timedelta(minutes=5)
_RETRY_SECONDS = 5.0


class FeedServicer(feed_pb2_grpc.FeedServiceServicer):
    """What shops show, told and read. At most so many watch at once."""

    def __init__(self, feed: PlatformFeed, most_watchers: int) -> None:
        self._feed = feed
        self._places = threading.BoundedSemaphore(most_watchers)
        self._most_watchers = most_watchers

    def WatchAvailability(
        self, request: pb.WatchAvailabilityRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchAvailabilityResponse]:
        """Tell what shops show for as long as the caller listens."""
        violations = Violations()
        audience = _audience(request, violations)
        heartbeat = _heartbeat(request, violations)
        violations.refuse_any("the watch")
        after_number = request.after_number if request.HasField("after_number") else None
        with self._place():
            context.add_callback(self._feed.wake)
            messages = self._feed.stream(
                audience, after_number, heartbeat_seconds=heartbeat.total_seconds(), wanted=context.is_active
            )
            for message in messages:
                yield _response(message)
        if self._feed.is_stopped and context.is_active():
            raise StorageUnusable("the service stops; resume from the last through_number")

    def GetAvailability(
        self, request: pb.GetAvailabilityRequest, context: grpc.ServicerContext
    ) -> pb.GetAvailabilityResponse:
        """Read what shops show, page by page."""
        violations = Violations()
        audience = _audience(request, violations)
        violations.require(
            0 <= request.page_size <= MOST_VALUES,
            "page_size",
            request.page_size,
            f"ask for 1 to {MOST_VALUES}, or 0 for {MOST_VALUES}",
        )
        violations.refuse_any("the list of what shops show")
        mark = _mark(request.page_token) if request.page_token else None
        page = self._feed.page(audience, mark, request.page_size or MOST_VALUES)
        return pb.GetAvailabilityResponse(
            values=[_value(value) for value in page.values],
            number=page.number,
            next_page_token="" if page.next is None else _token(page.next),
        )

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusy(f"{self._most_watchers} watch already, which is the most", retry_seconds=_RETRY_SECONDS)
        try:
            yield
        finally:
            self._places.release()


def _audience(request: pb.WatchAvailabilityRequest | pb.GetAvailabilityRequest, violations: Violations) -> Audience:
    for path, wanted in (("channel_ids", request.channel_ids), ("shop_ids", request.shop_ids)):
        violations.require(len(wanted) <= MOST_ROWS, path, f"{len(wanted)} rows", f"send at most {MOST_ROWS:,}")
    return Audience(channel_ids=frozenset(request.channel_ids), shop_ids=frozenset(request.shop_ids))


def _heartbeat(request: pb.WatchAvailabilityRequest, violations: Violations) -> timedelta:
    heartbeat = duration_of(request.heartbeat, "heartbeat") if request.HasField("heartbeat") else HEARTBEAT
    sound = SHORTEST_HEARTBEAT <= heartbeat <= LONGEST_HEARTBEAT
    violations.require(
        sound, "heartbeat", str(heartbeat), f"must lie between {SHORTEST_HEARTBEAT} and {LONGEST_HEARTBEAT}"
    )
    return heartbeat


def _response(message: FeedMessage) -> pb.WatchAvailabilityResponse:
    return pb.WatchAvailabilityResponse(
        values=[_value(value) for value in message.values],
        begins_snapshot=message.begins_snapshot,
        through_number=message.through_number,
    )


def _value(value: ShownValue) -> pb.ShownValue:
    """As `to_proto` does it for any noun, but ten times as fast: there are thousands of these a second."""
    return pb.ShownValue(
        shop_id=value.shop_id,
        sku=value.sku,
        units=value.units,
        is_delisted=value.is_delisted,
        number=value.number,
    )


def _token(mark: PageMark) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(mark)).decode()


def _mark(page_token: str) -> PageMark:
    try:
        text = base64.b64decode(page_token.encode(), altchars=b"-_", validate=True)
        return msgspec.json.decode(text, type=PageMark)
    except (binascii.Error, ValueError) as error:
        violation = FieldViolation(
            field="page_token", value=repr(page_token[:80]), remedy="send back the next_page_token of the page before"
        )
        raise InvalidRequest("the page", [violation]) from error
