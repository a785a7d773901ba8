"""A process ends when it is asked to, after what it is doing; asked twice, or late, it ends at once."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2

from solver.api import server
from solver.api.ledger import LedgerServicer
from solver.clock import SystemClock
from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.gen.xunyuan.stock.v1 import feed_pb2, feed_pb2_grpc
from tests.running import SECONDS, Running, plain_channel, refusal_of

ROOT = Path(__file__).parents[2]
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
BUSY_TO_THE_END = """
import time
from solver.serving.ending import Ending
ending = Ending()
ending.listen()
print("ready", flush=True)
ending.wait()
print("asked", flush=True)
{then}
time.sleep(60)
"""


@contextmanager
def process(then: str = "") -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY_TO_THE_END.format(then=then)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        try:
            assert started.stdout.readline() == "ready\n"
            yield started
        finally:
            started.kill()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_a_process_at_once(second: signal.Signals) -> None:
    with process() as started:
        assert started.stdout is not None
        started.send_signal(signal.SIGTERM)
        assert started.stdout.readline() == "asked\n"
        started.send_signal(second)
        _, told = started.communicate(timeout=SECONDS)
    assert (started.returncode, told) == (1, "the server ends at once: it was asked twice\n")


def test_what_takes_longer_than_it_may_is_ended() -> None:
    with process("ending.within(0.01)") as started:
        started.send_signal(signal.SIGTERM)
        _, told = started.communicate(timeout=SECONDS)
    assert (started.returncode, told) == (1, "the server ends at once: what it was doing took too long\n")


class HeldUp:
    """AuditBooks answers once it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.free = threading.Event(), threading.Event()
        answer = LedgerServicer.AuditBooks

        def wait(servicer: LedgerServicer, request: object, context: object) -> object:
            self.begun.set()
            assert self.free.wait(SECONDS)
            return answer(servicer, request, context)  # type: ignore[arg-type]  # as gRPC calls it

        monkeypatch.setattr(LedgerServicer, "AuditBooks", wait)


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> HeldUp:
    return HeldUp(monkeypatch)


@pytest.fixture
def running(held_up: HeldUp, tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path, SystemClock())
    yield started
    started.close()


def test_a_server_that_ends_says_so_first_and_finishes_what_runs(
    running: Running, held_up: HeldUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed = threading.Event()
    monkeypatch.setattr(server, "time", SimpleNamespace(sleep=lambda _: noticed.wait(SECONDS)))
    watch: Any = running.channel.unary_stream(
        "/grpc.health.v1.Health/Watch", response_deserializer=health_pb2.HealthCheckResponse.FromString
    )
    told = watch(b"", timeout=SECONDS)
    assert next(told).status == SERVING
    call = running.ledger.AuditBooks.future(ledger_pb2.AuditBooksRequest(), timeout=SECONDS)
    assert held_up.begun.wait(SECONDS)

    stopping = threading.Thread(target=running.server.stop, args=(SECONDS, 1.0))
    stopping.start()
    assert next(told).status == NOT_SERVING
    assert running.levels() == {}, "until balancers have noticed, calls are taken"
    told.cancel()
    noticed.set()
    stopping.join(0.2)
    assert stopping.is_alive(), "a call runs"
    held_up.free.set()
    assert call.result(SECONDS).books_balance
    stopping.join(SECONDS)
    assert not stopping.is_alive()
    with plain_channel(running.server.port) as late:
        check: Any = late.unary_unary("/grpc.health.v1.Health/Check")
        with pytest.raises(grpc.RpcError) as raised:
            check(b"", timeout=SECONDS)
        assert refusal_of(raised.value).code == "UNAVAILABLE"


def test_a_stream_is_ended_with_how_to_go_on(running: Running) -> None:
    stub = feed_pb2_grpc.FeedServiceStub(running.channel)
    stream = stub.WatchAvailability(feed_pb2.WatchAvailabilityRequest(), timeout=SECONDS)
    assert next(stream).begins_snapshot
    stopping = threading.Thread(target=running.server.stop, args=(SECONDS,))
    stopping.start()
    with pytest.raises(grpc.RpcError) as raised:
        for _ in stream:
            pass
    stopping.join(SECONDS)
    refused = refusal_of(raised.value)
    assert (refused.code, refused.text) == ("UNAVAILABLE", "the service stops; resume from the last through_number")
