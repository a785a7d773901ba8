"""A platform that is pushed to shows what the feed has, in batches, whatever it refuses in between."""

import random
from collections.abc import Callable, Sequence

import pytest

from solver.stock.feed.model import FeedMessage, Pair, ShownValue
from solver.stock.feed.pushing import Pusher, PushFailed


class Platform:
    """Shows what it took; `fails` says whether it takes a batch. One that fails may have taken some of it."""

    def __init__(self, fails: Callable[[], bool] = lambda: False) -> None:
        self.shown: dict[Pair, int] = {}
        self.batches: list[list[tuple[str, int]]] = []
        self._fails = fails

    def push(self, values: Sequence[ShownValue]) -> None:
        fails = self._fails()
        for one in values[: len(values) // 2] if fails else values:
            if one.is_delisted:
                self.shown.pop((one.shop_id, one.sku), None)
            else:
                self.shown[one.shop_id, one.sku] = one.units
        if fails:
            raise PushFailed
        self.batches.append([(one.sku, -1 if one.is_delisted else one.units) for one in values])


def value(sku: str, units: int, number: int = 1, *, gone: bool = False) -> ShownValue:
    return ShownValue(shop_id="shop", sku=sku, units=units, is_delisted=gone, number=number)


def message(*values: ShownValue, begins: bool = False, through: int | None = None) -> FeedMessage:
    return FeedMessage(values=values, begins_snapshot=begins, through_number=through)


def test_values_are_pushed_in_batches_once_their_group_is_whole_and_the_last_of_each_pair_alone() -> None:
    platform = Platform()
    pusher = Pusher(platform.push, most=2)
    first = message(value("A", 1), value("B", 2), begins=True)
    assert list(pusher.run([first])) == []
    assert platform.batches == []
    assert list(pusher.run([message(value("C", 3), value("A", 9), through=4)])) == [4]
    assert platform.batches == [[("A", 9), ("B", 2)], [("C", 3)]]
    assert pusher.number == 4


def test_nothing_is_pushed_that_the_platform_shows_already() -> None:
    platform = Platform()
    pusher = Pusher(platform.push, shown={("shop", "A"): 1, ("shop", "OLD"): 5})
    told = message(value("A", 1), value("B", 2), begins=True, through=3)
    again = message(value("B", 2, 5), through=5)
    assert list(pusher.run([told, again])) == [3, 5]
    assert platform.batches == [[("B", 2), ("OLD", -1)]]


def test_what_a_later_snapshot_lists_no_longer_is_delisted_once_it_is_whole() -> None:
    platform = Platform()
    pusher = Pusher(platform.push)
    list(pusher.run([message(value("A", 1), value("B", 2), begins=True, through=2)]))
    list(pusher.run([message(value("C", 3), begins=True)]))
    assert platform.shown == {("shop", "A"): 1, ("shop", "B"): 2}
    list(pusher.run([message(value("B", 2), value("C", 3), begins=True, through=7)]))
    assert platform.shown == {("shop", "B"): 2, ("shop", "C"): 3}


def test_a_sign_of_life_pushes_nothing_and_moves_the_number_on() -> None:
    platform = Platform()
    pusher = Pusher(platform.push)
    assert list(pusher.run([message(through=8)])) == [8]
    assert platform.batches == []


def test_a_batch_that_is_not_taken_comes_again_after_ever_longer_rests() -> None:
    fails = iter([True, True, True, False])
    rests: list[float] = []
    platform = Platform(lambda: next(fails))
    pusher = Pusher(platform.push, rest_seconds=20.0, sleep=rests.append)
    assert list(pusher.run([message(value("A", 1), through=1)])) == [1]
    assert (platform.batches, rests) == ([[("A", 1)]], [20.0, 30.0, 30.0])


def test_an_error_that_is_no_refusal_reaches_the_caller_and_the_number_stays() -> None:
    def broken(_: Sequence[ShownValue]) -> None:
        raise ValueError("no such shop")

    pusher = Pusher(broken)
    with pytest.raises(ValueError, match="no such shop"):
        list(pusher.run([message(value("A", 1), through=1)]))
    assert pusher.number is None


def test_whatever_comes_and_is_refused_the_platform_equals_the_feed_at_every_number(seed: int) -> None:
    draw = random.Random(seed)
    platform = Platform(lambda: draw.random() < 0.3)
    pusher = Pusher(platform.push, most=3, sleep=lambda _: None)
    feed: dict[Pair, int] = {}
    for number in range(1, 200):
        begins = draw.random() < 0.1
        skus = sorted({f"S{draw.randrange(12)}" for _ in range(draw.randint(0, 8))})
        values = [value(sku, draw.randrange(5), number, gone=draw.random() < 0.2) for sku in skus]
        if begins:
            feed.clear()
            values = [one for one in values if not one.is_delisted]
        for one in values:
            feed.pop((one.shop_id, one.sku), None)
            if not one.is_delisted:
                feed[one.shop_id, one.sku] = one.units
        cut = draw.randint(0, len(values))
        parts = [message(*values[:cut], begins=begins), message(*values[cut:], through=number)]
        assert list(pusher.run(parts)) == [number]
        assert platform.shown == feed
