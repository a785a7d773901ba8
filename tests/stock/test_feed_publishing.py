"""What is published, and when: only what changed, each value once, what was missed during a stop first."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from solver.stock.feed.model import FeedMessage, ShownValue
from solver.stock.feed.publisher import BACKLOG_AT_ONCE
from tests.stock import books
from tests.stock.feed_world import World, drain


@pytest.fixture
def world(store_url: str) -> Iterator[World]:
    world = World(store_url)
    yield world
    world.database.close()


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


def test_what_was_archived_before_the_publisher_looked_is_published_all_the_same(world: World, tmp_path: Path) -> None:
    world.settle()
    standing = world.publisher.entry_id
    books.receive(world.database, world.journal, ("east", "tea", 5))
    books.receive(world.database, world.journal, ("east", "milk", 2))
    world.clock.advance(timedelta(minutes=1))
    assert books.archive_all(world.database, world.clock, tmp_path) == 1
    world.settle()
    assert world.publisher.entry_id > standing
    assert world.rows() == world.truth()
    assert {units for (_, sku), units in world.rows().items() if sku == "tea"} == {5}
