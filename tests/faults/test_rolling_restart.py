"""Every process of a service is replaced while callers go on: nobody notices, and nothing is lost or sold twice."""

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.client import Client
from solver.scenario.model import OpeningStock
from tests.begun import begin
from tests.faults.process import ServerProcess
from tests.made_world import made_world, order_of
from tests.running import SECONDS

UNITS = 1_000_000
CALLERS = 3
RENEWAL_SECONDS = 240.0  # two starts, on a busy machine


@pytest.fixture
def service(postgres_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    begin(postgres_url, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=UNITS),)))
    started = ServerProcess(tmp_path / "service", "--processes", "2", url=postgres_url)
    yield started
    started.clean_up()


class Caller:
    """Orders, confirms and releases one after the other through a client of its own, which repeats what may be."""

    def __init__(self, name: str, target: str) -> None:
        self.confirmed: list[str] = []
        self.released = 0
        self.error: BaseException | None = None
        self._name, self._target = name, target
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._call)
        self._thread.start()

    def confirms_another(self) -> None:
        """Wait until one more is confirmed."""
        known, until = len(self.confirmed), time.monotonic() + SECONDS
        while len(self.confirmed) == known:
            assert self.error is None, self.error
            assert time.monotonic() < until
            time.sleep(0.01)

    def end(self) -> None:
        self._enough.set()
        self._thread.join(2 * SECONDS)
        assert not self._thread.is_alive()

    def _call(self) -> None:
        try:
            with Client(self._target) as client:
                for number in itertools.count():
                    if self._enough.is_set():
                        return
                    standing = client.plan(order_of(("TEA", 1), order_id=f"{self._name} {number}"))
                    if number % 3:
                        client.confirm(standing.plan_id)
                        self.confirmed.append(standing.plan_id)
                    else:
                        client.release(standing.plan_id)
                        self.released += 1
        except BaseException as error:
            self.error = error


def wait_for(service: ServerProcess, text: str) -> None:
    until = time.monotonic() + RENEWAL_SECONDS
    while text not in service.log.read_text():
        assert time.monotonic() < until, service.log.read_text()
        time.sleep(0.1)


def test_no_call_fails_while_each_process_is_replaced(service: ServerProcess) -> None:
    target = service.greeting.removeprefix("serving on ").partition(",")[0]
    callers = [Caller(f"caller {number}", target) for number in range(CALLERS)]
    try:
        for caller in callers:
            caller.confirms_another()
        service.process.send_signal(signal.SIGHUP)
        wait_for(service, "all 2 processes are new")
        for caller in callers:
            caller.confirms_another()
    finally:
        for caller in callers:
            caller.end()
    assert [caller.error for caller in callers] == [None] * CALLERS
    confirmed = {plan_id for caller in callers for plan_id in caller.confirmed}
    assert len(confirmed) == sum(len(caller.confirmed) for caller in callers)
    assert service.levels("TEA") == {("W-EAST", "TEA"): (UNITS - len(confirmed), 0, len(confirmed))}
    assert service.discrepancies() == []
    assert service.end() == (0, "stopped\n")


def test_one_that_is_killed_is_started_again_and_no_call_fails(service: ServerProcess) -> None:
    target = service.greeting.removeprefix("serving on ").partition(",")[0]
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    assert len(children) == 2
    callers = [Caller(f"caller {number}", target) for number in range(CALLERS)]
    try:
        os.kill(int(children[0]), signal.SIGKILL)
        wait_for(service, "serves in its place")
    finally:
        for caller in callers:
            caller.end()
    assert [caller.error for caller in callers] == [None] * CALLERS
    confirmed = sum(len(caller.confirmed) for caller in callers)
    assert service.levels("TEA") == {("W-EAST", "TEA"): (UNITS - confirmed, 0, confirmed)}
    assert service.discrepancies() == []
    assert service.end() == (0, "stopped\n")
