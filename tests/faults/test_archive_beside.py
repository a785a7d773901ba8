"""Old entries are archived beside a server that plans all the while: no call fails, and the books go on balancing."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.scenario.model import OpeningStock
from tests.begun import begin
from tests.faults.process import ServerProcess
from tests.made_world import made_world, order_of
from tests.running import SECONDS, fresh_id, plan_request

UNITS = 1_000
PART_ENTRIES = 15
CALLERS = 2
PLANS_BEFORE = 30


@pytest.fixture
def server(store_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    begin(store_url, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=UNITS),)))
    started = ServerProcess(tmp_path / "server", url=store_url)
    yield started
    started.clean_up()


class Caller:
    """Plans one unit after the other. The first plan stays held; the others are given back, or confirmed once told."""

    def __init__(self, server: ServerProcess) -> None:
        self.held = ""
        self.released: list[str] = []
        self.confirmed: list[str] = []
        self.failed: list[BaseException] = []
        self.confirms = False
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        try:
            self.held = self._planned()
            while not self._stop.is_set():
                plan_id = self._planned()
                if self.confirms:
                    self._server.confirm(plan_id)
                    self.confirmed.append(plan_id)
                else:
                    self._server.release(plan_id)
                    self.released.append(plan_id)
        except BaseException as error:
            self.failed.append(error)

    def _planned(self) -> str:
        return self._server.plan(plan_request(order_of(("TEA", 1), order_id=f"order {fresh_id()}"))).plan_id


def wait_until(holds: Callable[[], bool], callers: list[Caller]) -> None:
    ends_at = time.monotonic() + 4 * SECONDS
    while not holds():
        assert not [error for one in callers for error in one.failed]
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def test_no_call_fails_while_old_entries_are_archived_and_all_of_them_are_proven(
    server: ServerProcess, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    callers, folder = [Caller(server) for _ in range(CALLERS)], tmp_path / "archives"
    try:
        wait_until(lambda: all(len(one.released) >= PLANS_BEFORE for one in callers), callers)
        before = datetime.now(UTC).isoformat()  # vouchers of an open period come only after it
        for one in callers:
            one.confirms = True
        archiving = ("archive", "--before", before, "--into", str(folder), "--url", store_url)
        assert main([*archiving, "--part-entries", str(PART_ENTRIES)]) == 0
        seen = [len(one.confirmed) for one in callers]
        wait_until(lambda: all(len(one.confirmed) > had for one, had in zip(callers, seen, strict=True)), callers)
    finally:
        for one in callers:
            one.end()
    assert [error for one in callers for error in one.failed] == []
    files = sorted(folder.iterdir())
    assert len(files) >= 2
    for one in callers:
        server.confirm(one.held)
    confirmed = [plan_id for one in callers for plan_id in (one.held, *one.confirmed)]
    assert server.discrepancies() == []
    assert server.levels("TEA") == {("W-EAST", "TEA"): (UNITS - len(confirmed), 0, len(confirmed))}
    assert {server.state(plan_id) for plan_id in confirmed} == {"CONFIRMED"}
    assert {server.state(plan_id) for one in callers for plan_id in one.released} == {"RELEASED"}
    capsys.readouterr()
    assert main(["audit", "--url", store_url, "--archive", *map(str, files)]) == 0
    assert "proven from its file: archive 1 (entries 1 to 15)" in capsys.readouterr().out
