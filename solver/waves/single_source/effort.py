"""How much a search may do, and searches that are done side by side."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from solver.waves.limits import Watch, WaveLimits

SIDE_BY_SIDE = 2
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """So many steps for each plan, but none after the deadline, or once it is cancelled."""

    steps: int
    seed: int
    watch: Watch
    deadline: float = float("inf")

    @property
    def is_over(self) -> bool:
        """True where nothing more may be done, however many steps are left."""
        return self.watch.clock() > self.deadline or self.watch.is_cancelled()

    def numbered(self, number: int) -> "Effort":
        """The same for one of several, each with chances of its own."""
        return replace(self, seed=self.seed + 7919 * number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the search for a wave may cost in all, and since when its time runs."""

    limits: WaveLimits
    watch: Watch
    begun: float

    @property
    def seconds(self) -> float:
        """How long it may take; infinite where no limit is set."""
        limit = self.limits.time_limit_seconds
        return float("inf") if limit is None else limit

    def until(self, part: float) -> float:
        """When this part of the time is over."""
        return self.begun + part * self.seconds

    def is_late(self, part: float) -> bool:
        """Whether this part of the time is over."""
        return self.watch.clock() > self.until(part)

    def effort(self, steps: int, part: float) -> Effort:
        """So many steps, until this part of the time is over."""
        return Effort(steps=steps, seed=self.limits.seed, watch=self.watch, deadline=self.until(part))


def side_by_side(make: Callable[[int], _Made], count: int) -> list[_Made]:
    """What is made for each number, in their order; compiled loops let the others run meanwhile."""
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        return list(pool.map(make, range(count)))
