"""What room weighs, in fractions."""

from fractions import Fraction
from math import ceil, floor
from typing import Protocol

CUBIC_INCH_MM3 = Fraction("16387.064")
POUND_GRAMS = Fraction("453.59237")


class HasDivisor(Protocol):
    """A lane, a service or a tariff."""

    @property
    def volumetric_divisor_cm3_per_kg(self) -> int: ...

    @property
    def volumetric_divisor_in3_per_lb(self) -> int: ...


def volumetric_grams(one: HasDivisor, mm3: int) -> int:
    """Begun grams by cm3 per kg, whole ones by cubic inches per pound."""
    if one.volumetric_divisor_in3_per_lb:
        return floor(mm3 / CUBIC_INCH_MM3 / one.volumetric_divisor_in3_per_lb * POUND_GRAMS)
    divisor = one.volumetric_divisor_cm3_per_kg
    return ceil(Fraction(mm3, divisor)) if divisor else 0
