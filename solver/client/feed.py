"""The client's side of what shops show: read by pages, or watched without end."""

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Protocol

import grpc

from solver.client.channel import call
from solver.client.errors import call_failed
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from solver.stock.feed.model import FeedMessage, ShownValue
from solver.wire.nouns import noun_of

HEARTBEAT = timedelta(seconds=10)
_LONGEST_REST_SECONDS = 5.0
_SHORTEST_REST_SECONDS = 0.05
_RESUMED = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.RESOURCE_EXHAUSTED})


class Answers(Protocol):
    """A stream as a stub returns it."""

    def __iter__(self) -> Iterator[feed_pb2.WatchAvailabilityResponse]: ...

    def cancel(self) -> object:
        """End it."""
        ...


class FeedClient:
    """Methods of `Client.feed`."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = feed_pb2_grpc.FeedServiceStub(channel)

    def shown(self, channel_ids: Sequence[str] = (), shop_ids: Sequence[str] = ()) -> Iterator[ShownValue]:
        """What shops show now, of these channels and shops or of all; pages are fetched as they are needed.

        Raises CallFailed.
        """
        request = feed_pb2.GetAvailabilityRequest(channel_ids=channel_ids, shop_ids=shop_ids)
        while True:
            answer = call(self._stub.GetAvailability, request, timeout_seconds=self._seconds)
            yield from (noun_of(value, ShownValue) for value in answer.values)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def watch(
        self,
        channel_ids: Sequence[str] = (),
        shop_ids: Sequence[str] = (),
        *,
        after_number: int | None = None,
        heartbeat: timedelta = HEARTBEAT,
    ) -> Iterator[FeedMessage]:
        """What shops show, as it changes: after a number, or (None) beginning with a snapshot. It ends when closed.

        A connection that is lost, or silent for three heartbeats, is resumed from the last number that ended a group;
        a `ShownCopy` takes in what comes. Raises CallFailed where resuming cannot help.
        """
        resume_from, rest_seconds = after_number, _SHORTEST_REST_SECONDS
        while True:
            request = feed_pb2.WatchAvailabilityRequest(
                channel_ids=channel_ids, shop_ids=shop_ids, after_number=resume_from
            )
            request.heartbeat.FromTimedelta(heartbeat)
            try:
                for message in _messages(self._stub.WatchAvailability(request), heartbeat):
                    rest_seconds = _SHORTEST_REST_SECONDS
                    if message.begins_snapshot:
                        resume_from = None  # half a snapshot is nothing to resume from
                    if message.through_number is not None:
                        resume_from = message.through_number
                    yield message
            except grpc.RpcError as error:
                if not isinstance(error, grpc.Call) or error.code() not in _RESUMED:
                    raise call_failed(error) from error
            time.sleep(rest_seconds)
            rest_seconds = min(2 * rest_seconds, _LONGEST_REST_SECONDS)


def _messages(answers: Answers, heartbeat: timedelta) -> Iterator[FeedMessage]:
    watchdog = _Watchdog(answers, 3 * heartbeat.total_seconds())
    try:
        for answer in answers:
            watchdog.heard()
            yield noun_of(answer, FeedMessage)
    finally:
        watchdog.end()
        answers.cancel()


class _Watchdog:
    """Cancels a stream that was silent for too long: a peer that vanished closes nothing."""

    def __init__(self, answers: Answers, patience_seconds: float) -> None:
        self._answers = answers
        self._patience = patience_seconds
        self._heard_at = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="feed-watchdog", daemon=True).start()

    def heard(self) -> None:
        """Something came."""
        self._heard_at = time.monotonic()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(max(self._heard_at + self._patience - time.monotonic(), 0.0)):
            if time.monotonic() >= self._heard_at + self._patience:
                self._answers.cancel()
                return
