"""A guarded server: who is let in, what is denied before it is read, what is limited, and what the log says of it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from solver.access.caller import current_caller
from solver.access.model import Binding, CallerTerms, Decision, KeyState, KeyWish, Role, Scope
from solver.api.entrance import Security
from solver.api.server import Server
from solver.app import Application
from solver.client import (
    BatchCommand,
    CallFailed,
    Claim,
    Client,
    ClientSecurity,
    FulfilmentPlan,
    Movement,
    OperationState,
)
from solver.clock import ManualClock, SystemClock
from solver.errors import InvalidRequest
from solver.fulfilment.holding import Holding
from solver.gen.xunyuan.access.v1 import access_pb2, access_pb2_grpc
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from solver.storage.once import request_for
from tests.api.guarded import Guarded, refused
from tests.faults import http2
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import HOST, SECONDS, Running


@pytest.fixture
def guarded(service: Running) -> Iterator[Guarded]:
    made = Guarded(service)
    yield made
    made.close()


def test_without_a_key_a_server_on_this_machine_serves_everybody(service: Running) -> None:
    assert service.discrepancies() == []


def test_with_the_first_key_nobody_is_let_in_without_one(guarded: Guarded) -> None:
    failed = refused(guarded.client("").audit_books)
    assert (failed.code, failed.reason) == ("UNAUTHENTICATED", "NO_TOKEN")
    wrong = refused(guarded.client("xy_0123456789abcdef_" + "A" * 43).audit_books)
    assert (wrong.code, wrong.reason) == ("UNAUTHENTICATED", "BAD_KEY")
    assert guarded.root.audit_books() == ()


def test_strangers_who_send_no_message_keep_nobody_from_being_refused(guarded: Guarded) -> None:
    headers = http2.request_headers("/xunyuan.ledger.v1.LedgerService/AuditBooks")
    half = http2.frame(http2.HEADERS, headers, flags=http2.END_HEADERS, stream=1)
    port = guarded.running.server.port
    strangers = [http2.connection(port, http2.PREFACE, http2.frame(http2.SETTINGS), half) for _ in range(3)]
    assert refused(guarded.client("").audit_books).code == "UNAUTHENTICATED"
    for stranger in strangers:
        stranger.close()


def test_health_needs_no_token_and_reflection_needs_any_good_one(guarded: Guarded) -> None:
    health: Any = health_pb2_grpc.HealthStub(guarded.running.channel)
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS).status == 1
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(guarded.running.channel)
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    with pytest.raises(grpc.RpcError) as raised:
        list(stub.ServerReflectionInfo(iter([question]), timeout=SECONDS))
    assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED
    _, token = guarded.root.access.create_key(KeyWish(caller_id="nobody in particular"))
    metadata = [("authorization", f"Bearer {token}")]
    [answer] = stub.ServerReflectionInfo(iter([question]), timeout=SECONDS, metadata=metadata)
    assert len(answer.list_services_response.service) > 30


def test_reflection_can_be_turned_off(tmp_path: Path) -> None:
    application = Application.open(tmp_path, ManualClock(MONDAY_AT_8))
    server = Server(application, f"{HOST}:0", security=Security(reflection=False))
    server.start()
    with grpc.insecure_channel(f"{HOST}:{server.port}") as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        question = reflection_pb2.ServerReflectionRequest(list_services="")
        with pytest.raises(grpc.RpcError) as raised:
            list(stub.ServerReflectionInfo(iter([question]), timeout=SECONDS))
        assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
    server.stop(0)
    application.close()


def test_a_caller_without_the_right_is_denied_also_where_the_request_breaks_rules(guarded: Guarded) -> None:
    viewer = guarded.caller("viewer", "viewer")
    for order in (order_of(("TEA", 1)), order_of(("TEA", -5), order_id="")):
        failed = refused(partial(viewer.plan, order))
        assert (failed.code, failed.reason) == ("PERMISSION_DENIED", "PERMISSION_DENIED")
        assert failed.metadata == {"permission": "SourcingService.PlanFulfillment", "caller_id": "viewer"}
        assert "SourcingService:write or write" in str(failed)
    assert refused(lambda: guarded.root.plan(order_of(("TEA", -5)))).code == "INVALID_ARGUMENT"


def test_a_planner_of_one_brand_plans_and_confirms_for_it_and_for_no_other(guarded: Guarded) -> None:
    of_x = guarded.caller("oms-x", "planner", scope=Scope(brands=("X",)))
    of_y = guarded.caller("oms-y", "planner", scope=Scope(brands=("Y",)))
    plan = of_x.plan(_of_brand("X", "order x"))
    for call in (
        lambda: of_y.plan(_of_brand("X", "another")),
        lambda: of_y.plan(order_of(("TEA", 1), order_id="without a brand")),
        lambda: of_y.get_plan(plan.plan_id),
        lambda: of_y.confirm(plan.plan_id),
        lambda: of_y.release(plan.plan_id),
        lambda: of_y.get_plan("there is none"),
    ):
        assert refused(call).reason == "OUT_OF_SCOPE"
    assert of_x.get_plan(plan.plan_id).state == "held"
    assert of_x.confirm(plan.plan_id)[0].state == "confirmed"


def test_a_clerk_of_one_site_sees_and_moves_goods_there_and_nowhere_else(guarded: Guarded) -> None:
    clerk = guarded.caller("clerk", "stock_clerk", scope=Scope(sources=("W-EAST",)))
    clerk.receive_stock([Movement(site_id="W-EAST", sku="TEA", units=5)], "po 1")
    assert {level.site_id for level in clerk.stock_levels(site_ids=["W-EAST"])} == {"W-EAST"}
    for call in (
        lambda: clerk.receive_stock([Movement(site_id="S-EAST", sku="TEA", units=5)], "po 2"),
        lambda: clerk.receive_stock(
            [Movement(site_id="W-EAST", sku="TEA", units=5), Movement(site_id="S-EAST", sku="TEA", units=5)], "po 3"
        ),
        lambda: list(clerk.stock_levels()),
        lambda: list(clerk.stock_levels(site_ids=["W-EAST", "S-EAST"])),
    ):
        assert refused(call).reason == "OUT_OF_SCOPE"
    guarded.root.hold_stock("mine", [Claim(site_id="W-EAST", sku="TEA", units=1)])
    guarded.root.hold_stock("theirs", [Claim(site_id="S-EAST", sku="TEA", units=1)])
    assert clerk.get_hold("mine").hold_id == "mine"
    assert refused(lambda: clerk.get_hold("theirs")).reason == "OUT_OF_SCOPE"


def test_who_is_limited_follows_the_batches_that_he_started_and_no_others(guarded: Guarded) -> None:
    of_x = guarded.caller("oms-x", "planner", scope=Scope(brands=("X",)))
    own = of_x.batches.start(BatchCommand(orders=(_of_brand("X", "a"), _of_brand("X", "b"))))
    other = guarded.root.batches.start(BatchCommand(orders=(order_of(("TEA", 1), order_id="c"),)))
    assert (own.started_by, other.started_by) == ("oms-x", "root")
    for started in (own, other):
        _wait(partial(_has_succeeded, guarded, started.operation_id))
    assert of_x.batches.get(own.operation_id)[0].state is OperationState.SUCCEEDED
    assert sorted(one.plan.order_id for one in of_x.batches.plans(own.operation_id)) == ["a", "b"]
    assert of_x.batches.cancel(own.operation_id).state is OperationState.SUCCEEDED
    for operation_id in (other.operation_id, "there is none", ""):
        calls: list[Callable[[str], object]] = [of_x.batches.get, of_x.batches.cancel, partial(_plans, of_x)]
        for call in calls:
            assert refused(partial(call, operation_id)).reason == "OUT_OF_SCOPE"
    with guarded.client(guarded.root.access.create_key(KeyWish(caller_id="oms-x"))[1]) as again:
        assert again.batches.get(own.operation_id)[0].started_by == "oms-x"


def _has_succeeded(guarded: Guarded, operation_id: str) -> bool:
    return guarded.root.batches.get(operation_id)[0].state is OperationState.SUCCEEDED


def _plans(client: Client, operation_id: str) -> list[FulfilmentPlan]:
    return list(client.batches.plans(operation_id))


def test_stacked_calls_keep_their_thread_and_their_caller(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    hold, seen = Holding.hold, []

    def noted(holding: Holding, *arguments: Any) -> Any:
        seen.append((threading.current_thread().name, current_caller().caller_id))
        return hold(holding, *arguments)

    monkeypatch.setattr(Holding, "hold", noted)
    guarded.root.hold_stock("h0", [Claim(site_id="W-EAST", sku="TEA", units=1)])
    holder = guarded.caller("holder", "planner", scope=Scope(sources=("W-EAST",)), lines=2)
    claims = [Claim(site_id="W-EAST", sku="TEA", units=1)]
    assert holder.hold_stock("h1", claims).hold_id == "h1"
    assert seen == [("hold_0", "root"), ("hold_0", "holder")]
    three = [Claim(site_id="W-EAST", sku=sku, units=1) for sku in ("TEA", "CUP", "POT")]
    assert [one.field for one in refused(lambda: holder.hold_stock("h2", three)).violations] == ["claims"]
    assert refused(lambda: holder.hold_stock("h3", [Claim(site_id="S-EAST", sku="TEA", units=1)])).code == (
        "PERMISSION_DENIED"
    )


def test_streams_are_guarded_too(guarded: Guarded) -> None:
    with pytest.raises(CallFailed) as raised:
        next(iter(guarded.caller("clerk", "stock_clerk").feed.watch(channel_ids=["shop"])))
    assert raised.value.code == "PERMISSION_DENIED"


def test_a_stream_ends_when_its_caller_loses_the_right_to_it(guarded: Guarded) -> None:
    for lose in (_revoke_key, _lose_role):
        name = lose.__name__
        guarded.caller(name, "viewer")
        token = guarded.root.access.create_key(KeyWish(caller_id=name))[1]
        stub: Any = feed_pb2_grpc.FeedServiceStub(guarded.running.channel)
        request = feed_pb2.WatchAvailabilityRequest(heartbeat=Duration(seconds=1))
        answers = iter(
            stub.WatchAvailability(request, timeout=SECONDS, metadata=[("authorization", f"Bearer {token}")])
        )
        next(answers)
        lose(guarded, name)
        with pytest.raises(grpc.RpcError) as raised:
            list(answers)
        assert raised.value.code() in {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}


def test_a_stream_that_nobody_showed_a_token_for_ends_with_the_first_key(service: Running) -> None:
    stub: Any = feed_pb2_grpc.FeedServiceStub(service.channel)
    request = feed_pb2.WatchAvailabilityRequest(heartbeat=Duration(seconds=1))
    answers = iter(stub.WatchAvailability(request, timeout=SECONDS))
    next(answers)
    Guarded(service).close()
    with pytest.raises(grpc.RpcError) as raised:
        list(answers)
    assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED


def _revoke_key(guarded: Guarded, caller_id: str) -> None:
    for key in list(guarded.root.access.api_keys(caller_id)):
        guarded.root.access.set_key_state(key.key_id, KeyState.REVOKED)


def _lose_role(guarded: Guarded, caller_id: str) -> None:
    guarded.root.access.upsert_callers([CallerTerms(caller_id=caller_id)])


def test_rates_holds_and_sizes_of_a_caller_are_limited_and_say_how(guarded: Guarded) -> None:
    guarded.caller("slow", "viewer", calls_per_second=1)
    token = guarded.root.access.create_key(KeyWish(caller_id="slow"))[1]
    slow = guarded.client(token, bulk_seconds=0.5)  # too short to wait for another turn
    slow.audit_books()
    failed = refused(lambda: [slow.audit_books() for _ in range(50)])
    assert (failed.code, failed.reason) == ("RESOURCE_EXHAUSTED", "TOO_BUSY")
    few = guarded.caller("few", "planner", holds_per_minute=1)
    few.plan(order_of(("TEA", 1), order_id="first"))
    assert refused(lambda: few.plan(order_of(("TEA", 1), order_id="second"))).code == "RESOURCE_EXHAUSTED"
    few.plan(order_of(("TEA", 1), order_id="third"), validate_only=True)
    small = guarded.caller("small", "planner", lines=1, request_bytes=5_000)
    failed = refused(lambda: small.plan(order_of(("TEA", 1), ("CUP", 1))))
    assert [(one.field, one.value) for one in failed.violations] == [("order.lines", "2 lines")]
    failed = refused(lambda: small.plan(order_of(("TEA", 1), order_id="x" * 6_000)))
    assert [one.field for one in failed.violations] == ["request"]


def test_a_client_that_was_too_fast_waits_as_it_is_told_and_is_served_once(guarded: Guarded) -> None:
    few = guarded.caller("few", "planner", calls_per_second=2)
    order = order_of(("TEA", 1))
    plans = {few.plan(order, request_id="the-same").plan_id for _ in range(4)}
    assert len(plans) == 1


def test_changes_of_roles_and_keys_count_at_once(guarded: Guarded) -> None:
    clerk = guarded.caller("clerk", "viewer")
    clerk.audit_books()
    guarded.root.access.upsert_roles([Role(role_id="viewer", permissions=("StockService:read",))])
    assert refused(clerk.audit_books).code == "PERMISSION_DENIED"
    assert list(clerk.stock_levels())
    [key] = guarded.root.access.api_keys("clerk")
    guarded.root.access.set_key_state(key.key_id, KeyState.REVOKED)
    assert refused(lambda: list(clerk.stock_levels())).reason == "KEY_NOT_ENABLED"


def test_every_decision_that_counts_is_in_the_log_and_no_token_is(guarded: Guarded) -> None:
    planner, viewer = guarded.caller("oms", "planner"), guarded.caller("viewer", "viewer")
    planner.plan(order_of(("TEA", 1)))
    for _ in range(2):
        refused(lambda: viewer.plan(order_of(("TEA", 1))))
    viewer.audit_books()  # what only reads and is let in is not written
    refused(guarded.client("").audit_books)
    calls = {(one.decision, one.caller_id, one.method.rpartition("/")[2], one.times) for one in guarded.audit()}
    assert calls == {
        (Decision.ALLOWED, "root", "UpsertCallers", 2),
        (Decision.ALLOWED, "root", "CreateKey", 2),
        (Decision.ALLOWED, "oms", "PlanFulfillment", 1),
        (Decision.DENIED, "viewer", "PlanFulfillment", 2),
        (Decision.UNAUTHENTICATED, "", "AuditBooks", 1),
    }
    assert [one.peer for one in guarded.audit() if not one.caller_id] == ["ipv4:127.0.0.1"]


def test_no_log_line_has_a_token(guarded: Guarded, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        viewer = guarded.caller("viewer", "viewer")
        [key] = guarded.root.access.api_keys("viewer")
        for call in (viewer.audit_books, lambda: viewer.access.create_key(KeyWish(caller_id="x"))):
            _code(call)
        guarded.root.access.set_key_state(key.key_id, KeyState.REVOKED)
        failed = refused(viewer.audit_books)
    assert failed.reason == "KEY_NOT_ENABLED"
    assert f"xy_{key.key_id}" not in f"{caplog.text} {failed} {guarded.audit()}"


def test_a_method_without_a_row_is_denied_to_everybody(guarded: Guarded) -> None:
    token = guarded.root.access.create_key(KeyWish(caller_id="root"))[1]
    call: Any = guarded.running.channel.unary_unary("/xunyuan.stock.v1.StockService/Unknown")
    with pytest.raises(grpc.RpcError) as raised:
        call(b"", timeout=SECONDS, metadata=[("authorization", f"Bearer {token}")])
    assert raised.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_nobody_but_an_administrator_changes_or_reads_the_rules(guarded: Guarded) -> None:
    viewer = guarded.caller("viewer", "viewer", "planner", "chief_accountant", "stock_manager")
    for call in (
        lambda: viewer.access.upsert_roles([Role(role_id="mine", permissions=("*",))]),
        lambda: viewer.access.create_key(KeyWish(caller_id="root")),
        lambda: list(viewer.access.api_keys()),
        lambda: list(viewer.access.audit()),
    ):
        assert refused(call).code == "PERMISSION_DENIED"
    assert [one.caller_id for one in guarded.root.access.api_keys()].count("root") == 1


def test_pages_of_the_log_are_fetched_as_they_are_needed(guarded: Guarded) -> None:
    stub: Any = access_pb2_grpc.AccessServiceStub(guarded.root._channel)
    first = stub.ListAuditRecords(access_pb2.ListAuditRecordsRequest(page_size=1), timeout=SECONDS)
    second = stub.ListAuditRecords(
        access_pb2.ListAuditRecordsRequest(page_size=1, page_token=first.next_page_token), timeout=SECONDS
    )
    assert [one.number for answer in (first, second) for one in answer.records] == [1, 2]
    for token in ("?", "YWJj"):
        with pytest.raises(grpc.RpcError) as raised:
            stub.ListAuditRecords(access_pb2.ListAuditRecordsRequest(page_token=token), timeout=SECONDS)
        assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_change_on_one_server_counts_on_another_within_a_second(postgres_url: str) -> None:
    first, second = (Running(postgres_url, SystemClock()) for _ in range(2))
    guarded = Guarded(first)
    _wait(lambda: not second.server.entrance.stands_open)
    token = guarded.root.access.create_key(KeyWish(caller_id="clerk"))[1]
    with Client(f"{HOST}:{second.server.port}", security=ClientSecurity(token=token)) as clerk:
        for roles, code in ((("viewer",), None), ((), "PERMISSION_DENIED")):
            bindings = tuple(Binding(role_id=one) for one in roles)
            guarded.root.access.upsert_callers([CallerTerms(caller_id="clerk", bindings=bindings)])
            _wait(partial(_ends_with, clerk.audit_books, code))
        [key] = guarded.root.access.api_keys("clerk")
        guarded.root.access.set_key_state(key.key_id, KeyState.REVOKED)
        _wait(lambda: _code(clerk.audit_books) == "UNAUTHENTICATED")
    guarded.close()
    for one in (first, second):
        one.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "[::]", "shop.example"])
def test_an_address_that_others_reach_is_refused_without_certificates_or_any_token(empty: Running, host: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        Server(empty.application, f"{host}:0")
    assert [one.field for one in raised.value.violations] == ["server.host", "access"]
    assert "--tls-certificate" in raised.value.violations[0].remedy
    assert "access key create" in raised.value.violations[1].remedy


def _of_brand(brand: str, order_id: str) -> Any:
    return replace(order_of(("TEA", 1), order_id=order_id), brand=brand)


def _ends_with(call: Callable[[], object], code: str | None) -> bool:
    return _code(call) == code


def _code(call: Callable[[], object]) -> str | None:
    try:
        call()
    except CallFailed as failed:
        return failed.code
    return None


def _named(method: str) -> Any:
    return request_for(method, "request")


def _wait(holds: Callable[[], bool]) -> None:
    """It is to hold within a second; a busy machine is given more, and no test asserts how long something takes."""
    ends = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)
