"""The feed: a receiver has at every number that ends a group what the feed had at that number."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Entry
from solver.stock.feed import Watch
from solver.stock.feed_copy import ShownCopy
from solver.stock.feed_model import MOST_VALUES, Audience, FeedMessage, Pair, ShownValue
from solver.stock.feed_page import feed_page
from solver.stock.feed_publisher import BACKLOG_AT_ONCE, Publisher
from solver.stock.feed_recent import MOST_KEPT, RecentValues
from solver.stock.feed_rows import state
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


@pytest.fixture
def world(store_url: str) -> Iterator[World]:
    world = World(store_url)
    yield world
    world.database.close()


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


@pytest.mark.parametrize("run", range(4))
def test_every_receiver_equals_the_feed_at_every_number_that_ends_a_group(world: World, seed: int, run: int) -> None:
    chance = random.Random(seed * 100 + run)
    holds: list[Entry] = []
    receivers = [(world.watch(after_number=0, most_values=most), ShownCopy()) for most in (1, 2, 3, 1_000)]
    receivers += [(world.watch(most_values=most, from_memory=True), ShownCopy()) for most in (1, 3, 1_000)]
    narrowed = [
        (world.watch(shop_ids=["c1-a"], most_values=most, from_memory=from_memory), ShownCopy())
        for most, from_memory in ((1, False), (2, True), (3, False), (1_000, True))
    ]
    receivers += [(world.watch(most_values=most), ShownCopy()) for most in (2, 1_000)]
    ends = 0
    for _ in range(150):
        random_step(chance, world, holds)
        world.publish()
        for watch, copy in narrowed:
            message = watch.take() if chance.random() < 0.5 else None
            if message is not None and copy.take(message):
                assert copy.number is not None
                assert copy.units == of_shop("c1-a", world.history[copy.number])
        for watch, copy in receivers:
            message = watch.take() if chance.random() < 0.5 else None
            if message is not None and copy.take(message):
                ends += 1
                assert copy.number is not None
                assert copy.units == world.history[copy.number]
            if chance.random() < 0.05:  # the connection breaks
                resumed = world.watch(
                    after_number=copy.number, most_values=chance.randint(1, 4), from_memory=chance.random() < 0.5
                )
                receivers[receivers.index((watch, copy))] = (resumed, copy)
    assert ends > 30
    world.settle()
    for watch, copy in receivers:
        for message in drain(watch):
            copy.take(message)
        assert copy.units == world.rows() == world.truth()
        assert copy.number == world.last_number()


def test_a_receiver_resumes_from_every_number(world: World, seed: int) -> None:
    chance, holds = random.Random(seed), list[Entry]()
    for _ in range(60):
        random_step(chance, world, holds)
        world.publish()
    world.settle()
    with world.database.read() as reader:
        pruned_number = state(reader).pruned_number
    assert len(world.history) > 20
    for number, known in world.history.items():
        messages = drain(world.watch(after_number=number))
        assert messages[0].begins_snapshot == (number < pruned_number)
        assert (
            sum(len(message.values) for message in messages) <= world.last_number() - number
            or messages[0].begins_snapshot
        )
        known_values = tuple(
            ShownValue(shop_id=shop, sku=sku, units=units, is_delisted=False, number=number)
            for (shop, sku), units in known.items()
        )
        copy = copied(FeedMessage(values=known_values), *messages)
        assert copy.units == world.rows()
        assert copy.number == world.last_number()


def test_only_pairs_of_changed_skus_are_recomputed_and_only_differing_values_published(world: World) -> None:
    world.front.list_pair(("c1-b", "tea"), 5)
    world.settle()
    assert world.last_number() == 9
    world.front.asked.clear()
    books.receive(world.database, world.journal, ("east", "tea", 3))
    assert world.publish() == 2  # c1-b shows 0 as before: its buffer takes all
    assert world.front.asked == ["tea"]
    assert drain(world.watch(after_number=9)) == [
        FeedMessage(
            values=(
                ShownValue(shop_id="c1-a", sku="tea", units=3, is_delisted=False, number=10),
                ShownValue(shop_id="c2-a", sku="tea", units=3, is_delisted=False, number=11),
            ),
            through_number=11,
        )
    ]


def test_a_kit_is_recomputed_with_its_parts(world: World) -> None:
    world.front.kits["breakfast"] = {"milk": 2, "tea": 1}
    world.front.list_pair(("c1-a", "breakfast"), 0)
    world.settle()
    books.receive(world.database, world.journal, ("east", "tea", 5), ("west", "milk", 7))
    world.publish()
    assert world.rows()["c1-a", "breakfast"] == 3
    books.hold(world.database, world.journal, "cart", [("west", "milk", 2)], minutes=5)
    world.publish()
    assert world.rows()["c1-a", "breakfast"] == 2


def test_values_that_were_superseded_are_left_out_for_a_slow_receiver(world: World) -> None:
    world.settle()
    slow = world.watch(after_number=world.last_number(), shop_ids=["c1-a"])
    assert drain(slow) == [FeedMessage(through_number=9)]
    for _ in range(50):
        books.receive(world.database, world.journal, ("east", "tea", 1))
        world.publish()
    assert world.last_number() == 9 + 150
    assert [[(value.sku, value.units) for value in message.values] for message in drain(slow)] == [[("tea", 50)]]


def test_movements_faster_than_rounds_are_published_once(world: World) -> None:
    world.settle()
    for _ in range(50):
        books.receive(world.database, world.journal, ("east", "tea", 1))
    assert world.publish() == 3
    assert world.rows()["c2-a", "tea"] == 50


def test_a_hold_that_lapses_is_published_though_no_entry_says_so(world: World) -> None:
    books.receive(world.database, world.journal, ("east", "tea", 5))
    books.hold(world.database, world.journal, "cart", [("east", "tea", 4)], minutes=15)
    world.settle()
    assert world.rows()["c1-a", "tea"] == 1
    world.clock.advance(timedelta(minutes=15))
    assert world.publish() == 3
    assert world.rows()["c1-a", "tea"] == 5


def test_after_a_restart_nothing_is_published_again_and_what_was_missed_is_published_first(world: World) -> None:
    for number in range(2 * BACKLOG_AT_ONCE):
        world.front.list_pair(("c1-a", f"sku-{number:03}"), 0)
    books.receive(world.database, world.journal, ("east", "tea", 5))
    world.settle()
    number = world.last_number()
    world.publisher = world.new_publisher()
    world.settle()
    assert world.last_number() == number
    assert drain(world.watch(after_number=number)) == [FeedMessage(through_number=number)]

    books.receive(world.database, world.journal, ("east", "tea", 2))
    world.front.asked.clear()
    world.publisher = world.new_publisher()
    assert world.publish() == 3
    assert world.front.asked == ["tea"]
    assert world.rows() == world.truth()


def test_the_database_reopened_goes_on_where_it_stood(world: World) -> None:
    books.receive(world.database, world.journal, ("east", "tea", 5))
    world.settle()
    number, rows = world.last_number(), world.rows()
    world.database.close()
    world.database = books.opened(world.url)
    assert (world.last_number(), world.rows()) == (number, rows)
    world.publisher = world.new_publisher()
    books.receive(world.database, world.journal, ("east", "tea", 1))
    world.settle()
    [message] = drain(world.watch(after_number=number))
    assert [value.units for value in message.values] == [6, 6, 6]
    assert message.through_number == number + 3


def test_what_is_listed_no_longer_leaves_a_tombstone_until_it_is_pruned(world: World) -> None:
    world.settle()
    world.front.list_pair(("c1-a", "tea"), None)
    world.settle()
    gone = ShownValue(shop_id="c1-a", sku="tea", units=0, is_delisted=True, number=10)
    assert drain(world.watch(after_number=9)) == [FeedMessage(values=(gone,), through_number=10)]
    assert ("c1-a", "tea") not in world.rows()

    world.clock.advance(timedelta(hours=1))
    world.publisher.prune()
    assert drain(world.watch(after_number=9))[0].values == (gone,)  # kept for an hour, and not a moment less
    world.clock.advance(timedelta(microseconds=1))
    world.publisher.prune()
    [snapshot] = drain(world.watch(after_number=9))
    assert snapshot.begins_snapshot
    assert copied(snapshot).units == world.rows()
    assert drain(world.watch(after_number=10)) == [FeedMessage(through_number=10)]


def test_any_number_of_tombstones_is_pruned(world: World) -> None:
    pairs = [("c1-a", f"sku-{number}") for number in range(MOST_VALUES + 5)]
    for pair in pairs:
        world.front.listings[pair] = 0
    world.front.changes += 1
    world.settle()
    for pair in pairs:
        del world.front.listings[pair]
    world.front.changes += 1
    world.settle()
    world.clock.advance(timedelta(hours=2))
    world.publisher.prune()
    with world.database.read() as reader:
        assert reader.query("SELECT count(*) FROM stock_feed WHERE units IS NULL") == [(0,)]
        assert state(reader).pruned_number == world.last_number()


def test_a_receiver_slower_than_the_retention_is_given_a_snapshot(world: World) -> None:
    world.settle()
    slow = world.watch(after_number=9)
    drain(slow)
    world.front.list_pair(("c1-a", "tea"), None)
    world.settle()
    world.clock.advance(timedelta(hours=2))
    world.publisher.prune()
    [snapshot] = drain(slow)
    assert snapshot.begins_snapshot
    assert copied(snapshot).units == world.rows()


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (10, "the feed stands at 9: resume from at most that, or leave it out for a snapshot"),
        (-1, "give 0 or more"),
    ],
)
def test_a_number_that_the_feed_never_gave_is_refused(world: World, number: int, remedy: str) -> None:
    world.settle()
    with pytest.raises(InvalidRequest) as refused:
        world.watch(after_number=number)
    [violation] = refused.value.violations
    assert (violation.field, violation.value, violation.remedy) == ("after_number", str(number), remedy)


def test_a_watch_is_narrowed_to_channels_and_shops(world: World) -> None:
    world.settle()
    assert {pair[0] for pair in copied(*drain(world.watch(channel_ids=["c1"]))).units} == {"c1-a", "c1-b"}
    assert {pair[0] for pair in copied(*drain(world.watch(shop_ids=["c2-a"]))).units} == {"c2-a"}
    both = world.watch(channel_ids=["c1"], shop_ids=["c2-a"], after_number=0)
    assert copied(*drain(both)).units == world.rows()


def test_channels_and_shops_that_do_not_exist_are_refused_by_name(world: World) -> None:
    with pytest.raises(InvalidRequest) as refused:
        world.watch(channel_ids=["c1", "c9"], shop_ids=["nowhere"], after_number=1)
    assert [(one.field, one.value) for one in refused.value.violations] == [
        ("channel_ids", "'c9'"),
        ("shop_ids", "'nowhere'"),
        ("after_number", "1"),
    ]


@pytest.mark.parametrize("most", [1, 2, 4, 9, 1_000])
def test_pages_and_a_watch_from_their_number_give_the_whole(world: World, most: int) -> None:
    world.settle()
    page = feed_page(world.database, world.front, Audience(), None, most)
    copy, pages = copied(FeedMessage(values=page.values)), 1
    while page.next is not None:
        books.receive(world.database, world.journal, ("east", SKUS[pages % 3], 1))
        world.front.list_pair(("c1-a", "milk"), None if pages % 2 else 0)
        world.settle()
        page = feed_page(world.database, world.front, Audience(), page.next, most)
        assert page.number == 9
        copy.take(FeedMessage(values=page.values))
        pages += 1
    assert pages == {1: 9, 2: 5, 4: 3}.get(most, 1)
    for message in drain(world.watch(after_number=page.number)):
        copy.take(message)
    assert copy.units == world.rows() == world.truth()


def test_a_shop_that_joins_a_watched_channel_comes_with_a_snapshot(world: World) -> None:
    world.settle()
    watch, copy = world.watch(channel_ids=["c2"]), ShownCopy()
    for message in drain(watch):
        copy.take(message)
    world.front.list_pair(("c2-b", "tea"), 0)
    world.settle()
    messages = drain(watch)
    assert messages[0].begins_snapshot
    for message in messages:
        copy.take(message)
    assert copy.units == {("c2-a", sku): 0 for sku in SKUS} | {("c2-b", "tea"): 0}


def test_two_publishers_on_one_database_publish_nothing_twice_and_nothing_old(world: World, seed: int) -> None:
    chance, holds = random.Random(seed), list[Entry]()
    other = world.new_publisher()
    for _ in range(100):
        random_step(chance, world, holds)
        (other if chance.random() < 0.5 else world.publisher).round()
    world.settle()
    number = world.last_number()
    while other.round().skus_to_recompute:
        pass
    assert world.rows() == world.truth()
    assert world.last_number() == number


def shown_value(number: int, sku: str) -> ShownValue:
    return ShownValue(shop_id="c1-a", sku=sku, units=number, is_delisted=False, number=number)


def test_recent_values_are_told_once_each_and_asked_of_the_database_where_they_are_not_known() -> None:
    recent = RecentValues()
    assert recent.after(0, None, 10) is None
    recent.keep([shown_value(11, "tea"), shown_value(12, "milk"), shown_value(13, "tea")], 13, "first")
    assert recent.after(9, None, 10) is None
    assert recent.after(14, None, 10) is None
    assert recent.after(13, None, 10) == (FeedMessage(through_number=13), 13)
    latest = (shown_value(12, "milk"), shown_value(13, "tea"))
    assert recent.after(10, None, 10) == (FeedMessage(values=latest, through_number=13), 13)
    assert recent.after(10, None, 2) == (FeedMessage(values=(shown_value(11, "tea"), shown_value(12, "milk"))), 12)
    assert recent.after(10, {"c2-a"}, 10) == (FeedMessage(through_number=13), 13)

    recent.keep([shown_value(20, "tea")], 20, "second")  # another process published 14 to 19
    assert recent.after(13, None, 10) is None
    assert recent.after(19, None, 10) == (FeedMessage(values=(shown_value(20, "tea"),), through_number=20), 20)
    assert recent.edition == "second"


def test_recent_values_are_bounded() -> None:
    recent = RecentValues()
    for number in range(1, MOST_KEPT + 2):
        recent.keep([shown_value(number, "tea")], number, None)
    oldest = MOST_KEPT + 1 - MOST_KEPT // 2
    assert recent.after(oldest - 1, None, 1) is None
    assert recent.after(oldest, None, 1) == (FeedMessage(values=(shown_value(oldest + 1, "tea"),)), oldest + 1)
