"""A thousand new items to 50 shops and 200 stores, on platforms that limit calls; then once more, killed midway.

Usage: python -m benchmarks.publishing [--items N] [--shops N] [--stores N] [--calls N] [--seed N]

The platforms live in this process, who publishes in another one, so that he can be killed and they remember.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import cast

from solver.clock import SystemClock
from solver.publishing.adapter import Adapter
from solver.publishing.article import Article, Image, Value
from solver.publishing.book import ListingBook
from solver.publishing.channel import Channel
from solver.publishing.channel_file import load_channel
from solver.publishing.listing import Listing, list_article
from solver.publishing.mapping import ChannelMapping
from solver.publishing.mapping_file import read_mapping
from solver.publishing.pace import Pace
from solver.publishing.practice import PracticePlatform, Temper
from solver.publishing.publisher import Assortment, Publisher
from solver.publishing.shop import Shop
from solver.publishing.tally import Tally
from solver.publishing.turns import SystemTimer
from solver.schema import STEPS
from solver.storage.url import open_database

MAPPINGS = {
    "baihui": """
channel: baihui
fields:
  title: name
  brand: {constant: 山岚}
  weight: {fact: weight_grams, divide: 1000}
  shipping_template: {constant: 全国包邮}
  returns: {constant: "yes"}
categories:
  coffee: {category: "202", fields: {shelf_life: shelf_life_days, licence: food_licence, net_content: weight_grams}}
""",
    "kuaima": """
channel: kuaima
fields:
  name: name
  spec: {text: "{weight_grams} g"}
  unit: {constant: 盒}
  grams: weight_grams
  temperature: {constant: 常温}
