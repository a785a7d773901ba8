"""Prices of rate cards in arrays, at the weights where any of them changes."""

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.cards import weight_breaks
from solver.sourcing.case import Case, Ints

MOST_BREAKS = 4096  # a finer grid costs more time than the lanes it would spare
NOT_CARRIED = 2**60


def prices_at(card: RateCard, min_grams: int, breaks: Ints) -> Ints:
    """The price at each break, billed at `min_grams` at least; NOT_CARRIED where the card has none."""
    prices = (card.price_minor(max(grams, min_grams)) for grams in breaks.tolist())
    return np.array([NOT_CARRIED if price is None else price for price in prices], dtype=np.int64)


def never_falls(prices: Ints) -> bool:
    """True where more weight never costs less, and nothing closed lies below what is carried."""
    return bool(np.all(np.diff(prices) >= 0))


def tariff_prices(case: Case, tariffs: list[int], most_grams: int) -> Ints | None:
    """Prices of the tariffs at each level at common breaks, [P, T, breaks]; None where there are too many breaks."""
    chosen = [case.tariffs[number] for number in tariffs]
    cards = [card for tariff in chosen for card in tariff.cards if card is not None]
    breaks = weight_breaks(list(dict.fromkeys(cards)), max(most_grams, 1), most_steps=MOST_BREAKS)
    if len(breaks) > MOST_BREAKS:
        return None
    prices = np.zeros((case.levels, len(chosen), len(breaks)), dtype=np.int64)
    for row, tariff in enumerate(chosen):
        for level, card in enumerate(tariff.cards):
            if card is not None:
                prices[level, row] = prices_at(card, tariff.min_billable_grams, breaks)
    prices[:, (prices == NOT_CARRIED).any(axis=0)] = NOT_CARRIED
    return prices
