"""A client that is told to come back comes back: after the time that was named, with the same request, in bounds."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.api.server import Limits
from solver.client import CallFailed
from solver.client.channel import call
from solver.client.patience import Patience
from solver.clock import ManualClock
from solver.gen.xunyuan.ledger.v1 import ledger_pb2, ledger_pb2_grpc
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import SECONDS, Running


class Full:
    """A server whose one heavy worker is busy until `empty`, with one more call in line: it sheds every other."""

    def __init__(self, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
        self.running = running
        self.audits = 0
        self._may_end, begun = threading.Event(), threading.Event()

        def audit(*_: object) -> tuple[()]:
            self.audits += 1
            begun.set()
            assert self._may_end.wait(SECONDS)
            return ()

        monkeypatch.setattr(running.application.journal.__class__, "audit", audit)
        request = ledger_pb2.AuditBooksRequest()
        self._calls = [running.ledger.AuditBooks.future(request, timeout=SECONDS) for _ in range(2)]
        assert begun.wait(SECONDS)
        ends_at = time.monotonic() + SECONDS
        while self._waiting() != 1:
            assert time.monotonic() < ends_at, "the other never came"
            time.sleep(0.005)

    def empty(self) -> None:
        """Let everything end, and wait until it has."""
        self._may_end.set()
        assert [one.result().books_balance for one in self._calls] == [True] * 2

    def _waiting(self) -> int:
        [heavy] = [one for one in self.running.server.lanes() if one.name == "heavy"]
        return heavy.waiting


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Full]:
    running = Running(tmp_path, ManualClock(MONDAY_AT_8), Limits(heavy_workers=1, waiting_calls=1))
    load(running.application, made_world())
    made = Full(running, monkeypatch)
    yield made
    made.empty()
    running.close()


def asked(full: Full, patience: Patience, seconds: float = SECONDS) -> bool:
    stub = ledger_pb2_grpc.LedgerServiceStub(full.running.channel)
    request = ledger_pb2.AuditBooksRequest()
    return call(stub.AuditBooks, request, timeout_seconds=seconds, patience=patience).books_balance


def test_who_is_refused_waits_as_long_as_the_service_says_and_is_answered(full: Full) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            full.empty()

    assert asked(full, Patience(sleep=sleep, chance=lambda: 0.5))
    assert slept == [pytest.approx(0.05 * 1.125)] * 2  # what the service names, and half of a quarter
    assert full.audits == 3


def test_it_gives_up_after_so_many_attempts(full: Full) -> None:
    slept: list[float] = []
    with pytest.raises(CallFailed) as failed:
        asked(full, Patience(sleep=slept.append))
    assert (failed.value.code, failed.value.reason, len(slept)) == ("RESOURCE_EXHAUSTED", "TOO_BUSY", 3)
    assert full.audits == 1


def test_it_does_not_wait_where_the_deadline_would_pass_meanwhile(full: Full) -> None:
    slept: list[float] = []
    with pytest.raises(CallFailed, match="RESOURCE_EXHAUSTED"):
        asked(full, Patience(sleep=slept.append, stopwatch=iter([0.0, SECONDS - 0.05]).__next__))
    assert slept == []
