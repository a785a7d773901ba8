"""What it costs and when it is there: Spree, Solidus, Magento, OroCommerce, Business Central and others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from solver.client import Band, Client, Level, Material, Policy, PricedLane, RateCard
from solver.sourcing.plan import Term
from solver.sourcing.policy import LATEST_ARRIVAL
from solver.sourcing.problem import Stage
from tests.made_world import MONDAY_AT_8
from tests.peers.world import amounts, place, planned, problem, wanted

POUND_MICROGRAMS = 453_592_370
DAY_MINUTES = 1_440


def test_t55_where_no_rate_is_known_a_base_and_a_price_per_pound_stand_in(client: Client) -> None:
    five_pounds = -(-5 * POUND_MICROGRAMS // 1_000_000)
    assert five_pounds == 2_268
    pounds = RateCard(bands=(Band(up_to_grams=None, base_minor=800, step_grams=454, step_minor=75),))
    command = problem(
        {"one": {"A": 9}},
        wanted(("A", 1)),
        materials=(Material(sku="A", name="", weight_grams=five_pounds),),
        lanes=(PricedLane(source_id="one", service_id="van", card=pounds),),
    )
    plan = planned(client, command)
    assert (plan.cost_minor[Term.FREIGHT], plan.total_minor) == (1_175, 1_175)


def test_t59_an_order_is_delivered_when_its_last_package_is(client: Client) -> None:
    lanes = (
        PricedLane(source_id="near", service_id="van", package_minor=500, transit_minutes=2 * DAY_MINUTES),
        PricedLane(source_id="far", service_id="van", package_minor=500, transit_minutes=5 * DAY_MINUTES),
    )
    policy = Policy(levels=(Level(measure="unfilled_units"), Level(measure=LATEST_ARRIVAL)))
    stock = {"near": {"A": 1}, "far": {"B": 1}}
    plan = planned(client, problem(stock, wanted(("A", 1), ("B", 1)), policy=policy, lanes=lanes))
    assert sorted(package.arrives_at - MONDAY_AT_8 for package in plan.packages) == [
        timedelta(days=2),
        timedelta(days=5),
    ]
    [latest] = [level for level in plan.levels if level.measure == LATEST_ARRIVAL]
    assert latest.value == 5 * DAY_MINUTES


@pytest.mark.parametrize(
    ("of_material", "of_source", "days"), [(None, None, 30), (None, 20, 20), (12, 20, 12), (12, None, 12), (0, 20, 0)]
)
def test_t65_a_backorder_ships_in_the_products_days_else_the_facilitys_else_thirty(
    client: Client, of_material: int | None, of_source: int | None, days: int
) -> None:
    command = problem(
        amounts({"one": {"A": 9}}, stage=Stage.BACKORDER),
        wanted(("A", 1)),
        materials=(Material(sku="A", name="", weight_grams=500, days_to_ship=of_material),),
        sources=(place("one", days_to_ship=of_source),),
    )
    [package] = planned(client, command).packages
    assert package.arrives_at == MONDAY_AT_8 + timedelta(days=days)
    assert package.stage is Stage.BACKORDER


def test_t65_what_is_on_hand_does_not_wait_for_it(client: Client) -> None:
    command = problem({"one": {"A": 9}}, wanted(("A", 1)), sources=(place("one", days_to_ship=20),))
    [package] = planned(client, replace(command, policy=Policy())).packages
    assert package.arrives_at == MONDAY_AT_8
