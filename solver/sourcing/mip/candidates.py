"""Which lanes are worth deciding about, and in how many packages each: lanes that can carry something of the order.

Those that another lane makes superfluous are left out, see `dominance`.
"""

from dataclasses import dataclass

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.cards import weight_breaks
from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints, Tariff
from solver.sourcing.mip.dominance import undominated
from solver.sourcing.prices import MOST_BREAKS, NOT_CARRIED, never_falls, prices_at

_MOST_SUMS = MOST_BREAKS // 8  # breaks whose sums of two are still compared


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A lane that may be used, and the tightest bounds on what its packages hold.

    `reach` is the most units of each part over all its packages, `most_units` in a single one; both are 0 for a part
    that no package of the lane can hold. `least_grams` and `most_grams` bound a package's billable weight.
    """

    lane: int
    reach: Ints  # [D]
    most_units: Ints  # [D]
    least_grams: int
    most_grams: int


def candidates(case: Case) -> tuple[Candidate, ...]:
    """The lanes worth deciding about, in the case's sequence."""
    usable = _usable(case)
    if not len(usable.lanes):
        return ()
    return tuple(usable.candidate(row) for row in undominated(case, usable.lanes, usable.reach))


def usable_lanes(case: Case) -> list[Candidate]:
    """Every lane of which a package can hold something that its offer has."""
    usable = _usable(case)
    return [usable.candidate(row) for row in range(len(usable.lanes))]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Usable:
    """Candidates as arrays, a row for each."""

    lanes: Ints  # [U]
    reach: Ints  # [U, D]
    most_units: Ints  # [U, D]
    least_grams: Ints  # [U]
    most_grams: Ints  # [U]

    def candidate(self, row: int) -> Candidate:
        return Candidate(
            lane=int(self.lanes[row]),
            reach=self.reach[row],
            most_units=self.most_units[row],
            least_grams=int(self.least_grams[row]),
            most_grams=int(self.most_grams[row]),
        )


def _usable(case: Case) -> _Usable:
    reach = _reach(case)
    most_units = _most_units(case, reach)
    held = np.zeros(reach.shape, dtype=bool)
    least_grams, most_grams = np.zeros((2, len(reach)), dtype=np.int64)
    for number in np.unique(case.lane_tariff).tolist():
        lanes, tariff = np.flatnonzero(case.lane_tariff == number), case.tariffs[number]
        grams = np.minimum(most_units[lanes] @ case.unit_grams, case.package_most_grams[lanes])
        mm3 = np.minimum(most_units[lanes] @ case.unit_mm3, case.package_most_mm3[lanes])
        most_grams[lanes] = np.minimum(_billable(tariff, grams, mm3), _end_grams(tariff))
        lightest = _billable(tariff, case.unit_grams, case.unit_mm3)
        held[lanes] = (most_units[lanes] > 0) & _is_priced(tariff, lightest, most_grams[lanes])
        least_grams[lanes] = np.where(held[lanes], lightest, NO_LIMIT).min(axis=1)
    lanes = np.flatnonzero(held.any(axis=1))
    return _Usable(
        lanes=lanes,
        reach=np.where(held, reach, 0)[lanes],
        most_units=np.where(held, most_units, 0)[lanes],
        least_grams=least_grams[lanes],
        most_grams=most_grams[lanes],
    )


def _reach(case: Case) -> Ints:
    """Units of each part that all packages of each lane can carry at most, but for the tariff, [L, D]."""
    source = case.offer_source[case.lane_offer]
    one_package = case.source_package_minutes[source] + case.source_unit_minutes[source]
    is_open = (one_package <= case.source_most_minutes[source]) & (case.service_most_packages[case.lane_service] > 0)
    reach = np.where(case.carries & is_open[:, None], np.minimum(case.stock, case.demand)[case.lane_offer], 0)
    return np.maximum(np.minimum(reach, case.source_most_units[source][:, None]), 0)


