"""Holds by many callers over gRPC, each durable before it is answered; next to an empty method of the same server.

`python -m benchmarks.stock_service [--holds N] [--workers N] [--postgres [--servers N]]` prints the table. Servers and
callers share the machine; the callers are lean, and what they take of the processor is told. After each run what was
asked for is what was answered and what the stock says is held or committed, nothing is oversold, and the books sum to
zero.
"""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.message import Message
from grpc_health.v1 import health_pb2

from benchmarks.callers import Called, called
from benchmarks.service import BUNDLED
from benchmarks.stock import postgres
from solver.cli.process import served
from solver.client import Client, Movement
from solver.clock import SystemClock
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.journal.journal import Journal
from solver.scenario.files import read_scenario
from solver.schema import STEPS
from solver.storage.url import open_database

CALLERS, BATCH_CALLERS, BATCH = 64, 4, 250
SITES, SKUS, UNITS = 20, 40, 10**6
GOAL_HOLDS, GOAL_LINES = 2_000, 20_000
SERVICE = "/xunyuan.stock.v1.StockService/"
HEALTH = "/grpc.health.v1.Health/Check"
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How callers ask: by which method, for what, of how many lines; and how many units an answer holds."""

    name: str
    method: str
    ask: Callable[[str, Sequence[Place]], Message]
    held: Callable[[bytes], int]
    lines: int
    callers: int
    is_hot: bool = False


def _one_hold(name: str, places: Sequence[Place]) -> Message:
    claims = [stock_pb2.Claim(site_id=site, sku=sku, units=1) for site, sku in places]
    return stock_pb2.HoldStockRequest(request_id=name, hold_id=name, claims=claims)


def _many_holds(name: str, places: Sequence[Place]) -> Message:
    wishes = [
        stock_pb2.HoldWish(hold_id=f"{name}-{number}", claims=[stock_pb2.Claim(site_id=site, sku=sku, units=1)])
        for number, (site, sku) in enumerate(places)
    ]
    return stock_pb2.HoldStockBatchRequest(request_id=name, wishes=wishes)


def _units(hold: stock_pb2.StockHold) -> int:
    return sum(one.units for one in hold.contents)


def _held_by_one(answer: bytes) -> int:
    return _units(stock_pb2.HoldStockResponse.FromString(answer).hold)


def _held_by_many(answer: bytes) -> int:
    return sum(_units(one.hold) for one in stock_pb2.HoldStockBatchResponse.FromString(answer).outcomes)


WAYS = (
    Way(name="single holds", method="HoldStock", ask=_one_hold, held=_held_by_one, lines=1, callers=CALLERS),
    Way(
        name="single holds, one hot SKU",
        method="HoldStock",
        ask=_one_hold,
        held=_held_by_one,
        lines=1,
        callers=CALLERS,
        is_hot=True,
    ),
    Way(
        name=f"holds of {BATCH} lines",
        method="HoldStock",
        ask=_one_hold,
        held=_held_by_one,
        lines=BATCH,
        callers=BATCH_CALLERS,
    ),
    Way(
        name=f"{BATCH} holds in a call",
        method="HoldStockBatch",
        ask=_many_holds,
        held=_held_by_many,
        lines=BATCH,
        callers=BATCH_CALLERS,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a hold ends: by which method, and what its answer says then."""

    name: str
    method: str
    request: type[stock_pb2.ConfirmHoldRequest | stock_pb2.ReleaseHoldRequest]
    answer: type[stock_pb2.ConfirmHoldResponse | stock_pb2.ReleaseHoldResponse]
    state: stock_pb2.HoldState.ValueType


ENDS = (
    End(
        name="holds confirmed",
        method="ConfirmHold",
        request=stock_pb2.ConfirmHoldRequest,
        answer=stock_pb2.ConfirmHoldResponse,
        state=stock_pb2.HOLD_STATE_CONFIRMED,
    ),
    End(
        name="holds released",
        method="ReleaseHold",
        request=stock_pb2.ReleaseHoldRequest,
        answer=stock_pb2.ReleaseHoldResponse,
        state=stock_pb2.HOLD_STATE_RELEASED,
    ),
)


