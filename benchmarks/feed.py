"""From a movement's commit to the feed: how long it takes, how long a rebuild takes, how far a followed view lags.

`python -m benchmarks.feed` prints a list, as in docs/figures.md. Everything runs in one process, as in the service.
"""

import argparse
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.feed_world import Size, World, make_world
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD, good, supply
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.publisher import Publisher
from solver.stock.feed.receiver import Watch
from solver.stock.feed.runner import FeedRunner
from solver.stock.feed.stream import stream
from solver.stock.following.followed import FollowedAvailability
from solver.storage.database import Transaction

SIZE = Size(sites=100, channels=50, skus=10_000, stocked_percent=3, listed_percent=20)
DESIGN = Size(sites=1_000, channels=50, skus=10_000, stocked_percent=5, listed_percent=20)
MOVEMENTS_A_SECOND, WRITERS, UNPACED, OVERLOAD_TURNS = 500, 4, 1e9, 4


@dataclass(slots=True)
class Latencies:
    """Movements by SKU that a watcher has not been told of yet: what is there after each, and when it was committed.

    A watcher may be told before the writer notes that he has written; `last` is what he was told last, and when.
    """

    waiting: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    last: dict[str, tuple[int, float]] = field(default_factory=dict)
    told: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def committed(self, sku: str, units: int, at: float) -> None:
        with self.lock:
            shown, shown_at = self.last.get(sku, (0, at))
            if shown >= units:
                self.told.append(max(0.0, shown_at - at))
            else:
                self.waiting.setdefault(sku, []).append((units, at))

    def shown(self, sku: str, units: int, at: float) -> None:
        with self.lock:
            self.last[sku] = (units, at)
            waiting = self.waiting.get(sku, [])
            self.told += [at - committed_at for after, committed_at in waiting if after <= units]
            self.waiting[sku] = [one for one in waiting if one[0] > units]


def write(world: World, skus: Sequence[str], latencies: Latencies, a_second: float, seconds: float) -> int:
    """Receipts of one unit, each in a commit of its own, at a steady pace; how many. A SKU has one writer alone."""
    begun, number = time.perf_counter(), 0
    while time.perf_counter() < begun + seconds:
        receive_one(world, skus[number % len(skus)], latencies)
        number += 1
        time.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
    return number


def receive_one(world: World, sku: str, latencies: Latencies) -> None:
    def act(tx: Transaction) -> None:
        transfer = Transfer(debit=good("site-0000", sku), credit=supply(sku), amount=1)
        world.journal.post(tx, "stock_received", "delivery", [transfer])

    world.units[sku] += 1
    units = world.units[sku]
    world.database.run(act)
    latencies.committed(sku, units, time.perf_counter())


def written(world: World, latencies: Latencies, a_second: float, seconds: float) -> float:
    """What WRITERS write together; movements a second."""
    with ThreadPoolExecutor(WRITERS) as pool:
        begun = time.perf_counter()
        parts = [
            pool.submit(write, world, world.skus[number::WRITERS], latencies, a_second / WRITERS, seconds)
            for number in range(WRITERS)
        ]
        movements = sum(part.result() for part in parts)
        return movements / (time.perf_counter() - begun)


def listen(world: World, runner: FeedRunner, latencies: Latencies, copy: ShownCopy) -> None:
    watch = Watch(world.database, world.shopfront, recent=runner.recent)
    for message in stream(watch, runner.bell, heartbeat_seconds=60, wanted=lambda: True):
        at = time.perf_counter()
        copy.take(message)
        for value in message.values:
            latencies.shown(value.sku, value.units, at)


@contextmanager
def watched(world: World, latencies: Latencies, settle_seconds: float) -> Iterator[None]:
    """A publisher and a watcher of everything, in threads of their own; at the end it has what shops show."""
    copy = ShownCopy()
    runner = FeedRunner(world.database, world.clock, world.shopfront)
    runner.start()
    listener = threading.Thread(target=listen, args=(world, runner, latencies, copy))
    listener.start()
    time.sleep(settle_seconds)
    yield
    while any(latencies.waiting.values()):
        time.sleep(0.01)
    runner.stop()
    listener.join()
    with world.database.read() as reader:
        assert copy.units == world.shopfront.shown(reader, world.skus), "the watcher has what shops show"


def measure_latency(world: World, seconds: float, settle_seconds: float) -> tuple[list[float], float]:
    """Milliseconds from commit to watcher, sorted; and how many movements a second there really were."""
    latencies = Latencies()
    with watched(world, latencies, settle_seconds):
        rate = written(world, latencies, MOVEMENTS_A_SECOND, seconds)
    return sorted(told * 1000 for told in latencies.told), rate


def measure_overload(world: World, turns: int, settle_seconds: float) -> tuple[float, float, float]:
    """Movements a second as fast as writers can, without a feed and with one, in turns of a second; seconds until the
    watcher had all that was written in one turn.
    """
    alone, beside, late = 0.0, 0.0, 0.0
    for _ in range(turns):
        alone += written(world, Latencies(), UNPACED, 1.0) / turns
        latencies = Latencies()
        with watched(world, latencies, settle_seconds):
            beside += written(world, latencies, UNPACED, 1.0) / turns
            begun = time.perf_counter()
        late += (time.perf_counter() - begun) / turns
    return alone, beside, late


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
        receive_one(world, skus[0], Latencies())
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
    """Print the list."""
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
            sys.stdout.write(f"- {line}\n")
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
    told, rate = measure_latency(world, seconds, 2 * again)
    p50, p99 = (told[int(len(told) * share)] for share in (0.5, 0.99))
    yield (
        f"{len(told):,} movements at {rate:.0f} a second: "
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms (goal 50), most {told[-1]:.1f} ms"
    )
    alone, beside, late = measure_overload(world, OVERLOAD_TURNS, 2 * again)
    yield (
        f"writers at their fastest: {alone:.0f} movements a second alone, {beside:.0f} beside the feed "
        f"({beside / alone:.0%}); the watcher has all {late * 1000:.0f} ms later"
    )
    yield f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
