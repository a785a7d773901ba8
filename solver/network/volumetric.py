"""Volumetric weight: what room counts as, in grams, by the divisor that the carrier states."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# A cubic inch is 16387.064 mm3 and a pound 453.59237 g, exactly; here in units of which both are whole.
_CUBIC_INCH_MM3 = 1_638_706_400
_POUND_GRAMS = 45_359_237
_MOST = 2**62


class Volumetric(NamedTuple):
    """So many `mm3` weigh so many `grams`, exactly: a volume weighs (volume * grams + spare) // mm3 whole grams.

    With `spare` at mm3 - 1 a begun gram counts, with 0 it does not. Where `mm3` is 0, volume does not count.
    """

    mm3: int
    grams: int
    spare: int

    def grams_of(self, volume_mm3: int) -> int:
        """What a volume weighs."""
        return (volume_mm3 * self.grams + self.spare) // self.mm3 if self.mm3 else 0

    def grams_of_all(self, volumes_mm3: NDArray[np.int64]) -> NDArray[np.int64]:
        """What each volume weighs."""
        if not self.mm3:
            return np.zeros_like(volumes_mm3)
        if self.fits(int(volumes_mm3.max(initial=0))):
            return (volumes_mm3 * self.grams + self.spare) // self.mm3
        flat = [self.grams_of(volume) for volume in volumes_mm3.ravel().tolist()]
        return np.array(flat, dtype=np.int64).reshape(volumes_mm3.shape)

    def fits(self, volume_mm3: int) -> bool:
        """True when such a volume is weighed within 64 bits."""
        return volume_mm3 * self.grams + self.spare < _MOST

    def most_mm3(self, grams: int) -> int:
        """The largest volume that weighs at most so much; where volume counts."""
        return ((grams + 1) * self.mm3 - 1 - self.spare) // self.grams

    def is_never_above(self, other: "Volumetric") -> bool:
        """True when nothing weighs more by this than by the other."""
        if not self.mm3 or not other.mm3:
            return not self.mm3
        is_rounded_alike = not self.spare or bool(other.spare)
        return is_rounded_alike and self.mm3 * other.grams >= other.mm3 * self.grams


@lru_cache(maxsize=256)
def volumetric(cm3_per_kg: int, in3_per_lb: int) -> Volumetric:
    """The rule of a divisor; 0: not stated, and where neither is, volume does not count.

    cm3 per kg are mm3 per gram, and a begun gram counts. By cubic inches per pound it does not: the ends of pounds are
    whole grams too, the last before them, so every begun pound is one all the same.
    """
    if in3_per_lb:
        return Volumetric(mm3=in3_per_lb * _CUBIC_INCH_MM3, grams=_POUND_GRAMS, spare=0)
    return Volumetric(mm3=cm3_per_kg, grams=1, spare=max(0, cm3_per_kg - 1))
