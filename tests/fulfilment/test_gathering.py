"""What comes while others are worked on is worked on together, by those who came."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from solver.errors import TooBusy
from solver.fulfilment.gathering import Gathering


class Squaring:
    """Squares numbers, each time those that came together; the first time only when it may."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.fails: Exception | None = None

    def __call__(self, numbers: Sequence[int]) -> list[int | None]:
        self.groups.append(list(numbers))
        self.begun.set()
        assert self.may_go_on.wait(60.0)
        if self.fails is not None and len(numbers) > 1:
            raise self.fails
        return [number * number if number else None for number in numbers]


def come_together(gathering: Gathering[int, int], squaring: Squaring, numbers: Sequence[int]) -> list[int | None]:
    """What came of each of the numbers, when the first came alone and the others while it was worked on."""
    with ThreadPoolExecutor(len(numbers)) as pool:
        asked: list[Future[int | None]] = [pool.submit(gathering.run, numbers[0])]
        assert squaring.begun.wait(60.0)
        for waiting, number in enumerate(numbers[1:]):
            asked.append(pool.submit(gathering.run, number))
            while len(gathering._waiting) <= waiting:
                threading.Event().wait(0.001)
        squaring.may_go_on.set()
        return [one.result(60.0) for one in asked]


def test_who_comes_alone_waits_for_nobody() -> None:
    squaring = Squaring()
    squaring.may_go_on.set()
    gathering = Gathering(squaring, 3)
    assert [gathering.run(number) for number in (2, 3)] == [4, 9]
    assert squaring.groups == [[2], [3]]


def test_those_who_come_meanwhile_are_worked_on_together_in_their_order_and_so_many_at_most() -> None:
    squaring = Squaring()
    assert come_together(Gathering(squaring, 3), squaring, [1, 2, 0, 4, 5]) == [1, 4, None, 16, 25]
    assert squaring.groups == [[1], [2, 0, 4], [5]]


@pytest.mark.parametrize("broken", [KeyError("a bug"), TooBusy("a disk", retry_seconds=1.0)])
def test_where_the_work_breaks_down_all_of_it_are_told_nothing_and_the_next_go_on(
    broken: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    squaring = Squaring()
    squaring.fails = broken
    gathering = Gathering(squaring, 2)
    assert come_together(gathering, squaring, [1, 2, 3, 4]) == [1, None, None, 16]
    assert gathering.run(5) == 25
    assert squaring.groups == [[1], [2, 3], [4], [5]]
    told = [one.levelname for one in caplog.records if "go on one by one" in one.message]
    assert told == (["ERROR"] if isinstance(broken, KeyError) else [])


def test_items_of_one_thread_stay_together_and_more_than_the_most_come_only_from_one() -> None:
    squaring = Squaring()
    gathering = Gathering(squaring, 3)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(gathering.run_all, [1])]
        assert squaring.begun.wait(60.0)
        for waiting, numbers in enumerate(([2, 0], [3, 4], [5, 6, 7, 8])):
            asked.append(pool.submit(gathering.run_all, numbers))
            while len(gathering._waiting) <= waiting:
                threading.Event().wait(0.001)
        squaring.may_go_on.set()
        assert [one.result(60.0) for one in asked] == [[1], [4, None], [9, 16], [25, 36, 49, 64]]
    assert squaring.groups == [[1], [2, 0], [3, 4], [5, 6, 7, 8]]


def test_work_that_loses_an_item_is_a_bug_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert Gathering[int, int](lambda numbers: numbers[1:], 3).run_all([1, 2]) == [None, None]
    assert [one.levelname for one in caplog.records] == ["ERROR"]


def test_an_interrupted_leader_takes_nobody_with_it() -> None:
    interrupted: list[int] = []

    def work(numbers: Sequence[int]) -> list[int]:
        if not interrupted:
            interrupted.extend(numbers)
            raise KeyboardInterrupt
        return [-number for number in numbers]

    gathering = Gathering(work, 2)
    with pytest.raises(KeyboardInterrupt):
        gathering.run(1)
    assert gathering.run(2) == -2
