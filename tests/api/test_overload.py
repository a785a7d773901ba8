"""A real server whose heavy workers are all busy, and more heavy calls in line."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from solver.api.server import Limits
from solver.clock import ManualClock
from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.gen.xunyuan.sourcing.v1 import batch_pb2, batch_pb2_grpc
from solver.scenario.load import load
from tests.made_world import made_world, order_of
from tests.running import SECONDS, Running, plan_request, refusal


@pytest.fixture
def busy(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Two audits that wait for the end of the test, three more in line."""
    running = Running(tmp_path, clock, Limits(workers=2, heavy_workers=2, waiting_calls=3))
    load(running.application, made_world())
    may_end, begun = threading.Event(), threading.Semaphore(0)

    def audit(*_: object) -> tuple[()]:
        begun.release()
        assert may_end.wait(SECONDS)
        return ()

    monkeypatch.setattr(running.application.journal.__class__, "audit", audit)
    request = ledger_pb2.AuditBooksRequest()
    calls = [running.ledger.AuditBooks.future(request, timeout=SECONDS) for _ in range(5)]
    assert begun.acquire(timeout=SECONDS)
    ends_at = time.monotonic() + SECONDS
    while _heavy(running) != (2, 3):
        assert time.monotonic() < ends_at, "the others never came"
        time.sleep(0.005)
    yield running
    may_end.set()
    assert [call.result().books_balance for call in calls] == [True] * 5
    running.close()


def _heavy(running: Running) -> tuple[int, int]:
    """Heavy calls that run, and that wait."""
    [heavy] = [one for one in running.server.lanes() if one.name == "heavy"]
    return heavy.running, heavy.waiting


def test_health_cancellations_plans_and_reads_go_on(busy: Running) -> None:
    health: Any = health_pb2_grpc.HealthStub(busy.channel)
    batches: Any = batch_pb2_grpc.BatchServiceStub(busy.channel)
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS).status == 1
    cancel = batch_pb2.CancelBatchRequest(operation_id="none")
    assert refusal(lambda: batches.CancelBatch(cancel, timeout=SECONDS)).code == "NOT_FOUND"
    plan = busy.plan(plan_request(order_of(("TEA", 1))))
    assert busy.state(plan.plan_id) == "HELD"
    assert busy.confirm(plan.plan_id).plan.plan_id == plan.plan_id


def test_one_more_heavy_call_is_refused_with_a_time_to_wait(busy: Running) -> None:
    refused = refusal(lambda: busy.ledger.AuditBooks(ledger_pb2.AuditBooksRequest(), timeout=SECONDS))
    assert (refused.code, refused.reason) == ("RESOURCE_EXHAUSTED", "TOO_BUSY")
    assert refused.metadata == {"cause": "QUEUE_FULL", "lane": "heavy"}
    assert refused.retry_ms == 50
