"""Publishers that share a book never write one listing at the same moment."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from solver.publishing.adapter import Refused, Taken
from solver.publishing.book import CLAIMED_FOR
from solver.publishing.listing import Listing
from solver.publishing.practice import PracticePlatform
from solver.publishing.publisher import Assortment, Publisher
from solver.publishing.tally import Tally
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.publishing.made import channel, listing
from tests.publishing.test_publisher import ITEMS, SHOPS, World, everywhere
from tests.publishing.timer import HandTimer


@pytest.fixture
def either(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url, STEPS)
    yield opened
    opened.close()


class During:
    """A platform at whose first `create` something else happens, while the call is out."""

    settles_after_seconds = 0.0

    def __init__(self, platform: PracticePlatform, happens: Callable[[], None]) -> None:
        self.platform, self.happens, self.calls = platform, happens, 0

    def create(self, shop_id: str, listings: Sequence[Listing]) -> Sequence[Taken | Refused]:
        self.calls += 1
        if self.calls == 1:
            self.happens()
        return self.platform.create(shop_id, listings)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.platform, name)


class UntilIdle(HandTimer):
    """Ends a run that has waited for ten seconds."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self.stop = stop

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.now >= 10:
            self.stop.set()


def publish(world: World, publisher: Publisher, name: str = "Machine", stop: threading.Event | None = None) -> Tally:
    tally, wanted = Tally(), {item_id: listing(item_id, name) for item_id in ITEMS}
    publisher.publish(SHOPS, lambda _shop: Assortment(show=wanted), tally, stop or threading.Event())
    return tally


def test_what_one_has_in_hand_the_other_leaves_and_nothing_is_listed_twice(either: Database) -> None:
    world = World(either)
    others: list[Tally] = []

    def another_publishes() -> None:
        stop = threading.Event()
        adapters = {"bazaar": world.platform}
        second = Publisher({"bazaar": channel()}, adapters, world.book, UntilIdle(stop), workers=1, owner="second")
        others.append(publish(world, second, stop=stop))
        assert {item for shop, item, _ in world.shown() if shop == "S0"} == set(ITEMS[3:])

    first = world.publishing_through(During(world.platform, another_publishes), "first")
    tally = publish(world, first)
    assert world.shown() == everywhere()
    assert tally.of("created") + others[0].of("created") == 21
    assert tally.of("created") >= 3
    assert tally.done == 21


def test_what_another_listed_otherwise_meanwhile_is_changed_and_not_listed_once_more(database: Database) -> None:
    world = World(database)
    second = world.publishing_through(world.platform, "second")

    def another_publishes() -> None:
        other = Assortment(show={"I6": listing("I6", "Other")})
        second.publish(SHOPS[:1], lambda _shop: other, Tally(), threading.Event())

    tally = publish(world, world.publishing_through(During(world.platform, another_publishes), "first"))
    assert (tally.of("created"), tally.of("updated")) == (20, 1)
    assert world.shown() == everywhere()
    assert publish(world, second).of("unchanged") == 21


def test_what_is_stopped_while_a_run_is_on_is_not_listed_by_it(database: Database) -> None:
    world = World(database)
    during = During(world.platform, lambda: world.book.stop(["I6"]))
    tally = publish(world, world.publishing_through(during, "first"))
    assert world.shown() == everywhere(items=ITEMS[:6])
    assert tally.of("created") == 18


def test_the_hand_of_one_who_died_is_let_go_after_half_a_minute(either: Database) -> None:
    world = World(either)
    assert world.book.claim("S0", ["I1", "I2"], "dead").busy == frozenset()
    assert world.book.claim("S0", ["I1", "I3"], "alive").busy == {"I1"}
    assert world.book.claim("S1", ["I1"], "alive").busy == frozenset()
    world.book.release("S0", ["I1", "I2"], "alive")  # not his
    assert world.book.claim("S0", ["I1", "I2"], "alive").busy == {"I1", "I2"}
    world.timer.sleep(CLAIMED_FOR.total_seconds())
    assert world.book.claim("S0", ["I1", "I2"], "alive").busy == frozenset()
