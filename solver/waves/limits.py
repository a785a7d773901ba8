"""How much work a wave may cost, and who watches it."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveLimits:
    """Work limits: the same wave, seed and limits give the same plans, unless the time limit cuts the work short."""

    passes: int = 300  # over all orders, for the prices and their bound
    moves: int = 200  # of the local search, for each order on average
    columns: int = 8  # plans of each order, at most, that are put together anew by mixed-integer programming; 0: none
    seed: int = 1
    branches: int = 64  # into which the plans of a small wave may be parted to prove more; 0: none
    time_limit_seconds: float | None = None


DEFAULT_LIMITS = WaveLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The best plan so far. Orders that are decided by themselves count what they cost at least."""

    stage: str  # "prices", "plan", "search", "master"
    total: int  # minor units
    bound: int  # thousandths of a minor unit
    seconds: float


def _never() -> bool:
    return False


def _nothing() -> None:
    pass


def _ignored(_: Progress) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What an engine asks while it works, and tells. The clock counts seconds from any moment on."""

    clock: Callable[[], float] = time.perf_counter
    is_cancelled: Callable[[], bool] = _never
    tell: Callable[[Progress], None] = _ignored
    give_up: Callable[[], None] = _nothing  # asked order by order while a wave is laid out; may raise to end the work
