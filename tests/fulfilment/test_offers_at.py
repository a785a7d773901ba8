"""A few sources offer what they offer among all."""

import random

from solver.fulfilment.question import offers_at, offers_of
from tests.made_world import SOURCES

UNKNOWN = "elsewhere"


def test_sources_by_themselves_offer_what_they_offer_among_all(seed: int) -> None:
    draw, sources = random.Random(seed), {one.source_id: one for one in SOURCES}
    offered = 0
    for _ in range(200):
        names = [*sources, UNKNOWN]
        on_hand = {sku: {one: draw.choice([0, 1, 7]) for one in names if draw.random() < 0.7} for sku in "ABC"}
        available = {
            sku: {one: draw.randint(0, units) for one, units in of.items() if draw.random() < 0.8}
            for sku, of in on_hand.items()
            if draw.random() < 0.9
        }
        asked = [one for one in names if draw.random() < 0.6]
        among_all = offers_of(sources, available, on_hand)
        found = offers_at(asked, sources, available, on_hand)
        assert found == tuple(offer for offer in among_all if offer.source_id in asked)
        offered += len(found)
    assert offered > 100
