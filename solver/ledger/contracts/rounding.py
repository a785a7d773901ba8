"""Exact rates, how a part of a cent is rounded, and amounts that are shared out to the cent."""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import floor

_RATE = re.compile(r"(?P<number>-?\d{1,9}(?:\.\d{1,12})?)\s*(?P<unit>%|‰|bp)?", re.ASCII)
_PER_UNIT = {None: 1, "%": 100, "‰": 1_000, "bp": 10_000}


class NotARate(ValueError):
    """The text is no rate; the message says what to write instead."""


class Rounding(StrEnum):
    """What becomes of a part of a minor unit."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


def rate_of(text: str) -> Fraction:
    """`5.25%`, `525 bp`, `52.5 ‰` and `0.0525` are the same rate, exactly. Raises NotARate."""
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise NotARate("write a rate such as 5.25%, 525 bp or 0.0525")
    return Fraction(Decimal(found["number"])) / _PER_UNIT[found["unit"]]


@lru_cache(maxsize=4096)
def shown_rate(rate: Fraction) -> str:
    """A rate in percent as people write it; rates of documents end after a few decimals."""
    percent = rate * 100
    return f"{format((Decimal(percent.numerator) / Decimal(percent.denominator)).normalize(), 'f')}%"


def rounded(exact: Fraction, rounding: Rounding) -> int:
    """Minor units of an exact amount that is not negative."""
    if rounding is Rounding.DOWN:
        return floor(exact)
    if rounding is Rounding.HALF_EVEN:
        return round(exact)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def shared_out(amount_minor: int, weights: Sequence[int | Fraction]) -> list[int]:
    """The amount in proportion to weights (none negative), by largest remainder; of equal ones the first wins.

    Without any weight all of it goes to the first. A negative amount is shared out as its opposite is.
    """
    if amount_minor < 0:
        return [-part for part in shared_out(-amount_minor, weights)]
    whole = sum(weights)
    if not whole:
        return [amount_minor, *(0 for _ in weights[1:])] if weights else []
    exact = [Fraction(amount_minor * weight) / whole for weight in weights]
    parts = [floor(one) for one in exact]
    by_remainder = sorted(range(len(parts)), key=lambda number: (parts[number] - exact[number], number))
    for number in by_remainder[: amount_minor - sum(parts)]:
        parts[number] += 1
    return parts
