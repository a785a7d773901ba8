"""What is left of a service when far more is asked of it than it can do: goodput, and how soon it is well again.

`python -m benchmarks.overload [--part plans|heavy|flood|lone|pieces]` prints the tables. Callers are processes of their
own; every answer is checked.
"""

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.loaders import Callers, Loaded, closed_loop, open_loop
from benchmarks.probing import PATIENCE_SECONDS, Probe, Prober, told_of

ROOT = Path(__file__).resolve().parents[1]
TIMES = 10
GOAL_SHARE, GOAL_RECOVERY_SECONDS = 0.8, 5.0
AT_ONCE = (4, 8, 16, 32)
ROUNDS = 3
SLOW_SECONDS, SLOW_WORKERS = 0.08, 8  # 100 calls a second
WELL_SECONDS = 3 * SLOW_SECONDS
SOURCES = 300
HEAVY_AT_ONCE = 8
STARTING_SECONDS = 2.0  # processes of callers take so long until they call
WORK = "/some.Service/Work"


@contextmanager
def slow_server(layers: str) -> Iterator[tuple[str, int]]:
    """The address of a slow server, and its process id."""
    command = [sys.executable, "-m", "benchmarks.slow_server", "--layers", layers, "--workers", str(SLOW_WORKERS)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"127.0.0.1:{int(process.stdout.readline())}", process.pid
    finally:
        process.stdin.close()
        process.wait(30)


def flood(seconds: float) -> Iterator[str]:
    """Ten times what a slow method can do, and a prober beside it and after it."""
    slow = f"{SLOW_SECONDS}".encode()
    with slow_server("admission") as (address, _):
        callers = Callers(addresses=(address,), timeout_seconds=PATIENCE_SECONDS, metadata=(("caller", "flood"),))
        peak = _echoed(slow, _answered(closed_loop(callers, WORK, [slow] * 300, 2 * SLOW_WORKERS)))
        rate = TIMES * SLOW_WORKERS / SLOW_SECONDS
        flooding = Prober(address=address, method=WORK, request=slow, caller="flood")
        other = Prober(address=address, method=WORK, request=slow, caller="another")
        with flooding.calling(), other.calling():
            loaded = _echoed(slow, open_loop(callers, WORK, [slow] * round(rate * seconds), rate))
            begun, ended = loaded.begun_at, loaded.begun_at + seconds
            time.sleep(GOAL_RECOVERY_SECONDS)
        goodput = len(loaded.answers) / max(loaded.seconds, seconds)
        ten_callers = _echoed(slow, closed_loop(callers, WORK, [slow] * 600, TIMES * 2 * SLOW_WORKERS))
    yield f"A method that can do {SLOW_WORKERS / SLOW_SECONDS:.0f} calls a second; callers wait {PATIENCE_SECONDS} s"
    yield ""
    yield "| load | asked a second | answered in time, a second | of the peak | goal | p50 ms | p99 ms | failed as |"
    yield "|---|---:|---:|---:|---:|---:|---:|---|"
    yield _row("peak, closed loop", "", peak, peak.answers_per_second, peak.answers_per_second)
    yield _row(f"{TIMES} times the calls", f"{rate:,.0f}", loaded, goodput, peak.answers_per_second)
    at_once = ten_callers.answers_per_second
    yield _row(f"{TIMES} times the callers", "", ten_callers, at_once, peak.answers_per_second)
    yield ""
    yield "| prober, 20 calls a second | answered while flooded | p50 ms | well again after, s | goal |"
    yield "|---|---:|---:|---:|---:|"
    for name, prober in (("the caller who floods", flooding), ("another caller", other)):
        within = prober.between(begun + 1, ended)
        good = [one.seconds for one in within if one.seconds is not None]
        median = f"{1000 * statistics.median(good):.0f}" if good else ""
        well = _well_after(prober.probes, ended)
        yield f"| {name} | {len(good)} of {len(within)} | {median} | {well:.2f} | {GOAL_RECOVERY_SECONDS:.0f} |"


def _row(name: str, asked: str, load: Loaded, goodput: float, peak: float) -> str:
    times = f"{load.latencies.p50_ms:.0f} | {load.latencies.p99_ms:.0f}"
    failed = ", ".join(f"{code} {number:,}" for code, number in sorted(load.failures.items()))
    return f"| {name} | {asked} | {goodput:.0f} | {goodput / peak:.2f} | {GOAL_SHARE} | {times} | {failed} |"


def _well_after(probes: Sequence[Probe], ended: float) -> float:
    """Seconds from the end of the flood until the last probe that failed or took long was over; 0 where none did."""
    ill = [
        one.at + (PATIENCE_SECONDS if one.seconds is None else one.seconds) - ended
        for one in probes
        if one.at >= ended and (one.seconds is None or one.seconds > WELL_SECONDS)
    ]
    return max([0.0, *ill])


def _answered(load: Loaded) -> Loaded:
    assert not load.failures, load.failures
    return load


def _echoed(sent: bytes, load: Loaded) -> Loaded:
    assert all(answer == sent for answer in load.answers.values())
    return load


def plans(calls: int) -> Iterator[str]:
    """PlanFulfillment by as many callers as reach the most, and by ten times as many; health is asked all the while."""
    from benchmarks.load_world import (
        Size,
    )  # each process of callers imports this file, and needs nothing of the service
    from benchmarks.loading import EMPTY, PLAN, Effort, empty_requests, running, whole

    size = Size(sources=SOURCES, skus=200, stocked_percent=30)
    effort = Effort(calls=calls, at_once=8, processes=1, seconds=0, seed=1)
    with running(size, effort) as (world, address):
        callers = Callers(addresses=(address,), processes=1, channels=2)

        def rate(at_once: int) -> float:
            load = whole(closed_loop(callers, PLAN, world.plan_requests(calls), at_once))
            world.check_plans(load)
            return load.answers_per_second

        peak_at = max(AT_ONCE, key=rate)
        health = Prober(address=address, method=EMPTY, request=empty_requests(1)[0], caller="")
        shares, best, most = [], [], []
        with health.calling():
            for _ in range(ROUNDS):
                best.append(rate(peak_at))
                most.append(rate(TIMES * peak_at))
                shares.append(most[-1] / best[-1])
    yield f"{size.lines} lines x {size.sources} sources, {calls} plans a round, {ROUNDS} rounds in turn"
    yield ""
    yield "| callers at once | plans a second | of the peak | goal |"
    yield "|---:|---:|---:|---:|"
    yield f"| {peak_at} | {statistics.median(best):.0f} | 1 | |"
    share = f"{statistics.median(shares):.2f} ({min(shares):.2f} to {max(shares):.2f})"
    yield f"| {TIMES * peak_at} | {statistics.median(most):.0f} | {share} | {GOAL_SHARE} |"
    yield ""
    yield from told_of(health)


def heavy(calls: int) -> Iterator[str]:
    """More batches of a hundred orders than there are workers for; plans and health are asked all the while."""
    from benchmarks.load_world import Size
    from benchmarks.loading import BATCH, BATCH_ORDERS, EMPTY, PLAN, Effort, empty_requests, running, whole

    effort = Effort(calls=calls, at_once=8, processes=1, seconds=0, seed=1)
    with running(Size(sources=SOURCES, skus=200, stocked_percent=30), effort) as (world, address):
        callers = Callers(addresses=(address,))
        alone = whole(closed_loop(callers, PLAN, world.plan_requests(calls), 1))
        world.check_plans(alone)
        health = Prober(address=address, method=EMPTY, request=empty_requests(1)[0], caller="")
        batches: list[Loaded] = []
        requests = world.batch_requests(2 * HEAVY_AT_ONCE, BATCH_ORDERS)
        flooding = threading.Thread(target=lambda: batches.append(closed_loop(callers, BATCH, requests, HEAVY_AT_ONCE)))
        with health.calling():
            flooding.start()
            time.sleep(STARTING_SECONDS)
            beside = whole(closed_loop(callers, PLAN, world.plan_requests(calls), 1))
            flooding.join()
        world.check_plans(beside)
        [load] = batches
        world.check_batches(load)
    failed = ", ".join(f"{code} {number}" for code, number in sorted(load.failures.items())) or "none"
    yield f"{HEAVY_AT_ONCE} batches of {BATCH_ORDERS} orders at once, {calls} plans one after the other beside them;"
    yield f"of {len(requests)} batches {len(load.answers)} were answered, failed: {failed}"
    yield ""
    yield "| plans | p50 ms | p99 ms |"
    yield "|---|---:|---:|"
    for name, one in (("alone", alone), ("beside batches", beside)):
        yield f"| {name} | {one.latencies.p50_ms:.0f} | {one.latencies.p99_ms:.0f} |"
    yield ""
    yield from told_of(health)


def lone(calls: int) -> Iterator[str]:
    """What the layers cost a lone call of a method that does nothing, in the server's processor time."""
    micros: dict[str, list[float]] = {"none": [], "admission": [], "all": []}
    for _ in range(ROUNDS):
        for layers, found in micros.items():
            with slow_server(layers) as (address, pid):
                callers = Callers(addresses=(address,))
                _answered(closed_loop(callers, WORK, [b"0"] * 200, 1))
                before = _processor_seconds(pid)
                _echoed(b"0", _answered(closed_loop(callers, WORK, [b"0"] * calls, 1)))
                found.append(1e6 * (_processor_seconds(pid) - before) / calls)
    yield f"{calls:,} calls one after the other, {ROUNDS} rounds in turn"
    yield ""
    yield "| layers around a method that does nothing | processor of the server, us a call | by none |"
    yield "|---|---:|---:|"
    least = min(micros["none"])
    for layers, found in micros.items():
        yield f"| {layers} | {min(found):.0f} ({max(found):.0f} at most) | {min(found) / least:.2f} |"


def pieces(times: int) -> Iterator[str]:
    """What each piece of watching and admission costs by itself, without threads and without the wire."""
    from solver.admission.line import FairLine
    from solver.admission.model import LineLimits, WaitingCall
    from solver.admission.service_times import ServiceTimes
    from solver.watching.call_notes import CallNotes, Phase, begin_notes, lap
    from solver.watching.meters import Meters
    from solver.watching.records import CallRecord
    from solver.watching.request_log import line_of

    line, meters = FairLine(LineLimits(workers=8, waiting_calls=1000), ServiceTimes()), Meters()
    notes, laps = CallNotes(), begin_notes()
    for phase in Phase:
        lap(phase)

    def record() -> CallRecord:
        return CallRecord(
            method=WORK,
            caller_id="a",
            status="OK",
            ended_at=1.7e9,
            ended=2.0,
            seconds=0.1,
            waited_seconds=0.0,
            traceparent="",
            notes=laps,
        )

    def pass_line() -> None:
        call = WaitingCall(caller_id="a", method=WORK, ends_at=1e9, since=0.0)
        line.join(call, 0.0)
        line.done(call)
        line.next(0.0)

    kept = record()
    works: dict[str, Callable[[], object]] = {
        "through a line where a worker is free": pass_line,
        "notes begun": begin_notes,
        "a lap": lambda: lap(Phase.SOLVE),
        "counted, without laps": lambda: meters.note(WORK, "OK", 0.1, notes),
        "counted, with six laps": lambda: meters.note(WORK, "OK", 0.1, laps),
        "a record for the log": record,
        "its line, in the background": lambda: line_of(kept, ""),
    }
    yield f"| piece, {times:,} times | us of processor |"
    yield "|---|---:|"
    for name, work in works.items():
        begun = time.process_time()
        for _ in range(times):
            work()
        yield f"| {name} | {1e6 * (time.process_time() - begun) / times:.1f} |"


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--part",
        action="append",
        choices=("plans", "heavy", "flood", "lone", "pieces"),
        help="only this (default: all)",
    )
    parser.add_argument("--calls", type=int, default=500, help="plans of a round (default: 500)")
    parser.add_argument("--lone-calls", type=int, default=2000, help="lone calls of a round (default: 2000)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of the flood (default: 10)")
    options = parser.parse_args()
    parts = {
        "flood": lambda: flood(options.seconds),
        "plans": lambda: plans(options.calls),
        "heavy": lambda: heavy(options.calls // 5),
        "lone": lambda: lone(options.lone_calls),
        "pieces": lambda: pieces(30_000),
    }
    for name in options.part or parts:
        for line in parts[name]():
            print(line, flush=True)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
