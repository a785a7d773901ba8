"""PlanEventService and the client that watches: order, resumption, refusals."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from solver.api.server import Limits
from solver.client import CallFailed, Client, EndpointCommand, PlanAudience, PlanEventKind
from solver.client.webhooks import BadSignature, verify_webhook
from solver.clock import ManualClock
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2_grpc
from solver.scenario.load import load
from solver.webhooks.signing import signed_headers
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, SECONDS, Running, fresh_id, plan_request, refusal


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


def released(service: Running, order_id: str, **changes: str) -> str:
    """The plan that was made and released."""
    plan_id = service.plan(plan_request(order_of(("TEA", 1), order_id=order_id, **changes))).plan_id
    service.release(plan_id)
    return plan_id


def test_a_watch_tells_what_comes_and_only_what_is_wanted(service: Running, client: Client) -> None:
    released(service, "before", channel="web")
    pages = client.plan_events.watch(PlanAudience(channels=frozenset({"web"})))
    first = next(pages)
    assert (first.events, first.through_number) == ((), 1)
    released(service, "A", channel="app")
    plan_id = released(service, "B", channel="web")
    page = next(pages)
    [event] = page.events
    assert (event.number, event.kind, event.plan_id, event.channel) == (3, PlanEventKind.RELEASED, plan_id, "web")
    assert (event.at, page.through_number) == (MONDAY_AT_8, 3)
    pages.close()  # type: ignore[attr-defined]  # a generator


def test_events_are_read_by_pages(service: Running, client: Client) -> None:
    for number in range(5):
        released(service, f"O-{number}")
    stub = plan_events_pb2_grpc.PlanEventServiceStub(service.channel)
    page = stub.ListPlanEvents(pb.ListPlanEventsRequest(page_size=2, after_number=1), timeout=SECONDS)
    assert ([one.number for one in page.events], page.through_number) == ([2, 3], 3)
    assert [one.number for one in client.plan_events.events(after_number=1)] == [2, 3, 4, 5]
    kinds = PlanAudience(kinds=frozenset({PlanEventKind.CONFIRMED}))
    assert list(client.plan_events.events(kinds)) == []


def test_a_watch_goes_on_after_the_service_was_restarted(tmp_path: Path, clock: ManualClock) -> None:
    running = Running(tmp_path / "data", clock)
    load(running.application, made_world())
    port = running.server.port
    with Client(f"{HOST}:{port}") as client:
        pages = client.plan_events.watch(heartbeat=timedelta(seconds=1))
        assert next(pages).through_number == 0
        released(running, "A")
        assert [one.order_id for one in next(pages).events] == ["A"]
        running.close()
        again = Running(tmp_path / "data", clock, port=port)
        released(again, "B")
        told = [one.order_id for page in (next(pages), next(pages)) for one in page.events]
        assert told == ["B"]  # the first page says where the stream begins anew
        pages.close()  # type: ignore[attr-defined]  # a generator
        again.close()


def test_an_expiry_reaches_who_watches(service: Running, client: Client, clock: ManualClock) -> None:
    pages = client.plan_events.watch()
    next(pages)
    service.plan(plan_request(order_of(("TEA", 1), order_id="A")))
    clock.advance(timedelta(minutes=16))
    service.application.plan_events.tend()
    assert [one.kind for one in next(pages).events] == [PlanEventKind.EXPIRED]
    pages.close()  # type: ignore[attr-defined]  # a generator


def test_unsound_watches_are_refused(service: Running, client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        next(client.plan_events.watch(after_number=7))
    assert refused.value.reason == "INVALID_REQUEST"
    stub = plan_events_pb2_grpc.PlanEventServiceStub(service.channel)

    def asked(request: pb.WatchPlansRequest) -> dict[str, str]:
        return refusal(lambda: next(iter(stub.WatchPlans(request, timeout=SECONDS)))).fields

    short = pb.WatchPlansRequest()
    short.heartbeat.FromTimedelta(timedelta(milliseconds=999))
    assert list(asked(short)) == ["heartbeat"]
    unknown = pb.PlanAudience(kinds=[99])  # type: ignore[list-item]  # a value of a later release
    assert list(asked(pb.WatchPlansRequest(audience=unknown))) == ["audience.kinds[0]"]
    assert list(asked(pb.WatchPlansRequest(audience=pb.PlanAudience(channels=["a"] * 1001)))) == ["audience.channels"]
    page = refusal(lambda: stub.ListPlanEvents(pb.ListPlanEventsRequest(page_size=501), timeout=SECONDS))
    assert list(page.fields) == ["page_size"]


def test_so_many_watch_and_no_more(tmp_path: Path, clock: ManualClock) -> None:
    running = Running(tmp_path / "data", clock, Limits(watchers=1))
    stub = plan_events_pb2_grpc.PlanEventServiceStub(running.channel)
    watching = stub.WatchPlans(pb.WatchPlansRequest(), timeout=SECONDS)
    next(iter(watching))
    refused = refusal(lambda: next(iter(stub.WatchPlans(pb.WatchPlansRequest(), timeout=SECONDS))))
    assert (refused.code, refused.retry_ms) == ("RESOURCE_EXHAUSTED", 5000)
    watching.cancel()
    running.close()


def test_who_watches_learns_that_the_service_stops(service: Running) -> None:
    stub = plan_events_pb2_grpc.PlanEventServiceStub(service.channel)
    watching = stub.WatchPlans(pb.WatchPlansRequest(), timeout=SECONDS)
    told = iter(watching)
    next(told)
    threading.Thread(target=service.server.stop, args=(2.0,)).start()
    refused = refusal(lambda: next(told))
    assert refused.code == "UNAVAILABLE"
    assert "resume after the last through_number" in refused.text


def test_endpoints_are_kept_told_rotated_and_deleted(service: Running, client: Client, clock: ManualClock) -> None:
    command = EndpointCommand(endpoint_id="shop", url="https://shop.example.com/hooks", kinds=(PlanEventKind.EXPIRED,))
    named = fresh_id()
    endpoint, secret = client.plan_events.upsert_endpoint(command, request_id=named)
    assert client.plan_events.upsert_endpoint(command, request_id=named) == (endpoint, secret)
    assert client.plan_events.endpoints() == (endpoint,)
    assert (endpoint.url, endpoint.kinds) == (command.url, command.kinds)
    assert "whsec" not in str(client.plan_events.endpoints())
    rotated = client.plan_events.rotate_secret("shop", overlap=timedelta(hours=1))
    assert rotated.previous_until == MONDAY_AT_8 + timedelta(hours=1)
    headers = signed_headers([rotated.current], "plan-event-1", clock.now(), b"{}")
    verify_webhook(rotated.current, headers, b"{}", now=clock.now())
    with pytest.raises(BadSignature):
        verify_webhook(secret, headers, b"{}", now=clock.now())
    assert list(client.plan_events.dead_letters("shop")) == []
    assert client.plan_events.send_dead_letters("shop") == 0
    client.plan_events.delete_endpoint("shop")
    assert client.plan_events.endpoints() == ()


def test_an_endpoint_within_is_refused_with_the_way_out(client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        client.plan_events.upsert_endpoint(EndpointCommand(endpoint_id="shop", url="https://169.254.169.254/"))
    [violation] = refused.value.violations
    assert "webhooks.allowed_networks" in str(violation)
