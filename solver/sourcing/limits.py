"""Limits that may not be stated, as arrays; NO_LIMIT stands where there is none."""

from collections.abc import Sequence

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints


def limits_of(rows: Sequence[object], name: str) -> Ints:
    """An attribute of every row that may be None (no limit); what is overdrawn counts as 0."""
    stated = [getattr(row, name) for row in rows]
    return np.array([NO_LIMIT if limit is None else max(0, limit) for limit in stated], dtype=np.int64)


def least_of(limits: Ints, group: Ints, groups: int) -> Ints:
    """The tightest limit in each group; `group` has each limit's."""
    least = np.full(groups, NO_LIMIT, dtype=np.int64)
    np.minimum.at(least, group, limits)
    return least
