"""The oracle for the problems of `worlds`: the cheapest plan by trying every plan.

It shares nothing with the product but the nouns. `least` and `every_plan` answer for any policy.
"""

from functools import cache
from itertools import product
from math import ceil

from solver.network.lanes import Lane
from solver.sourcing.problem import Problem
from tests.sourcing.room import volumetric_grams


def cheapest_minor(problem: Problem) -> int:
    """The least total cost over every way to fill, pack and ship the order."""
    best = None
    for filled in product(*(range(line.quantity + 1) for line in problem.lines)):
        pieces = tuple(
            sorted(
                part.sku
                for line, units in zip(problem.lines, filled, strict=True)
                for part in line.parts
                for _ in range(units * part.units)
            )
        )
        unfilled = sum(line.quantity - units for line, units in zip(problem.lines, filled, strict=True))
        shipping = _ship(problem, pieces)
        if shipping is not None:
            total = shipping + unfilled * problem.policy.unfilled_minor_per_unit
            best = total if best is None else min(best, total)
    assert best is not None, "leaving everything unfilled is always possible"
    return best


def _ship(problem: Problem, pieces: tuple[str, ...]) -> int | None:
    policy = problem.policy
    lanes = problem.lanes
    offers = {offer.source_id: offer for offer in problem.offers}

    @cache
    def cost(lane_number: int, contents: tuple[str, ...]) -> int | None:
        lane = lanes[lane_number]
        offer = offers[lane.source_id]
        freight = _freight(problem, lane, contents)
        if freight is None:
            return None
        late = 0
        if problem.promised_at is not None:
            hours = (lane.arrives_at - problem.promised_at).total_seconds() / 3600
            late = ceil(max(0.0, hours)) * policy.lateness_minor_per_hour
        way = (lane.distance_meters * policy.distance_minor_per_km * 2 + 1000) // 2000
        return freight + late + way + offer.handling_per_package_minor + offer.handling_per_unit_minor * len(contents)

    def search(left: tuple[str, ...], opened: tuple[int, ...], used: dict[tuple[str, str], int]) -> int | None:
        if not left:
            sources = {lanes[number].source_id for number in opened}
            if policy.max_sources and len(sources) > policy.max_sources:
                return None
            return policy.split_minor * max(0, len(opened) - 1)
        if len(opened) == policy.max_packages:
            return None
        best = None
        for contents, rest in _packages(left):
            for number, lane in enumerate(lanes):
                price = cost(number, contents)
                if price is None:
                    continue
                after = dict(used)
                for sku in contents:
                    after[lane.source_id, sku] = after.get((lane.source_id, sku), 0) + 1
                if any(units > offers[source].available.get(sku, 0) for (source, sku), units in after.items()):
                    continue
                further = search(rest, (*opened, number), after)
                if further is not None and (best is None or price + further < best):
                    best = price + further
        return best

    return search(pieces, (), {})


def _packages(left: tuple[str, ...]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every package that holds the first piece, with what then remains; each distinct one once."""
    first, others = left[0], left[1:]
    found = {}
    for mask in range(2 ** len(others)):
        inside = tuple(sku for position, sku in enumerate(others) if mask >> position & 1)
        outside = tuple(sku for position, sku in enumerate(others) if not mask >> position & 1)
        found[(first, *inside)] = outside
    return list(found.items())


def _freight(problem: Problem, lane: Lane, contents: tuple[str, ...]) -> int | None:
    grams = sum(problem.items[sku].weight_grams for sku in contents)
    if lane.max_weight_grams and grams > lane.max_weight_grams:
        return None
    volume = sum(problem.items[sku].volume_mm3 for sku in contents)
    grams = max(grams, volumetric_grams(lane, volume), lane.min_billable_grams)
    for band in lane.card.bands:
        if band.up_to_grams is None or grams <= band.up_to_grams:
            price = band.base_minor
            above = grams - band.from_grams
            while above > 0:
                price += band.step_minor
                above -= band.step_grams
            return price
    return None
