"""Holds by many callers over gRPC, each durable before it is answered; next to an empty method of the same server.

`python -m benchmarks.stock_service [--holds N]` prints the table. Server and callers share the machine. After each run
what the stock says is held is what was answered.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2

from benchmarks.service import BUNDLED
from solver.cli.process import served
from solver.client import Claim, Client, HoldWish, Movement
from solver.scenario.files import read_scenario

CALLERS, BATCH_CALLERS, BATCH = 64, 4, 250
SITES, SKUS, UNITS = 20, 40, 10**6
GOAL_HOLDS, GOAL_LINES = 2_000, 20_000
Ask = Callable[[Client, str, Sequence[Claim]], int]  # how many units are held, by the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How callers ask: what a call asks for, of how many lines, and how many callers there are."""

    name: str
    ask: Ask
    lines: int
    callers: int
    is_hot: bool = False


def _one_hold(client: Client, name: str, claims: Sequence[Claim]) -> int:
    return sum(one.units for one in client.hold_stock(name, claims).contents)


def _many_holds(client: Client, name: str, claims: Sequence[Claim]) -> int:
    wishes = [HoldWish(hold_id=f"{name}-{number}", claims=(claim,)) for number, claim in enumerate(claims)]
    holds = [outcome.hold for outcome in client.hold_stock_batch(wishes)]
    return sum(one.units for hold in holds if hold for one in hold.contents)


WAYS = (
    Way(name="single holds", ask=_one_hold, lines=1, callers=CALLERS),
    Way(name="single holds, one hot SKU", ask=_one_hold, lines=1, callers=CALLERS, is_hot=True),
    Way(name=f"holds of {BATCH} lines", ask=_one_hold, lines=BATCH, callers=BATCH_CALLERS),
    Way(name=f"{BATCH} holds in a call", ask=_many_holds, lines=BATCH, callers=BATCH_CALLERS),
)


def table(holds: int) -> Iterator[str]:
    """A row for each way, the empty method last."""
    scenario = read_scenario(BUNDLED)
    sites = [source.source_id for source in scenario.sources[:SITES]]
    skus = [material.sku for material in scenario.materials[:SKUS]]
    places = list(itertools.product(sites, skus))
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), "--workers", str(CALLERS)) as address,
        Client(address) as client,
    ):
        client.load(scenario)
        client.receive_stock([Movement(site_id=site, sku=sku, units=UNITS) for site, sku in places], "opening")
        yield "| calls | callers | calls a second | lines a second | goal |"
        yield "|---|---:|---:|---:|---:|"
        for way in WAYS:
            calls = holds if way.lines == 1 else max(way.callers, holds // 50)
            _run(client, way, places, "check", way.callers)
            rate = calls / _run(client, way, places, "run", calls)
            goal = f"{GOAL_HOLDS:,} calls" if way.lines == 1 else f"{GOAL_LINES:,} lines"
            yield f"| {way.name} | {way.callers} | {rate:,.0f} | {rate * way.lines:,.0f} | {goal} |"
        yield f"| empty method | {CALLERS} | {_empty_rate(address, holds):,.0f} | | |"


def _run(client: Client, way: Way, places: Sequence[tuple[str, str]], run: str, calls: int) -> float:
    """How many seconds so many calls take together."""
    before = _held(client)

    def call(number: int) -> int:
        start = 0 if way.is_hot else number * way.lines
        chosen = itertools.islice(itertools.cycle(places), start % len(places), start % len(places) + way.lines)
        claims = [Claim(site_id=site, sku=sku, units=1) for site, sku in chosen]
        return way.ask(client, f"{run} {way.name} {number}", claims)

    with ThreadPoolExecutor(way.callers) as pool:
        begun = time.perf_counter()
        answered = sum(pool.map(call, range(calls)))
        seconds = time.perf_counter() - begun
    assert answered == calls * way.lines == _held(client) - before, (way.name, answered)
    return seconds


def _held(client: Client) -> int:
    return sum(level.held for level in client.stock_levels())


def _empty_rate(address: str, calls: int) -> float:
    with grpc.insecure_channel(address) as channel, ThreadPoolExecutor(CALLERS) as pool:
        check: Callable[[health_pb2.HealthCheckRequest], object] = channel.unary_unary(
            "/grpc.health.v1.Health/Check", request_serializer=health_pb2.HealthCheckRequest.SerializeToString
        )
        begun = time.perf_counter()
        list(pool.map(lambda _: check(health_pb2.HealthCheckRequest()), range(calls)))
        return calls / (time.perf_counter() - begun)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holds", type=int, default=5_000, help="how many single holds (default: 5000)")
    for line in table(parser.parse_args().holds):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
