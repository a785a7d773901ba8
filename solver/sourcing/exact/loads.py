"""Loads: what a package may be opened as. A lane and a weight up to which its price holds; what is inside comes later.

A package of many units is one of few loads, so a search over loads does not grow with quantities.
"""

from typing import NamedTuple

import numpy as np

from solver.network.volumetric import Volumetric
from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.mip.candidates import candidates

GRAMS, MM3, UNITS = range(3)
MOST_LOADS = 1 << 14


class Loads(NamedTuple):
    """D parts, N offers, L lanes that no other makes superfluous, J loads, S sources, V services."""

    # Parts.
    demand: Ints  # [D]
    each: Ints  # [D, 3]: grams, mm3 and units of a unit
    apart: Flags  # [D, D]
    leave_cost: Ints  # [D]: of leaving a unit; NEVER where that is no matter of units alone
    stock: Ints  # [N, D]
    # Lanes; lane_number is the case's own number of each.
    lane_number: Ints  # [L]
    offer: Ints  # [L]
    source: Ints  # [L]
    service: Ints  # [L]
    volumetric: Ints  # [L, 3], see `Volumetric`
    can: Flags  # [L, D]: the offer has the part and the lane carries it
    unit_cost: Ints  # [L, D]
    kind_cost: Ints  # [L]
    # Loads, lane by lane, the cheaper caps first.
    lane: Ints  # [J]
    cost: Ints  # [J]: of the package before there is anything in it
    caps: Ints  # [J, 3]: at most what is asked in all
    least: Ints  # [J]: the least billable grams at which the price holds
    # Sources and limits.
    source_cost: Ints  # [S]
    service_most_packages: Ints  # [V]
    most_packages: int
    most_sources: int


def may_be_loaded(case: Case) -> bool:
    """True when no rule but those on packages, offers, services and the number of sources can bind."""
    units = int(case.demand.sum())
    packages = min(case.most_packages, units)
    sources = np.unique(case.offer_source[case.lane_offer])
    minutes = case.source_package_minutes * packages + case.source_unit_minutes * units
    is_roomy = (case.source_most_units >= units) & (case.source_most_minutes >= minutes)
    rises = (case.stair_cost > 0).any(axis=0) & (case.stair_after_units < case.demand[case.stair_part])
    stays_together = case.together & (case.line_quantity > 0)
    return units > 0 and bool(is_roomy[sources].all()) and not rises.any() and not stays_together.any()


def loads_of(case: Case, c: Arrays) -> Loads | None:
    """The loads of a case; `c` counts in units. None where there are too many, or none."""
    kept = {one.lane for one in candidates(case)}
    lanes = np.array([lane for lane, number in enumerate(c.lane_number.tolist()) if number in kept], dtype=np.int64)
    if not len(lanes):
        return None
    offer = c.lane_offer[lanes]
    each = np.stack([case.unit_grams, case.unit_mm3, np.ones_like(case.demand)], axis=1)
    can = c.carries[lanes] & (c.blocks[offer] > 0)
    parts = [_of_lane(c, lane, each, np.where(can[at], c.blocks[offer[at]], 0)) for at, lane in enumerate(lanes)]
    if sum(len(cost) for cost, _, _ in parts) > MOST_LOADS:
        return None
    return Loads(
        demand=case.demand,
        each=each,
        apart=c.apart,
        leave_cost=_leave_cost(case, c),
        stock=c.blocks,
        lane_number=c.lane_number[lanes],
        offer=offer,
        source=c.offer_source[offer],
        service=c.lane_service[lanes],
        volumetric=c.group_volumetric[c.tariff_group[c.lane_tariff[lanes]]],
        can=can,
        unit_cost=c.block_cost[lanes],
        kind_cost=c.kind_cost[lanes],
        lane=np.repeat(np.arange(len(lanes)), [len(cost) for cost, _, _ in parts]),
        cost=np.concatenate([cost for cost, _, _ in parts]),
        caps=np.minimum(np.concatenate([caps for _, caps, _ in parts]), case.demand @ each),
        least=np.concatenate([least for _, _, least in parts]),
        source_cost=c.source_cost,
        service_most_packages=c.service_most_packages,
        most_packages=c.most_packages,
        most_sources=c.most_sources,
    )


def _of_lane(c: Arrays, lane: int, each: Ints, has: Ints) -> tuple[Ints, Ints, Ints]:
    """Cost, caps and least weight of a lane's loads: one for each price up to its heaviest package."""
    tariff = c.lane_tariff[lane]
    group = c.tariff_group[tariff]
    cuts = c.cuts[c.group_cuts[group] : c.group_cuts[group + 1]]
    rule = Volumetric(*c.group_volumetric[group].tolist())
    most = np.minimum(has @ each, [c.most_grams[lane], c.most_mm3[lane], c.most_units[lane]])
    heaviest = max(int(most[GRAMS]), rule.grams_of(int(most[MM3])))
    first = int(c.tariff_column[tariff])
    end = max(first, min(int(np.searchsorted(cuts, heaviest)), len(cuts) - 1)) + 1
    cuts, prices = cuts[first:end], c.prices[tariff, first:end]
    falls = bool((np.diff(prices) < 0).any())
    least = np.array([_least(cuts, prices, at) if falls else 0 for at in range(len(cuts))], dtype=np.int64)
    is_last = np.append(prices[1:] != prices[:-1], [True])
    used = is_last & (prices != NEVER)
    cuts = cuts[used]
    grams, mm3 = np.minimum(cuts, c.most_grams[lane]), _mm3(cuts, rule, c.most_mm3[lane])
    caps = np.stack([grams, mm3, np.full_like(cuts, c.most_units[lane])], axis=1)
    common = np.maximum(1, np.gcd.reduce(each[has > 0], axis=0))
    caps -= caps % common  # no contents come nearer to the limit
    return c.package_cost[lane] + prices[used], caps, least[used]


def _least(cuts: Ints, prices: Ints, at: int) -> int:
    """The weight from which this price holds, as far as a dearer one comes before it."""
    dearer = np.flatnonzero(prices[:at] > prices[at])
    return int(cuts[dearer[-1]]) + 1 if len(dearer) else 0


def _mm3(cuts: Ints, rule: Volumetric, most: int) -> Ints:
    """The largest volume that is billed at most these weights."""
    if not rule.mm3:
        return np.full_like(cuts, most)
    far = NO_LIMIT // rule.mm3  # no contents weigh so much, see `price_tables`
    billed = ((np.minimum(cuts, far - 2) + 1) * rule.mm3 - 1 - rule.spare) // rule.grams
    limit: Ints = np.minimum(np.where(cuts < far - 1, billed, NO_LIMIT), most)
    return limit


def _leave_cost(case: Case, c: Arrays) -> Ints:
    """What leaving a unit of each part costs, where it is one line's only part, and the line's alone."""
    lines = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
    is_unit = lines & (case.line_units == 1) & (lines.sum(axis=1) == 1)[:, None]
    is_unit &= ~(case.complete_lines | case.complete)[:, None]
    alone = is_unit.any(axis=0) & (lines.sum(axis=0) == 1)
    cost: Ints = np.where(alone, (is_unit * c.line_cost[:, None]).sum(axis=0), NEVER)
    return cost
