"""A process that writes and publishes is killed at any moment; the next one goes on, and no receiver is led astray."""

import random
import subprocess
import sys
from pathlib import Path

from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.publisher import Publisher
from solver.stock.feed.receiver import Watch
from solver.stock.feed.rows import state
from solver.storage.database import Database
from tests.stock import books
from tests.stock.shopfront import PlainShopfront

PAIRS = {(shop, sku): 0 for shop in ("c1-a", "c1-b") for sku in ("milk", "tea")}

_WRITER = """
import sys
from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.stock.feed.runner import FeedRunner
from tests.stock import books
from tests.stock.shopfront import PlainShopfront
from tests.stock.test_feed_killed import PAIRS

database, clock = books.opened(sys.argv[1]), SystemClock()
journal = Journal(clock)
FeedRunner(database, clock, PlainShopfront(journal, dict(PAIRS))).start()
number = 0
while True:
    books.receive(database, journal, ("east", ("milk", "tea")[number % 2], 1))
    number += 1
    print(number, flush=True)
"""


def take_all(database: Database, copy: ShownCopy) -> None:
    watch = Watch(database, PlainShopfront(Journal(SystemClock()), dict(PAIRS)), after_number=copy.number)
    while (message := watch.take()) is not None:
        copy.take(message)


def test_a_receiver_goes_on_over_kills_of_the_publisher(store_url: str, seed: int) -> None:
    chance, copy, last_number = random.Random(seed), ShownCopy(), 0
    books.opened(store_url).close()
    for _ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, store_url],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 60)):
            writer.stdout.readline()
        writer.kill()
        writer.communicate()
        database = books.opened(store_url)
        with database.read() as reader:
            now = state(reader)
            numbers = [row[0] for row in reader.query("SELECT number FROM stock_feed ORDER BY number")]
        assert now.last_number >= last_number
        assert numbers == sorted(set(numbers))
        assert not numbers or numbers[-1] <= now.last_number
        take_all(database, copy)
        assert copy.number == now.last_number
        last_number = now.last_number
        database.close()

    database, clock = books.opened(store_url), SystemClock()
    front = PlainShopfront(Journal(clock), dict(PAIRS))
    publisher = Publisher(database, clock, front)
    while publisher.round().skus_to_recompute:
        pass
    take_all(database, copy)
    with database.read() as reader:
        assert copy.units == front.shown(reader, ["milk", "tea"])
    assert sum(copy.units.values()) > 0
    database.close()
