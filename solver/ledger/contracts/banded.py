"""Rates by bands: the band that an amount reaches, or what each band takes of it."""

from collections.abc import Sequence
from fractions import Fraction

from solver.ledger.contracts.model import Band
from solver.ledger.contracts.rounding import shown_rate


def rate_at(bands: Sequence[Band], reached: int | Fraction) -> Fraction:
    """The rate of the band in which `reached` lies; 0 below the first."""
    found = Fraction(0)
    for band in bands:
        if band.start > reached:
            break
        found = band.rate
    return found


def taken_by_bands(bands: Sequence[Band], before: int, amount: int) -> tuple[Fraction, str]:
    """What marginal bands take of `amount` on top of `before`, exactly, and the rates that it met."""
    exact, rates = Fraction(0), []
    for band in bands:
        low = max(band.start, Fraction(before))
        high = Fraction(before + amount) if band.end is None else min(band.end, Fraction(before + amount))
        if high > low:
            exact += (high - low) * band.rate
            rates.append(shown_rate(band.rate))
    return exact, " / ".join(rates)
