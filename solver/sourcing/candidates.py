"""Which lanes are worth deciding about, and in how many packages each: lanes that can carry something of the order.

Those that another lane makes superfluous are left out, see `dominance`.
"""

from dataclasses import dataclass

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.cards import weight_breaks
from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints, Tariff
from solver.sourcing.dominance import undominated
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
    usable = usable_lanes(case)
    if not usable:
        return ()
    kept = undominated(case, [one.lane for one in usable], np.array([one.reach for one in usable]))
    return tuple(usable[position] for position in kept)


def usable_lanes(case: Case) -> list[Candidate]:
    """Every lane of which a package can hold something that its offer has."""
    reach = _reach(case)
    most_units = _most_units(case, reach)
    found = []
    for lane in np.flatnonzero(most_units.any(axis=1)).tolist():
        candidate = _candidate(case, lane, reach[lane], most_units[lane])
        if candidate is not None:
            found.append(candidate)
    return found


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
    divisors = np.array([tariff.volumetric_divisor_cm3_per_kg for tariff in case.tariffs], dtype=np.int64)
    end, divisor = ends[case.lane_tariff], divisors[case.lane_tariff]
    most_grams = np.minimum(case.package_most_grams, end)
    by_volume = np.where(
        (divisor > 0) & (end < NO_LIMIT), np.minimum(end, NO_LIMIT // np.maximum(divisor, 1)), NO_LIMIT
    )
    billed_mm3 = np.where(by_volume < NO_LIMIT, by_volume * np.maximum(divisor, 1), NO_LIMIT)
    most_mm3 = np.minimum(case.package_most_mm3, np.where(divisor > 0, billed_mm3, NO_LIMIT))
    most = np.minimum(reach, np.maximum(case.package_most_units, 0)[:, None])
    for limit, each in ((most_grams, case.unit_grams), (most_mm3, case.unit_mm3)):
        most = np.minimum(most, np.where(each > 0, limit[:, None] // np.maximum(each, 1), NO_LIMIT))
    return most


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


def _candidate(case: Case, lane: int, reach: Ints, most_units: Ints) -> Candidate | None:
    """The lane's bounds; None where its tariff has no price for anything that it could hold."""
    tariff = case.tariffs[case.lane_tariff[lane]]
    grams = min(int(most_units @ case.unit_grams), int(case.package_most_grams[lane]))
    mm3 = min(int(most_units @ case.unit_mm3), int(case.package_most_mm3[lane]))
    most_grams = min(int(_billable(tariff, np.int64(grams), np.int64(mm3))), _end_grams(tariff))
    lightest = _billable(tariff, case.unit_grams, case.unit_mm3)
    held = (most_units > 0) & _is_priced(tariff, lightest, most_grams)
    if not held.any():
        return None
    return Candidate(
        lane=lane,
        reach=np.where(held, reach, 0),
        most_units=np.where(held, most_units, 0),
        least_grams=int(lightest[held].min()),
        most_grams=most_grams,
    )


def _billable(tariff: Tariff, grams: Ints | np.int64, mm3: Ints | np.int64) -> Ints:
    divisor = tariff.volumetric_divisor_cm3_per_kg
    volumetric = -(-mm3 // divisor) if divisor else np.zeros_like(grams)
    billable: Ints = np.maximum(np.maximum(grams, volumetric), tariff.min_billable_grams)
    return billable


def _is_priced(tariff: Tariff, least_grams: Ints, most_grams: int) -> Flags:
    """Which packages have a price at some weight, if they weigh at least the one and at most the other."""
    card = next((card for card in tariff.cards if card is not None), None)
    if card is None:
        return np.ones(len(least_grams), dtype=bool)
    priced = np.zeros(len(least_grams), dtype=bool)
    begins = 0
    for band in card.bands:
        ends = most_grams if band.up_to_grams is None else min(band.up_to_grams, most_grams)
        if not band.closed and begins <= ends:
            priced |= least_grams <= ends
        begins = ends + 1
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
    whole = _billable(tariff, candidate.reach @ case.unit_grams, candidate.reach @ case.unit_mm3)
    cards = [card for card in tariff.cards if card is not None]
    return all(is_subadditive(card, tariff.min_billable_grams, int(whole)) for card in cards)


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
