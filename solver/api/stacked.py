"""Calls that wait for a commit without a thread of their own.

A call that holds stock computes for a moment and waits for its commit, which it shares with all who come meanwhile.
Were each to wait on a thread of its own, waking them would cost more than what they do. Here one thread begins the next
call on top of the one that is to wait, until none is left to begin; then it commits for all, and answers them one after
the other, the last first.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from solver.storage.meanwhile import do_meanwhile

MOST_STACKED = 40  # a call takes about 15 of the 1,000 frames that Python allows

P = ParamSpec("P")
T = TypeVar("T")


class StackedCalls(ThreadPoolExecutor):
    """One thread for calls that are short but for the commit they wait for (`Database.run`, `run_each`).

    gRPC takes no other kind of executor.
    """

    def __init__(self, name: str) -> None:
        super().__init__(max_workers=1, thread_name_prefix=name)
        self.name = name
        self._gate = threading.Lock()  # guards the two below
        self._calls: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._at_work = False
        self._stacked = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See Executor."""
        future: Future[T] = Future()
        with self._gate:
            self._calls.append((future, lambda: fn(*args, **kwargs)))
            rested, self._at_work = not self._at_work, True
        if rested:
            super().submit(self._work)
        return future

    def _work(self) -> None:
        do_meanwhile(self._begin_next)
        while self._begin_next() or not self._rests():
            pass

    def _begin_next(self) -> bool:
        """Carry out the next call, on top of those that are to wait; False where there is none, or no room."""
        with self._gate:
            if not self._calls or self._stacked == MOST_STACKED:
                return False
            future, call = self._calls.popleft()
        self._stacked += 1
        try:
            if future.set_running_or_notify_cancel():
                _carry_out(call, future)
        finally:
            self._stacked -= 1
        return True

    def _rests(self) -> bool:
        with self._gate:
            self._at_work = bool(self._calls)
            return not self._at_work


def _carry_out(call: Callable[[], Any], future: Future[Any]) -> None:
    try:
        result = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
