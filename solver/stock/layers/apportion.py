"""Whole units by thousandths, so that nothing is lost or made up by rounding."""

from collections.abc import Sequence

PERMILLE = 1000


def apportioned(units: int, permilles: Sequence[int]) -> list[int]:
    """`units` by thousandths that sum to at most 1000: rounded down, then one each by the largest remainder.

    What the thousandths leave of 1000 is left over. Of equal remainders the first wins.
    """
    return by_largest_remainder(units, [*permilles, PERMILLE - sum(permilles)], [0] * (len(permilles) + 1))[:-1]


def by_largest_remainder(units: int, permilles: Sequence[int], before: Sequence[int]) -> list[int]:
    """`units` more for parties that had `before`, so that all that they ever had stays by their thousandths.

    The thousandths sum to 1000. A party is never off by a whole unit for longer than the others' rounding makes it; no
    one gives anything back.
    """
    total = sum(before) + units
    due = [total * permille - PERMILLE * had for permille, had in zip(permilles, before, strict=True)]
    shares = [max(0, one // PERMILLE) for one in due]
    remainders = [owed - PERMILLE * share for owed, share in zip(due, shares, strict=True)]
    order = sorted(range(len(due)), key=lambda party: (-remainders[party], party))
    for party in order[: max(0, units - sum(shares))]:
        shares[party] += 1
    for party in reversed(order):  # who had too much before gives nothing back, so others wait
        shares[party] -= min(shares[party], max(0, sum(shares) - units))
    return shares


def served(left: int, wanted: Sequence[int], least: Sequence[int]) -> list[int]:
    """What each has in the end: its `least` at any rate, and in order what it wants beyond that as far as `left` goes.

    `left` is what there is beyond all that is the least of anyone.
    """
    have = []
    for want, floor in zip(wanted, least, strict=True):
        more = min(max(0, want - floor), left)
        left -= more
        have.append(floor + more)
    return have
