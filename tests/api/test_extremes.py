"""The largest numbers that are allowed, all at once, are answered and not a burden."""

from dataclasses import replace

import pytest

from solver.network.model import Band, RateCard
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from solver.sourcing.policy import Policy
from tests.made_world import GROUND, MATERIALS, SOURCES, made_world, order_of
from tests.running import Running, plan_request

PER_GRAM = Band(up_to_grams=None, base_minor=0, step_grams=1, step_minor=1)
DEAREST = Band(up_to_grams=None, base_minor=0, step_grams=1, step_minor=1000)
FREE = Band(up_to_grams=None, base_minor=0)


@pytest.mark.parametrize("weight_grams", [1, 1_000, 1_000_000_000])
@pytest.mark.parametrize("band", [PER_GRAM, DEAREST, FREE], ids=["per gram", "dearest", "free"])
def test_a_million_pieces_of_any_weight_at_any_price_are_planned(empty: Running, band: Band, weight_grams: int) -> None:
    card = RateCard(bands=(band,))
    world = made_world(
        materials=(replace(MATERIALS[0], weight_grams=weight_grams),),
        sales_items=(),
        services=(replace(GROUND, rates=tuple(replace(rate, card=card) for rate in GROUND.rates)),),
        stock=tuple(OpeningStock(source_id=source.source_id, sku="TEA", units=1_000_000) for source in SOURCES),
    )
    load(empty.application, world)
    for quantity in (1, 1_000_000):
        order = order_of(("TEA", quantity), order_id=str(quantity))
        plan = empty.plan(plan_request(order, policy=Policy(unfilled_minor_per_unit=10**9 - 1)))
        [line] = plan.lines
        assert line.planned_units + line.unfilled_units == quantity
        shipped_minor = weight_grams * band.step_minor + 20
        assert line.planned_units == (quantity if shipped_minor < 10**9 - 1 else 0)
