"""One server process and two behind one port, on one PostgreSQL: `python -m benchmarks.processes`.

Plans with their stock held are asked for in a closed loop by callers in processes of their own; every answer is
checked. Then twice as many ask for a SKU as there are units of it: none may be sold twice. The books are audited.
Where fewer cores are free than there are processes, the rates say little: what a call costs of a processor says whether
a second process would bring as much again; what all servers share is the rest.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hot_sku import Rush, rush
from benchmarks.load_world import LoadWorld, Size
from benchmarks.loaders import Callers, Loaded, closed_loop
from benchmarks.loading import PLAN
from solver.client import Client
from tests.postgres_server import PostgresServer, find_binaries

SIZE = Size(sources=200, skus=200, stocked_percent=30)
SERVER = Path(__file__).resolve().parents[1] / "server.py"
COUNTS = (1, 2)
WARM_CALLS = 60
NO_POSTGRES = "there is no PostgreSQL: install its binaries (initdb, postgres), or give --url"
HOT_UNITS, HOT_ORDERS = 200, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Calls a second, what one costs the server processes of a processor, in microseconds, and the rush on a SKU."""

    rate: float
    micros: float
    hot: Rush


@contextmanager
def running(url: str, processes: int) -> Iterator[tuple[str, int]]:
    """So many servers on a port; its address, and the process that was started."""
    command = [sys.executable, str(SERVER), "--port", "0", "--url", url, "--processes", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()  # once, when all of them serve
        assert said.startswith("serving on "), said
        yield said.removeprefix("serving on ").partition(",")[0], process.pid
        process.terminate()
        process.communicate(timeout=120)


def spent_seconds(pid: int) -> float:
    """Processor seconds of a process and of those that it keeps."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in (str(pid), *children)]
    return sum(int(one[11]) + int(one[12]) for one in stats) / os.sysconf("SC_CLK_TCK")


def measured(world: LoadWorld, url: str, processes: int, calls: int, at_once: int) -> Measured:
    """Some calls, all answered rightly."""
    with running(url, processes) as (address, pid):
        callers = Callers(addresses=(address,), processes=2, channels=4)
        _checked(world, closed_loop(callers, PLAN, world.plan_requests(WARM_CALLS * processes), at_once))
        before = spent_seconds(pid)
        load = closed_loop(callers, PLAN, world.plan_requests(calls), at_once)
        spent = spent_seconds(pid) - before
        _checked(world, load)
        hot = rush(world, callers, HOT_UNITS, HOT_ORDERS, at_once)
        with Client(address) as client:
            found = client.audit_books()
            assert not found, found
    return Measured(rate=calls / load.seconds, micros=spent / calls * 1e6, hot=hot)


def _checked(world: LoadWorld, load: Loaded) -> None:
    assert not load.failures, load.failures
    world.check_plans(load)


@contextmanager
def postgres() -> Iterator[str]:
    """A database of a PostgreSQL of our own, which forces every commit to disk, and is gone afterwards."""
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit(NO_POSTGRES)
    server = PostgresServer(binaries, durable=True)
    try:
        yield server.url("postgres")
    finally:
        server.stop()


def table(url: str, seed: int, calls: int = 1_000, at_once: int = 16) -> Iterator[str]:
    """A row for each count of processes, on an empty database."""
    world = LoadWorld(SIZE, seed)
    world.put_into(url)
    yield "| processes | plans a second | times one | processor of a plan, us | times one | hot: orders/s | sold, of |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    alone: Measured | None = None
    for count in COUNTS:
        found = measured(world, url, count, calls, at_once)
        alone = alone or found
        yield (
            f"| {count} | {found.rate:,.0f} | {found.rate / alone.rate:.2f} "
            f"| {found.micros:,.0f} | {found.micros / alone.micros:.2f} "
            f"| {found.hot.rate:,.0f} | {found.hot.sold:,}, {found.hot.units:,} |"
        )
    yield ""
    yield f"Seed {seed}, {calls:,} plans and {HOT_ORDERS:,} orders of the hot SKU each, {os.cpu_count()} cores."


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="an empty PostgreSQL database, or schema of one (default: a server of our own)")
    parser.add_argument("--calls", type=int, default=1_000, help="of each count of processes (default: 1000)")
    parser.add_argument("--at-once", type=int, default=16, help="calls under way at once (default: 16)")
    parser.add_argument("--seed", type=int, default=1, help="of network, stock and orders (default: 1)")
    options = parser.parse_args()
    with nullcontext(options.url) if options.url else postgres() as url:
        for line in table(url, options.seed, options.calls, options.at_once):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
