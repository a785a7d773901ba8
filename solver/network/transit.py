"""Transit times as they were seen, and the chance of arriving in time that they give. Whole numbers throughout."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from math import prod

from solver.units import ceil_div, round_half_up_div

CERTAIN_PERMILLE = 1000
FEWEST_SAMPLES = 30
_STEPS = 100  # between the quantiles of a fit: one for every per cent
_MINUTE = timedelta(minutes=1)


class TransitPool(StrEnum):
    """Whose parcels a distribution was made from: the narrowest pool that had enough of them."""

    ZONE = "zone"
    SOURCE = "source"
    CARRIER = "carrier"
    ALL = "all"
    ASSUMED = "assumed"  # nobody's: derived from another distribution by an assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitTimes:
    """How long parcels really took, in elapsed minutes: nights, weekends and holidays count.

    `quantiles_minutes` are evenly spaced, from the fastest parcel (0 %) to the slowest (100 %); between two of them
    times are taken as evenly spread. `sample_count` parcels were seen (0: none, `pooled_from` is ASSUMED).
    """

    quantiles_minutes: tuple[int, ...]
    sample_count: int
    pooled_from: TransitPool = TransitPool.ZONE

    def on_time_permille(self, minutes_allowed: int) -> int:
        """The share of parcels, of 1,000, that take at most so long; rounded down, never falling with time.

        1000 means that no parcel was seen to take longer, not that none can.
        """
        quantiles = self.quantiles_minutes
        reached = bisect_right(quantiles, minutes_allowed) - 1
        if reached < 0:
            return 0
        steps = len(quantiles) - 1
        if reached == steps:
            return CERTAIN_PERMILLE
        begin, end = quantiles[reached], quantiles[reached + 1]
        return CERTAIN_PERMILLE * (reached * (end - begin) + minutes_allowed - begin) // (steps * (end - begin))

    def quantile_minutes(self, permille: int) -> int:
        """The fewest minutes in which at least so many parcels of 1,000 arrive; of 0, what the fastest took.

        Raises ValueError unless 0 <= permille <= 1000.
        """
        if not 0 <= permille <= CERTAIN_PERMILLE:
            raise ValueError(f"{permille} permille: give 0 to {CERTAIN_PERMILLE}")
        quantiles = self.quantiles_minutes
        reached, rest = divmod(permille * (len(quantiles) - 1), CERTAIN_PERMILLE)
        if not rest:
            return quantiles[reached]
        begin, end = quantiles[reached], quantiles[reached + 1]
        return begin + ceil_div((end - begin) * rest, CERTAIN_PERMILLE)


def fit_transit_times(minutes: Iterable[int], pooled_from: TransitPool = TransitPool.ZONE) -> TransitTimes:
    """The distribution of these times, with a quantile for every per cent.

    Of n times the k-th shortest is the quantile k / (n + 1), which is the chance that a further parcel of the same kind
    is not slower (definition 6 of Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996). Below the
    first and above the last there is only what was seen. Raises ValueError when there is no time.
    """
    ordered = sorted(minutes)
    if not ordered:
        raise ValueError("no times to fit to")
    return TransitTimes(
        quantiles_minutes=tuple(_quantile(ordered, step) for step in range(_STEPS + 1)),
        sample_count=len(ordered),
        pooled_from=pooled_from,
    )


def fit_pooled(pools: Iterable[tuple[TransitPool, Sequence[int]]], fewest: int = FEWEST_SAMPLES) -> TransitTimes | None:
    """The distribution of the first pool with at least `fewest` times; None where no pool has so many."""
    for pooled_from, minutes in pools:
        if len(minutes) >= fewest:
            return fit_transit_times(minutes, pooled_from)
    return None


@lru_cache(maxsize=4096)
def after(lead_times: TransitTimes, transit_times: TransitTimes) -> TransitTimes:
    """How long both take one after the other, where the one says nothing about the other (independence).

    Each is cut into a hundred equally likely parts that stand at their middles; the sums of all pairs are the
    distribution, between the two fastest and the two slowest. It is from as few parcels, and as broadly pooled, as the
    weaker of the two.
    """
    both = (lead_times, transit_times)
    leads, transits = ([times.quantile_minutes(10 * part + 5) for part in range(_STEPS)] for times in both)
    sums = sorted(lead + transit for lead in leads for transit in transits)
    cuts = range(_STEPS, len(sums), _STEPS)  # at every per cent, half of the way between its neighbours
    return TransitTimes(
        quantiles_minutes=(
            sum(times.quantiles_minutes[0] for times in both),
            *(round_half_up_div(sums[cut - 1] + sums[cut], 2) for cut in cuts),
            sum(times.quantiles_minutes[-1] for times in both),
        ),
        sample_count=min(times.sample_count for times in both),
        pooled_from=max((times.pooled_from for times in both), key=list(TransitPool).index),
    )


def arrival_permille(times: TransitTimes | None, *, begins_at: datetime, deadline: datetime) -> int | None:
    """The chance, of 1,000, that what begins then is done by the deadline; None: it is not known.

    Transit times begin at the hand-over; those after a lead time, when the order is placed.
    """
    if times is None:
        return None
    return times.on_time_permille((deadline - begins_at) // _MINUTE)


def joint_permille(permilles: Iterable[int | None]) -> int | None:
    """The chance, of 1,000, that all packages are in time, where one says nothing about another (independence).

    The product is rounded once, half up. Not known (None) as soon as one is not, unless another is certainly late.
    No package at all is in time.
    """
    chances = list(permilles)
    if 0 in chances:
        return 0
    known = [chance for chance in chances if chance is not None]
    if len(known) < len(chances):
        return None
    return round_half_up_div(CERTAIN_PERMILLE * prod(known), CERTAIN_PERMILLE ** len(known))


def _quantile(ordered: Sequence[int], step: int) -> int:
    """The quantile step / 100 of ascending times."""
    rank, rest = divmod(step * (len(ordered) + 1), _STEPS)
    if rank < 1:
        return ordered[0]
    if rank >= len(ordered):
        return ordered[-1]
    begin, end = ordered[rank - 1], ordered[rank]
    return begin + round_half_up_div((end - begin) * rest, _STEPS)
