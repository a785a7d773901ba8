"""Fixed chunks of orders, worked on by as many threads as there are: the answer is the same with any number."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TypeVar

from solver.sourcing.exact.jit import IS_COMPILED

CHUNKS = 8
_WORTH_SHARING = 400  # orders; fewer are done sooner by one thread

_Result = TypeVar("_Result")


class Crew:
    """Does a piece of work for every chunk. Compiled work lets go of the interpreter, so threads do."""

    def __init__(self, orders: int, executor: Executor | None) -> None:
        cuts = [orders * at // CHUNKS for at in range(CHUNKS + 1)] if orders >= _WORTH_SHARING else [0, orders]
        self.chunks = list(pairwise(cuts))
        self._executor = executor if orders >= _WORTH_SHARING else None

    def each(self, work: Callable[[int, int, int], _Result]) -> list[_Result]:
        """What `work(chunk, begin, end)` returns, chunk after chunk."""
        numbered = [(chunk, begin, end) for chunk, (begin, end) in enumerate(self.chunks)]
        if self._executor is None:
            return [work(*one) for one in numbered]
        return [future.result() for future in [self._executor.submit(work, *one) for one in numbered]]

    def all_of(self, pieces: list[Callable[[], None]]) -> None:
        """Do several pieces of work."""
        if self._executor is None:
            for piece in pieces:
                piece()
            return
        for future in [self._executor.submit(piece) for piece in pieces]:
            future.result()


@contextmanager
def crew_of(orders: int) -> Iterator[Crew]:
    """A crew for so many orders, of as many threads as there are cores to work on."""
    workers = min(CHUNKS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    if workers < 2 or not IS_COMPILED or orders < _WORTH_SHARING:
        yield Crew(orders, None)
        return
    with ThreadPoolExecutor(max_workers=workers) as executor:
        yield Crew(orders, executor)
