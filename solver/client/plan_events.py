"""The client's side of what becomes of plans: watched without end, read by pages, and sent to endpoints."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta

import grpc

from solver.client.channel import call, new_request_id
from solver.client.errors import call_failed
from solver.client.streams import RESUMED, Rest, answers_of
from solver.fulfilment.plan_events.model import PlanAudience, PlanEvent, PlanEventPage
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2_grpc
from solver.webhooks.model import DeadLetter, EndpointCommand, Secrets, WebhookEndpoint
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of

HEARTBEAT = timedelta(seconds=10)
EVERYONE = PlanAudience()


class PlanEventClient:
    """Methods of `Client.plan_events`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = plan_events_pb2_grpc.PlanEventServiceStub(channel)

    def watch(
        self,
        audience: PlanAudience = EVERYONE,
        *,
        after_number: int | None = None,
        heartbeat: timedelta = HEARTBEAT,
    ) -> Iterator[PlanEventPage]:
        """What becomes of plans, as it happens: after a number, or (None) from now on. It ends when closed.

        A connection that is lost, or silent for three heartbeats, is resumed after the last number that was told. Keep
        each page's `through_number` with what you do about its events, to resume after a crash of yours. Raises
        CallFailed where resuming cannot help, as with EVENTS_PRUNED.
        """
        resume_after, rest = after_number, Rest(time.sleep)
        while True:
            request = pb.WatchPlansRequest(audience=_audience_of(audience), after_number=resume_after)
            request.heartbeat.FromTimedelta(heartbeat)
            try:
                for answer in answers_of(self._stub.WatchPlans(request), heartbeat):
                    rest.is_over()
                    page = noun_of(answer, PlanEventPage)
                    resume_after = page.through_number
                    yield page
            except grpc.RpcError as error:
                if not isinstance(error, grpc.Call) or error.code() not in RESUMED:
                    raise call_failed(error) from error
            rest.take()

    def events(self, audience: PlanAudience = EVERYONE, *, after_number: int = 0) -> Iterator[PlanEvent]:
        """Every event after a number; pages are fetched as they are needed."""
        request = pb.ListPlanEventsRequest(audience=_audience_of(audience), after_number=after_number)
        while True:
            answer = call(self._stub.ListPlanEvents, request, timeout_seconds=self._seconds)
            if not answer.events:
                return
            yield from (noun_of(one, PlanEvent) for one in answer.events)
            request.after_number = answer.through_number

    def upsert_endpoint(
        self, command: EndpointCommand, *, request_id: str | None = None
    ) -> tuple[WebhookEndpoint, str]:
        """Keep an endpoint; its secret where it is new, otherwise empty."""
        request = to_proto(command, pb.UpsertWebhookEndpointRequest)
        request.request_id = request_id or new_request_id()
        answer = call(self._stub.UpsertWebhookEndpoint, request, timeout_seconds=self._seconds)
        return noun_of(answer.endpoint, WebhookEndpoint), answer.secret

    def rotate_secret(
        self, endpoint_id: str, *, overlap: timedelta = timedelta(days=1), request_id: str | None = None
    ) -> Secrets:
        """A new secret; the one before signs too for so long."""
        request = pb.RotateWebhookSecretRequest(request_id=request_id or new_request_id(), endpoint_id=endpoint_id)
        request.overlap.FromTimedelta(overlap)
        answer = call(self._stub.RotateWebhookSecret, request, timeout_seconds=self._seconds)
        return Secrets(current=answer.secret, previous_until=answer.previous_until.ToDatetime(tzinfo=UTC))

    def delete_endpoint(self, endpoint_id: str, *, request_id: str | None = None) -> None:
        """Forget an endpoint, and what waits for it."""
        request = pb.DeleteWebhookEndpointRequest(request_id=request_id or new_request_id(), endpoint_id=endpoint_id)
        call(self._stub.DeleteWebhookEndpoint, request, timeout_seconds=self._seconds)

    def endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Every endpoint, with how much waits for it."""
        answer = call(self._stub.ListWebhookEndpoints, pb.ListWebhookEndpointsRequest(), timeout_seconds=self._seconds)
        return tuple(noun_of(one, WebhookEndpoint) for one in answer.endpoints)

    def dead_letters(self, endpoint_id: str) -> Iterator[DeadLetter]:
        """What could not be sent; pages are fetched as they are needed."""
        request = pb.ListDeadLettersRequest(endpoint_id=endpoint_id)
        while True:
            answer = call(self._stub.ListDeadLetters, request, timeout_seconds=self._seconds)
            if not answer.dead_letters:
                return
            yield from (noun_of(one, DeadLetter) for one in answer.dead_letters)
            request.after_number = answer.dead_letters[-1].number

    def send_dead_letters(self, endpoint_id: str, numbers: Sequence[int] = (), *, request_id: str | None = None) -> int:
        """Try dead letters anew, these or all; how many."""
        request = pb.SendDeadLettersRequest(
            request_id=request_id or new_request_id(), endpoint_id=endpoint_id, numbers=numbers
        )
        return call(self._stub.SendDeadLetters, request, timeout_seconds=self._seconds).revived


def _audience_of(audience: PlanAudience) -> pb.PlanAudience:
    return to_proto(audience, pb.PlanAudience)
