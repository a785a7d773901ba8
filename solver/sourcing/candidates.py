"""Which lanes are worth deciding about: those that can carry something, less those that another makes superfluous.

Lane j makes lane i superfluous when any package of i can travel by j instead at no higher cost, whatever else is
shipped from where. That holds when
- j's source alone has the whole order's demand of every SKU that i's source has (or both lanes have one source),
- j carries every weight that i carries, and its billable weight is never higher,
- j's package is never dearer: compared at every break of both rate cards up to the whole order's weight,
- j's handling per unit is not higher.
Of two lanes that make each other superfluous, the cheaper for the whole order stays, then the first by id. "More stock"
and "nearer" are not safe: with a quantity of two or more, both of two sources may be needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.network.lanes import Lane
from solver.network.model import RateCard
from solver.sourcing.costs import opening_minor
from solver.sourcing.problem import Offer, Problem
from solver.units import ceil_div

_MOST_BREAKS = 4096  # a finer grid costs more time than the lanes it would spare; without it nothing is dropped
_NOT_CARRIED = np.int64(2**60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A lane that may be used, with what its packages cost before anything is in them.

    `reach` is the most units of each SKU that it could ever carry, `most_grams` the billable weight of all of them.
    """

    lane: Lane
    offer: Offer
    reach: dict[str, int]
    opening_minor: int
    most_grams: int


def candidates(problem: Problem) -> tuple[Candidate, ...]:
    """The lanes worth deciding about, by source id and service id."""
    usable = _usable(problem)
    if not usable:
        return ()
    return tuple(usable[position] for position in sorted(_undominated(problem, usable)))


def _usable(problem: Problem) -> list[Candidate]:
    demand = problem.demand_units
    offers = {offer.source_id: offer for offer in problem.offers}
    found = []
    for lane in sorted(problem.lanes, key=lambda lane: lane.lane_id):
        offer = offers[lane.source_id]
        reach = {
            sku: min(wanted, offer.available.get(sku, 0))
            for sku, wanted in demand.items()
            if offer.available.get(sku, 0) > 0 and carries_one(lane, problem, sku)
        }
        if reach:
            found.append(_candidate(problem, lane, offer, reach))
    return found


def carries_one(lane: Lane, problem: Problem, sku: str) -> bool:
    """True when a package with a single unit of the SKU may travel by the lane."""
    item = problem.items[sku]
    return lane.freight_minor(item.weight_grams, item.volume_mm3) is not None


def _candidate(problem: Problem, lane: Lane, offer: Offer, reach: dict[str, int]) -> Candidate:
    weight_grams = sum(units * problem.items[sku].weight_grams for sku, units in reach.items())
    volume_mm3 = sum(units * problem.items[sku].volume_mm3 for sku, units in reach.items())
    return Candidate(
        lane=lane,
        offer=offer,
        reach=reach,
        opening_minor=opening_minor(lane, offer, problem.promised_at, problem.policy),
        most_grams=lane.billable_grams(weight_grams, volume_mm3),
    )


def package_slots(problem: Problem, candidate: Candidate) -> int:
    """How many packages of this lane an optimal plan can need.

    One, where the lane carries everything at once and two packages never cost less than one with both contents (the
    card is subadditive). Else as many as the policy allows, but no more than there are units.
    """
    lane, most_grams = candidate.lane, candidate.most_grams
    weight_grams = sum(units * problem.items[sku].weight_grams for sku, units in candidate.reach.items())
    within_limit = not lane.max_weight_grams or weight_grams <= lane.max_weight_grams
    everything_fits = within_limit and lane.card.band_of(most_grams) is not None
    if everything_fits and _is_subadditive(lane.card, lane.min_billable_grams, most_grams):
        return 1
    return min(problem.policy.max_packages, sum(candidate.reach.values()))


def _is_subadditive(card: RateCard, min_grams: int, most_grams: int) -> bool:
    """price(a + b) <= price(a) + price(b) for all weights up to `most_grams`; and prices never fall with weight.

    Prices are constant between breaks, so it suffices to look at the breaks.
    """
    breaks = weight_breaks([card], most_grams)
    if len(breaks) > _MOST_BREAKS // 8:
        return False
    prices = _prices(card, min_grams, breaks)
    if not _never_falls(prices):
        return False
    sums = np.minimum(breaks[:, None] + breaks[None, :], most_grams)
    at = np.searchsorted(breaks, sums)
    return bool((prices[at] <= prices[:, None] + prices[None, :]).all())


