"""Shops come to show what they should, once, whatever platforms and machines do meanwhile."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from solver.publishing.adapter import Refused, Taken, Unreachable
from solver.publishing.book import CLAIMED_FOR, ListingBook, State
from solver.publishing.listing import Listing
from solver.publishing.pace import Pace
from solver.publishing.practice import PracticePlatform, Temper
from solver.publishing.publisher import Assortment, Publisher
from solver.publishing.shop import Shop
from solver.publishing.shop_run import MOST_FAILURES
from solver.publishing.tally import Tally
from solver.publishing.turns import SystemTimer
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.publishing.made import channel, listing
from tests.publishing.timer import HandClock, HandTimer

SHOPS = tuple(Shop(shop_id=f"S{number}", channel_id="bazaar") for number in range(3))
ITEMS = tuple(f"I{number}" for number in range(7))


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url, STEPS)
    yield opened
    opened.close()


@pytest.fixture
def either(store_url: str) -> Iterator[Database]:
    """Each store in turn, for what the book writes."""
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


class Killed(BaseException):
    """The process ends here."""


class World:
    def __init__(self, database: Database, temper: Temper | None = None) -> None:
        self.timer = HandTimer()
        self.platform = PracticePlatform(temper=temper or Temper(), timer=self.timer)
        self.book = ListingBook(database, HandClock(self.timer))
        self.publisher = self.publishing_through(self.platform, "one")

    def publishing_through(self, platform: Any, owner: str) -> Publisher:
        return Publisher({"bazaar": channel()}, {"bazaar": platform}, self.book, self.timer, workers=1, owner=owner)

    def publish(self, name: str = "Machine", items: Sequence[str] = ITEMS) -> Tally:
        tally = Tally()
        wanted = {item_id: listing(item_id, name) for item_id in items}
        self.publisher.publish(SHOPS, lambda _shop: Assortment(show=wanted), tally, threading.Event())
        return tally

    def shown(self) -> Counter[tuple[str, str, object]]:
        """What customers see: how often each item, under which title."""
        return Counter(
            (shop_id, showing.listing.item_id, showing.listing.fields["title"])
            for shop_id, shop in self.platform.shown.items()
            for showing in shop.values()
        )


def everywhere(name: str = "Machine", items: Sequence[str] = ITEMS) -> Counter[tuple[str, str, object]]:
    return Counter((shop.shop_id, item_id, name) for shop in SHOPS for item_id in items)


def test_every_shop_shows_every_item_once(either: Database) -> None:
    world = World(either)
    tally = world.publish()
    assert world.shown() == everywhere()
    assert (tally.items, tally.done, tally.of("created"), tally.of("calls")) == (21, 21, 21, 9)


def test_a_second_run_asks_for_nothing(database: Database) -> None:
    world = World(database)
    world.publish()
    before = world.platform.calls
    assert world.publish().counts == {"unchanged": 21, "refused": 0}
    assert world.platform.calls == before


def test_only_what_changed_is_sent(database: Database) -> None:
    world = World(database)
    world.publish(items=ITEMS[:3])
    world.publish("Other", items=ITEMS[:1])
    assert world.shown() == everywhere("Other", ITEMS[:1]) + everywhere(items=ITEMS[1:3])


@pytest.mark.parametrize("seed", range(4))
def test_lost_answers_failures_and_limits_list_nothing_twice(database: Database, seed: int) -> None:
    temper = Temper(
        calls_per_second=2,
        calls_per_second_in_all=5,
        latency_seconds=0.05,
        settles_after_seconds=3,
        lost_permille=250,
        failing_permille=150,
        seed=seed,
    )
    world = World(database, temper)
    for _ in range(3):  # a shop that was given up is tried anew
        world.publish()
    assert world.shown() == everywhere()
    assert world.platform.throttled > 0


def test_a_shop_is_called_no_oftener_than_its_pause_allows(database: Database) -> None:
    world = World(database)
    shop = Shop(shop_id="slow", channel_id="bazaar", pause_seconds=2.0)
    wanted = {item_id: listing(item_id) for item_id in ITEMS}
    world.publisher.publish([shop], lambda _shop: Assortment(show=wanted), Tally(), threading.Event())
    assert world.timer.now == pytest.approx(4.0)  # three calls


def test_shops_of_a_channel_together_keep_to_its_pace_and_are_not_throttled(database: Database) -> None:
    world = World(database, Temper(calls_per_second_in_all=5.1))
    adapters = {"bazaar": world.platform}
    publisher = Publisher(
        {"bazaar": channel()}, adapters, world.book, world.timer, workers=1, paces={"bazaar": Pace(5.0)}, owner="one"
    )
    wanted = {item_id: listing(item_id) for item_id in ITEMS}
    tally = Tally()
    publisher.publish(SHOPS, lambda _shop: Assortment(show=wanted), tally, threading.Event())
    assert world.shown() == everywhere()
    assert (tally.of("calls"), tally.of("throttled")) == (9, 0)
    assert world.timer.now == pytest.approx(8 / 5)


class Dying:
    """A platform whose caller's process ends at a call: before it is made, or after it was carried out."""

    def __init__(self, platform: PracticePlatform, after: int, *, done: bool) -> None:
        self.platform, self.left, self.done = platform, after, done
        self.settles_after_seconds = 0.0

    def create(self, shop_id: str, listings: Sequence[Listing]) -> Sequence[Taken | Refused]:
        self.left -= 1
        if self.left == 0 and not self.done:
            raise Killed
        answers = self.platform.create(shop_id, listings)
        if self.left == 0:
            raise Killed
        return answers

    def __getattr__(self, name: str) -> object:
        return getattr(self.platform, name)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("after", [1, 2, 5])
