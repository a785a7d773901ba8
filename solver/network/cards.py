"""Rate cards made from rate cards, so that whoever prices a package only ever looks at bands.

All of them agree with their source at every whole gram.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from solver.network.model import Band, RateCard
from solver.network.surcharge import GRAMS_PER_KG, Surcharge, surcharge_minor
from solver.units import ceil_div


def rounded_card(card: RateCard, weight_step_grams: int) -> RateCard:
    """The card that prices a weight as `card` prices the next multiple of the step (0: the card itself).

    A band then ends at the last multiple it covers, and vanishes where it covers none. Raises ValueError where
    `unroundable_band` finds a band.
    """
    if not weight_step_grams:
        return card
    if (position := unroundable_band(card, weight_step_grams)) is not None:
        raise ValueError(f"band {position} has steps that do not fit weights rounded up to {weight_step_grams} g")
    bands: list[Band] = []
    reached = 0
    for band in card.bands:
        end = None if band.up_to_grams is None else band.up_to_grams // weight_step_grams * weight_step_grams
        if end is None or end > reached:
            bands.append(_rounded_band(band, end, weight_step_grams))
            reached = end or reached
    return RateCard(bands=tuple(bands))


def unroundable_band(card: RateCard, weight_step_grams: int) -> int | None:
    """The first band whose steps of additional weight do not line up with weights rounded up to this step, if any.

    They line up when the rounding step divides where the additional weight begins, and divides one step of it or is a
    multiple of it.
    """
    for position, band in enumerate(card.bands):
        fits = band.step_grams % weight_step_grams == 0 or weight_step_grams % band.step_grams == 0
        if band.step_minor and not (fits and band.from_grams % weight_step_grams == 0):
            return position
    return None


def _rounded_band(band: Band, up_to_grams: int | None, weight_step_grams: int) -> Band:
    steps = max(1, weight_step_grams // band.step_grams) if band.step_minor else 1
    return Band(
        up_to_grams=up_to_grams,
        base_minor=band.base_minor,
        from_grams=band.from_grams,
        step_grams=band.step_grams * steps,
        step_minor=band.step_minor * steps,
        closed=band.closed,
    )


def surcharge_card(card: RateCard, surcharges: Sequence[Surcharge], most_grams: int) -> RateCard:
    """What the surcharges of a package come to at each billable weight, as flat bands of their own.

    Exact at every gram from 1 to `most_grams`. It is closed where the card is and ends where the card ends; between
    `most_grams` and that end its last amount stands.
    """
    bands = []
    for end in _stretch_ends(card, surcharges, most_grams):
        freight_minor = card.price_minor(end)
        if freight_minor is None:
            bands.append(Band(up_to_grams=end, base_minor=0, closed=True))
        else:
            bands.append(Band(up_to_grams=end, base_minor=surcharge_minor(surcharges, freight_minor, end)))
    return RateCard(bands=_merged(bands, card.bands[-1].up_to_grams))


def _stretch_ends(card: RateCard, surcharges: Iterable[Surcharge], most_grams: int) -> list[int]:
    """The last gram of each stretch of weights over which neither the freight's share nor the kilograms change."""
    by_freight = any(surcharge.freight_basis_points for surcharge in surcharges)
    by_kilogram = any(surcharge.per_kg_minor for surcharge in surcharges)
    ends: set[int] = set()
    begin = 0
    for band in card.bands:
        end = most_grams if band.up_to_grams is None else min(band.up_to_grams, most_grams)
        ends.add(end)
        if by_freight and band.step_minor:
            skipped = max(0, ceil_div(begin - band.from_grams, band.step_grams))
            ends.update(range(band.from_grams + skipped * band.step_grams, end, band.step_grams))
        begin = end
    if by_kilogram:
        ends.update(range(GRAMS_PER_KG, begin, GRAMS_PER_KG))
    return sorted(end for end in ends if end > 0)


def _merged(bands: Sequence[Band], end_grams: int | None) -> tuple[Band, ...]:
    """Neighbours of one price joined; the last band reaches to `end_grams`."""
    kept = [
        band for band, after in pairwise(bands) if (band.base_minor, band.closed) != (after.base_minor, after.closed)
    ]
    last = bands[-1]
    return (*kept, Band(up_to_grams=end_grams, base_minor=last.base_minor, closed=last.closed))


def pro_rata_bands(
    *, above_grams: int, up_to_grams: int, base_minor: int, from_grams: int, step_grams: int, minor_per_kg: Fraction
) -> tuple[Band, ...]:
    """Flat bands for additional weight whose price per step is not a whole minor unit (0.45 a kilogram in half ones).

    From above `above_grams` up to `up_to_grams`, each begun step beyond `from_grams` costs its share of `minor_per_kg`;
    the price of each step is rounded once, halves up. Raises ValueError for `from_grams` above `above_grams`.
    """
    if from_grams > above_grams:
        raise ValueError(
            f"additional weight from {from_grams} g on begins after the band, which covers {above_grams} g"
        )
    bands = []
    first, last = (ceil_div(grams - from_grams, step_grams) for grams in (above_grams + 1, up_to_grams))
    for steps in range(first, last + 1):
        added = Fraction(steps * step_grams, GRAMS_PER_KG) * minor_per_kg
        end = min(up_to_grams, from_grams + steps * step_grams)
        bands.append(Band(up_to_grams=end, base_minor=base_minor + int(added + Fraction(1, 2))))
    return tuple(bands)
