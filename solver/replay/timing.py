"""What of a run is not the same twice: how long it took, and what it needed. It stands apart from the run's figures."""

import gc
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

TIMING_FILE = "timing.json"
_YOUNG_OBJECTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """`processor_seconds` are of this process and of this run alone, from its last beginning on.

    A decision takes as many microseconds as half of those that were timed took at most, and 99 of 100; None where none
    was. `peak_megabytes` is the most that the process ever had in memory, the scenario included.
    """

    orders: int
    seconds: float
    processor_seconds: float
    orders_per_processor_second: float
    timed_decisions: int
    decision_p50_micros: float | None
    decision_p99_micros: float | None
    peak_megabytes: int


def timing_of(*, orders: int, seconds: float, processor_seconds: float, micros: Sequence[float]) -> Timing:
    """From what was measured."""
    ranked = sorted(micros)
    return Timing(
        orders=orders,
        seconds=round(seconds, 3),
        processor_seconds=round(processor_seconds, 3),
        orders_per_processor_second=round(orders / processor_seconds, 1) if processor_seconds else 0.0,
        timed_decisions=len(ranked),
        decision_p50_micros=_at(ranked, 50),
        decision_p99_micros=_at(ranked, 99),
        peak_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


class Every:
    """True when it is asked after so many seconds since it last was true, or was made."""

    def __init__(self, seconds: float, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._stopwatch = seconds, stopwatch
        self._last = stopwatch()

    def __call__(self) -> bool:
        """Whether it is time again."""
        now = self._stopwatch()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


def write_timing(folder: Path, timing: Timing) -> None:
    """Write it into a run's folder, which must be there."""
    (folder / TIMING_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(timing), indent=2) + b"\n")


def read_timing(folder: Path) -> Timing | None:
    """What a run says of itself; None where it says nothing."""
    path = folder / TIMING_FILE
    return msgspec.json.decode(path.read_bytes(), type=Timing) if path.is_file() else None


@contextmanager
def few_collections() -> Iterator[None]:
    """A run makes many objects and no cycles: looking for those again and again costs a sixth of its time."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _at(ranked: Sequence[float], percent: int) -> float | None:
    """The least of these that so many of a hundred do not exceed."""
    return round(ranked[-(-len(ranked) * percent // 100) - 1], 1) if ranked else None
