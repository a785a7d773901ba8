"""From orders seen to values of stock: what lanes cost, what is expected, how far prices are trusted."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from solver.catalog.catalog import Catalog
from solver.foresight.kinds import Costs, Floats, Kinds
from solver.foresight.lane_costs import LaneCost, costs_of, lane_costs
from solver.foresight.rehearsal import trusted_share
from solver.foresight.seen_orders import SeenOrders
from solver.fulfilment.question import network_problem
from solver.network.network import Network
from solver.sourcing.policy import Policy
from tests.made_world import CARRIERS, GIFT, MATERIALS, MONDAY_AT_8, REGIONS, SERVICES, SOURCES, order_of

NETWORK = Network.of(regions=REGIONS, sources=SOURCES, carriers=CARRIERS, services=SERVICES, calendars=())
CATALOG = Catalog.of(MATERIALS, (GIFT,))
HOUR = timedelta(hours=1)


def lanes(usual_grams: int, policy: Policy) -> dict[str, LaneCost]:
    everywhere = {"TEA": dict.fromkeys(NETWORK.source_ids, 1)}
    problem = network_problem(order_of(("TEA", 1)), CATALOG, NETWORK, everywhere, everywhere, policy)
    return lane_costs(problem, usual_grams)


def test_a_line_is_laid_through_the_price_of_a_usual_package_and_of_twice_that() -> None:
    made = lanes(1_000, Policy(split_minor=0))
    # near, 8.00 the first kilogram and 2.00 the second one; handling 1.00 a package and 0.20 a unit
    near = LaneCost(package_minor=600 + 100, gram_minor=0.2, unit_minor={"TEA": 20.0})
    far = LaneCost(package_minor=1_200 - 500, gram_minor=0.5, unit_minor={"TEA": 0.0})
    assert made["W-EAST"] == near
    assert made["W-WEST"] == far


def test_a_further_package_costs_what_the_policy_asks_of_it() -> None:
    plain, split = (lanes(1_000, Policy(split_minor=minor))["W-WEST"] for minor in (0, 200))
    assert split.package_minor == plain.package_minor + 200


def test_costs_know_what_no_lane_reaches_and_lose_a_unit_last() -> None:
    near = LaneCost(package_minor=700, gram_minor=0.2, unit_minor={"TEA": 20.0})
    costs = costs_of(
        [{"W-EAST": near}, {}], ["W-EAST"], {"TEA": 500, "CUP": 250}, {"TEA": "TEA", "CUP": "CUP"}, 100_000
    )
    assert costs.package.tolist() == [[700.0, 0.0], [np.inf, 0.0]]
    assert costs.unit[0, 0].tolist() == [120.0, np.inf]
    assert costs.unit[:, 1].tolist() == [[1_640.0, 1_640.0]] * 2  # twice a tea alone


def test_orders_seen_go_on_as_they_came() -> None:
    seen = SeenOrders(CATALOG, MONDAY_AT_8)
    for number in range(4):
        seen.see(order_of(("GIFT", 1), ("TEA", number % 2 + 1), placed_at=MONDAY_AT_8 + number * HOUR))
    one, two = (("EAST-CITY", (("CUP", 2), ("POT", 1), ("TEA", teas))) for teas in (1, 2))
    assert seen.kinds == Counter({one: 2, two: 2})
    now = MONDAY_AT_8 + 4 * HOUR
    assert seen.expected(now, now + 6 * HOUR) == {one: 3.0, two: 3.0}
    assert seen.expected(now, now) == {}


def test_only_the_latest_orders_count() -> None:
    seen = SeenOrders(CATALOG, MONDAY_AT_8, most=2)
    for number, sku in enumerate(("TEA", "TEA", "CUP", "POT")):
        seen.see(order_of((sku, 1), placed_at=MONDAY_AT_8 + number * HOUR))
    assert sorted(parts for _, parts in seen.kinds) == [(("CUP", 1),), (("POT", 1),)]
    assert seen.total == 4
    now = MONDAY_AT_8 + 3 * HOUR  # two orders in the two hours since the last that is forgotten
    assert set(seen.expected(now, now + 2 * HOUR).values()) == {1.0}


@pytest.mark.parametrize(("scarce", "trusted"), [(50.0, True), (10_000.0, False)])
def test_prices_are_trusted_where_stock_is_out_of_balance_alone(scarce: float, trusted: bool) -> None:
    """The first source serves both regions best, the second one only the first region, at a little more."""
    kinds = Kinds.of([(0, {0: 1}), (1, {0: 1})])
    unit = np.array([[[1.0], [2.0], [100.0]], [[1.0], [50.0], [100.0]]])
    stock: Floats = np.array([[scarce], [10_000.0], [np.inf]])
    costs, demand = Costs(package=np.zeros((2, 3)), unit=unit), np.array([50.0, 50.0])
    share = trusted_share(kinds, costs, stock, demand, np.random.default_rng(1))
    assert (share > 0) is trusted


def test_without_orders_to_come_no_price_is_trusted() -> None:
    kinds = Kinds.of([(0, {0: 1})])
    costs = Costs(package=np.zeros((1, 2)), unit=np.ones((1, 2, 1)))
    assert trusted_share(kinds, costs, np.array([[1.0], [np.inf]]), np.zeros(1), np.random.default_rng(1)) == 0
