"""Holds by many callers on either store: one transaction each, in groups, placed together, on one hot SKU, in batches.

`python -m benchmarks.stock [--holds N] [--url URL]`. What to judge is the ratio to one transaction for each hold, of
the same run. Every answer is checked: first on a small run, then the books after each timed one.
"""

import argparse
import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.schema import STEPS
from solver.stock.holding.holds import Holds
from solver.stock.holding.placing import WantedHold
from solver.stock.model import Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import once, request_for
from solver.storage.once_each import OnceEach
from solver.storage.requests import recall, remember
from solver.storage.url import open_database
from tests.postgres_server import PostgresServer, find_binaries

CALLERS = 64
SITES, SKUS = [f"S{number:03}" for number in range(50)], [f"SKU-{number:03}" for number in range(40)]
UNITS = 10**6
MINUTES = timedelta(minutes=15)
LINES = 250  # of a batch
BATCH_CALLERS = 4

Claims = list[Claim]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How holds are asked for: what each takes, by how many callers, in a transaction of its own or not.

    `together`: with the statements of one for all that share a commit, as `HoldStock` does.
    """

    name: str
    claims: Callable[[int], Claims]
    callers: int = CALLERS
    alone: bool = False
    together: bool = False


def one_line(number: int) -> Claims:
    return [Claim(site_id=SITES[number % len(SITES)], sku=SKUS[number % len(SKUS)], units=1)]


def hot_line(_: int) -> Claims:
    return [Claim(site_id=SITES[0], sku=SKUS[0], units=1)]


def many_lines(number: int) -> Claims:
    places = itertools.islice(itertools.cycle(itertools.product(SITES, SKUS)), number * LINES % 2_000, None)
    return [Claim(site_id=site, sku=sku, units=1) for site, sku in itertools.islice(places, LINES)]


WAYS = (
    Way(name="one transaction for each hold", claims=one_line, alone=True),
    Way(name="holds in groups", claims=one_line),
    Way(name="holds in groups, one hot SKU", claims=hot_line),
    Way(name="holds placed together", claims=one_line, together=True),
    Way(name="holds placed together, one hot SKU", claims=hot_line, together=True),
    Way(name=f"batches of {LINES} lines", claims=many_lines, callers=BATCH_CALLERS),
)


class Shop:
    """A database with stock at every site."""

    def __init__(self, url: str) -> None:
        self.database: Database = open_database(url, STEPS)
        self.clock = SystemClock()
        self.journal = Journal(self.clock)
        self.stock = Stock(self.journal)
        self.placed_once = OnceEach(self.database, self.clock, Holds(self.journal, self.stock.places).place_each)
        every = [Movement(site_id=site, sku=sku, units=UNITS) for site in SITES for sku in SKUS]
        with self.database.write() as tx:
            self.stock.receive(tx, every, "opening")

    def hold(self, way: Way, hold_id: str, claims: Claims) -> None:
        def act(tx: Transaction) -> bytes:
            self.stock.hold(tx, hold_id, claims, self.stock.now(tx) + MINUTES)
            return b""

        request = request_for("HoldStock", hold_id, claims)
        if way.together:
            self.placed_once.run(request, WantedHold(hold_id=hold_id, claims=claims, hold_for=MINUTES))
            return
        if not way.alone:
            once(self.database, self.clock, request, act)
            return
        with self.database.write() as tx:
            assert recall(tx, request.method, request.request_id, request.body_digest) is None
            remember(tx, request.method, request.request_id, request.body_digest, act(tx), self.clock.now())

    def held(self) -> int:
        with self.database.read() as reader:
            assert self.journal.audit(reader) == ()
            return sum(level.held for level in self.stock.levels(reader))

    def seconds(self, way: Way, holds: int, run: str) -> float:
        """How long so many holds take; what they hold is checked."""
        asked = [(f"{run}-{number}", way.claims(number)) for number in range(holds)]
        waiting, before, failed = iter(asked), self.held(), list[BaseException]()
        lock = threading.Lock()

        def call() -> None:
            while True:
                with lock:
                    mine = next(waiting, None)
                if mine is None or failed:
                    return
                try:
                    self.hold(way, *mine)
                except BaseException as error:
                    failed.append(error)

        threads = [threading.Thread(target=call) for _ in range(way.callers)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = time.perf_counter() - begun
        if failed:
            raise failed[0]
        assert self.held() - before == sum(len(claims) for _, claims in asked)
        return taken


def table(stores: Iterable[tuple[str, str]], holds: int) -> Iterator[str]:
    """A row for every way on each store, as (its name, its URL)."""
    yield "| store | holds | callers | holds a second | lines a second | ratio |"
    yield "|---|---|---:|---:|---:|---:|"
    for store, url in stores:
        shop, base = Shop(url), 0.0
        for number, way in enumerate(WAYS):
            asked = max(BATCH_CALLERS, holds // (50 if way.callers == BATCH_CALLERS else 3 if way.alone else 1))
            shop.seconds(way, min(asked, 8), f"check {number}")
            rate = asked / shop.seconds(way, asked, f"run {number}")
            lines = rate * len(way.claims(0))
            base = base or lines
            yield f"| {store} | {way.name} | {way.callers} | {rate:,.0f} | {lines:,.0f} | {lines / base:.1f} |"
        shop.database.close()


@contextmanager
def postgres() -> Iterator[str | None]:
    """The URL of a PostgreSQL that is started for this; it forces its log to disk, as SQLite does. None without one."""
    binaries = find_binaries()
    if binaries is None:
        yield None
        return
    server = PostgresServer(binaries, durable=True)
    try:
        yield server.url("postgres")
    finally:
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--holds", type=int, default=3_000, help="how many single holds (default: 3000)")
    parser.add_argument("--url", help="an empty PostgreSQL database; by default one is started and ended")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd() / "var" if Path("var").is_dir() else None) as folder,
        nullcontext(options.url) if options.url else postgres() as url,
    ):
        stores = [("SQLite", f"sqlite:{folder}/stock.db"), *([("PostgreSQL", url)] if url else [])]
        for line in table(stores, options.holds):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
