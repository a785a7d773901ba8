"""Whose turn it is: shops wait for their next call, a few workers make the calls of all."""

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

_NAP_SECONDS = 0.2


class Timer(Protocol):
    """Seconds that pass. The service passes the machine's, tests one that they turn."""

    def seconds(self) -> float:
        """Seconds since some moment."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so many pass."""
        ...


class SystemTimer:
    """The machine's."""

    def seconds(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let so many pass."""
        time.sleep(seconds)


# Makes one call; returns when the next one may be made, in the timer's seconds, or None where nothing is left.
Step = Callable[[], float | None]


def take_turns(steps: Sequence[Step], timer: Timer, workers: int, stop: threading.Event) -> None:
    """Make every shop's calls, whoever may be next first, until none is left or `stop` is set.

    A shop has one call at a time. Raises what a step raises, when the calls that are out have ended.
    """
    queue = [(0.0, position) for position in range(len(steps))]
    lock = threading.Lock()
    out = 0

    def take() -> tuple[float, int] | None:
        nonlocal out
        with lock:
            if not queue:
                return None
            out += 1
            return heapq.heappop(queue)

    def give_back(turn: tuple[float, int] | None) -> None:
        nonlocal out
        with lock:
            out -= 1
            if turn is not None:
                heapq.heappush(queue, turn)

    def work() -> None:
        while not stop.is_set():
            turn = take()
            if turn is None:
                with lock:
                    if out == 0:
                        return
                timer.sleep(_NAP_SECONDS)
                continue
            give_back(_step(steps, turn, timer, stop))

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_work_or_stop, work, stop) for _ in range(workers)]
        for future in futures:
            future.result()


def _step(
    steps: Sequence[Step], turn: tuple[float, int], timer: Timer, stop: threading.Event
) -> tuple[float, int] | None:
    """Wait for the turn, make the call; the next turn of the same shop."""
    ready, position = turn
    while (wait := ready - timer.seconds()) > 0 and not stop.is_set():
        timer.sleep(min(wait, _NAP_SECONDS))
    if stop.is_set():
        return None
    following = steps[position]()
    return None if following is None else (following, position)


def _work_or_stop(work: Callable[[], None], stop: threading.Event) -> None:
    try:
        work()
    except BaseException:
        stop.set()
        raise
