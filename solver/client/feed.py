"""The client's side of what shops show: read by pages, or watched without end."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

import grpc

from solver.client.channel import call
from solver.client.errors import call_failed
from solver.client.streams import RESUMED, Rest, answers_of
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from solver.stock.feed.model import FeedMessage, ShownValue
from solver.wire.nouns import noun_of

HEARTBEAT = timedelta(seconds=10)


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
        resume_from, rest = after_number, Rest(time.sleep)
        while True:
            request = feed_pb2.WatchAvailabilityRequest(
                channel_ids=channel_ids, shop_ids=shop_ids, after_number=resume_from
            )
            request.heartbeat.FromTimedelta(heartbeat)
            try:
                for answer in answers_of(self._stub.WatchAvailability(request), heartbeat):
                    rest.is_over()
                    message = noun_of(answer, FeedMessage)
                    if message.begins_snapshot:
                        resume_from = None  # half a snapshot is nothing to resume from
                    if message.through_number is not None:
                        resume_from = message.through_number
                    yield message
            except grpc.RpcError as error:
                if not isinstance(error, grpc.Call) or error.code() not in RESUMED:
                    raise call_failed(error) from error
            rest.take()