def _most_units(case: Case, reach: Ints) -> Ints:
    """Units of each part that a single package of each lane can hold at most, but for closed bands, [L, D]."""
    ends = np.array([_end_grams(tariff) for tariff in case.tariffs], dtype=np.int64)
    billed = [_billed_mm3(tariff, end) for tariff, end in zip(case.tariffs, ends.tolist(), strict=True)]
    most_grams = np.minimum(case.package_most_grams, ends[case.lane_tariff])
    most_mm3 = np.minimum(case.package_most_mm3, np.array(billed, dtype=np.int64)[case.lane_tariff])
    most = np.minimum(reach, np.maximum(case.package_most_units, 0)[:, None])
    for limit, each in ((most_grams, case.unit_grams), (most_mm3, case.unit_mm3)):
        most = np.minimum(most, np.where(each > 0, limit[:, None] // np.maximum(each, 1), NO_LIMIT))
    return most


def _billed_mm3(tariff: Tariff, grams: int) -> int:
    """The largest volume that is billed at most so many grams."""
    rule = tariff.volumetric
    return NO_LIMIT if not rule.mm3 or grams == NO_LIMIT else min(NO_LIMIT, rule.most_mm3(grams))


def _end_grams(tariff: Tariff) -> int:
    """The last gram that the tariff carries; below its minimum it carries nothing."""
    ends = [_card_end(card) for card in tariff.cards if card is not None]
    end = min(ends, default=NO_LIMIT)
    return end if end >= tariff.min_billable_grams else 0


def _card_end(card: RateCard) -> int:
    for band in reversed(card.bands):
        if not band.closed:
            return NO_LIMIT if band.up_to_grams is None else band.up_to_grams
    return 0


def _billable(tariff: Tariff, grams: Ints, mm3: Ints) -> Ints:
    volumetric = tariff.volumetric.grams_of_all(mm3)
    billable: Ints = np.maximum(np.maximum(grams, volumetric), tariff.min_billable_grams)
    return billable


def _is_priced(tariff: Tariff, least_grams: Ints, most_grams: Ints) -> Flags:
    """Which packages have a price at some weight from the one [D] to the other [U], in [U, D]."""
    card = next((card for card in tariff.cards if card is not None), None)
    priced = np.full((len(most_grams), len(least_grams)), fill_value=card is None)
    begins = 0
    for band in card.bands if card else ():
        ends = most_grams if band.up_to_grams is None else np.minimum(band.up_to_grams, most_grams)
        if not band.closed:
            priced |= (begins <= ends)[:, None] & (least_grams <= ends[:, None])
        begins = NO_LIMIT if band.up_to_grams is None else band.up_to_grams + 1
    return priced


def package_slots(case: Case, candidate: Candidate) -> int:
    """How many packages of this lane an optimal plan can need.

    One, where a single package carries everything that the lane can, nothing in it must travel apart, and at every
    level two packages never cost less than one with both contents (the cards are subadditive). Else as many as the
    limits allow, but no more than there are units.
    """
    if _fits_in_one(case, candidate) and _is_subadditive_tariff(case, candidate):
        return 1
    lane = candidate.lane
    source = case.offer_source[case.lane_offer[lane]]
    units = min(int(candidate.reach.sum()), int(case.source_most_units[source]))
    return min(case.most_packages, units, int(case.service_most_packages[case.lane_service[lane]]))


def _fits_in_one(case: Case, candidate: Candidate) -> bool:
    lane, reach = candidate.lane, candidate.reach
    parts = np.flatnonzero(reach)
    return bool(
        reach @ case.unit_grams <= case.package_most_grams[lane]
        and reach @ case.unit_mm3 <= case.package_most_mm3[lane]
        and reach.sum() <= case.package_most_units[lane]
        and not parts_apart(case)[np.ix_(parts, parts)].any()
    )


def parts_apart(case: Case) -> Flags:
    """Which two different parts may not share a package; a part is never apart from itself."""
    return case.apart & ~np.eye(len(case.demand), dtype=bool)


def _is_subadditive_tariff(case: Case, candidate: Candidate) -> bool:
    tariff = case.tariffs[case.lane_tariff[candidate.lane]]
    reach = candidate.reach[None, :]
    whole = int(_billable(tariff, reach @ case.unit_grams, reach @ case.unit_mm3)[0])
    cards = [card for card in tariff.cards if card is not None]
    return all(is_subadditive(card, tariff.min_billable_grams, whole) for card in cards)


def is_subadditive(card: RateCard, min_grams: int, most_grams: int) -> bool:
    """price(a + b) <= price(a) + price(b) for all weights up to `most_grams`, which all are carried; no price falls.

    Prices are constant between breaks, so it suffices to look at the breaks. False also where there are too many.
    """
    breaks = weight_breaks([card], max(most_grams, 1), most_steps=_MOST_SUMS)
    if len(breaks) > _MOST_SUMS:
        return False
    prices = prices_at(card, min_grams, breaks)
    if prices[-1] >= NOT_CARRIED or not never_falls(prices):
        return False
    sums = np.minimum(breaks[:, None] + breaks[None, :], breaks[-1])
    at = np.searchsorted(breaks, sums)
    return bool((prices[at] <= prices[:, None] + prices[None, :]).all())
