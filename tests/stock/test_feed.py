"""The feed: a receiver has at every number that ends a group what the feed had at that number."""

import random
from collections.abc import Iterator

import pytest

from solver.journal.model import Entry
from solver.stock.feed.copy_of_feed import ShownCopy
from solver.stock.feed.model import FeedMessage, ShownValue
from solver.stock.feed.rows import state
from tests.stock.feed_world import World, copied, drain, of_shop, random_step


@pytest.fixture
def world(store_url: str) -> Iterator[World]:
    world = World(store_url)
    yield world
    world.database.close()


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
