"""The server as a whole: health, reflection, ports, and a graceful end."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from solver.api.server import CannotListen, Limits, Server
from solver.api.services import SERVICES
from solver.clock import ManualClock
from solver.fulfilment.planner import Planner
from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from tests.made_world import order_of
from tests.running import HOST, SECONDS, Running, plan_request, refusal, refusal_of

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


def test_every_service_and_the_whole_is_healthy(empty: Running) -> None:
    stub: Any = health_pb2_grpc.HealthStub(empty.channel)
    assert SERVICES == (
        "xunyuan.access.v1.AccessService",
        "xunyuan.catalog.v1.CatalogService",
        "xunyuan.catalog.v1.CombinationService",
        "xunyuan.ledger.v1.BooksService",
        "xunyuan.ledger.v1.LedgerService",
        "xunyuan.ledger.v1.ValuationService",
        "xunyuan.ledger.v1.ContractService",
        "xunyuan.ledger.v1.SettlementService",
        "xunyuan.ledger.v1.DifferenceService",
        "xunyuan.ledger.v1.InvoiceService",
        "xunyuan.ledger.v1.ReconciliationService",
        "xunyuan.network.v1.NetworkService",
        "xunyuan.network.v1.ConditionService",
        "xunyuan.policy.v1.PolicyService",
        "xunyuan.sourcing.v1.SourcingService",
        "xunyuan.sourcing.v1.ReplanningService",
        "xunyuan.sourcing.v1.PlanEventService",
        "xunyuan.sourcing.v1.OverrideService",
        "xunyuan.sourcing.v1.RecipientService",
        "xunyuan.sourcing.v1.BatchService",
        "xunyuan.sourcing.v1.ShadowService",
        "xunyuan.sourcing.v1.StockValueService",
        "xunyuan.stock.v1.StockService",
        "xunyuan.stock.v1.ConsignmentService",
        "xunyuan.stock.v1.CountService",
        "xunyuan.stock.v1.StockImportService",
        "xunyuan.stock.v1.PartnerStockService",
        "xunyuan.stock.v1.PlaceService",
        "xunyuan.stock.v1.ReturnService",
        "xunyuan.stock.v1.AtpService",
        "xunyuan.stock.v1.CommitmentService",
        "xunyuan.stock.v1.FeedService",
        "xunyuan.stock.v1.ChannelService",
        "xunyuan.stock.v1.WarningService",
    )
    for name in ("", *SERVICES):
        assert stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=SECONDS).status == SERVING
    refused = refusal(lambda: stub.Check(health_pb2.HealthCheckRequest(service="another"), timeout=SECONDS))
    assert refused.code == "NOT_FOUND"


def test_who_watches_the_health_learns_of_the_end_before_it_comes(empty: Running) -> None:
    stub: Any = health_pb2_grpc.HealthStub(empty.channel)
    watch = stub.Watch(health_pb2.HealthCheckRequest(), timeout=SECONDS)
    told: Iterator[health_pb2.HealthCheckResponse] = iter(watch)
    assert next(told).status == SERVING
    stopping = threading.Thread(target=empty.server.stop, args=(2.0,))
    stopping.start()
    assert next(told).status == NOT_SERVING
    watch.cancel()
    stopping.join()


def test_reflection_lists_every_service_and_describes_the_messages(empty: Running) -> None:
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(empty.channel)
    questions = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="xunyuan.sourcing.v1.SourcingService"),
    ]
    listed, described = stub.ServerReflectionInfo(iter(questions), timeout=SECONDS)
    names = {service.name for service in listed.list_services_response.service}
    assert names == {*SERVICES, "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}
    files = {
        descriptor_pb2.FileDescriptorProto.FromString(file).name
        for file in described.file_descriptor_response.file_descriptor_proto
    }
    assert {"xunyuan/sourcing/v1/sourcing.proto", "xunyuan/sourcing/v1/plan.proto"} <= files


def test_a_second_server_on_the_port_is_refused_and_the_first_goes_on(empty: Running) -> None:
    with pytest.raises(CannotListen, match=f"{HOST}:{empty.server.port}"):
        Server(empty.application, f"{HOST}:{empty.server.port}")
    assert empty.discrepancies() == []


def test_an_address_that_is_none_is_refused(empty: Running) -> None:
    with pytest.raises(CannotListen, match=f"{HOST}:nowhere"):
        Server(empty.application, f"{HOST}:nowhere")


class Paused:
    """A planner's decision that waits until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()
        decide = Planner._decide

        def waiting(planner: Planner, *arguments: object) -> object:
            self.begun.set()
            assert self.may_end.wait(SECONDS)
            return decide(planner, *arguments)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(Planner, "_decide", waiting)


def still_takes_calls(service: Running) -> bool:
    """A stop that was begun in another thread takes a moment."""
    try:
        service.discrepancies()
    except grpc.RpcError as error:
        return refusal_of(error).code != "UNAVAILABLE"
    return True


def test_a_graceful_stop_lets_a_running_call_finish_and_takes_no_new_one(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = Paused(monkeypatch)
    with ThreadPoolExecutor(2) as pool:
        call = pool.submit(service.plan, plan_request(order_of(("TEA", 1))))
        assert paused.begun.wait(SECONDS)
        stopping = pool.submit(service.server.stop, SECONDS)
        while still_takes_calls(service):
            time.sleep(0.01)
        paused.may_end.set()
        plan = call.result(SECONDS)
        stopping.result(SECONDS)
    with service.application.database.read() as reader:
        [level] = service.application.stock.levels(reader, skus=["TEA"], site_ids=["S-EAST"])
    assert (plan.packages[0].source_id, level.held) == ("S-EAST", 1)


def test_a_call_that_outlives_the_grace_is_cut_off(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    paused = Paused(monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(service.plan, plan_request(order_of(("TEA", 1))))
        assert paused.begun.wait(SECONDS)
        service.server.stop(0.05)
        error = call.exception(SECONDS)
        paused.may_end.set()
    assert isinstance(error, grpc.Call)
    assert error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}


def test_more_calls_than_the_limit_are_refused_and_the_others_answered(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Running(tmp_path, clock, Limits(workers=1, waiting_calls=1))
    paused = threading.Event()
    monkeypatch.setattr(running.application.journal.__class__, "audit", lambda *_: paused.wait(SECONDS) and ())
    try:
        request = ledger_pb2.AuditBooksRequest()
        calls = [running.ledger.AuditBooks.future(request, timeout=SECONDS) for _ in range(5)]
        refused = [call for call in calls if _code_soon(call) is grpc.StatusCode.RESOURCE_EXHAUSTED]
        paused.set()
        answered = [call for call in calls if call not in refused]
        assert (len(refused), len(answered)) == (3, 2)
        assert [call.result().books_balance for call in answered] == [True, True]
    finally:
        paused.set()
        running.close()


def _code_soon(call: Any) -> grpc.StatusCode | None:
    try:
        return None if call.exception(timeout=1.0) is None else call.code()
    except grpc.FutureTimeoutError:
        return None
