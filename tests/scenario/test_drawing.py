"""Drawn orders: as often, as large and as far away as the generator says; the same seed, the same orders."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from solver.network.model import Region
from solver.scenario.drawing import with_orders
from solver.scenario.model import Disturbance, Generator, Horizon, Scenario, Trouble
from tests.made_world import made_world

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def region(region_id: str, parent_id: str = "") -> Region:
    return Region(region_id=region_id, name=region_id, latitude=1, longitude=2, parent_id=parent_id)


REGIONS = (region("N"), region("N1", "N"), region("N2", "N"), region("S"))


def drawn(*disturbances: Disturbance, days: int = 10, **generator: object) -> Scenario:
    made = Generator(**{"orders_per_day": 400, "seed": 3, **generator})  # type: ignore[arg-type]  # a test's words
    return with_orders(
        replace(
            made_world(orders=()),
            regions=REGIONS,
            horizon=Horizon(starts_at=MONDAY, ends_at=MONDAY + days * DAY),
            generator=made,
            disturbances=disturbances,
        )
    )


def regions_of(scenario: Scenario) -> Counter[str]:
    return Counter(order.destination.region_id for order in scenario.orders)


def test_as_many_orders_are_drawn_as_the_days_ask_within_the_horizon_and_in_time_order() -> None:
    orders = drawn().orders
    assert 4_000 - 4 * 63 < len(orders) < 4_000 + 4 * 63  # Poisson: 4 standard deviations
    times = [order.placed_at for order in orders]
    assert times == sorted(times)
    assert MONDAY <= times[0] <= times[-1] < MONDAY + 10 * DAY
    assert len({order.order_id for order in orders}) == len(orders)


def test_the_same_seed_draws_the_same_orders_and_another_seed_others() -> None:
    assert drawn().orders == drawn().orders
    assert drawn(seed=4).orders != drawn().orders


def test_only_regions_without_others_in_them_order_and_all_alike_unless_weighed() -> None:
    assert set(regions_of(drawn())) == {"N1", "N2", "S"}
    weighed = regions_of(drawn(regions={"N1": 1, "S": 3}))
    assert set(weighed) == {"N1", "S"}
    assert 2.6 < weighed["S"] / weighed["N1"] < 3.5


def test_lines_are_different_items_and_prices_and_promises_are_as_stated() -> None:
    orders = drawn(
        lines={2: 1}, quantities={3: 1}, skus={"TEA": 5, "CUP": 1}, prices_minor={"TEA": 990}, promised_within_hours=48
    ).orders
    for order in orders:
        assert sorted((line.sku, line.quantity, line.unit_price_minor) for line in order.lines) == [
            ("CUP", 3, 0),
            ("TEA", 3, 990),
        ]
        assert order.promised_at == order.placed_at + timedelta(hours=48)


def test_customers_are_those_of_their_region_and_nothing_else_changes() -> None:
    orders = drawn(customers_per_region=2).orders
    assert {order.customer_id for order in orders} == {"N1-1", "N1-2", "N2-1", "N2-2", "S-1", "S-2"}
    assert all(order.customer_id.startswith(order.destination.region_id) for order in orders)
    assert tuple(replace(order, customer_id="") for order in orders) == drawn().orders


def test_more_lines_than_items_are_all_items() -> None:
    assert {len(order.lines) for order in drawn(lines={9: 1}, skus={"TEA": 1, "CUP": 1}).orders} == {2}


def test_hours_are_local() -> None:
    orders = drawn(hours={9: 1, 20: 1}, time_zone="Asia/Shanghai").orders
    assert {order.placed_at.hour for order in orders} == {1, 12}
    assert len(orders) > 3_700


def test_a_surge_raises_the_demand_of_its_region_while_it_lasts() -> None:
    surge = Disturbance(
        trouble=Trouble.DEMAND_SURGE, region_id="N", permille=5_000, starts_at=MONDAY + DAY, ends_at=MONDAY + 3 * DAY
    )
    usual, more = regions_of(drawn(days=3)), drawn(surge, days=3)
    surged = regions_of(more)
    assert 0.8 < surged["S"] / usual["S"] < 1.25
    assert 3.0 < surged["N1"] / usual["N1"] < 4.4  # (1 + 5 + 5) / 3
    first_day = Counter(order.placed_at < MONDAY + DAY for order in more.orders)
    assert first_day[True] < 520


def test_listed_orders_stay_as_they_are() -> None:
    world = made_world()
    assert with_orders(world) is world