def table(holds: int, workers: int, url: str | None, servers: int = 1) -> Iterator[str]:
    """A row for each way and each end, the empty method last. Several servers need the URL of a database."""
    scenario = read_scenario(BUNDLED)
    sites = [source.source_id for source in scenario.sources[:SITES]]
    skus = [material.sku for material in scenario.materials[:SKUS]]
    places = list(itertools.product(sites, skus))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        options = ("--workers", str(workers), *(("--url", url) if url else ()))
        with ExitStack() as running:
            first = running.enter_context(served(data, *options))
            client = running.enter_context(Client(first))
            client.load(scenario)
            client.receive_stock([Movement(site_id=site, sku=sku, units=UNITS) for site, sku in places], "opening")
            others = [running.enter_context(served(data / str(number), *options)) for number in range(1, servers)]
            address = ",".join([first, *others])
            yield "| calls | callers | calls a second | lines a second | goal | callers' processor, ms a call |"
            yield "|---|---:|---:|---:|---:|---:|"
            for way in WAYS:
                calls = holds if way.lines == 1 else max(way.callers, holds // 50)
                _run(client, address, way, places, "check", way.callers)
                yield _row(way, calls, _run(client, address, way, places, "run", calls))
            for end in ENDS:
                yield _row_of_end(end, holds, _run_end(client, address, end, places, holds))
            empty = called(address, HEALTH, CALLERS, [health_pb2.HealthCheckRequest().SerializeToString()] * holds)
            mine = empty.processor_seconds / holds * 1000
            yield f"| empty method | {CALLERS} | {holds / empty.seconds:,.0f} | | | {mine:.2f} |"
        _audit(url or f"sqlite:{data / 'xunyuan.db'}")


def _row(way: Way, calls: int, run: Called) -> str:
    rate, mine = calls / run.seconds, run.processor_seconds / calls * 1000
    goal = f"{GOAL_HOLDS:,} calls" if way.lines == 1 else f"{GOAL_LINES:,} lines"
    return f"| {way.name} | {way.callers} | {rate:,.0f} | {rate * way.lines:,.0f} | {goal} | {mine:.2f} |"


def _run(client: Client, address: str, way: Way, places: Sequence[Place], run: str, calls: int) -> Called:
    """So many calls, and a look at what came of them."""
    before = _held(client)
    requests = []
    for number in range(calls):
        start = 0 if way.is_hot else number * way.lines % len(places)
        chosen = itertools.islice(itertools.cycle(places), start, start + way.lines)
        requests.append(way.ask(f"{run} {way.name} {number}", list(chosen)).SerializeToString())
    done = called(address, SERVICE + way.method, way.callers, requests)
    answered = sum(way.held(answer) for answer in done.answers)
    assert answered == calls * way.lines == _held(client) - before, (way.name, answered)
    return done


def _row_of_end(end: End, holds: int, run: Called) -> str:
    mine = run.processor_seconds / holds * 1000
    return f"| {end.name} | {CALLERS} | {holds / run.seconds:,.0f} | {holds / run.seconds:,.0f} | | {mine:.2f} |"


def _run_end(client: Client, address: str, end: End, places: Sequence[Place], holds: int) -> Called:
    """Holds are placed, untimed, and all of them ended."""
    way, run = WAYS[0], f"to be {end.name}"
    before = _held(client)
    _run(client, address, way, places, run, holds)
    names = [f"{run} {way.name} {number}" for number in range(holds)]
    requests = [end.request(request_id=name, hold_id=name).SerializeToString() for name in names]
    done = called(address, SERVICE + end.method, CALLERS, requests)
    assert {end.answer.FromString(one).hold.state for one in done.answers} == {end.state}
    assert sorted(end.answer.FromString(one).hold.hold_id for one in done.answers) == sorted(names)
    assert _held(client) == before, end.name
    return done


def _held(client: Client) -> int:
    """Units that are held in all; no site has less than nothing available."""
    levels = list(client.stock_levels())
    assert min(level.available for level in levels) >= 0, "something is oversold"
    return sum(level.held for level in levels)


def _audit(url: str) -> None:
    """The books sum to zero, every balance is what its transfers make it."""
    database = open_database(url, STEPS)
    with database.read() as reader:
        found = Journal(SystemClock()).audit(reader)
    database.close()
    assert found == (), found


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--holds", type=int, default=5_000, help="how many single holds (default: 5000)")
    parser.add_argument("--workers", type=int, default=CALLERS, help="calls that the server works on (default: 64)")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for this")
    parser.add_argument("--servers", type=int, default=1, help="servers on that PostgreSQL (default: 1)")
    options = parser.parse_args()
    if options.servers > 1 and not options.postgres:
        parser.error("several servers need --postgres")
    with postgres() if options.postgres else nullcontext() as url:
        for line in table(options.holds, options.workers, url, options.servers):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
