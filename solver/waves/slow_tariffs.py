"""What a tariff charges for a package, weight by weight, for the judge alone."""

from fractions import Fraction
from math import floor

import numpy as np

from solver.sourcing.case import Ints, Tariff
from solver.units import ceil_div

FAR = 2**59


def weight_costs(tariff: Tariff, grams: Ints, mm3: Ints, level_weights: Ints) -> Ints:
    """What the tariff charges for every weight, its levels as one cost; FAR where it does not carry it."""
    total = np.zeros(len(grams), dtype=np.int64)
    for level, weight in enumerate(level_weights.tolist()):
        prices = level_costs(tariff, level, grams, mm3)
        total = np.where((prices < FAR) & (total < FAR), total + weight * np.minimum(prices, FAR // 2 // weight), FAR)
    return total


def level_costs(tariff: Tariff, level: int, grams: Ints, mm3: Ints) -> Ints:
    """What the tariff charges at one level for every weight, FAR where it does not carry it."""
    card = tariff.cards[level]
    if card is None:
        return np.zeros(len(grams), dtype=np.int64)
    found = []
    for weight, volume in zip(grams.tolist(), mm3.tolist(), strict=True):
        price = card.price_minor(max(weight, _volumetric_grams(tariff, volume), tariff.min_billable_grams))
        found.append(FAR if price is None else price)
    return np.array(found, dtype=np.int64)


def _volumetric_grams(tariff: Tariff, mm3: int) -> int:
    """A begun gram counts by cm3 per kg, not by cubic inches (16387.064 mm3) per pound (453.59237 g)."""
    if tariff.volumetric_divisor_in3_per_lb:
        return floor(mm3 * Fraction(453_592_370, 16_387_064_000 * tariff.volumetric_divisor_in3_per_lb))
    divisor = tariff.volumetric_divisor_cm3_per_kg
    return ceil_div(mm3, divisor) if divisor else 0
