"""What a package and a unit in it cost from every source to a region, read off a Problem as the policy prices it.

A rate card is not a straight line; one is laid through what the source's cheapest lane asks for a package of usual
weight and for one of twice that weight. What the line says of no weight is the package's, its slope the units'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.foresight.kinds import Costs
from solver.sourcing.brief import brief
from solver.sourcing.case import Case
from solver.sourcing.cost import weight_prices
from solver.sourcing.facts import Facts
from solver.sourcing.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneCost:
    """Of a source's cheapest lane: a package, a gram more, and what each SKU's unit costs besides its weight.

    `unit_minor` lacks SKUs that the lane does not carry.
    """

    package_minor: float
    gram_minor: float
    unit_minor: Mapping[str, float]


def lane_costs(problem: Problem, usual_grams: int) -> dict[str, LaneCost]:
    """By source; those that ship nothing to the problem's address are left out."""
    made = brief(problem)
    case, facts = made.case, made.facts
    found: dict[str, tuple[float, LaneCost]] = {}
    for lane in range(len(facts.lanes)):
        straight = _straight(case, lane, usual_grams)
        if straight is None or not case.carries[lane].any():
            continue
        source = int(case.offer_source[case.lane_offer[lane]])
        package, gram = straight
        package += float(case.source_cost[-1, source] + case.package_cost[-1, lane] + case.kind_cost[-1, lane])
        package += float(case.further_package_cost[-1] + case.further_source_cost[-1])
        usual = package + gram * usual_grams
        source_id = facts.source_ids[source]
        if source_id not in found or usual < found[source_id][0]:
            found[source_id] = usual, _lane_cost(case, facts, lane, package, gram)
    return {source_id: cost for source_id, (_, cost) in found.items()}


def _straight(case: Case, lane: int, grams: int) -> tuple[float, float] | None:
    """The line's value at no weight, at least 0, and its slope; None where the lane does not carry such a package."""
    tariff = case.tariffs[int(case.lane_tariff[lane])]
    least = tariff.min_billable_grams
    try:
        once = int(weight_prices(tariff, max(grams, least))[-1])
    except ValueError:
        return None
    try:
        twice = int(weight_prices(tariff, max(2 * grams, least))[-1])
    except ValueError:
        return float(once), 0.0
    slope = max(0.0, (twice - once) / grams)
    return max(0.0, once - slope * grams), slope


def _lane_cost(case: Case, facts: Facts, lane: int, package: float, gram: float) -> LaneCost:
    units = {
        sku: float(case.unit_cost[-1, lane, part]) for part, sku in enumerate(facts.skus) if case.carries[lane, part]
    }
    return LaneCost(package_minor=package, gram_minor=gram, unit_minor=units)


def costs_of(
    by_region: Sequence[Mapping[str, LaneCost]],
    source_ids: Sequence[str],
    grams: Mapping[str, int],
    like: Mapping[str, str],
    lost_minor: float,
) -> Costs:
    """Arrays for a pricer: regions, sources and SKUs in these sequences; a last source stands for what nobody ships.

    `grams` has the SKUs and their weights, `like` whose unit cost each SKU shares. A unit that nobody ships costs
    `lost_minor`, at most twice as much as the dearest lane asks for one alone: it is to be lost last, and that is all.
    """
    sources, skus = len(source_ids), list(grams)
    package = np.full((len(by_region), sources + 1), np.inf)
    unit = np.full((len(by_region), sources + 1, len(skus)), np.inf)
    weights = np.array([grams[sku] for sku in skus], dtype=np.float64)
    for region, lanes in enumerate(by_region):
        for number, source_id in enumerate(source_ids):
            lane = lanes.get(source_id)
            if lane is not None:
                besides = [lane.unit_minor.get(like[sku], np.inf) for sku in skus]
                package[region, number], unit[region, number] = lane.package_minor, besides + lane.gram_minor * weights
    alone = package[:, :, None] + unit
    dearest = alone[np.isfinite(alone)].max(initial=0.0)
    package[:, -1], unit[:, -1] = 0.0, min(lost_minor, 2 * dearest)
    return Costs(package=package, unit=unit)
