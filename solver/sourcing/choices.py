"""Which lanes packages leave by, where a priority prices packages alone: the distance to where they come from, say.

Joined to one number with the money after it, metres hide it. But how many packages there are is known by then, and what
they come to at this priority is found alone; few choices of lanes come to exactly that, often one.
"""

from collections.abc import Iterator
from itertools import combinations_with_replacement
from math import comb

import numpy as np

from solver.sourcing.case import Case, Flags, Ints

_MOST_CHOICES = 50_000  # that are looked at


def is_priced_by_package(case: Case, level: int) -> bool:
    """True when nothing but packages costs anything at the level, each what its lane says."""
    others = (case.kind_cost, case.unit_cost, case.stair_cost, case.unfilled_cost, case.source_cost)
    is_further = bool(case.further_package_cost[level]) or bool(case.further_source_cost[level])
    has_cards = any(tariff.cards[level] for tariff in case.tariffs)
    return not is_further and not has_cards and not any(costs[level].any() for costs in others)


def choices_at(case: Case, level: int, packages: int, cost: int) -> list[Flags] | None:
    """The lanes, [L], of every choice of so many packages that costs just that and whose offers have all that is asked;
    None where there are too many to look at.

    Lanes of one offer at one price are not told apart.
    """
    used = np.flatnonzero(case.carries.any(axis=1))
    keys = np.stack([case.lane_offer[used], case.package_cost[level, used]], axis=1)
    groups, group = np.unique(keys, axis=0, return_inverse=True)
    if not len(groups) or comb(len(groups) + packages - 1, packages) > _MOST_CHOICES:
        return None
    chosen = np.array(list(combinations_with_replacement(range(len(groups)), packages)), dtype=np.int64)
    chosen = chosen[groups[chosen, 1].sum(axis=1) == cost]
    return list(_with_all(case, used, group.ravel(), groups[:, 0], chosen))


def _with_all(case: Case, used: Ints, group: Ints, offer: Ints, chosen: Ints) -> Iterator[Flags]:
    """The lanes of the choices whose offers have all parts."""
    for groups in chosen:
        if (case.stock[np.unique(offer[groups])].sum(axis=0) >= case.demand).all():
            lanes = np.zeros(len(case.lane_offer), dtype=bool)
            lanes[used[np.isin(group, groups)]] = True
            yield lanes
