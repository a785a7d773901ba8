"""How an amount falls on what a plan uses: the shape in which a term enters every engine."""

from dataclasses import dataclass

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.case import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Stair:
    """Each unit of a part beyond `after_units` taken from an offer costs `amount` more."""

    offer: int
    part: int
    after_units: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Charge:
    """Whole, non-negative amounts, each in the term's own unit or in minor units. Shapes' letters as in `case`.

    What is left out is zero. `cards` gives the amount by a package's billable weight, one card for each lane's tariff.
    """

    package: Ints | None = None  # [L], a package on the lane
    kind: Ints | None = None  # [L], a distinct part in a package on the lane
    unit: Ints | None = None  # [L, D], a unit in a package on the lane
    source: Ints | None = None  # [S], a source that ships anything
    stairs: tuple[Stair, ...] = ()
    unfilled: Ints | None = None  # [K], a unit of the line that is not shipped
    cards: tuple[RateCard | None, ...] = ()  # [L]
    further_package: int = 0  # each package after the first
    further_source: int = 0  # each source after the first

    def of_package(self, lane: int, units: Ints, billable_grams: int) -> int:
        """What a package is charged; it must be one that its lane carries."""
        amount = 0
        if self.package is not None:
            amount += int(self.package[lane])
        if self.kind is not None:
            amount += int(self.kind[lane]) * int(np.count_nonzero(units))
        if self.unit is not None:
            amount += int(self.unit[lane] @ units)
        card = self.cards[lane] if self.cards else None
        if card is not None:
            price = card.price_minor(billable_grams)
            assert price is not None, "the lane carries the package"
            amount += price
        return amount
