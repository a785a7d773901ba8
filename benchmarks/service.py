"""PlanFulfillment over loopback, next to an empty method (grpc.health.v1 Check) of the same server in the same run.

`python -m benchmarks.service` prints the table.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import grpc
from grpc_health.v1 import health_pb2

from solver.cli.process import served
from solver.client import CallFailed, Client, Order, Policy
from solver.scenario.files import read_scenario

BUNDLED = Path(__file__).resolve().parents[1] / "scenarios" / "first_light"
ROUNDS, SEED = 3, 1
THREADS = 4
GOAL_P50_MS, GOAL_P99_MS = 5, 60
Job = TypeVar("Job")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """Milliseconds of single calls, one after the other; and what THREADS threads together get.

    `calls_a_second` counts answers; `past_deadline` the calls of those threads that got none in the client's time.
    """

    name: str
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    calls_a_second: float
    past_deadline: int


def measure(scenario_folder: Path, rounds: int = ROUNDS, seed: int = SEED) -> list[CallFigures]:
    """Both methods, call by call in turn, then both under load; the empty one last. Plans are released again, untimed.

    Planning is measured twice: with all orders, and without the one that takes longest. Orders come in a sequence of
    their own in every round, drawn by `seed`.
    """
    rng = random.Random(seed)
    scenario = read_scenario(scenario_folder)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, Client(address) as client:
        client.load(scenario)
        with grpc.insecure_channel(address) as channel:
            check: Callable[[health_pb2.HealthCheckRequest], object] = channel.unary_unary(
                "/grpc.health.v1.Health/Check", request_serializer=health_pb2.HealthCheckRequest.SerializeToString
            )
            empty = health_pb2.HealthCheckRequest()
            orders = _light_orders(client, scenario.orders, scenario.policy)
            planning: dict[str, list[float]] = {order.order_id: [] for order in orders}
            checking = []
            for turn in range(rounds):
                for order in _shuffled(orders, rng):
                    planning[order.order_id].append(_plan_once(client, order, scenario.policy, f"{turn}"))
                    checking.append(_timed(lambda: check(empty)))
            slowest = max(planning, key=lambda order_id: sum(planning[order_id]))
            others = [order for order in orders if order.order_id != slowest]
            loads = {}
            for name, chosen in (("all", orders), ("others", others)):
                jobs = [(order, f"{name} {turn}") for turn in range(rounds) for order in _shuffled(chosen, rng)]
                loads[name] = _loaded(lambda job: _plan_once(client, job[0], scenario.policy, job[1]), jobs)
            check_load = _loaded(lambda _: _timed(lambda: check(empty)), range(10 * rounds * len(orders)))
    return [
        _figures("PlanFulfillment", [one for found in planning.values() for one in found], loads["all"]),
        _figures(
            f"PlanFulfillment, all but {slowest}",
            [one for order in others for one in planning[order.order_id]],
            loads["others"],
        ),
        _figures("empty method", checking, check_load),
    ]


def _shuffled(orders: Sequence[Order], rng: random.Random) -> list[Order]:
    return rng.sample(list(orders), len(orders))


def _light_orders(client: Client, orders: Sequence[Order], policy: Policy) -> list[Order]:
    """Every order, after its plan was seen to be proven and complete or explained; it also warms the service up."""
    for order in orders:
        draft = client.plan(order, policy=policy, validate_only=True).plan
        assert draft.is_proven, f"{order.order_id} is not proven"
        assert all(line.reasons for line in draft.lines if line.unfilled_units)
    return list(orders)


def _plan_once(client: Client, order: Order, policy: Policy, turn: str) -> float:
    named = replace(order, order_id=f"{order.order_id} {turn}")
    begun = time.perf_counter()
    standing = client.plan(named, policy=policy)
    seconds = time.perf_counter() - begun
    client.release(standing.plan_id)
    return seconds


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _loaded(work: Callable[[Job], float], jobs: Sequence[Job]) -> tuple[float, int]:
    """Answers a second from THREADS threads, and how many calls were past their deadline; other failures are raised."""

    def is_answered(job: Job) -> bool:
        try:
            work(job)
        except CallFailed as error:
            if error.code != grpc.StatusCode.DEADLINE_EXCEEDED.name:
                raise
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        begun = time.perf_counter()
        answered = sum(pool.map(is_answered, jobs))
        return answered / (time.perf_counter() - begun), len(jobs) - answered


def _figures(name: str, seconds: list[float], load: tuple[float, int]) -> CallFigures:
    ordered = sorted(seconds)
    return CallFigures(
        name=name,
        p50_ms=1000 * ordered[len(ordered) // 2],
        slowest_ms=1000 * ordered[-1],
        p99_ms=1000 * ordered[int(len(ordered) * 0.99)],
        calls_a_second=load[0],
        past_deadline=load[1],
    )


def table(rows: Sequence[CallFigures]) -> Iterator[str]:
    """A row for each method; the last one is the empty one, which the others are divided by."""
    columns = ("p50 ms", "p99 ms", "slowest ms", "answers a second", "past the deadline", "p50 against the empty one")
    yield f"| method | {' | '.join(columns)} |"
    yield "|---" + "|---:" * len(columns) + "|"
    for row in rows:
        times = f"{row.p50_ms:.2f} | {row.p99_ms:.2f} | {row.slowest_ms:.2f}"
        ratio = f"{row.p50_ms / rows[-1].p50_ms:.1f}"
        yield f"| {row.name} | {times} | {row.calls_a_second:,.0f} | {row.past_deadline} | {ratio} |"
    yield f"| goal for PlanFulfillment | {GOAL_P50_MS} | {GOAL_P99_MS} | | | 0 | |"


def main() -> int:
    """Print the table of the bundled network and its orders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each order is planned")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the sequence of orders (default: {SEED})")
    options = parser.parse_args()
    for line in table(measure(BUNDLED, options.rounds, options.seed)):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"Seed {options.seed}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
