"""Lanes that the caller has priced bring their surcharges and limits along."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.errors import InvalidRequest
from solver.fulfilment.command import OptimizeCommand, PricedLane, StockAmount
from solver.fulfilment.optimise import optimize
from solver.network.model import Band, RateCard
from solver.network.surcharge import Surcharge
from solver.orders.model import Address, Order, OrderLine
from tests.made_world import EAST_WAREHOUSE, MATERIALS, MONDAY_AT_8

ORDER = Order(
    order_id="o",
    currency="CNY",
    placed_at=MONDAY_AT_8,
    destination=Address(region_id="", latitude=30.0, longitude=120.0),
    lines=(OrderLine(line_id="1", sku="TEA", quantity=3, unit_price_minor=1_000),),
)
LANE = PricedLane(
    source_id="W-EAST", service_id="ground", card=RateCard(bands=(Band(up_to_grams=None, base_minor=1_000),))
)
FUEL = Surcharge(name="fuel", freight_basis_points=1_005)
REMOTE = Surcharge(name="remote", per_package_minor=50, per_kg_minor=7)


def command(**changes: Any) -> OptimizeCommand:
    return OptimizeCommand(
        orders=(ORDER,),
        sources=(EAST_WAREHOUSE,),
        stock=(StockAmount(source_id="W-EAST", sku="TEA", available_units=10),),
        materials=MATERIALS,
        lanes=(replace(LANE, **changes),),
    )


def test_a_package_pays_the_surcharges_of_its_lane() -> None:
    (plan,) = optimize(command(surcharges=(FUEL, REMOTE)), seconds_left=lambda: 60.0)
    costs = {str(term): amount for term, amount in plan.cost_minor.items()}
    assert costs["freight"] == 1_000
    assert costs["surcharges"] == 101 + 50 + 2 * 7  # 10.05 % of 10.00 is 1.005; 1.5 kg are two begun kilograms


def test_a_package_holds_no_more_units_than_its_lane_takes() -> None:
    (plan,) = optimize(command(max_units=2), seconds_left=lambda: 60.0)
    assert sorted(packed.units for package in plan.packages for packed in package.contents) == [1, 2]


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"max_units": -1}, "lanes[0].max_units", "must lie between 0 and 1,000,000"),
        ({"refuses_tags": ("hot", "hot")}, "lanes[0].refuses_tags[1]", "stands twice; name it once"),
        (
            {"surcharges": (replace(FUEL, first_day=date(2026, 1, 1)),)},
            "lanes[0].surcharges[0].first_day",
            "a lane has only surcharges that apply to it: leave days out",
        ),
        (
            {"surcharges": (replace(FUEL, destination_region_ids=("EAST",)),)},
            "lanes[0].surcharges[0].destination_region_ids[0]",
            "there is no such region; name one that exists, or add it first",
        ),
    ],
)
def test_terms_that_cannot_stand_are_refused_by_name(changes: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        optimize(command(**changes), seconds_left=lambda: 60.0)
    assert [(one.field, one.remedy) for one in refused.value.violations] == [(field, remedy)]
