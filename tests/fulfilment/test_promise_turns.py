"""Promises are made one after another, and one that takes long lets the others go on."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from solver.clock import ManualClock
from solver.fulfilment.promising.model import PromiseCommand
from solver.fulfilment.promising.turns import Turns
from tests.begun import begun
from tests.made_world import MONDAY_AT_8, order_of
from tests.promised_world import promised_world

WAIT_SECONDS = 60.0


@contextmanager
def in_line(turns: Turns, numbers: range, passed: list[int]) -> Iterator[list[Future[None]]]:
    """Threads that came one by one, each of which says its number when it is its turn."""

    def pass_by(number: int) -> None:
        with turns:
            passed.append(number)

    with ThreadPoolExecutor(len(numbers)) as pool:
        asked = []
        for number in numbers:
            asked.append(pool.submit(pass_by, number))
            while len(turns._waiting) < len(asked):
                threading.Event().wait(0.001)
        try:
            yield asked
        finally:
            turns.leave()


def test_who_comes_first_is_next() -> None:
    turns, passed = Turns(), list[int]()
    with turns, in_line(turns, range(5), passed) as asked:
        turns.leave()
        for one in asked:
            one.result(WAIT_SECONDS)
        assert passed == [0, 1, 2, 3, 4]


def test_who_fails_lets_the_next_go_on() -> None:
    turns, passed = Turns(), list[int]()
    try:
        with turns:
            raise KeyError("a bug")
    except KeyError:
        passed.append(-1)
    with turns:
        passed.append(0)
    assert passed == [-1, 0]


def test_nobody_gives_away_the_turn_of_another() -> None:
    turns, passed = Turns(), list[int]()
    with turns, in_line(turns, range(1), passed) as asked:
        other = threading.Thread(target=turns.leave)
        other.start()
        other.join(WAIT_SECONDS)
        assert passed == []
        turns.leave()
        asked[0].result(WAIT_SECONDS)
        turns.leave()
    with turns:
        assert passed == [0]


def test_a_promise_from_all_lanes_leaves_its_turn(tmp_path: Path) -> None:
    with begun(tmp_path / "town", promised_world(), ManualClock(MONDAY_AT_8)) as town:
        turns, passed = town.planner.promised.turns, list[int]()
        with turns, in_line(turns, range(1), passed) as asked:
            assert town.planner.promise(PromiseCommand(order=order_of(("TEA", 2))), seconds_left=300.0).options
            asked[0].result(WAIT_SECONDS)
            assert passed == [0]