def weight_breaks(cards: Sequence[RateCard], most_grams: int) -> NDArray[np.int64]:
    """The last grams of every constant stretch of the cards' prices up to `most_grams`, which is always among them."""
    breaks = [np.array([most_grams], dtype=np.int64)]
    for card in cards:
        begins = 0
        for band in card.bands:
            ends = most_grams if band.up_to_grams is None else min(band.up_to_grams, most_grams)
            breaks.append(np.array([ends], dtype=np.int64))
            if band.step_minor:
                skipped = max(0, ceil_div(begins - band.from_grams, band.step_grams))
                first = band.from_grams + skipped * band.step_grams
                last = min(ends, first + _MOST_BREAKS * band.step_grams)  # one more than is ever compared
                breaks.append(np.arange(first, last + 1, band.step_grams, dtype=np.int64))
            begins = ends
            if begins >= most_grams:
                break
    merged = np.unique(np.concatenate(breaks))
    return merged[(merged > 0) & (merged <= most_grams)]


def _prices(card: RateCard, min_grams: int, breaks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Price at each break; `_NOT_CARRIED` above the card's end."""
    prices = (card.price_minor(max(int(grams), min_grams)) for grams in breaks)
    return np.array([_NOT_CARRIED if price is None else price for price in prices], dtype=np.int64)


def _never_falls(prices: NDArray[np.int64]) -> bool:
    return bool(np.all(np.diff(prices) >= 0))


class _Comparison:
    """Arrays over all usable lanes, so that one lane is compared with all others at once."""

    def __init__(self, problem: Problem, usable: Sequence[Candidate]) -> None:
        self._problem = problem
        self._usable = usable
        self._demand = problem.demand_units
        self._skus = sorted(self._demand)
        self.has = np.array([[sku in one.reach for sku in self._skus] for one in usable])
        self.has_all = np.array([[one.reach.get(sku, 0) >= self._demand[sku] for sku in self._skus] for one in usable])
        self.source = np.unique([one.lane.source_id for one in usable], return_inverse=True)[1]
        self.opening = np.array([one.opening_minor for one in usable])
        self.per_unit = np.array([one.offer.handling_per_unit_minor for one in usable])
        # Volume can make a package heavier, never lighter: without a divisor the billable weight is lowest.
        self.divisor = np.array([one.lane.volumetric_divisor_cm3_per_kg or np.inf for one in usable])
        self.limit = np.array([one.lane.max_weight_grams or np.inf for one in usable])

    @cached_property
    def _tariffs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Each lane's tariff number, and the prices of tariffs (rows) at the common breaks (columns)."""
        keys = [(one.lane.card, one.lane.min_billable_grams) for one in self._usable]
        distinct = list(dict.fromkeys(keys))
        number = {key: position for position, key in enumerate(distinct)}
        most = max(one.most_grams for one in self._usable)
        breaks = weight_breaks([card for card, _ in distinct], most)
        if len(breaks) > _MOST_BREAKS:
            return np.array([number[key] for key in keys]), np.empty((len(distinct), 0), dtype=np.int64)
        prices = np.array([_prices(card, minimum, breaks) for card, minimum in distinct])
        return np.array([number[key] for key in keys]), prices

    @property
    def is_possible(self) -> bool:
        """False where the rate cards have too many breaks to compare."""
        return bool(self._tariffs[1].shape[1])

    def whole_order_minor(self) -> NDArray[np.int64]:
        """A sorting key: what a package with the heaviest contents of all would cost by each lane."""
        tariff_of, prices = self._tariffs
        cost_minor: NDArray[np.int64] = prices[tariff_of, -1] + self.opening
        return cost_minor

    def superfluous_beside(self, winner: int) -> NDArray[np.bool_]:
        """For each lane: does `winner` make it superfluous?"""
        tariff_of, prices = self._tariffs
        mine = prices[tariff_of[winner]]
        if not _never_falls(mine):
            return np.zeros(len(self._usable), dtype=bool)
        # The most by which the winner's freight exceeds each tariff's, over the weights which that tariff carries.
        excess = np.where(prices < _NOT_CARRIED, mine - prices, -_NOT_CARRIED).max(axis=1)
        cheaper = excess[tariff_of] + self.opening[winner] <= self.opening
        same_source = self.source == self.source[winner]
        covers = np.all(~self.has | self.has_all[winner], axis=1)
        if self._problem.policy.max_sources:
            covers = same_source  # moving only some packages of a source to another could add a source
        carries = (self.limit[winner] >= self.limit) & (self.divisor[winner] >= self.divisor)
        superfluous: NDArray[np.bool_] = (
            cheaper & carries & (self.per_unit[winner] <= self.per_unit) & (same_source | covers)
        )
        return superfluous


def _undominated(problem: Problem, usable: Sequence[Candidate]) -> list[int]:
    comparison = _Comparison(problem, usable)
    if not comparison.is_possible:
        return list(range(len(usable)))
    kept: list[int] = []
    alive = np.ones(len(usable), dtype=bool)
    for position in np.argsort(comparison.whole_order_minor(), kind="stable").tolist():
        if alive[position]:
            kept.append(position)
            alive &= ~comparison.superfluous_beside(position)
    return kept
