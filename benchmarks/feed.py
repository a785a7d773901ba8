"""From a movement's commit to the feed: how long it takes, how long a rebuild takes, how far a followed view lags.

`python -m benchmarks.feed` prints the tables of docs/feed.md. Everything runs in one process, as in the service.
"""

import argparse
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.feed_world import Size, World, make_world
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD, good, supply
from solver.stock.feed import Watch
from solver.stock.feed_copy import ShownCopy
from solver.stock.feed_publisher import Publisher
from solver.stock.feed_runner import FeedRunner
from solver.stock.feed_stream import stream
from solver.stock.following import FollowedAvailability
from solver.storage.database import Transaction

SIZE = Size(sites=100, channels=50, skus=10_000, stocked_percent=3, listed_percent=20)
DESIGN = Size(sites=1_000, channels=50, skus=10_000, stocked_percent=5, listed_percent=20)
MOVEMENTS_A_SECOND, WRITERS = 500, 4


@dataclass(slots=True)
class Latencies:
    """Movements by SKU that a watcher has not been told of yet: what is there after each, and when it was committed."""

    waiting: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    told: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def committed(self, sku: str, units: int, at: float) -> None:
        with self.lock:
            self.waiting.setdefault(sku, []).append((units, at))

    def shown(self, sku: str, units: int, at: float) -> None:
        with self.lock:
            waiting = self.waiting.get(sku, [])
            self.told += [at - committed_at for after, committed_at in waiting if after <= units]
            self.waiting[sku] = [one for one in waiting if one[0] > units]


def write_paced(world: World, skus: Sequence[str], latencies: Latencies, a_second: float, seconds: float) -> None:
    """Receipts of one unit, each in a commit of its own, at a steady pace; a SKU is moved by one writer alone."""
    begun = time.perf_counter()
    for number in range(int(a_second * seconds)):
        sku = skus[number % len(skus)]
        time.sleep(max(0.0, begun + number / a_second - time.perf_counter()))

        def act(tx: Transaction, sku: str = sku) -> None:
            transfer = Transfer(debit=good("site-0000", sku), credit=supply(sku), amount=1)
            world.journal.post(tx, "stock_received", "delivery", [transfer])

        world.units[sku] += 1
        units = world.units[sku]
        world.database.run(act)
        latencies.committed(sku, units, time.perf_counter())


def listen(world: World, runner: FeedRunner, latencies: Latencies, copy: ShownCopy) -> None:
    watch = Watch(world.database, world.shopfront, recent=runner.recent)
    for message in stream(watch, runner.bell, heartbeat_seconds=60, wanted=lambda: True):
        at = time.perf_counter()
        copy.take(message)
        for value in message.values:
            latencies.shown(value.sku, value.units, at)


def measure_latency(world: World, seconds: float) -> tuple[Latencies, float]:
    """The latencies, and how many movements a second there really were; the watcher's copy is checked at the end."""
    latencies, copy = Latencies(), ShownCopy()
    runner = FeedRunner(world.database, world.clock, world.shopfront)
    runner.start()
    listener = threading.Thread(target=listen, args=(world, runner, latencies, copy))
    listener.start()
    time.sleep(0.5)
    while _backlog(world, copy):
        time.sleep(0.2)
    writers = [
        threading.Thread(
            target=write_paced,
            args=(world, world.skus[number::WRITERS], latencies, MOVEMENTS_A_SECOND / WRITERS, seconds),
        )
        for number in range(WRITERS)
    ]
    begun = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    took = time.perf_counter() - begun
    while any(latencies.waiting.values()):
        time.sleep(0.05)
    runner.stop()
    listener.join()
    with world.database.read() as reader:
        assert copy.units == world.shopfront.shown(reader, world.skus), "the watcher has what shops show"
    return latencies, len(latencies.told) / took


def _backlog(world: World, copy: ShownCopy) -> bool:
    return len(copy.units) < world.listings


def measure_rebuild(world: World) -> tuple[float, float]:
    """Seconds until a first publisher has published everything, and until a second has seen that nothing changed."""
    seconds = []
    for _ in range(2):
        begun = time.perf_counter()
        publisher = Publisher(world.database, world.clock, world.shopfront)
        while publisher.round().skus_to_recompute:
            pass
        seconds.append(time.perf_counter() - begun)
    return seconds[0], seconds[1]


def measure_following(world: World, movements: int) -> tuple[float, float, float, float]:
    """Seconds of a full read into a view, of catching up with one movement, of asking view and books for 5 SKUs."""
    begun = time.perf_counter()
    with world.database.read() as reader:
        view = FollowedAvailability(reader, world.clock)
    full = time.perf_counter() - begun
    catching = asking = reading = 0.0
    for number in range(movements):
        skus = world.skus[5 * number % len(world.skus) :][:5]
        write_paced(world, skus[:1], Latencies(), 1_000_000, 1 / 1_000_000)
        with world.database.read() as reader:
            reader.query("SELECT 1")
            begun = time.perf_counter()
            view.catch_up(reader)
            catching += time.perf_counter() - begun
            begun = time.perf_counter()
            asked = view.available(skus)
            asking += time.perf_counter() - begun
            begun = time.perf_counter()
            read = world.journal.available(reader, Book.STOCK, GOOD, skus)
            reading += time.perf_counter() - begun
        assert asked == read, "the view has what the books have"
    return full, catching / movements, asking / movements, reading / movements


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of movements (default: 20)")
    parser.add_argument("--skus", type=int, default=SIZE.skus)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--design", action="store_true", help="1,000 stores instead of 100")
    options = parser.parse_args()
    base = DESIGN if options.design else SIZE
    size = Size(
        sites=base.sites,
        channels=base.channels,
        skus=options.skus,
        stocked_percent=base.stocked_percent,
        listed_percent=base.listed_percent,
    )
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        world = make_world(Path(folder), size, options.seed)
        sys.stderr.write(f"made in {time.perf_counter() - begun:.1f} s\n")
        for line in _report(world, options.seconds):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        world.database.close()
    return 0


def _report(world: World, seconds: float) -> Iterator[str]:
    yield f"{world.accounts:,} accounts of stock, {world.listings:,} listed pairs"
    first, again = measure_rebuild(world)
    yield f"everything published: {first:.1f} s; seen to be unchanged: {again:.1f} s"
    full, catching, asking, reading = measure_following(world, 200)
    yield f"view read in full: {full * 1000:.0f} ms; one movement caught up with: {catching * 1e6:.0f} us"
    yield f"5 SKUs asked of the view: {asking * 1e6:.0f} us; of the books: {reading * 1e6:.0f} us"
    latencies, rate = measure_latency(world, seconds)
    told = sorted(latencies.told)
    p50, p99 = (told[int(len(told) * share)] * 1000 for share in (0.5, 0.99))
    most = told[-1] * 1000
    yield f"{len(told):,} movements at {rate:.0f} a second: p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {most:.1f} ms"
    yield f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
