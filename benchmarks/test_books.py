"""Holds on the embedded database: durable, one transaction each."""

from datetime import timedelta
from itertools import count
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.layers.channel_rows import CHANNEL_SCHEMA
from solver.stock.model import Claim, Movement
from solver.stock.physical.place_rows import PLACE_SCHEMA
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.url import open_database

SKUS = [f"SKU-{number}" for number in range(5)]
SITES = [f"S{number:03}" for number in range(300)]


def _stocked(folder: Path) -> tuple[Database, Stock]:
    database = open_database(folder / "bench.db", [JOURNAL_SCHEMA, PLACE_SCHEMA, CHANNEL_SCHEMA])
    stock = Stock(Journal(SystemClock()))
    with database.write() as tx:
        stock.receive(tx, [Movement(site_id=site, sku=sku, units=10**6) for site in SITES for sku in SKUS], "opening")
    return database, stock


def test_hold_three_lines(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    database, stock = _stocked(tmp_path)
    numbers = count()

    def hold() -> str:
        hold_id = f"hold-{next(numbers)}"
        with database.write() as tx:
            claims = [Claim(site_id=SITES[0], sku=sku, units=1) for sku in SKUS[:3]]
            stock.hold(tx, hold_id, claims, stock.now(tx) + timedelta(minutes=15))
        return hold_id

    hold()
    with database.read() as reader:
        assert stock.held(reader, SKUS[:1]) == {SKUS[0]: {SITES[0]: 1}}
    benchmark(hold)
    database.close()


def test_read_available_of_five_skus_at_300_sites(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    database, stock = _stocked(tmp_path)
    with database.read() as reader:
        assert stock.available(reader, SKUS)[SKUS[0]][SITES[0]] == 10**6
        benchmark(stock.available, reader, SKUS)
    database.close()