def test_a_process_that_dies_lists_nothing_twice(database: Database, after: int, done: bool) -> None:
    world = World(database)
    healthy = world.publisher
    world.publisher = world.publishing_through(Dying(world.platform, after, done=done), "who dies")
    with pytest.raises(Killed):
        world.publish()
    world.publisher = healthy
    tally = world.publish()
    assert world.shown() == everywhere()
    assert tally.of("updated") == 0
    assert tally.done == tally.items
    assert CLAIMED_FOR.total_seconds() <= world.timer.now < CLAIMED_FOR.total_seconds() + 2


def test_what_is_stopped_disappears_everywhere_and_stays_away(either: Database) -> None:
    world = World(either)
    world.publish()
    tally = Tally()
    world.publisher.stop_items(SHOPS, ["I2", "never listed"], tally, threading.Event())
    left = [item_id for item_id in ITEMS if item_id != "I2"]
    assert world.shown() == everywhere(items=left)
    assert tally.of("delisted") == 3
    world.publish()
    assert world.shown() == everywhere(items=left)
    world.book.resume(["I2"])
    world.publish()
    assert world.shown() == everywhere()


def test_a_refusal_is_kept_with_its_reason_and_not_asked_again(either: Database) -> None:
    world = World(either, Temper(refused_permille=1_000))
    assert world.publish(items=["I1"]).of("refused") == 3
    before = world.platform.calls
    assert [(shop_id, one.item_id, one.field) for shop_id, one in world.book.refused()] == [
        (shop.shop_id, "I1", "title") for shop in SHOPS
    ]
    world.publish(items=["I1"])
    assert world.platform.calls == before


def test_a_shop_that_does_not_answer_is_given_up_and_the_others_are_not(database: Database) -> None:
    world = World(database)

    class HalfDead(Dying):
        def create(self, shop_id: str, listings: Sequence[Listing]) -> Sequence[Taken | Refused]:
            if shop_id == "S1":
                raise Unreachable("down")
            return self.platform.create(shop_id, listings)

        def find(self, shop_id: str, item_ids: Sequence[str]) -> object:
            raise Unreachable("down")

    world.publisher = world.publishing_through(HalfDead(world.platform, 0, done=False), "two")
    tally = world.publish()
    assert tally.given_up == {"S1": f"no answer {MOST_FAILURES} times in a row: down"}
    assert tally.of("left") == 7
    assert {shop_id for shop_id, _, _ in world.shown()} == {"S0", "S2"}


def test_a_run_that_is_stopped_keeps_what_was_done(database: Database) -> None:
    world = World(database)
    stop = threading.Event()
    stop.set()
    world.publisher.publish(SHOPS, lambda _shop: Assortment(show={"I1": listing("I1")}), Tally(), stop)
    assert world.shown() == Counter()
    assert world.publish(items=["I1"]).of("created") == 3


def test_many_workers_do_what_one_does(database: Database) -> None:
    world = World(database)
    world.platform.timer = SystemTimer()
    shops = [Shop(shop_id=f"T{number}", channel_id="bazaar") for number in range(20)]
    wanted = {item_id: listing(item_id) for item_id in ITEMS}
    adapters = {"bazaar": world.platform}
    publisher = Publisher({"bazaar": channel()}, adapters, world.book, SystemTimer(), workers=8, owner="one")
    publisher.publish(shops, lambda _shop: Assortment(show=wanted), Tally(), threading.Event())
    assert world.shown() == Counter((shop.shop_id, item_id, "Machine") for shop in shops for item_id in ITEMS)
    assert set(world.book.counts()) == {shop.shop_id for shop in shops}
    assert all(counted == {State.LISTED: len(ITEMS)} for counted in world.book.counts().values())
