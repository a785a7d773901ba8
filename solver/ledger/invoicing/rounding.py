"""Whole minor units out of fractions, by a stated rule."""

from collections.abc import Sequence

from solver.ledger.invoicing.tax import RoundingMode


def rounded(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """`numerator / denominator` as a whole number; a negative amount is rounded as its positive twin."""
    sign = -1 if numerator < 0 else 1
    whole, rest = divmod(abs(numerator), denominator)
    if mode is RoundingMode.HALF_UP:
        up = 2 * rest >= denominator
    elif mode is RoundingMode.HALF_EVEN:
        up = 2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1)
    else:
        up = False
    return sign * (whole + up)


def shared(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount (>= 0) in proportion to weights (>= 0), to the unit, by largest remainder.

    Among equals the earlier is first. Without any weight the first has all.
    """
    total = sum(weights)
    if not total:
        return [amount if place == 0 else 0 for place in range(len(weights))]
    parts = [amount * weight // total for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % total), place))
    for place in by_rest[: amount - sum(parts)]:
        parts[place] += 1
    return parts
