"""What a package, a source, an order may hold, listed for the judge's slow pricing.

Usually that is every number of units of every part. An order of very many units has too many of these; where all of
them must go in one package or stay, there are two: nothing, and all of it.
"""

from dataclasses import dataclass

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.case import Case, Ints

MOST_STATES = 1 << 12
_HEAVY_GRAMS = 10**12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contents:
    """Contents by number: 0 is nothing, the last is all. M contents, D parts.

    `ones[i]` and `twos[i]` are two contents that add up to number `ones[i] + twos[i]`.
    """

    digits: Ints  # [M, D], units
    stride: Ints  # [D]: by how much one unit changes the number, where every number of units is listed
    ones: Ints
    twos: Ints
    is_one_lot: bool = False


def contents_of(case: Case, *, may_be_one_lot: bool) -> Contents | None:
    """The order's contents; None where they are too many, and parting them is not known to be out of the question."""
    if np.prod(case.demand.astype(float) + 1) <= MOST_STATES:
        return _all_of(case.demand)
    return lot_of(case.demand) if may_be_one_lot and is_one_lot(case) else None


def lot_of(demand: Ints) -> Contents:
    """Nothing, and all of it."""
    return Contents(
        digits=np.stack([np.zeros_like(demand), demand]),
        stride=np.zeros_like(demand),
        ones=np.array([0, 0, 1]),
        twos=np.array([0, 1, 0]),
        is_one_lot=True,
    )


def is_one_lot(case: Case) -> bool:
    """True where the order's cheapest plan at any prices ships all units in one package, or none.

    All of the order, or of its only line, ships or stays. More packages than one are out of the question, or no use:
    there is one SKU, one source with one offer may serve, and every lane takes all of it at a price that no weight
    changes. Of two packages the lane that charges less for a unit could then take what the other does.
    """
    asked = case.line_quantity > 0
    is_whole = case.complete or bool(np.count_nonzero(asked) == 1 and case.complete_lines[asked].all())
    uses = (case.line_units > 0) & asked[:, None]
    if not is_whole or (uses.sum(axis=0) != 1).any():
        return False
    return case.most_packages <= 1 or (case.most_sources <= 1 and _is_one_package_best(case))


def _all_of(demand: Ints) -> Contents:
    """Every number of units of every part, numbered in mixed radix."""
    radix = demand + 1
    stride = np.concatenate([[1], np.cumprod(radix)])[:-1].astype(np.int64)
    digits: Ints = np.arange(int(np.prod(radix)))[:, None] // stride % radix
    ones, twos = [], []
    for one in range(len(digits)):
        fits = np.flatnonzero(np.all(digits + digits[one] < radix, axis=1))
        ones.append(np.full(len(fits), one))
        twos.append(fits)
    return Contents(digits=digits, stride=stride, ones=np.concatenate(ones), twos=np.concatenate(twos))


def _is_one_package_best(case: Case) -> bool:
    able = (np.bincount(case.lane_offer, minlength=len(case.stock)) > 0) & (case.stock > 0).any(axis=1)
    has_one_offer = np.bincount(case.offer_source[able], minlength=1).max(initial=0) <= 1
    limits = (
        (case.package_most_units, case.demand.sum()),
        (case.package_most_grams, case.demand @ case.unit_grams),
        (case.package_most_mm3, case.demand @ case.unit_mm3),
    )
    return bool(
        len(case.demand) == 1
        and has_one_offer
        and all((limit >= amount).all() for limit, amount in limits)
        and all(_is_flat(card) for tariff in case.tariffs for card in tariff.cards)
    )


def _is_flat(card: RateCard | None) -> bool:
    """True when a package costs the same whatever it weighs."""
    if card is None:
        return True
    is_endless = len(card.bands) == 1 and card.bands[0].up_to_grams is None
    return is_endless and card.price_minor(1) == card.price_minor(_HEAVY_GRAMS)
