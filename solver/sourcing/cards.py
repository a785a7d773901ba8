"""Arithmetic on rate cards: exact at every whole gram up to the heaviest package that an order can make."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.network.model import Band, RateCard
from solver.units import ceil_div


def weight_breaks(cards: Sequence[RateCard], most_grams: int, *, most_steps: int | None = None) -> NDArray[np.int64]:
    """The last grams of every constant stretch of the cards' prices up to `most_grams`, which is always among them.

    With `most_steps` the steps of a band beyond so many and one are left out.
    """
    breaks = [np.array([most_grams], dtype=np.int64)]
    for card in cards:
        begins = 0
        for band in card.bands:
            ends = most_grams if band.up_to_grams is None else min(band.up_to_grams, most_grams)
            breaks.append(np.array([ends], dtype=np.int64))
            if band.step_minor:
                skipped = max(0, ceil_div(begins - band.from_grams, band.step_grams))
                first = band.from_grams + skipped * band.step_grams
                last = ends if most_steps is None else min(ends, first + most_steps * band.step_grams)
                breaks.append(np.arange(first, last + 1, band.step_grams, dtype=np.int64))
            begins = ends
            if begins >= most_grams:
                break
    merged = np.unique(np.concatenate(breaks))
    return merged[(merged > 0) & (merged <= most_grams)]


def without_prices(card: RateCard) -> RateCard:
    """A card that carries what this one carries, for nothing."""
    bands = (Band(up_to_grams=band.up_to_grams, base_minor=0, closed=band.closed) for band in card.bands)
    return RateCard(bands=tuple(bands))


def carried_by_all(cards: Sequence[RateCard]) -> RateCard:
    """A card that carries for nothing what each of these carries."""
    ends = sorted({band.up_to_grams for card in cards for band in card.bands if band.up_to_grams is not None})
    bands = [
        Band(up_to_grams=end, base_minor=0, closed=any(card.band_of(end) is None for card in cards)) for end in ends
    ]
    last = [card.bands[-1] for card in cards]
    if all(band.up_to_grams is None for band in last):
        bands.append(Band(up_to_grams=None, base_minor=0, closed=any(band.closed for band in last)))
    return RateCard(bands=tuple(bands))


def added(cards: Sequence[RateCard], most_grams: int) -> RateCard:
    """The cards' prices together, in flat bands; closed where any of them carries nothing."""
    if len(cards) == 1:
        return cards[0]
    bands: list[Band] = []
    for grams in weight_breaks(cards, most_grams).tolist():
        prices = [card.price_minor(grams) for card in cards]
        known = [price for price in prices if price is not None]
        closed = len(known) < len(prices)
        bands.append(Band(up_to_grams=grams, base_minor=0 if closed else sum(known), closed=closed))
    return RateCard(bands=tuple(bands))
