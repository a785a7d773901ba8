"""Random problems over every term and every rule: the richer sister of `worlds`.

`worlds.random_problem` has what an invoice has, under a policy that only prices; here orders meet every other fact,
rule, priority, soft and relaxed rule.
"""

import random
from dataclasses import replace
from datetime import timedelta

from solver.network.lanes import Lane
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem
from tests.sourcing.any_policy import any_policy
from tests.sourcing.any_sources import ITEM_TAGS, Drawn, by_way_of, drawn, later_offer, with_facts, with_terms
from tests.sourcing.worlds import PLACED_AT, random_lane, random_offer, random_policy


def any_problem(
    seed: int, *, most_pieces: int = 4, most_sources: int = 3, most_services: int = 2, most_skus: int = 3
) -> Problem:
    """A problem in which each dimension plays a part now and then; some problems are calm, some have nearly all."""
    rng = random.Random(f"any/{seed}")
    busy = rng.choice([0.0, 0.015, 0.03, 0.05, 0.12])
    skus = [f"SKU-{number}" for number in range(rng.choice([1, 2, most_skus, most_skus]))]
    sources = [f"S{number}" for number in range(rng.randint(min(2, most_sources), most_sources))]
    services = [f"V{number}" for number in range(most_services)]
    draw = drawn(rng, busy + 0.06, services)
    offers = [with_facts(draw, random_offer(rng, source_id, skus)) for source_id in sources]
    later = [later_offer(draw, offer) for offer in offers if rng.random() < 2 * draw.busy]
    return Problem(
        order_id=f"order-{seed}",
        currency="CNY",
        lines=_lines(rng, skus, rng.randint(min(2, most_pieces), most_pieces), busy),
        items={sku: _item(rng, sku) for sku in skus},
        offers=(*offers, *later),
        lanes=_lanes(draw, sources, services, later),
        policy=any_policy(rng, random_policy(rng), busy),
        promised_at=rng.choice([None, PLACED_AT + timedelta(hours=30)]),
        placed_at=rng.choice([None, PLACED_AT, PLACED_AT]),
        channel=rng.choice(["", "tmall", "jd"]),
        customer_tier=rng.choice(["", "gold", "silver"]),
        ships_complete=rng.random() < busy / 2,
        standing=tuple((rng.choice(sources), rng.choice(services)) for _ in range(2)) if seed % 5 == 0 else (),
    )


def _lanes(draw: Drawn, sources: list[str], services: list[str], later: list[Offer]) -> tuple[Lane, ...]:
    """At least one for nearly every source; detours by way of a hub, and the same for what comes later."""
    rng = draw.rng
    lanes = [
        with_terms(draw, random_lane(rng, source_id, service_id))
        for source_id in sources
        for service_id in rng.sample(services, k=rng.choice([rng.randint(0, len(services)), len(services)]))
    ]
    detours = [by_way_of(draw, lane) for lane in lanes if rng.random() < 2 * draw.busy]
    of_later = [
        replace(lane, offer_id=offer.offer_id) for offer in later for lane in lanes if lane.source_id == offer.source_id
    ]
    return (*lanes, *detours, *of_later)


def _lines(rng: random.Random, skus: list[str], pieces: int, busy: float) -> tuple[Line, ...]:
    """Lines of so many units in all: single parts, bundles, the same SKU on several lines."""
    lines: list[Line] = []
    left = pieces
    while left:
        chosen = rng.sample(skus, k=min(left, len(skus), rng.choice([1, 1, 1, 2])))
        units = [rng.choice([1, 1, 2]) if left > 2 * len(chosen) else 1 for _ in chosen]
        quantity = rng.randint(1, left // sum(units))
        left -= quantity * sum(units)
        lines.append(
            Line(
                line_id=str(len(lines) + 1),
                sku=f"ITEM-{len(lines)}",
                quantity=quantity,
                parts=tuple(LinePart(sku=sku, units=count) for sku, count in zip(chosen, units, strict=True)),
                unit_price_minor=rng.choice([0, 499, 9_999]),
                ships_complete=rng.random() < busy,
                ships_together=rng.random() < busy,
            )
        )
    return tuple(lines)


def _item(rng: random.Random, sku: str) -> Item:
    return Item(
        sku=sku,
        weight_grams=rng.choice([1, 80, 350, 500, 1000, 1700]),
        volume_mm3=rng.choice([0, 10**6, 9 * 10**6]),
        longest_side_mm=rng.choice([0, 200, 400]),
        tags=tuple(tag for tag in ITEM_TAGS if rng.random() < 0.3),
        value_minor=rng.choice([0, 1_200]),
    )