categories: {coffee: {category: drinks-coffee}}
""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is published where: `shops` of one channel, `stores` of another."""

    items: int
    shops: int
    stores: int
    seed: int
    calls_per_second: float

    def places(self) -> tuple[Shop, ...]:
        shops = (Shop(shop_id=f"shop {number}", channel_id="baihui") for number in range(self.shops))
        stores = (Shop(shop_id=f"store {number}", channel_id="kuaima") for number in range(self.stores))
        return (*shops, *stores)

    def articles(self) -> list[Article]:
        return [article(number) for number in range(self.items)]


def article(number: int) -> Article:
    facts: dict[str, Value] = {
        "name": f"挂耳咖啡 {number} 号",
        "weight_grams": 150 + number % 50,
        "shelf_life_days": 540,
    }
    pictures = tuple(
        Image(url=f"https://pictures.example/{number}/{one}.jpg", width_pixels=800, height_pixels=800)
        for one in range(3)
    )
    return Article(
        item_id=f"NEW-{number}",
        categories=("drip-bags", "coffee"),
        facts=facts | {"food_licence": "SC11653010200001"},
        price_minor=3_900 + 10 * (number % 30),
        currency="CNY",
        images=pictures,
    )


def listings(task: Task, channels: Mapping[str, Channel]) -> dict[str, dict[str, Listing]]:
    """Of every channel, by item. Fails where the channel would refuse one."""
    mappings = {name: read_mapping(text, name, channels[name]) for name, text in MAPPINGS.items()}
    return {name: _listings(task.articles(), channels[name], mappings[name]) for name in MAPPINGS}


def _listings(articles: Sequence[Article], channel: Channel, mapping: ChannelMapping) -> dict[str, Listing]:
    made = {}
    for one in articles:
        listed = list_article(one, channel, mapping)
        assert listed.listing is not None, listed.faults
        made[one.item_id] = listed.listing
    return made


class Platforms(BaseManager):
    """Where the platforms are, for whoever publishes from another process."""


def publish(address: str, task: Task, folder: Path, answer: Connection) -> None:
    """In a process of its own: publish all that is not published yet, and tell what was done."""
    channels = {name: load_channel(name) for name in MAPPINGS}
    for name in MAPPINGS:
        Platforms.register(name)
    manager = Platforms(address=address, authkey=b"benchmark")
    manager.connect()
    adapters = {name: cast("Adapter", getattr(manager, name)()) for name in MAPPINGS}
    for adapter in adapters.values():
        adapter.settles_after_seconds = 1.0  # proxies hand on calls, not values
    database = open_database(folder, STEPS)
    wanted = listings(task, channels)
    tally, began = Tally(), time.perf_counter()
    paces = {name: Pace(task.calls_per_second) for name in MAPPINGS}
    book = ListingBook(database, SystemClock())
    publisher = Publisher(channels, adapters, book, SystemTimer(), paces=paces, owner=f"{os.getpid()}")
    publisher.publish(task.places(), lambda shop: Assortment(show=wanted[shop.channel_id]), tally, threading.Event())
    database.close()
    answer.send((tally.counts, tally.given_up, time.perf_counter() - began, time.process_time()))


class Run:
    """Platforms that remember, and a folder in which who publishes keeps what he knows."""

    def __init__(self, task: Task, temper: Temper, folder: Path) -> None:
        self.task, self.folder = task, folder
        self.platforms = {name: PracticePlatform(temper=temper, timer=SystemTimer()) for name in MAPPINGS}
        for name, platform in self.platforms.items():
            exposed = ("create", "update", "find", "delist")
            Platforms.register(name, callable=partial(_itself, platform), exposed=exposed)
        server = Platforms(authkey=b"benchmark").get_server()
        self.address = str(server.address)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def publish(self, kill_at_calls: int | None = None) -> tuple[dict[str, int], float, float]:
        """What was done, seconds, and processor seconds; killed outright once the platforms had so many calls."""
        ours, theirs = multiprocessing.Pipe()
        arguments = (self.address, self.task, self.folder, theirs)
        process = multiprocessing.get_context("spawn").Process(target=publish, args=arguments)
        process.start()
        theirs.close()
        if kill_at_calls is not None:
            while self.calls < kill_at_calls and process.is_alive():
                time.sleep(0.01)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            return {}, 0.0, 0.0
        counts, given_up, seconds, processor = ours.recv()
        process.join()
        assert not given_up, given_up
        return counts, seconds, processor

    @property
    def calls(self) -> int:
        return sum(platform.calls for platform in self.platforms.values())

    def check(self) -> None:
        """Every shop shows every item, once, as it should be."""
        channels = {name: load_channel(name) for name in MAPPINGS}
        wanted = listings(self.task, channels)
        for name, platform in self.platforms.items():
            shops = [shop.shop_id for shop in self.task.places() if shop.channel_id == name]
            shown = Counter(
                (shop_id, one.listing.item_id, one.listing.digest)
                for shop_id, shop in platform.shown.items()
                for one in shop.values()
            )
            assert shown == Counter(
                (shop_id, one.item_id, one.digest) for shop_id in shops for one in wanted[name].values()
            )


def _itself(platform: PracticePlatform) -> PracticePlatform:
    return platform


def least_seconds(task: Task, rate: float, burst: int) -> float:
    """No one can be faster than the platforms allow: the slower of the two."""
    calls = [
        -(-task.items // load_channel(name).items_per_call) * count
        for name, count in (("baihui", task.shops), ("kuaima", task.stores))
    ]
    return max((one - burst) / rate for one in calls)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000)
    parser.add_argument("--shops", type=int, default=50)
    parser.add_argument("--stores", type=int, default=200)
    parser.add_argument("--calls", type=float, default=50.0, help="calls a second that each platform takes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    task = Task(
        items=options.items,
        shops=options.shops,
        stores=options.stores,
        seed=options.seed,
        calls_per_second=options.calls,
    )
    temper = Temper(
        calls_per_second=5.0,
        calls_per_second_in_all=options.calls,
        burst=5,
        latency_seconds=0.05,
        settles_after_seconds=1.0,
        lost_permille=5,
        failing_permille=5,
        seed=options.seed,
    )
    began = time.process_time()
    made = listings(task, {name: load_channel(name) for name in MAPPINGS})
    each = (time.process_time() - began) / sum(len(one) for one in made.values())
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        whole = Run(task, temper, Path(first))
        counts, seconds, processor = whole.publish()
        whole.check()
        killed = Run(task, temper, Path(second))
        killed.publish(kill_at_calls=whole.calls // 2)
        again, more_seconds, _ = killed.publish()
        killed.check()
    everything = task.items * len(task.places())
    least = least_seconds(task, options.calls, temper.burst)
    lines = (
        "| listings | made, us each | published in, s | listings/s | as fast as the platforms allow | processor s |"
        " calls | throttled | failed or lost |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        f"| {everything:,} | {1e6 * each:.0f} | {seconds:.0f} | {everything / seconds:,.0f} | {least / seconds:.0%} |"
        f" {processor:.1f} | {whole.calls:,} | {counts.get('throttled', 0):,} | {counts.get('failures', 0):,} |",
        "",
        f"Killed at half of the calls, and begun again: {again['unchanged']:,} listings stood already, the rest took "
        f"{more_seconds:.0f} s; {killed.calls - whole.calls:+,} calls in all. Every shop shows every item once.",
        "",
        f"Seed {options.seed}.",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
