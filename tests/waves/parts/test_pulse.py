"""An executor that would wait for ever for workers that have gone."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from solver.waves.parts.hands import Hands
from solver.waves.parts.pulse import Pulse


class Silent(Executor):
    """Takes all work and does none."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


class Clock:
    """A second passes whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def doubled(number: int) -> int:
    return 2 * number


def test_work_of_workers_that_are_gone_is_done_here_and_so_is_what_would_follow(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pulse = Pulse(lambda: 0, patience_seconds=10.0, clock=Clock())
    hands = Hands(executor=Silent(), at_once=2, pulse=pulse)
    arguments = [lambda _, number=number: (number,) for number in range(5)]
    with caplog.at_level(logging.WARNING):
        assert hands.each(doubled, arguments, lambda: False) == [0, 2, 4, 6, 8]
        assert hands.each(doubled, arguments[:1], lambda: False) == [0]
    assert len(caplog.records) == 1, "it is said once"


def test_nothing_more_is_begun_here_once_it_is_over() -> None:
    pulse = Pulse(lambda: 0, patience_seconds=0.0, clock=Clock())
    began: list[int] = []

    def noted(number: int) -> int:
        began.append(number)
        return number

    hands = Hands(executor=Silent(), at_once=2, pulse=pulse)
    found = hands.each(noted, [lambda _: (1,), lambda _: (2,), lambda _: (3,)], lambda: len(began) == 2)
    assert (found, began) == ([1, 2, None], [1, 2])


@pytest.mark.parametrize("error", [OSError("no scheduler"), RuntimeError("closed")])
def test_who_does_not_answer_has_no_workers(error: Exception) -> None:
    def nobody() -> int:
        raise error

    clock = Clock()
    pulse = Pulse(nobody, patience_seconds=10.0, clock=clock)
    assert not pulse.is_gone()
    clock.now += 10.0
    assert pulse.is_gone()


def test_workers_that_come_back_are_given_work_again() -> None:
    there, clock = [1], Clock()
    pulse = Pulse(lambda: there[0], patience_seconds=5.0, clock=clock)
    assert not pulse.is_gone()
    there[0] = 0
    clock.now += 20.0
    assert pulse.is_gone()
    there[0] = 2
    assert not pulse.is_gone()
