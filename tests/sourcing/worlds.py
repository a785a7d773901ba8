"""Random small problems of what stands on an invoice, from a seed; `anything` draws every other term and rule too."""

import random
from datetime import UTC, datetime, timedelta

from solver.network.lanes import Lane
from solver.network.model import Band, RateCard
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem

PLACED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def random_problem(seed: int, *, most_pieces: int = 5, most_sources: int = 4, most_services: int = 2) -> Problem:
    """A problem small enough for brute force, with a tariff of every published shape among its lanes."""
    rng = random.Random(seed)
    skus = [f"SKU-{number}" for number in range(rng.randint(1, 4))]
    items = {
        sku: Item(
            sku=sku,
            weight_grams=rng.choice([1, 80, 350, 500, 1000, 1700]),
            volume_mm3=rng.choice([0, 10**6, 9 * 10**6]),
        )
        for sku in skus
    }
    lines = _lines(rng, skus, most_pieces)
    sources = [f"S{number}" for number in range(rng.randint(1, most_sources))]
    offers = tuple(random_offer(rng, source_id, skus) for source_id in sources)
    lanes = tuple(
        random_lane(rng, source_id, f"V{number}")
        for source_id in sources
        for number in range(rng.randint(0, most_services))
    )
    return Problem(
        order_id=f"order-{seed}",
        currency="CNY",
        lines=lines,
        items=items,
        offers=offers,
        lanes=lanes,
        policy=random_policy(rng),
        promised_at=rng.choice([None, PLACED_AT + timedelta(hours=30)]),
    )


def _lines(rng: random.Random, skus: list[str], most_pieces: int) -> tuple[Line, ...]:
    lines: list[Line] = []
    pieces = 0
    while pieces < most_pieces and len(lines) < 4:
        chosen = rng.sample(skus, k=min(len(skus), rng.choice([1, 1, 1, 2])))
        parts = tuple(LinePart(sku=sku, units=rng.choice([1, 1, 2])) for sku in chosen)
        quantity = rng.choice([1, 1, 2, 3])
        pieces += quantity * sum(part.units for part in parts)
        if pieces > most_pieces and lines:
            break
        if pieces > most_pieces:
            quantity, parts = 1, (LinePart(sku=chosen[0], units=1),)
        lines.append(Line(line_id=str(len(lines) + 1), sku=f"ITEM-{len(lines)}", quantity=quantity, parts=parts))
    return tuple(lines)


def random_offer(rng: random.Random, source_id: str, skus: list[str]) -> Offer:
    """What a source has, and the price of its work."""
    available = {sku: rng.choice([0, 0, 1, 1, 2, 5]) for sku in skus}
    return Offer(
        source_id=source_id,
        available=available,
        on_hand={sku: units + rng.choice([0, 0, 2]) for sku, units in available.items()},
        handling_per_package_minor=rng.choice([0, 150, 400]),
        handling_per_unit_minor=rng.choice([0, 30, 60]),
    )


def random_lane(rng: random.Random, source_id: str, service_id: str) -> Lane:
    """A lane that may be far, late, or refuse heavy packages, with a tariff of any shape."""
    cm3_per_kg, in3_per_lb = rng.choice([(0, 0), (5000, 0), (6000, 0), (0, 139)])
    return Lane(
        source_id=source_id,
        service_id=service_id,
        carrier_id=f"C-{service_id}",
        distance_meters=rng.choice([0, 4_500, 120_499, 120_500, 900_000]),
        arrives_at=PLACED_AT + timedelta(hours=rng.choice([2, 24, 30, 31, 55]), seconds=rng.choice([0, 1])),
        card=_card(rng),
        crosses_province=rng.random() < 0.5,
        volumetric_divisor_cm3_per_kg=cm3_per_kg,
        volumetric_divisor_in3_per_lb=in3_per_lb,
        min_billable_grams=rng.choice([0, 0, 1000, 1500]),
        max_weight_grams=rng.choice([0, 0, 900, 2500]),
    )


def _card(rng: random.Random) -> RateCard:
    first, more = rng.randint(300, 1500), rng.randint(50, 700)
    match rng.randrange(4):
        case 0:  # first weight and additional weight
            step = rng.choice([300, 500, 1000])
            ends = rng.choice([None, 3000])
            rest = Band(up_to_grams=ends, base_minor=first, from_grams=1000, step_grams=step, step_minor=more)
            return RateCard(bands=(Band(up_to_grams=1000, base_minor=first), rest))
        case 1:  # flat bands, then the whole weight: splitting may pay
            return RateCard(
                bands=(
                    Band(up_to_grams=1000, base_minor=first),
                    Band(up_to_grams=3000, base_minor=first + 50),
                    Band(up_to_grams=None, base_minor=first, step_minor=more + 300),
                )
            )
        case 2:  # brackets of the whole weight: more weight may cost less
            return RateCard(
                bands=(
                    Band(up_to_grams=700, base_minor=0, step_grams=100, step_minor=200),
                    Band(up_to_grams=2000, base_minor=0, step_grams=100, step_minor=110),
                    Band(up_to_grams=None, base_minor=0, step_grams=100, step_minor=60),
                )
            )
        case _:  # one flat price
            return RateCard(bands=(Band(up_to_grams=rng.choice([None, 2000]), base_minor=first),))


def random_policy(rng: random.Random) -> Policy:
    """Prices and limits that every policy states."""
    return Policy(
        distance_minor_per_km=rng.choice([0, 0, 1, 3]),
        lateness_minor_per_hour=rng.choice([0, 50, 300]),
        split_minor=rng.choice([0, 200, 900]),
        unfilled_minor_per_unit=rng.choice([500, 3_000, 100_000]),
        max_packages=rng.choice([1, 2, 3, 5]),
        max_sources=rng.choice([0, 0, 1, 2]),
        time_limit_ms=60_000,
    )
