"""How much of an experiment is run, and by how many processes."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from typing import TypeVar

One = TypeVar("One")
Answer = TypeVar("Answer")


class Scope(StrEnum):
    """Seconds, for tests; some minutes, with intervals; all that the literature's setting asks."""

    QUICK = "quick"
    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """`processes` share the parts of an experiment; what is found does not depend on how many they are."""

    scope: Scope = Scope.SHORT
    processes: int = 1

    @property
    def is_quick(self) -> bool:
        """Whether figures are for tests alone."""
        return self.scope is Scope.QUICK

    def pick(self, quick: One, short: One, full: One) -> One:
        """What belongs to the scope."""
        return {Scope.QUICK: quick, Scope.SHORT: short, Scope.FULL: full}[self.scope]

    def over(self, work: Callable[[One], Answer], parts: Sequence[One]) -> list[Answer]:
        """The answers of all parts, in their sequence. With several processes, `work` and parts must be picklable."""
        if self.processes == 1 or len(parts) < 2:
            return [work(part) for part in parts]
        with ProcessPoolExecutor(min(self.processes, len(parts)), get_context("spawn")) as pool:
            return list(pool.map(work, parts))


QUICK = Extent(scope=Scope.QUICK)
