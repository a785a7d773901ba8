"""The first of many times at which something holds that then goes on holding."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

Time = TypeVar("Time")


def first_time(times: Sequence[Time], suffices: Callable[[Time], bool]) -> Time | None:
    """The first of ascending times that suffices, as then all later ones do; None where none does.

    Doubling, then bisection: early times are the cheaper questions, for they leave fewer lanes.
    """
    end = 1
    while end <= len(times) and not suffices(times[end - 1]):
        end *= 2
    position = bisect_left(times, 1, lo=end // 2, hi=min(end - 1, len(times)), key=lambda time: int(suffices(time)))
    return times[position] if position < len(times) else None
