"""Records that might be what single ones are made of, as numbers: in the order of their days, with running sums."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from solver.ledger.matching.days import day_of, span
from solver.ledger.matching.model import Item

_MOST_DOUBLINGS = 1_000  # beyond that no float goes
_MOST_ENDS = 5_000  # records, the last ones in reach, that a run may end with


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is wanted for each target, and of which atoms (records, or whole days of them) it may be made.

    Atoms stand in the order of their days, so that those in reach of a target stand together: `may`.
    """

    targets: Sequence[Item]
    atoms: Sequence[Sequence[Item]]
    wanted: Sequence[Mapping[int, str]]
    may: Sequence[range]
    days: Sequence[int]  # of each atom
    amounts: Sequence[int]  # of each atom
    before: NDArray[np.int64]  # what all atoms before each come to, and at the end all of them
    sums: NDArray[np.int64]  # the same in order
    places: Mapping[int, Sequence[int]]  # the atoms before which all come to a sum
    squares_before: Sequence[int]

    def runs(self, target: int) -> Iterator[range]:
        """Every run of atoms in reach that sums to what is wanted; the nearest to the last day first."""
        may = self.may[target]
        low = max(may.start + 1, may.stop - _MOST_ENDS)
        sought = [self.before[low + 1 : may.stop + 1] - wanted for wanted in self.wanted[target]]
        ends = np.unique(np.concatenate([np.nonzero(self._are_sums(one))[0] for one in sought]))
        for end in ends[::-1]:
            last = low + int(end)
            firsts: list[int] = []
            for one in sought:
                places = self.places.get(int(one[end]), ())
                firsts += places[bisect_left(places, may.start) : bisect_left(places, last)]
            yield from (range(first, last + 1) for first in sorted(firsts))

    def _are_sums(self, sought: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the values all atoms before some atom come to."""
        found: NDArray[np.bool_] = np.take(self.sums, np.searchsorted(self.sums, sought), mode="clip") == sought
        return found

    def is_run(self, target: int, atoms: Collection[int]) -> bool:
        """Whether the atoms are all in reach of a run of days."""
        may = self.may[target]
        there = span(self.days, self.days[min(atoms)], self.days[max(atoms)])
        return min(there.stop, may.stop) - max(there.start, may.start) == len(atoms)

    def chance(self, target: int, atoms: Collection[int], *, is_whole: bool) -> float:
        """How many sets of records that do not belong together would be expected to have such a sum.

        Sums of subsets are spread about as a normal distribution is, so the sets tried, times the sums that would do,
        over two and a half standard deviations is at least that number. Tried first, and therefore fewer, are the sets
        that a payout naturally takes: all that is open, or all of a run of days.
        """
        may = self.may[target]
        deviation = math.sqrt(self.squares_before[may.stop] - self.squares_before[may.start]) / 2
        tried = 2.0 ** min(len(may), _MOST_DOUBLINGS)
        if is_whole or len(atoms) == len(may):
            tried = 1.0
        elif self.is_run(target, atoms):
            tried = len(may) * (len(may) + 1) / 2
        return tried * len(self.wanted[target]) / max(1.0, 2.5 * deviation)


def case_of(
    targets: Sequence[Item],
    atoms: Sequence[Sequence[Item]],
    wanted: Sequence[Mapping[int, str]],
    reach: tuple[int, int],
) -> Case:
    """The numbers of these; `reach` is the first and the last day of a part, counted from its target's."""
    days = [day_of(atom[0]) for atom in atoms]
    amounts = [sum(item.amount_minor for item in atom) for atom in atoms]
    before = np.fromiter(accumulate(amounts, initial=0), dtype=np.int64)
    places: dict[int, list[int]] = defaultdict(list)
    for place, total in enumerate(before.tolist()):
        places[total].append(place)
    return Case(
        targets=targets,
        atoms=atoms,
        wanted=wanted,
        may=[span(days, day_of(target) + reach[0], day_of(target) + reach[1]) for target in targets],
        days=days,
        amounts=amounts,
        before=before,
        sums=np.sort(before),
        places=places,
        squares_before=list(accumulate((amount**2 for amount in amounts), initial=0)),
    )
