"""The tightest of several limits; NO_LIMIT stands where there is none."""

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints


def least_of(limits: Ints, group: Ints, groups: int) -> Ints:
    """The tightest limit in each group; `group` has each limit's."""
    least = np.full(groups, NO_LIMIT, dtype=np.int64)
    np.minimum.at(least, group, limits)
    return least
