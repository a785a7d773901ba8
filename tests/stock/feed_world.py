"""A feed over a journal, published round by round, and what is done to it at random."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Entry
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.model import MOST_VALUES, Audience, FeedMessage, Pair
from solver.stock.feed.publisher import Publisher
from solver.stock.feed.receiver import Watch
from solver.stock.feed.recent import RecentValues
from solver.stock.feed.rows import state
from tests.stock import books
from tests.stock.shopfront import PlainShopfront

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SKUS = ("milk", "rice", "tea")
SHOPS = ("c1-a", "c1-b", "c2-a")


class World:
    """A feed over a journal; `history` is what the feed had at each number after which it was looked at."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = books.opened(url)
        self.clock = ManualClock(START)
        self.journal = Journal(self.clock)
        self.front = PlainShopfront(self.journal, {(shop, sku): 0 for shop in SHOPS for sku in SKUS})
        self.recent = RecentValues()
        self.publisher = self.new_publisher()
        self.history: dict[int, dict[Pair, int]] = {0: {}}

    def new_publisher(self) -> Publisher:
        return Publisher(self.database, self.clock, self.front, retention=timedelta(hours=1), recent=self.recent)

    def publish(self) -> int:
        """One round; how many values it published."""
        values = self.publisher.round().values
        self.history[self.last_number()] = self.rows()
        return values

    def settle(self) -> None:
        """Rounds until nothing is left to do."""
        while self.publisher.round().skus_to_recompute:
            pass
        self.publish()

    def last_number(self) -> int:
        with self.database.read() as reader:
            return state(reader).last_number

    def rows(self) -> dict[Pair, int]:
        """What the feed has."""
        with self.database.read() as reader:
            rows = reader.query("SELECT shop_id, sku, units FROM stock_feed WHERE units IS NOT NULL")
        return {(shop_id, sku): units for shop_id, sku, units in rows}

    def truth(self) -> dict[Pair, int]:
        """What the shops show, computed in full."""
        with self.database.read() as reader:
            return dict(self.front.shown(reader, list(self.front.listed(reader))))

    def watch(
        self,
        after_number: int | None = None,
        *,
        channel_ids: Sequence[str] = (),
        shop_ids: Sequence[str] = (),
        most_values: int = MOST_VALUES,
        from_memory: bool = False,
    ) -> Watch:
        audience = Audience(channel_ids=frozenset(channel_ids), shop_ids=frozenset(shop_ids))
        return Watch(
            self.database,
            self.front,
            after_number=after_number,
            audience=audience,
            most_values=most_values,
            recent=self.recent if from_memory else None,
        )


def drain(watch: Watch) -> list[FeedMessage]:
    """Everything that there is to tell."""
    messages = []
    while (message := watch.take()) is not None:
        messages.append(message)
    return messages


def copied(*messages: FeedMessage) -> ShownCopy:
    copy = ShownCopy()
    for message in messages:
        copy.take(message)
    return copy


def release_one(chance: random.Random, world: World, holds: list[Entry]) -> None:
    if holds:
        books.release(world.database, world.journal, chance.choice(holds))


def of_shop(shop_id: str, units: Mapping[Pair, int]) -> dict[Pair, int]:
    return {pair: shown for pair, shown in units.items() if pair[0] == shop_id}


def random_step(chance: random.Random, world: World, holds: list[Entry]) -> None:
    row = ("east", chance.choice(SKUS), chance.randint(1, 9))
    pair = (chance.choice(SHOPS), chance.choice(SKUS))
    steps: dict[str, Callable[[], object]] = {
        "receive": lambda: books.receive(world.database, world.journal, row),
        "remove": lambda: books.remove(world.database, world.journal, row),
        "hold": lambda: holds.append(
            books.hold(world.database, world.journal, f"hold-{len(holds)}", [row], minutes=chance.randint(1, 20))
        ),
        "release": lambda: release_one(chance, world, holds),
        "turn": lambda: world.clock.advance(timedelta(minutes=chance.randint(-5, 12))),
        "list": lambda: world.front.list_pair(pair, chance.choice([0, 2, None])),
        "restart": lambda: setattr(world, "publisher", world.new_publisher()),
        "prune": lambda: world.publisher.prune(),
    }
    try:
        steps[chance.choice([*steps, "receive", "hold"])]()
    except (GuardRefused, StateConflict):
        return
