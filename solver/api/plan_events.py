"""PlanEventService."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import grpc

from solver.api.reading import read, request_of, values_of
from solver.errors import TooBusy, Violations
from solver.fulfilment.plan_events.model import MOST_EVENTS, PlanAudience, PlanEventKind, PlanEventPage
from solver.fulfilment.plan_events.plan_events import PlanEvents
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2_grpc
from solver.storage.errors import StorageUnusable
from solver.validation import MOST_ROWS
from solver.webhooks.endpoints import Endpoints
from solver.webhooks.model import EndpointCommand
from solver.wire.codec import duration_of, to_proto

HEARTBEAT = timedelta(seconds=30)
SHORTEST_HEARTBEAT, LONGEST_HEARTBEAT = timedelta(seconds=1), timedelta(minutes=5)
OVERLAP = timedelta(days=1)
_RETRY_SECONDS = 5.0


class PlanEventServicer(plan_events_pb2_grpc.PlanEventServiceServicer):
    """What becomes of plans: streamed, read, and sent. At most so many watch at once."""

    def __init__(self, events: PlanEvents, endpoints: Endpoints, most_watchers: int) -> None:
        self._events = events
        self._endpoints = endpoints
        self._places = threading.BoundedSemaphore(most_watchers)
        self._most_watchers = most_watchers

    def WatchPlans(
        self, request: pb.WatchPlansRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchPlansResponse]:
        """Tell events for as long as the caller listens."""
        audience = _audience(request.audience)
        heartbeat = duration_of(request.heartbeat, "heartbeat") if request.HasField("heartbeat") else HEARTBEAT
        violations = Violations()
        sound = SHORTEST_HEARTBEAT <= heartbeat <= LONGEST_HEARTBEAT
        remedy = f"must lie between {SHORTEST_HEARTBEAT} and {LONGEST_HEARTBEAT}"
        violations.require(sound, "heartbeat", str(heartbeat), remedy)
        violations.refuse_any("the watch of plans")
        after_number = request.after_number if request.HasField("after_number") else None
        with self._place():
            context.add_callback(self._events.wake)
            pages = self._events.stream(
                audience, after_number, heartbeat_seconds=heartbeat.total_seconds(), wanted=context.is_active
            )
            for page in pages:
                yield to_proto(page, pb.WatchPlansResponse)
        if self._events.is_stopped and context.is_active():
            raise StorageUnusable("the service stops; resume after the last through_number")

    def ListPlanEvents(
        self, request: pb.ListPlanEventsRequest, context: grpc.ServicerContext
    ) -> pb.ListPlanEventsResponse:
        """Read events."""
        most = _most(request.page_size, MOST_EVENTS)
        page: PlanEventPage = self._events.page(_audience(request.audience), request.after_number, most)
        return to_proto(page, pb.ListPlanEventsResponse)

    def UpsertWebhookEndpoint(
        self, request: pb.UpsertWebhookEndpointRequest, context: grpc.ServicerContext
    ) -> pb.UpsertWebhookEndpointResponse:
        """Keep an endpoint."""
        named = request_of("UpsertWebhookEndpoint", request.request_id, request)
        endpoint, secret = self._endpoints.upsert(named, read(request, EndpointCommand, ""))
        return pb.UpsertWebhookEndpointResponse(endpoint=to_proto(endpoint, pb.WebhookEndpoint), secret=secret)

    def RotateWebhookSecret(
        self, request: pb.RotateWebhookSecretRequest, context: grpc.ServicerContext
    ) -> pb.RotateWebhookSecretResponse:
        """Make a new secret."""
        named = request_of("RotateWebhookSecret", request.request_id, request)
        overlap = duration_of(request.overlap, "overlap") if request.HasField("overlap") else OVERLAP
        secrets = self._endpoints.rotate(named, request.endpoint_id, overlap)
        response = pb.RotateWebhookSecretResponse(secret=secrets.current)
        if secrets.previous_until is not None:
            response.previous_until.FromDatetime(secrets.previous_until)
        return response

    def DeleteWebhookEndpoint(
        self, request: pb.DeleteWebhookEndpointRequest, context: grpc.ServicerContext
    ) -> pb.DeleteWebhookEndpointResponse:
        """Forget an endpoint."""
        named = request_of("DeleteWebhookEndpoint", request.request_id, request)
        self._endpoints.delete(named, request.endpoint_id)
        return pb.DeleteWebhookEndpointResponse()

    def ListWebhookEndpoints(
        self, request: pb.ListWebhookEndpointsRequest, context: grpc.ServicerContext
    ) -> pb.ListWebhookEndpointsResponse:
        """Read every endpoint."""
        endpoints = [to_proto(one, pb.WebhookEndpoint) for one in self._endpoints.every()]
        return pb.ListWebhookEndpointsResponse(endpoints=endpoints)

    def ListDeadLetters(
        self, request: pb.ListDeadLettersRequest, context: grpc.ServicerContext
    ) -> pb.ListDeadLettersResponse:
        """Read what could not be sent."""
        most = _most(request.page_size, MOST_ROWS)
        found = self._endpoints.dead_letters(request.endpoint_id, request.after_number, most)
        return pb.ListDeadLettersResponse(dead_letters=[to_proto(one, pb.DeadLetter) for one in found])

    def SendDeadLetters(
        self, request: pb.SendDeadLettersRequest, context: grpc.ServicerContext
    ) -> pb.SendDeadLettersResponse:
        """Try dead letters anew."""
        named = request_of("SendDeadLetters", request.request_id, request)
        revived = self._endpoints.send_again(named, request.endpoint_id, list(request.numbers))
        return pb.SendDeadLettersResponse(revived=revived)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusy(f"{self._most_watchers} watch already, which is the most", retry_seconds=_RETRY_SECONDS)
        try:
            yield
        finally:
            self._places.release()


def _audience(message: pb.PlanAudience) -> PlanAudience:
    violations = Violations()
    for path in ("channels", "brands", "order_ids", "kinds"):
        count = len(getattr(message, path))
        violations.require(count <= MOST_ROWS, f"audience.{path}", f"{count} rows", f"name at most {MOST_ROWS:,}")
    violations.refuse_any("the audience")
    kinds = values_of(message.kinds, pb.PlanEventKind, PlanEventKind, "audience.kinds")
    return PlanAudience(
        channels=frozenset(message.channels),
        brands=frozenset(message.brands),
        order_ids=frozenset(message.order_ids),
        kinds=frozenset(kinds),
    )


def _most(page_size: int, most: int) -> int:
    violations = Violations()
    violations.require(0 <= page_size <= most, "page_size", page_size, f"ask for 1 to {most}, or 0 for {most}")
    violations.refuse_any("the page")
    return page_size or most
