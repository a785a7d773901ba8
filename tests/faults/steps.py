"""A server whose writes stop at a step of ours, and go on when we say so."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from solver.app import Application
from solver.storage.database import Transaction
from tests.faults.simulation.interrupted import InterruptedTransaction
from tests.running import SECONDS


class Steps:
    """Counts the steps of all that a server writes, and stops at one of them until it may go on.

    A step is the beginning of a transaction, a statement of it, and the moment after its commit.
    """

    def __init__(self, application: Application) -> None:
        groups = application.database._groups
        self._begin: Callable[[], Any] = groups._begin
        groups._begin = self._counted
        self.stop_at(0)

    def stop_at(self, step: int) -> None:
        """Stop at this step from now on, counted from 1; 0: at none."""
        self._stop_at, self.count = step, 0
        self.is_reached, self.may_go_on, self.has_ended = (threading.Event() for _ in range(3))

    def give_up(self, under_way: Any, how: Callable[[Any], None]) -> bool:
        """Give a call up when it is at the step where it stops, and let the server go on with it.

        False for one that came to its end before; one takes a statement more or less than another.
        """
        while not self.is_reached.wait(0.01) and not under_way.done():
            pass
        how(under_way)
        self.may_go_on.set()
        return self.is_reached.is_set()

    def step(self) -> None:
        """One more."""
        self.count += 1
        if self.count == self._stop_at:
            self.is_reached.set()
            assert self.may_go_on.wait(SECONDS)

    @contextmanager
    def _counted(self) -> Iterator[Transaction]:
        ended = self.has_ended
        self.step()
        try:
            with self._begin() as tx:
                yield Counted(tx, self)
            self.step()
        finally:
            if self.is_reached.is_set():
                ended.set()


def cancelled(under_way: Any) -> None:
    """The caller does not want it any more."""
    under_way.cancel()


def out_of_time(under_way: Any) -> None:
    """The caller's deadline passes, unless the call ended before."""
    error = under_way.exception(SECONDS)
    assert error is None or error.code() is grpc.StatusCode.DEADLINE_EXCEEDED


class Counted(InterruptedTransaction):
    """Tells of every statement before it is run."""

    def __init__(self, inner: Transaction, steps: Steps) -> None:
        super().__init__(inner, 0, steps.step)
        self._steps = steps

    def _count(self) -> None:
        self._steps.step()
