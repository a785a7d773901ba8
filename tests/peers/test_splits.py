"""How an order may fall apart into packages, and what is backordered: Spree, HotWax, OroCommerce and others."""

from dataclasses import replace

import pytest

from solver.client import Client, Policy
from solver.sourcing.plan import ReasonCode
from solver.sourcing.problem import Stage
from tests.peers.world import (
    BY_PRIORITY,
    FEWEST_PACKAGES,
    ON_HAND_FIRST,
    amounts,
    lines_of,
    planned,
    problem,
    taken,
    wanted,
)


def test_t14_one_package_from_the_place_that_has_all_where_packages_count(client: Client) -> None:
    plan = planned(client, problem({"NYC": {"A": 2}, "LA": {"A": 10}}, wanted(("A", 5)), policy=FEWEST_PACKAGES))
    assert (taken(plan), lines_of(plan)) == ({"LA": {"A": 5}}, [(5, 0, 0)])


def test_t15_two_places_are_put_together_where_neither_has_enough(client: Client) -> None:
    plan = planned(client, problem({"NYC": {"A": 5}, "LA": {"A": 5}}, wanted(("A", 8)), policy=FEWEST_PACKAGES))
    assert (set(taken(plan)), lines_of(plan), len(plan.packages)) == ({"NYC", "LA"}, [(8, 0, 0)], 2)


def test_t16_what_is_not_on_hand_is_backordered_and_no_unit_more(client: Client) -> None:
    stock = (
        *amounts({"NYC": {"A": 2}, "LA": {"A": 3}}),
        *amounts({"NYC": {"A": 1000}}, stage=Stage.BACKORDER),
    )
    plan = planned(client, problem(stock, wanted(("A", 10)), policy=ON_HAND_FIRST))
    assert lines_of(plan) == [(5, 5, 0)]
    on_hand = [package for package in plan.packages if package.stage is Stage.ON_HAND]
    assert {package.source_id: package.contents[0].units for package in on_hand} == {"NYC": 2, "LA": 3}


def test_t16_without_backorders_the_rest_stays_unfilled(client: Client) -> None:
    stock = (
        *amounts({"NYC": {"A": 2}, "LA": {"A": 3}}),
        *amounts({"NYC": {"A": 1000}}, stage=Stage.BACKORDER),
    )
    policy = replace(ON_HAND_FIRST, settings={"allow_backorder": 0})
    plan = planned(client, problem(stock, wanted(("A", 10)), policy=policy))
    assert lines_of(plan) == [(5, 0, 5)]


TWO_COASTS = {"NYC": {"A": 10, "B": 1}, "LA": {"B": 10}}


def test_t17_two_packages_suffice_and_nothing_is_backordered(client: Client) -> None:
    plan = planned(client, problem(TWO_COASTS, wanted(("A", 2), ("B", 4)), policy=FEWEST_PACKAGES))
    assert (len(plan.packages), lines_of(plan)) == (2, [(2, 0, 0), (4, 0, 0)])
    assert taken(plan)["NYC"]["A"] == 2
    assert taken(plan)["LA"]["B"] >= 3


def test_t17_a_line_that_shall_stay_whole_comes_wholly_from_where_all_of_it_is(client: Client) -> None:
    policy = replace(BY_PRIORITY, settings={"ship_lines_together": 1})
    plan = planned(client, problem(TWO_COASTS, wanted(("A", 2), ("B", 4)), policy=policy))
    assert taken(plan) == {"NYC": {"A": 2}, "LA": {"B": 4}}


def test_t18_items_that_lie_apart_travel_apart(client: Client) -> None:
    stock = {"one": {"A": 1}, "two": {"B": 1}, "three": {"C": 1}}
    plan = planned(client, problem(stock, wanted(("A", 1), ("B", 1), ("C", 1)), policy=FEWEST_PACKAGES))
    assert taken(plan) == stock
    assert len(plan.packages) == 3


@pytest.mark.parametrize(("wants", "named"), [((("A", 10),), 1), ((("A", 100), ("B", 100)), 2)])
def test_t32_an_order_that_must_be_complete_gets_nothing_and_every_short_item_is_named(
    client: Client, wants: tuple[tuple[str, int], ...], named: int
) -> None:
    stock = {"one": {"A": 4, "B": 4}, "two": {"A": 3, "B": 3}}
    plan = planned(client, problem(stock, wanted(*wants, ships_complete=True), policy=FEWEST_PACKAGES))
    assert plan.packages == ()
    short = [line.sku for line in plan.lines if ReasonCode.NOT_ENOUGH_STOCK in {one.code for one in line.reasons}]
    assert short == [sku for sku, _ in wants]
    assert len(short) == named


def test_t52_a_location_that_would_fall_below_its_buffer_is_skipped(client: Client) -> None:
    policy = replace(BY_PRIORITY, settings={"safety_all_or_nothing": 1})
    buffered = amounts({"near": {"A": 12}}, safety_units=10)
    plan = planned(client, problem((*buffered, *amounts({"far": {"A": 5}})), wanted(("A", 5)), policy=policy))
    assert taken(plan) == {"far": {"A": 5}}
    alone = planned(client, problem(buffered, wanted(("A", 5)), policy=policy))
    assert lines_of(alone) == [(0, 0, 5)]
    assert "safety stock is kept" in alone.lines[0].reasons[0].text


SPREAD = {"one": {"A": 1}, "two": {"B": 1}}


def test_t56_an_order_worth_too_little_to_be_split_is_left_whole_and_the_rule_is_named(client: Client) -> None:
    policy = replace(FEWEST_PACKAGES, settings={"min_value_to_split_minor": 5_000})
    plan = planned(client, problem(SPREAD, wanted(("A", 1), ("B", 1), price_minor=2_499), policy=policy))
    assert (plan.packages, lines_of(plan)) == ((), [(0, 0, 1), (0, 0, 1)])
    for line in plan.lines:
        assert [reason.code for reason in line.reasons] == [ReasonCode.RULE_FORBIDS]
        assert "small orders are not split" in line.reasons[0].text
    worth_it = planned(client, problem(SPREAD, wanted(("A", 1), ("B", 1), price_minor=2_500), policy=policy))
    assert len(worth_it.packages) == 2


@pytest.mark.parametrize("splits", [1, 3])
def test_t58_so_many_splits_are_one_fulfilment_more(client: Client, splits: int) -> None:
    stock = {str(number): {f"SKU-{number}": 1} for number in range(6)}
    order = wanted(*((f"SKU-{number}", 1) for number in range(6)))
    plan = planned(client, problem(stock, order, policy=replace(FEWEST_PACKAGES, max_packages=splits + 1)))
    assert len(plan.packages) == splits + 1
    assert sum(unfilled for _, _, unfilled in lines_of(plan)) == 6 - (splits + 1)


def test_t61_a_place_with_none_of_a_sku_never_gives_it(client: Client) -> None:
    stock = {"X": {"A": 0, "B": 3}, "Y": {"A": 2}}
    for policy in (BY_PRIORITY, FEWEST_PACKAGES, Policy()):
        plan = planned(client, problem(stock, wanted(("A", 1), ("B", 1)), policy=policy))
        assert taken(plan) == {"X": {"B": 1}, "Y": {"A": 1}}
