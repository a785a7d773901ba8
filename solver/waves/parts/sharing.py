"""The parts of a wave, each with its share of everything that several of them can use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import WaveCase, WaveFinding
from solver.waves.engine.shortlist import shortlist
from solver.waves.parts.cut import Part, with_limits
from solver.waves.parts.potential import Potential, scarce_resources
from solver.waves.parts.shares import shared_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Parts that together have every order once, and no more of any resource than there is."""

    parts: Sequence[Part]
    capacity: Ints  # [P, Q]
    is_lossless: bool  # no two parts can use anything scarce, or open the same source


def shared(case: WaveCase, parts: Sequence[Part], potential: Potential, quick: WaveFinding) -> Shared:
    """The parts, each given first what its orders take in the quick plan of the whole: it can do no worse than that."""
    possible, wanted = (np.zeros((len(parts), case.resources), np.int64) for _ in range(2))
    group_of = np.zeros(case.orders, np.int64)
    for number, part in enumerate(parts):
        group_of[part.orders] = number
    np.add.at(possible, (group_of[potential.order], potential.resource), potential.most)
    order = np.repeat(np.arange(case.orders), np.diff(quick.share_start))
    entries, place = np.unique(quick.share_entry, return_inverse=True)
    s = shortlist(case, entries)
    width = np.diff(s.use_start)[place]
    use = np.repeat(s.use_start[place] - np.cumsum(width) + width, width) + np.arange(int(width.sum()))
    within = s.resource[use] < case.resources
    group = np.repeat(group_of[order], width)[within]
    np.add.at(wanted, (group, s.resource[use][within]), s.amount[use][within])
    capacity = shared_out(case.capacity, wanted, possible)
    least = np.minimum(capacity, shared_out(case.least, wanted, possible))
    return Shared(
        parts=[with_limits(part, capacity[at], least[at]) for at, part in enumerate(parts)],
        capacity=capacity,
        is_lossless=not _is_torn(case, parts, possible, potential),
    )


def _is_torn(case: WaveCase, parts: Sequence[Part], possible: Ints, potential: Potential) -> bool:
    """Whether anything that orders compete for is shared by parts."""
    scarce = scarce_resources(case, potential)
    opens = np.zeros(len(case.opening_cost), np.int64)
    for part in parts:
        opens[np.unique(part.case.row_source)] += 1
    return bool(((possible > 0).sum(axis=0)[scarce] > 1).any() or (opens[case.opening_cost > 0] > 1).any())
