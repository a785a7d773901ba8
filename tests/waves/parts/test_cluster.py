"""Parts of a wave on a real Dask cluster: a scheduler and two worker processes of their own, on the loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from benchmarks.wave_judge import bound_of, faults
from benchmarks.wave_worlds import wave_world
from solver.waves.case import WaveCase
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch
from solver.waves.parts import executors
from solver.waves.parts.executors import hands_of
from solver.waves.parts.in_parts import InParts
from tests.waves.parts.cases import WORK, held_engine, same_answer

if not os.environ.get("CI"):
    pytest.importorskip("distributed", reason="Dask is not installed; it comes with the extra `cluster`")

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 180.0
LIFETIME_SECONDS = 900


@contextmanager
def running(*command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask; it is gone afterwards."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *command], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(is_so: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers, of one thread each."""
    from distributed import Client

    found = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        ends = f"{LIFETIME_SECONDS}s"  # even if this process is killed before it can end them
        arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(found))
        stack.enter_context(running("scheduler", *arguments, "--idle-timeout", ends, log=tmp_path / "scheduler.log"))
        until(found.exists, "the scheduler")
        of_worker = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        place = ("--local-directory", str(tmp_path), "--scheduler-file", str(found))
        workers = [
            stack.enter_context(
                running("worker", *of_worker, *place, "--lifetime", ends, log=tmp_path / f"worker-{number}.log")
            )
            for number in (1, 2)
        ]
        with Client(scheduler_file=str(found), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE_SECONDS)
            address = client.scheduler.address
        yield address, workers


@pytest.fixture(scope="module")
def tight() -> WaveCase:
    made = wave_world(3, orders=60, sources=8, skus=80)
    return lay_out_orders(made.world.snapshot(), made.orders, made.terms()).case


def test_a_cluster_that_loses_a_worker_gives_the_undisturbed_answer(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tight: WaveCase, tmp_path: Path
) -> None:
    address, workers = cluster
    undisturbed = InParts(most_orders=20)(tight, WORK, Watch())
    hold = tmp_path / "hold"
    hold.touch()

    def begun() -> set[int]:
        return {int(path.name.removeprefix("begun-")) for path in tmp_path.glob("begun-*")}

    with hands_of(f"dask:{address}") as hands, ThreadPoolExecutor(1) as thread:
        assert hands.at_once == 2
        engine = InParts(most_orders=20, hands=hands, engine=held_engine(tmp_path))
        answer = thread.submit(engine, tight, WORK, Watch())
        try:
            until(lambda: len(begun()) == 2, "both workers to have work")
            assert begun() == {worker.pid for worker in workers}
            victim = workers[0]
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
            assert not answer.done()
        finally:
            hold.unlink()
        disturbed = answer.result(timeout=PATIENCE_SECONDS)
        assert os.getpid() not in begun(), "the cluster did it"
    assert same_answer(undisturbed, disturbed)


def test_a_caller_who_gives_up_on_a_dead_cluster_has_a_plan_and_a_bound(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tight: WaveCase, tmp_path: Path
) -> None:
    address, workers = cluster
    (tmp_path / "hold").touch()
    enough = Event()
    with hands_of(f"dask:{address}") as hands, ThreadPoolExecutor(1) as thread:
        engine = InParts(most_orders=30, hands=hands, engine=held_engine(tmp_path))
        answer = thread.submit(engine, tight, WORK, Watch(is_cancelled=enough.is_set))
        try:
            until(lambda: any(tmp_path.glob("begun-*")), "a worker to have work")
            for worker in workers:
                worker.kill()
            assert not answer.done()
        finally:
            enough.set()
        found = answer.result(timeout=PATIENCE_SECONDS)
    assert found.reason == "cancelled"
    assert faults(tight, found) == []
    assert 0 < found.bound == bound_of(tight, found.prices)


def test_a_cluster_whose_workers_all_die_is_waited_for_no_longer_than_patience_lasts(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
    tight: WaveCase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without a time limit, and without anybody who gives up: what the workers had is done here, with the same end."""
    address, workers = cluster
    undisturbed = InParts(most_orders=20)(tight, WORK, Watch())
    hold = tmp_path / "hold"
    hold.touch()
    monkeypatch.setattr(executors, "PATIENCE_SECONDS", 2.0)
    with hands_of(f"dask:{address}") as hands, ThreadPoolExecutor(1) as thread:
        engine = InParts(most_orders=20, hands=hands, engine=held_engine(tmp_path))
        answer = thread.submit(engine, tight, WORK, Watch())
        try:
            until(lambda: any(tmp_path.glob("begun-*")), "a worker to have work")
            for worker in workers:
                worker.kill()
                worker.wait()
            assert not answer.done()
        finally:
            hold.unlink()
        found = answer.result(timeout=PATIENCE_SECONDS)
        assert (tmp_path / f"begun-{os.getpid()}").exists(), "it was done here"
    assert same_answer(undisturbed, found)
    assert "start workers, or state a time limit" in caplog.text
