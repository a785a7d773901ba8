"""What a line that names a combination costs: one rule of several. Money is minor units of the order's currency.

The list price of a unit is what the order's line says, or else the list's price of the combination, or else the sum of
the list prices of its parts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Each unit costs so much, whatever is in it."""

    unit_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfParts:
    """So many thousandths of the list price are left, and so much is taken off each unit."""

    keep_permille: int = 1000
    off_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From so many units on, every unit of the line costs so much."""

    least_units: int
    unit_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """The highest band that the line's units reach counts; below the first, the list price."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Whole cases of so many units cost so many thousandths of their list price; loose units the list price."""

    units: int
    keep_permille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Units cost so many thousandths of the list price in turn: (1000, 500) is the second at half price."""

    keep_permilles: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Exactly one rule. Thousandths of an amount round half up, once for the line."""

    fixed: Fixed | None = None
    of_parts: OfParts | None = None
    bands: Bands | None = None
    cases: Cases | None = None
    cycle: Cycle | None = None
