"""Sources in a set order, as Magento and Saleor fill orders. Where a case has halves, its quantities are doubled."""

import pytest

from solver.client import Client, Policy, StockAmount
from solver.sourcing.plan import ReasonCode
from tests.peers.world import (
    BEST_STOCKED_FIRST,
    BY_PRIORITY,
    FEWEST_PACKAGES,
    STRATEGIES,
    lines_of,
    place,
    planned,
    problem,
    taken,
    wanted,
)

PRIORITIES = (
    place("eu-1", priority=1),
    place("eu-2", priority=2),
    place("eu-3", priority=3),
    place("eu-disabled", priority=4, is_active=False),
)


def in_stock(source_id: str, sku: str, units: int) -> StockAmount:
    return StockAmount(source_id=source_id, sku=sku, available_units=units)


def marked_out_of_stock(source_id: str, sku: str, units: int) -> StockAmount:
    return StockAmount(source_id=source_id, sku=sku, available_units=0, on_hand_units=units)


EUROPE = (
    in_stock("eu-1", "SKU-1", 11),
    in_stock("eu-1", "SKU-6", 0),
    in_stock("eu-2", "SKU-1", 6),
    in_stock("eu-2", "SKU-4", 12),
    marked_out_of_stock("eu-2", "SKU-3", 12),
    marked_out_of_stock("eu-3", "SKU-1", 20),
    in_stock("eu-disabled", "SKU-1", 20),
)


def test_t01_each_sku_comes_from_the_first_source_as_far_as_it_goes_and_disabled_ones_give_nothing(
    client: Client,
) -> None:
    plan = planned(client, problem(EUROPE, wanted(("SKU-1", 16), ("SKU-4", 8)), policy=BY_PRIORITY, sources=PRIORITIES))
    assert taken(plan) == {"eu-1": {"SKU-1": 11}, "eu-2": {"SKU-1": 5, "SKU-4": 8}}
    assert lines_of(plan) == [(16, 0, 0), (8, 0, 0)]


def test_t01_more_than_the_enabled_sources_have_is_not_taken_from_the_others(client: Client) -> None:
    plan = planned(client, problem(EUROPE, wanted(("SKU-1", 18), ("SKU-3", 1)), policy=BY_PRIORITY, sources=PRIORITIES))
    assert taken(plan) == {"eu-1": {"SKU-1": 11}, "eu-2": {"SKU-1": 6}}
    assert lines_of(plan) == [(17, 0, 1), (0, 0, 1)]


def test_t02_the_second_source_gives_what_the_first_lacks(client: Client) -> None:
    plan = planned(client, problem(EUROPE, wanted(("SKU-1", 14)), policy=BY_PRIORITY, sources=PRIORITIES))
    assert taken(plan) == {"eu-1": {"SKU-1": 11}, "eu-2": {"SKU-1": 3}}


def test_t04_a_sku_that_nobody_has_stays_unfilled_and_the_rest_is_still_planned(client: Client) -> None:
    order = wanted(("SKU-1", 10), ("SKU-2", 6))
    plan = planned(client, problem(EUROPE, order, policy=BY_PRIORITY, sources=PRIORITIES))
    assert taken(plan) == {"eu-1": {"SKU-1": 10}}
    assert lines_of(plan) == [(10, 0, 0), (0, 0, 6)]
    assert [reason.code for reason in plan.lines[1].reasons] == [ReasonCode.NO_STOCK_ANYWHERE]


def test_t04_an_order_that_must_ship_complete_ships_nothing_then(client: Client) -> None:
    order = wanted(("SKU-1", 10), ("SKU-2", 6), ships_complete=True)
    plan = planned(client, problem(EUROPE, order, policy=BY_PRIORITY, sources=PRIORITIES))
    assert (taken(plan), lines_of(plan)) == ({}, [(0, 0, 10), (0, 0, 6)])


def test_t13_a_sku_on_two_lines_is_summed_before_it_is_shared_out(client: Client) -> None:
    order = wanted(("SKU-1", 8), ("SKU-1", 8))
    plan = planned(client, problem(EUROPE, order, policy=BY_PRIORITY, sources=PRIORITIES))
    assert taken(plan) == {"eu-1": {"SKU-1": 11}, "eu-2": {"SKU-1": 5}}
    assert lines_of(plan) == [(8, 0, 0), (8, 0, 0)]


def test_t29_the_source_with_most_stock_comes_first(client: Client) -> None:
    stock = {"three": {"A": 3}, "four": {"A": 4}}
    plan = planned(client, problem(stock, wanted(("A", 5)), policy=BEST_STOCKED_FIRST))
    assert taken(plan) == {"four": {"A": 4}, "three": {"A": 1}}


def test_t29_the_source_that_is_set_first_comes_first_however_little_it_has(client: Client) -> None:
    stock = {"three": {"A": 3}, "four": {"A": 4}}
    plan = planned(client, problem(stock, wanted(("A", 5)), policy=BY_PRIORITY))
    assert taken(plan) == {"three": {"A": 3}, "four": {"A": 2}}


@pytest.mark.parametrize("strategy", range(len(STRATEGIES)))
def test_t30_an_order_collected_at_a_point_is_filled_from_there_under_every_strategy(
    client: Client, strategy: int
) -> None:
    policy = STRATEGIES[strategy]
    only_there = Policy(
        levels=policy.levels, split_minor=policy.split_minor, words={"only_sources": ("collection point",)}
    )
    stock = {"warehouse": {"A": 50}, "collection point": {"A": 5}}
    plan = planned(client, problem(stock, wanted(("A", 5)), policy=only_there))
    assert taken(plan) == {"collection point": {"A": 5}}


def test_t39_thirteen_units_are_thirteen_units_by_priority(client: Client) -> None:
    plan = planned(client, problem({"first": {"A": 10}, "second": {"A": 15}}, wanted(("A", 13)), policy=BY_PRIORITY))
    assert taken(plan) == {"first": {"A": 10}, "second": {"A": 3}}


def test_t39_thirteen_units_are_thirteen_units_where_packages_count(client: Client) -> None:
    stock = {"first": {"A": 10}, "second": {"A": 15}}
    plan = planned(client, problem(stock, wanted(("A", 13)), policy=FEWEST_PACKAGES))
    assert taken(plan) == {"second": {"A": 13}}
