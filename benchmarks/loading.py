"""A service under load, each figure beside an empty method (grpc.health.v1 Check) of the same server in the same run.

`python -m benchmarks.loading [--figure planning|batches|promises|start]` prints the tables. The network is generated,
its stock never runs out, so that every answer is known beforehand: each is checked, and the books at the end.
"""

import argparse
import resource
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.message import Message
from grpc_health.v1 import health_pb2

from benchmarks.load_world import LoadWorld, Size
from benchmarks.loaders import Callers, Loaded, closed_loop, open_loop
from solver.cli.process import served
from solver.client import Client

EMPTY = "/grpc.health.v1.Health/Check"
PLAN = "/xunyuan.sourcing.v1.SourcingService/PlanFulfillment"
BATCH = "/xunyuan.sourcing.v1.BatchService/PlanBatch"
PROMISE = "/xunyuan.sourcing.v1.SourcingService/Promise"
ROUNDS = 5
BATCH_ORDERS = 100
WARM_CALLS = 60
GOAL_SHARE, GOAL_P99_TIMES = 0.5, 3.0
GOAL_ORDERS_PER_SECOND = 5_000
PROMISES_PER_SECOND, GOAL_PROMISE_P99_MS = 500.0, 5.0
GOAL_START_SECONDS = 3.0
SMALL = Size(sources=1_000, skus=200, stocked_percent=30)
LARGE = Size(sources=1_000, skus=10_000, stocked_percent=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is asked: calls of a round, callers under way at once, processes of callers, seconds of an open loop."""

    calls: int
    at_once: int
    processes: int
    seconds: float
    seed: int
    server: tuple[str, ...] = ()

    def callers(self, address: str) -> Callers:
        """Those who call the address, or the addresses with commas between them."""
        return Callers(addresses=tuple(address.split(",")), processes=self.processes)


@contextmanager
def running(size: Size, effort: Effort) -> Iterator[tuple[LoadWorld, str]]:
    """A service on the world of the size; what it answers has been checked once, which also warms it up."""
    world = LoadWorld(size, effort.seed)
    with tempfile.TemporaryDirectory() as folder:
        world.put_into(Path(folder))
        with served(Path(folder), *effort.server) as address:
            warm = closed_loop(effort.callers(address), PLAN, world.plan_requests(WARM_CALLS), effort.at_once)
            world.check_plans(whole(warm))
            yield world, address
            with Client(address) as client:
                found = client.audit_books()
                assert not found, found


def empty_requests(count: int) -> list[bytes]:
    """Requests of the empty method."""
    empty: Message = health_pb2.HealthCheckRequest()
    return [empty.SerializeToString()] * count


def whole(load: Loaded) -> Loaded:
    """The load, where no call failed. Raises AssertionError."""
    assert not load.failures, load.failures
    return load


def planning(effort: Effort) -> Iterator[str]:
    """PlanFulfillment with hold: throughput as a share of the empty method's, and p99 at half load by that one's."""
    with running(SMALL, effort) as (world, address):
        callers = effort.callers(address)
        shares, plans, empties = [], [], []
        for _ in range(ROUNDS):
            empty = whole(closed_loop(callers, EMPTY, empty_requests(5 * effort.calls), effort.at_once))
            plan = whole(closed_loop(callers, PLAN, world.plan_requests(effort.calls), effort.at_once))
            world.check_plans(plan)
            shares.append(plan.answers_per_second / empty.answers_per_second)
            plans.append(plan)
            empties.append(empty)
        share = statistics.median(shares)
        half_plan = statistics.median(one.answers_per_second for one in plans) / 2
        half_empty = statistics.median(one.answers_per_second for one in empties) / 2
        requests = world.plan_requests(int(half_plan * effort.seconds))
        planned = whole(open_loop(callers, PLAN, requests, half_plan, seed=effort.seed))
        world.check_plans(planned)
        count = int(half_empty * effort.seconds)
        answered = whole(open_loop(callers, EMPTY, empty_requests(count), half_empty, seed=effort.seed))
        count = int(half_plan * effort.seconds)
        as_many = whole(open_loop(callers, EMPTY, empty_requests(count), half_plan, seed=effort.seed))
    yield f"{SMALL.lines} lines x {SMALL.sources:,} sources, {effort.at_once} calls at once, {ROUNDS} rounds in turn"
    yield ""
    yield "| method | answers a second | of the empty one's | goal | callers' processor, ms a call |"
    yield "|---|---:|---:|---:|---:|"
    yield _rate_row("PlanFulfillment", plans, f"{share:.2f} ({min(shares):.2f} to {max(shares):.2f})", f"{GOAL_SHARE}")
    yield _rate_row("empty method", empties, "1", "")
    yield ""
    yield "| at half of what it does at most | calls a second | p50 ms | p99 ms | slowest ms | p99 of plans by it |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, load in (("PlanFulfillment", planned), ("empty method", answered), ("empty method, as many", as_many)):
        beside = f"{planned.latencies.p99_ms / load.latencies.p99_ms:.1f}"
        one = load.latencies
        times = f"{one.p50_ms:.2f} | {one.p99_ms:.2f} | {one.most_ms:.2f}"
        yield f"| {name} | {load.answers_per_second:,.0f} | {times} | {beside} |"
    yield ""
    yield f"The goal is {GOAL_P99_TIMES:.0f} times the empty method's p99; *as many*: as many calls a second as plans."


def _rate_row(name: str, loads: Sequence[Loaded], share: str, goal: str) -> str:
    rate = statistics.median(one.answers_per_second for one in loads)
    mine = statistics.median(1000 * one.processor_seconds / len(one.answers) for one in loads)
    return f"| {name} | {rate:,.0f} | {share} | {goal} | {mine:.2f} |"


def batches(effort: Effort) -> Iterator[str]:
    """PlanBatch of orders that do not compete, end to end."""
    with running(SMALL, effort) as (world, address):
        callers = effort.callers(address)
        calls = max(4, effort.calls // 20)
        world.check_batches(whole(closed_loop(callers, BATCH, world.batch_requests(4, BATCH_ORDERS), 2)))
        yield "| batches at once | orders a second | goal | a batch, p50 ms | p99 ms | orders by empty calls a second |"
        yield "|---:|---:|---:|---:|---:|---:|"
        for at_once in (1, 2, 4):
            empty = whole(closed_loop(callers, EMPTY, empty_requests(5 * effort.calls), effort.at_once))
            load = whole(closed_loop(callers, BATCH, world.batch_requests(calls, BATCH_ORDERS), at_once))
            world.check_batches(load)
            rate = BATCH_ORDERS * load.answers_per_second
            times = f"{load.latencies.p50_ms:.1f} | {load.latencies.p99_ms:.1f}"
            yield (
                f"| {at_once} | {rate:,.0f} | {GOAL_ORDERS_PER_SECOND:,} | {times} "
                f"| {rate / empty.answers_per_second:.2f} |"
            )


def promises(effort: Effort) -> Iterator[str]:
    """Promise for every kind of source and every service, at the goal's rate, or at half of what there is to be had."""
    with running(SMALL, effort) as (world, address):
        callers = effort.callers(address)
        world.check_promises(whole(closed_loop(callers, PROMISE, world.promise_requests(WARM_CALLS), effort.at_once)))
        most = whole(closed_loop(callers, PROMISE, world.promise_requests(effort.calls // 2), effort.at_once))
        rate = min(PROMISES_PER_SECOND, most.answers_per_second / 2)  # more would only fill its queue
        count = int(rate * effort.seconds)
        empty = whole(open_loop(callers, EMPTY, empty_requests(count), rate, seed=effort.seed))
        load = whole(open_loop(callers, PROMISE, world.promise_requests(count), rate, seed=effort.seed))
        world.check_promises(load)
    yield "| method | asked a second | answers a second | p50 ms | p99 ms | goal | p99 by the empty one's |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, one, goal in (("Promise", load, f"{GOAL_PROMISE_P99_MS:.0f}"), ("empty method", empty, "")):
        beside = f"{one.latencies.p99_ms / empty.latencies.p99_ms:.1f}"
        times = f"{one.latencies.p50_ms:.2f} | {one.latencies.p99_ms:.2f}"
        yield (f"| {name} | {rate:.0f} | {one.answers_per_second:,.0f} | {times} | {goal} | {beside} |")
    yield ""
    yield f"At most, {effort.at_once} calls at once: {most.answers_per_second:,.0f} a second; the goal asks for 500."


def start(effort: Effort) -> Iterator[str]:
    """From the command until the port is open, and until a plan of the right cost is back, on a database on disk.

    Modules are kept as bytecode, as an installation has them.
    """
    compile_dir("solver", quiet=1)
    world = LoadWorld(LARGE, effort.seed)
    opened, answered, processor = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        world.put_into(Path(folder))
        for _ in range(ROUNDS):
            used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            with served(Path(folder), *effort.server) as address:
                opened.append(time.perf_counter() - begun)
                world.check_plans(whole(closed_loop(effort.callers(address), PLAN, world.plan_requests(1), 1)))
                answered.append(time.perf_counter() - begun)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor.append(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)
    yield f"{LARGE.sources:,} sources x {LARGE.skus:,} SKUs, {len(world.stock):,} pairs of them with stock"
    yield ""
    yield "| from the command until | seconds, median | least | goal |"
    yield "|---|---:|---:|---:|"
    yield f"| it serves | {statistics.median(opened):.2f} | {min(opened):.2f} | {GOAL_START_SECONDS:.0f} |"
    yield f"| the first plan is there, its caller started | {statistics.median(answered):.2f} | {min(answered):.2f} | |"
    yield f"| processor of start, caller and end | {statistics.median(processor):.2f} | {min(processor):.2f} | |"


FIGURES = {"planning": planning, "batches": batches, "promises": promises, "start": start}


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--figure", action="append", choices=FIGURES, help="only this one (default: all)")
    parser.add_argument("--calls", type=int, default=1_000, help="calls of a round (default: 1000)")
    parser.add_argument("--at-once", type=int, default=8, help="calls under way at once (default: 8)")
    parser.add_argument("--processes", type=int, default=1, help="processes of callers (default: 1)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of an open loop (default: 10)")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the network, the orders and when they come (default: 1)"
    )
    parser.add_argument("--server", default="", help="further options of server.py, such as '--workers 16'")
    options = parser.parse_args()
    effort = Effort(
        calls=options.calls,
        at_once=options.at_once,
        processes=options.processes,
        seconds=options.seconds,
        seed=options.seed,
        server=tuple(shlex.split(options.server)),
    )
    for name in options.figure or FIGURES:
        for line in FIGURES[name](effort):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        sys.stdout.write("\n")
    sys.stdout.write(f"Seed {effort.seed}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
