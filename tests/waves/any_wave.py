"""Small waves from a seed, over every term that a wave has: orders that share sources, stock and services."""

import random
from dataclasses import replace
from datetime import date

from solver.network.lanes import Lane
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Offer, Problem
from solver.waves.wave import (
    CarrierCapacity,
    OrderTerms,
    Quota,
    QuotaBasis,
    SourceTerms,
    Wave,
    WaveTerms,
    WorkMinutes,
)
from tests.sourcing.made import PLACED_AT, first_and_more, lane, line, offer

SOURCES, SERVICES, SKUS = ("A", "B", "C"), ("V", "W"), ("TEA", "CUP", "POT")


def any_wave(seed: int, *, orders: int = 3) -> Wave:
    """Two or three orders of one to three units each, on sources that have about as much as they ask."""
    rng = random.Random(f"wave/{seed}")
    stock = {source: {sku: rng.randint(0, 2) for sku in SKUS} for source in SOURCES}
    facts = {source: _facts(rng) for source in SOURCES}
    left = {service: rng.choice([None, None, rng.randint(0, 3)]) for service in SERVICES}
    policy = Policy(
        split_minor=rng.choice([0, 150]),
        lateness_minor_per_hour=0,
        unfilled_minor_per_unit=rng.choice([500, 20_000]),
        max_packages=rng.choice([1, 2, 5]),
        time_limit_ms=60_000,
    )
    problems = tuple(_problem(rng, str(number), stock, facts, left, policy) for number in range(rng.randint(2, orders)))
    return Wave(orders=problems, terms=_terms(rng, len(problems)))


def _facts(rng: random.Random) -> dict[str, int | None]:
    return {
        "handling_per_order_minor": rng.choice([0, 0, 120]),
        "handling_per_package_minor": rng.randint(0, 90),
        "handling_per_unit_minor": rng.randint(0, 40),
        "minutes_per_unit": rng.randint(0, 3),
        "minutes_per_package": rng.choice([0, 0, 2]),
        "orders_left": rng.choice([None, None, 0, 1, 2]),
        "units_left": rng.choice([None, None, 2, 4]),
    }


def _problem(
    rng: random.Random,
    order_id: str,
    stock: dict[str, dict[str, int]],
    facts: dict[str, dict[str, int | None]],
    left: dict[str, int | None],
    policy: Policy,
) -> Problem:
    skus = rng.sample(SKUS, k=rng.choice([1, 1, 2]))
    return Problem(
        order_id=order_id,
        currency="CNY",
        lines=tuple(replace(line(sku, rng.randint(1, 2), {sku: 1}), ships_complete=rng.random() < 0.1) for sku in skus),
        items={sku: Item(sku=sku, weight_grams=400, value_minor=500 * (1 + SKUS.index(sku))) for sku in skus},
        offers=tuple(_offer(source, stock[source], skus, facts[source]) for source in SOURCES),
        lanes=tuple(_lane(rng, source, service, left[service]) for source in SOURCES for service in SERVICES),
        policy=policy,
        placed_at=PLACED_AT,
        ships_complete=rng.random() < 0.15,
    )


def _offer(source: str, stock: dict[str, int], skus: list[str], facts: dict[str, int | None]) -> Offer:
    return replace(offer(source, {sku: stock[sku] for sku in skus}), **facts)  # type: ignore[arg-type]  # any facts


def _lane(rng: random.Random, source: str, service: str, left: int | None) -> Lane:
    card = first_and_more(rng.randint(100, 900), rng.choice([0, 50, 400]))
    return replace(lane(source, card, service_id=service), packages_left=left, hand_over_at=PLACED_AT)


def _terms(rng: random.Random, orders: int) -> WaveTerms:
    sources = tuple(_source(rng, source) for source in SOURCES if rng.random() < 0.5)
    limited = {one.source_id for one in sources if one.most_orders is not None}
    return WaveTerms(
        sources=sources,
        carriers=tuple(_carrier(rng, service) for service in SERVICES if rng.random() < 0.3),
        quotas=tuple(_quota(rng, source) for source in SOURCES if source not in limited and rng.random() < 0.4),
        orders=tuple(
            OrderTerms(order_id=str(number), priority_minor=rng.choice([0, 70]), merge_key=rng.choice(["", "LI"]))
            for number in range(orders)
        ),
        work=tuple(
            WorkMinutes(order_id=str(number), source_id=source, minutes=rng.randint(1, 6))
            for number in range(orders)
            for source in SOURCES
            if rng.random() < 0.2
        ),
    )


def _source(rng: random.Random, source_id: str) -> SourceTerms:
    price = rng.choice([None, 30, 90])
    kind = rng.choice(["orders", "units", "minutes", ""])
    return SourceTerms(
        source_id=source_id,
        opening_cost_minor=rng.choice([0, 200, 600]),
        most_orders=rng.randint(0, 2) if kind == "orders" else None,
        most_units=rng.randint(0, 3) if kind == "units" else None,
        most_minutes=rng.randint(0, 9) if kind == "minutes" else None,
        over_order_minor=price if kind == "orders" else None,
        over_unit_minor=price if kind == "units" else None,
        over_minute_minor=price if kind == "minutes" else None,
    )


def _carrier(rng: random.Random, service_id: str) -> CarrierCapacity:
    return CarrierCapacity(
        service_id=service_id,
        most_packages=rng.randint(0, 2),
        source_id=rng.choice(["", *SOURCES]),
        day=rng.choice([None, date(2026, 3, 2), date(2026, 3, 3)]),
        over_package_minor=rng.choice([None, 80]),
    )


def _quota(rng: random.Random, source_id: str) -> Quota:
    least = rng.choice([0, 3_000, 6_000])
    return Quota(
        source_id=source_id,
        basis=rng.choice(list(QuotaBasis)),
        least_basis_points=least,
        most_basis_points=rng.choice([10_000, max(least, 5_000)]),
        short_minor=rng.choice([40, 130]),
        over_minor=rng.choice([None, 60]),
    )
