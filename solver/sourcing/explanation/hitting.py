"""Smallest hitting sets: the fewest names that meet every one of some sets."""

from collections.abc import Sequence


def smallest_hitting_set(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """A set of the fewest names with at least one of each of these sets; the same for the same sets.

    Raises ValueError where one of them is empty, which nothing meets.
    """
    if not all(sets):
        raise ValueError("an empty set cannot be hit")
    size = _disjoint(sets)
    while True:
        found = _hitting(sets, frozenset(), size)
        if found is not None:
            return found
        size += 1


def _hitting(sets: Sequence[frozenset[str]], chosen: frozenset[str], more: int) -> frozenset[str] | None:
    """`chosen` and at most so many names more, meeting every set; None where there are none."""
    open_sets = [one for one in sets if not one & chosen]
    if not open_sets:
        return chosen
    if _disjoint(open_sets) > more:
        return None
    narrowest = min(open_sets, key=lambda one: (len(one), sorted(one)))
    for name in sorted(narrowest):
        found = _hitting(open_sets, chosen | {name}, more - 1)
        if found is not None:
            return found
    return None


def _disjoint(sets: Sequence[frozenset[str]]) -> int:
    """How many of the sets, taken greedily, have nothing in common: each needs a name of its own."""
    met: frozenset[str] = frozenset()
    count = 0
    for one in sorted(sets, key=len):
        if not one & met:
            met |= one
            count += 1
    return count
