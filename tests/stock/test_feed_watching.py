"""Where a watch begins, what it is narrowed to, and what it is told of pairs that end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from solver.errors import InvalidRequest
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.model import MOST_VALUES, Audience, FeedMessage, ShownValue
from solver.stock.feed.page import feed_page
from solver.stock.feed.rows import state
from tests.stock import books
from tests.stock.feed_world import SKUS, World, copied, drain


@pytest.fixture
def world(store_url: str) -> Iterator[World]:
    world = World(store_url)
    yield world
    world.database.close()


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
