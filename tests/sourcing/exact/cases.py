"""Small cases drawn over every field, and a plain one to change by hand."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.network.model import Band, RateCard
from solver.sourcing.case import NO_LIMIT, Case, Tariff


def flat(price: int) -> RateCard:
    """The same price at every weight."""
    return RateCard(bands=(Band(up_to_grams=None, base_minor=price),))


def plain_case(stock: list[list[int]], package_cost: list[int], demand: list[int], **changes: Any) -> Case:
    """One line a part, one lane an offer, one offer a source; only packages cost, and leaving: 1000 a unit."""
    offers, parts = len(stock), len(demand)
    case = Case(
        demand=_ints(demand),
        unit_grams=np.full(parts, 100),
        unit_mm3=np.full(parts, 1000),
        line_quantity=_ints(demand),
        line_units=np.eye(parts, dtype=np.int64),
        stock=_ints(stock).reshape(offers, parts),
        offer_source=np.arange(offers),
        lane_offer=np.arange(offers),
        lane_service=np.zeros(offers, dtype=np.int64),
        lane_tariff=np.zeros(offers, dtype=np.int64),
        carries=np.ones((offers, parts), dtype=bool),
        package_most_grams=np.full(offers, NO_LIMIT),
        package_most_mm3=np.full(offers, NO_LIMIT),
        package_most_units=np.full(offers, NO_LIMIT),
        tariffs=(Tariff(cards=(None,)),),
        package_cost=_ints([package_cost]),
        kind_cost=np.zeros((1, offers), dtype=np.int64),
        unit_cost=np.zeros((1, offers, parts), dtype=np.int64),
        source_cost=np.zeros((1, offers), dtype=np.int64),
        stair_offer=_ints([]),
        stair_part=_ints([]),
        stair_after_units=_ints([]),
        stair_cost=np.zeros((1, 0), dtype=np.int64),
        unfilled_cost=np.full((1, parts), 1000),
        further_package_cost=_ints([0]),
        further_source_cost=_ints([0]),
        most_packages=NO_LIMIT,
        most_sources=NO_LIMIT,
        complete=False,
        complete_lines=np.zeros(parts, dtype=bool),
        together=np.zeros(parts, dtype=bool),
        apart=np.zeros((parts, parts), dtype=bool),
        source_most_units=np.full(offers, NO_LIMIT),
        source_most_minutes=np.full(offers, NO_LIMIT),
        source_package_minutes=np.zeros(offers, dtype=np.int64),
        source_unit_minutes=np.zeros(offers, dtype=np.int64),
        service_most_packages=np.full(1, NO_LIMIT),
    )
    return replace(case, **changes)


def _ints(values: list[Any]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def random_case(seed: int) -> Case:
    """A case of at most five units; each rule and each kind of cost is there now and then."""
    rng = random.Random(seed)
    levels = rng.choice((1, 1, 2, 3))
    lines = _lines(rng)
    demand, parts = lines["demand"], len(lines["demand"])
    sources = rng.randint(1, 4)
    offers = sources + rng.randint(0, 1)
    lanes = offers + rng.randint(0, 2) if rng.random() < 0.95 else 0
    tariffs = tuple(_tariff(rng, levels) for _ in range(rng.randint(1, 3)))
    services = rng.randint(1, 2)

    def some(chance: float) -> bool:
        return rng.random() < chance

    def costs(*shape: int, most: int, chance: float = 0.5) -> NDArray[np.int64]:
        step = rng.choice((1, 5))
        if not some(chance):
            return np.zeros(shape, dtype=np.int64)
        return _ints([rng.randint(0, most) * step for _ in range(int(np.prod(shape)))]).reshape(shape)

    def limits(count: int, least: int, most: int, chance: float = 0.2) -> NDArray[np.int64]:
        has_any = some(chance)
        return _ints([rng.randint(least, most) if has_any and some(0.6) else NO_LIMIT for _ in range(count)])

    stairs = rng.randint(1, 3) if some(0.2) and offers else 0
    apart = np.zeros((parts, parts), dtype=bool)
    if some(0.2) and parts > 1:
        first, second = rng.sample(range(parts), 2)
        apart[first, second] = apart[second, first] = True
    stock = _ints([rng.choice((0, 1, 1, 2, 5)) for _ in range(offers * parts)]).reshape(offers, parts)
    return Case(
        **lines,
        stock=np.minimum(stock, demand),
        offer_source=_ints([*range(sources), *(rng.randrange(sources) for _ in range(offers - sources))]),
        lane_offer=_ints([rng.randrange(offers) for _ in range(lanes)]),
        lane_service=_ints([rng.randrange(services) for _ in range(lanes)]),
        lane_tariff=_ints([rng.randrange(len(tariffs)) for _ in range(lanes)]),
        carries=_ints([some(0.9) for _ in range(lanes * parts)]).reshape(lanes, parts).astype(bool),
        package_most_grams=limits(lanes, 100, 1500),
        package_most_mm3=limits(lanes, 1000, 9000),
        package_most_units=limits(lanes, 1, 4),
        tariffs=tariffs,
        package_cost=costs(levels, lanes, most=12, chance=0.8),
        kind_cost=costs(levels, lanes, most=3, chance=0.3),
        unit_cost=costs(levels, lanes, parts, most=4),
        source_cost=costs(levels, sources, most=9, chance=0.35),
        stair_offer=_ints([rng.randrange(offers) for _ in range(stairs)]),
        stair_part=_ints([rng.randrange(parts) for _ in range(stairs)]),
        stair_after_units=_ints([rng.randint(0, 2) for _ in range(stairs)]),
        stair_cost=costs(levels, stairs, most=6, chance=1),
        unfilled_cost=costs(levels, len(lines["line_quantity"]), most=60, chance=0.97),
        further_package_cost=costs(levels, most=5, chance=0.3),
        further_source_cost=costs(levels, most=5, chance=0.3),
        most_packages=rng.choice((NO_LIMIT, NO_LIMIT, 1, 2, 3)),
        most_sources=rng.choice((NO_LIMIT, NO_LIMIT, NO_LIMIT, 1, 2)),
        complete=some(0.15),
        apart=apart,
        source_most_units=limits(sources, 0, 4),
        source_most_minutes=limits(sources, 0, 20),
        source_package_minutes=_ints([rng.randint(0, 6) for _ in range(sources)]),
        source_unit_minutes=_ints([rng.randint(0, 3) for _ in range(sources)]),
        service_most_packages=limits(services, 0, 2),
    )


def _lines(rng: random.Random) -> dict[str, Any]:
    """Lines of up to five units in all: single parts, bundles, the same part on two lines."""
    parts = rng.randint(1, 4)
    units: list[list[int]] = []
    quantities: list[int] = []
    left = rng.randint(1, 5)
    while left > 0:
        row = [0] * parts
        for _ in range(min(left, rng.choice((1, 1, 1, 2)))):
            row[rng.randrange(parts)] += 1
        quantity = rng.randint(1, left // sum(row))
        units.append(row)
        quantities.append(quantity)
        left -= quantity * sum(row)
    line_units, line_quantity = _ints(units), _ints(quantities)
    return {
        "demand": line_quantity @ line_units,
        "unit_grams": _ints([rng.choice((0, 100, 300, 450, 700)) for _ in range(parts)]),
        "unit_mm3": _ints([rng.choice((0, 1000, 4000, 6003)) for _ in range(parts)]),
        "line_quantity": line_quantity,
        "line_units": line_units,
        "complete_lines": np.array([rng.random() < 0.15 for _ in quantities]),
        "together": np.array([rng.random() < 0.15 for _ in quantities]),
    }


def _tariff(rng: random.Random, levels: int) -> Tariff:
    """Cards of one end, which at some levels charge nothing."""
    ends = rng.choice(((None,), (500, None), (600, 1500), (300, 900, None)))
    cm3_per_kg, in3_per_lb = rng.choice(((0, 0), (0, 0), (5, 0), (8, 0), (0, 1)))
    return Tariff(
        cards=tuple(None if rng.random() < 0.4 else _card(rng, ends) for _ in range(levels)),
        volumetric_divisor_cm3_per_kg=cm3_per_kg,
        volumetric_divisor_in3_per_lb=in3_per_lb,
        min_billable_grams=rng.choice((0, 0, 250)),
    )


def _card(rng: random.Random, ends: tuple[int | None, ...]) -> RateCard:
    return RateCard(
        bands=tuple(
            Band(
                up_to_grams=end,
                base_minor=rng.randint(0, 15),
                from_grams=rng.choice((0, 200, 500)),
                step_grams=rng.choice((70, 100, 500)),
                step_minor=rng.choice((0, 0, 1, 3)),
            )
            for end in ends
        )
    )
