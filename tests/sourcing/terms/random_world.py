"""Random small problems that state every fact which a term reads, and random plans for them."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np

from solver.network.lanes import Lane
from solver.network.model import SourceKind
from solver.network.surcharge import Surcharge
from solver.network.transit import TransitTimes
from solver.sourcing.brief import Brief
from solver.sourcing.case import Finding, Shipment
from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.policy import Level, Policy
from solver.sourcing.problem import Lot, Offer, Problem, Stage
from tests.sourcing.worlds import PLACED_AT, random_problem

SOFT = "sources_are_near_enough"


def rich_problem(seed: int) -> Problem:
    """A problem under a policy that prices and measures everything and forbids nothing."""
    rng = random.Random(seed)
    plain = random_problem(seed, most_pieces=8)
    offers = tuple(_offer(rng, offer) for offer in plain.offers)
    lanes = tuple(_lane(rng, lane) for lane in plain.lanes)
    later = tuple(
        replace(_offer(rng, offer), offer_id="later", stage=rng.choice(list(Stage))) for offer in plain.offers
    )
    later_lanes = tuple(replace(_lane(rng, lane), offer_id="later") for lane in plain.lanes)
    return replace(
        plain,
        lines=tuple(replace(line, unit_price_minor=rng.randint(0, 9_999)) for line in plain.lines),
        items={sku: replace(item, value_minor=rng.randint(0, 5_000)) for sku, item in plain.items.items()},
        offers=offers + later,
        lanes=lanes + later_lanes,
        placed_at=rng.choice([None, PLACED_AT]),
        standing=tuple(sorted({(lane.source_id, lane.service_id) for lane in plain.lanes[: seed % 3]})),
        policy=_policy(rng, plain.policy),
    )


def random_finding(rng: random.Random, posed: Brief) -> Finding:
    """Units of the lines one after the other, each part of one into any package that can take it."""
    facts = posed.facts
    left = {(number, part): int(units) for (number, part), units in np.ndenumerate(facts.stock)}
    packages: dict[tuple[int, int], Counter[int]] = {}
    unfilled = np.zeros(len(facts.lines), dtype=np.int64)
    for row, line in enumerate(facts.lines):
        pieces = [facts.part_of[part.sku] for part in line.parts for _ in range(part.units)]
        for _ in range(line.quantity):
            if rng.random() < 0.1 or not _packed(rng, posed, pieces, left, packages):
                unfilled[row] += 1
    nothing = (0,) * posed.case.levels
    shipments = tuple(
        Shipment(lane=lane, units=np.array([held[part] for part in range(len(facts.skus))], dtype=np.int64))
        for (lane, _), held in packages.items()
    )
    return Finding(shipments=shipments, unfilled=unfilled, cost=nothing, bound=nothing)


def _packed(
    rng: random.Random,
    posed: Brief,
    pieces: list[int],
    left: dict[tuple[int, int], int],
    packages: dict[tuple[int, int], Counter[int]],
) -> bool:
    """Put all pieces of one unit into packages, or none of them."""
    facts = posed.facts
    stock, trial = dict(left), {key: Counter(held) for key, held in packages.items()}
    for part in pieces:
        ways = [(lane, twin) for lane in range(len(facts.lanes)) for twin in (0, 1)]
        ways = [way for way in ways if stock[int(facts.lane_offer[way[0]]), part] and _takes(posed, trial, way, part)]
        if not ways:
            return False
        way = rng.choice(ways)
        trial.setdefault(way, Counter())[part] += 1
        stock[int(facts.lane_offer[way[0]]), part] -= 1
    left.update(stock)
    packages.update(trial)
    return True


def _takes(posed: Brief, packages: dict[tuple[int, int], Counter[int]], way: tuple[int, int], part: int) -> bool:
    held = packages.get(way, Counter()) + Counter({part: 1})
    grams, mm3 = (
        sum(units * int(of_unit[part]) for part, units in held.items())
        for of_unit in (posed.case.unit_grams, posed.case.unit_mm3)
    )
    return posed.facts.lanes[way[0]].freight_minor(grams, mm3) is not None


def _offer(rng: random.Random, offer: Offer) -> Offer:
    return replace(
        offer,
        kind=rng.choice(list(SourceKind)),
        priority=rng.choice([0, 1, 2, 5]),
        handling_per_order_minor=_of_source(offer, 300),
        handling_per_line_minor=rng.choice([0, 45]),
        packaging_minor=rng.choice([0, 80]),
        minutes_per_package=_of_source(offer, 9),
        minutes_per_unit=_of_source(offer, 4),
        carbon_grams_per_package=rng.choice([0, 33]),
        safety=_some_units(rng, offer),
        reserve=_some_units(rng, offer),
        unit_cost_minor={sku: rng.randint(0, 5_000) for sku in offer.available if rng.random() < 0.6},
        lots={sku: _lots(rng) for sku in offer.available if rng.random() < 0.7},
        stock_out_minor={sku: rng.randint(0, 900) for sku in offer.available if rng.random() < 0.5},
        stock_value_minor={sku: rng.randint(0, 700) for sku in offer.available if rng.random() < 0.5},
        load_basis_points=rng.choice([0, 4_775, 15_033]),
        share_excess_basis_points=rng.choice([0, 1_250]),
        rejects=rng.choice([0, 2]),
        landed_cost_minor={sku: rng.randint(0, 5_000) for sku in offer.available if rng.random() < 0.5},
    )


def _of_source(offer: Offer, most: int) -> int:
    """The same for all offers of a source."""
    return random.Random(f"{offer.source_id}/{most}").randint(0, most)


def _some_units(rng: random.Random, offer: Offer) -> dict[str, int]:
    return {sku: rng.choice([0, 1, 3]) for sku in offer.available}


def _lots(rng: random.Random) -> tuple[Lot, ...]:
    return tuple(
        Lot(
            units=rng.randint(0, 2),
            days_to_expiry=rng.choice([-3, 0, 12, 90]),
            markdown_minor=rng.choice([0, 301, 999]),
        )
        for _ in range(rng.randint(0, 3))
    )


def _lane(rng: random.Random, lane: Lane) -> Lane:
    surcharges = (
        Surcharge(name="fuel", freight_basis_points=rng.choice([0, 835])),
        Surcharge(name="remote", per_package_minor=rng.choice([0, 150]), per_kg_minor=rng.choice([0, 55])),
    )
    quantiles = tuple(sorted(rng.choices(range(0, 4_000, 250), k=5)))
    return replace(
        lane,
        surcharges=surcharges[: rng.randint(0, 2)],
        crosses_border=rng.random() < 0.3,
        carbon_grams_per_package=rng.choice([0, 21]),
        carbon_grams_per_tonne_km=rng.choice([0, 62, 801]),
        transfer_per_package_minor=rng.choice([0, 0, 210]),
        transfer_per_unit_minor=rng.choice([0, 0, 15]),
        hand_over_at=rng.choice([None, PLACED_AT + timedelta(hours=4)]),
        package_minor=rng.choice([0, 0, 130]),
        unit_minor=rng.choice([{}, {"SKU-0": 17, "SKU-1": 4}]),
        transit_minutes=rng.randint(0, 5_000),
        transit_times=rng.choice([None, TransitTimes(quantiles_minutes=quantiles, sample_count=50)]),
    )


def _policy(rng: random.Random, policy: Policy) -> Policy:
    prices = {setting.name: rng.randint(1, 999) for term in all_terms() for setting in term.settings}
    return replace(
        policy,
        settings={
            **{name: price for name, price in prices.items() if name not in Policy.__dataclass_fields__},
            "min_days_to_expiry": rng.choice([0, 12]),
        },
        words={"preferred_kinds": ("store", "warehouse"), "preferred_carriers": ("C-V0",)},
        off=tuple(rule.name for rule in all_rules() if rule.name != SOFT),
        soft={SOFT: 77},
        max_distance_meters=100_000,
        levels=tuple(Level(measure=term.measure) for term in all_terms()),
    )
