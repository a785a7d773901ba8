"""Calls at a server that has more of them than it can work on."""

from collections.abc import Callable, Iterator

import pytest
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2

from solver.admission.lanes import LANES, Lane, lane_of
from solver.admission.model import Cause
from solver.api.admission import AdmissionLimits
from solver.api.services import SERVICES
from tests.api.slow_service import AUDIT, CHECK, PLAN, WORK, SlowService
from tests.running import refusal_of

Starting = Callable[[AdmissionLimits], SlowService]


@pytest.fixture
def started() -> Iterator[Starting]:
    services: list[SlowService] = []

    def start(limits: AdmissionLimits) -> SlowService:
        services.append(SlowService(limits))
        return services[-1]

    yield start
    for service in services:
        service.close()


def test_one_more_than_may_wait_is_refused_at_once_with_a_delay_and_nothing_is_done_for_it(started: Starting) -> None:
    service = started(AdmissionLimits(workers=1, waiting_calls=2))
    first = service.call("wait first")
    service.until(lambda: service.begun == [b"wait first"])
    second, third = service.call("wait second"), service.call("wait third")
    service.until(lambda: service.waiting() == 2)
    refused = refusal_of(service.call("wait fourth").exception())
    assert (refused.code, refused.reason) == ("RESOURCE_EXHAUSTED", "TOO_BUSY")
    assert refused.metadata == {"cause": "QUEUE_FULL", "lane": "light"}
    assert refused.retry_ms == 50
    service.gate.set()
    assert [call.result() for call in (first, second, third)] == [b"wait first", b"wait second", b"wait third"]
    assert service.begun == [b"wait first", b"wait second", b"wait third"]
    [light] = [one for one in service.admission.states() if one.name == "light"]
    assert (light.begun_at_once, sum(light.waits.counts), light.turned_away) == (1, 2, {(WORK, Cause.FULL): 1})


def test_a_call_whose_deadline_is_too_near_is_refused_at_once_and_not_begun(started: Starting) -> None:
    service = started(AdmissionLimits(workers=1))
    assert service.call("0.3").result() == b"0.3"
    waiting = [service.call(f"wait {number}") for number in range(3)]
    service.until(lambda: service.waiting() == 2)
    refused = refusal_of(service.call("0.3", timeout=0.6).exception())
    assert (refused.code, refused.metadata["cause"]) == ("RESOURCE_EXHAUSTED", "DEADLINE_TOO_NEAR")
    service.gate.set()
    assert [call.result() for call in waiting] == [b"wait 0", b"wait 1", b"wait 2"]
    assert service.begun.count(b"0.3") == 1


def test_a_call_without_a_deadline_waits_as_long_as_the_line_allows(started: Starting) -> None:
    service = started(AdmissionLimits(workers=1))
    first, second = service.call("wait", timeout=None), service.call("0", timeout=None)
    service.gate.set()
    assert (first.result(), second.result()) == (b"wait", b"0")


def test_who_has_given_up_costs_no_work(started: Starting) -> None:
    service = started(AdmissionLimits(workers=1))
    first = service.call("wait")
    service.until(lambda: service.begun == [b"wait"])
    second, third = service.call("0"), service.call("0.00")
    service.until(lambda: service.waiting() == 2)
    second.cancel()
    for _ in range(3):  # on the same connection, so that the server hears of them after the cancellation
        assert service.call("0.0", method=CHECK).result() == b"0.0"
    service.gate.set()
    assert (first.result(), third.result()) == (b"wait", b"0.00")
    assert b"0" not in service.begun


def test_a_flood_of_one_caller_leaves_the_others_their_share(started: Starting) -> None:
    service = started(AdmissionLimits(workers=1, waiting_calls=20))
    first = service.call("wait")
    service.until(lambda: service.begun == [b"wait"])
    flood = [service.call(f"0.00{number}", caller="flood") for number in range(9)]
    service.until(lambda: service.waiting() == 9)
    single = service.call("0.01", caller="other")
    service.until(lambda: service.waiting() == 10)
    service.gate.set()
    assert (first.result(), single.result()) == (b"wait", b"0.01")
    assert [call.result() for call in flood] == [f"0.00{number}".encode() for number in range(9)]
    assert service.begun.index(b"0.01") == 2


def test_heavy_calls_and_decisions_never_keep_light_or_vital_ones_waiting(started: Starting) -> None:
    service = started(AdmissionLimits(workers=1, heavy_workers=1))
    busy = [service.call(f"wait {number}", method=method) for method in (AUDIT, PLAN) for number in range(5)]
    service.until(lambda: service.waiting() == 8)
    assert service.call("0.0", method=CHECK).result() == b"0.0"
    assert service.call("0", method=WORK).result() == b"0"
    service.gate.set()
    assert [call.result() for call in busy] == [f"wait {number}".encode() for _ in range(2) for number in range(5)]
    service.until(lambda: not any(one.running or one.waiting for one in service.admission.states()))
    assert [one.name for one in service.admission.states()] == ["vital", "light", "order", "heavy"]


def test_every_method_of_a_lane_is_one_of_the_services() -> None:
    pool = descriptor_pool.Default()
    assert health_pb2.DESCRIPTOR.services_by_name
    known = {"grpc.health.v1.Health", *SERVICES}
    for method in LANES:
        _, service, name = method.split("/")
        assert service in known
        assert name in pool.FindServiceByName(service).methods_by_name, method
    assert lane_of("/xunyuan.stock.v1.StockService/GetHold") is Lane.LIGHT
