"""Rules in a set order, relaxed one after the other: Shopify, HotWax, Magento, Spree, Odoo and others."""

from dataclasses import replace

import pytest

from solver.client import Client, Level, Material, Part, Policy, PricedLane, SalesItem, SourceKind, StockAmount
from solver.sourcing.plan import ReasonCode
from solver.sourcing.problem import Lot, Stage
from tests.peers.world import (
    BY_PRIORITY,
    COMPLETE_FIRST,
    FEWEST_PACKAGES,
    amounts,
    lines_of,
    place,
    planned,
    problem,
    taken,
    wanted,
)

KM = 1_000


def lane(source_id: str, kilometers: int, **facts: object) -> PricedLane:
    stated = {"package_minor": 500, "distance_meters": kilometers * KM, **facts}
    return PricedLane(source_id=source_id, service_id="van", **stated)  # type: ignore[arg-type]  # facts of a lane


def in_order(*measures: str) -> Policy:
    return Policy(levels=(COMPLETE_FIRST, *(Level(measure=measure) for measure in measures)))


ACROSS_THE_BORDER = (lane("home 1", 400), lane("home 2", 500), lane("abroad", 90, crosses_border=True))
SHARED_OUT = {"home 1": {"A": 1}, "home 2": {"B": 1}, "abroad": {"A": 1, "B": 1}}


@pytest.mark.parametrize(
    ("measures", "sources"),
    [
        (("cross_border_packages", "packages", "distance_meters"), {"home 1", "home 2"}),
        (("packages", "cross_border_packages", "distance_meters"), {"abroad"}),
        (("distance_meters",), {"abroad"}),
    ],
)
def test_p01_routing_rules_decide_in_the_order_in_which_they_are_ranked(
    client: Client, measures: tuple[str, ...], sources: set[str]
) -> None:
    command = problem(SHARED_OUT, wanted(("A", 1), ("B", 1)), policy=in_order(*measures), lanes=ACROSS_THE_BORDER)
    assert set(taken(planned(client, command))) == sources


def test_p02_the_nearest_source_that_has_all_is_taken_before_a_nearer_one_that_has_some(client: Client) -> None:
    stock = {"nearest": {"A": 1}, "near": {"A": 2}, "far": {"A": 9}}
    lanes = (lane("nearest", 1), lane("near", 20), lane("far", 300))
    plan = planned(
        client, problem(stock, wanted(("A", 2)), policy=in_order("packages", "distance_meters"), lanes=lanes)
    )
    assert taken(plan) == {"near": {"A": 2}}


STRICT_ROUND = Policy(
    levels=(COMPLETE_FIRST, Level(measure="packages")),
    max_packages=1,
    max_distance_meters=50 * KM,
    relax={"packages_stay_within_the_limit": 1, "sources_are_near_enough": 2},
)


@pytest.mark.parametrize(
    ("stock", "sources", "relaxed"),
    [
        ({"near 1": {"A": 2}, "near 2": {"A": 1}, "far": {"A": 9}}, {"near 1"}, ()),
        (
            {"near 1": {"A": 1}, "near 2": {"A": 1}, "far": {"A": 9}},
            {"near 1", "near 2"},
            ("packages_stay_within_the_limit",),
        ),
        ({"near 1": {"A": 1}, "near 2": {"A": 0}, "far": {"A": 9}}, {"far"}, ("sources_are_near_enough",)),
    ],
)
def test_p03_a_later_round_of_brokering_drops_a_rule_only_where_the_round_before_left_something(
    client: Client, stock: dict[str, dict[str, int]], sources: set[str], relaxed: tuple[str, ...]
) -> None:
    lanes = (lane("near 1", 10), lane("near 2", 40), lane("far", 400))
    plan = planned(client, problem(stock, wanted(("A", 2)), policy=STRICT_ROUND, lanes=lanes))
    assert (set(taken(plan)), lines_of(plan), plan.relaxed_rules) == (sources, [(2, 0, 0)], relaxed)


def test_p04_a_kit_is_sold_as_often_as_its_scarcest_part_allows(client: Client) -> None:
    """Two cups and a pot are a kit; of 5 cups and 3 pots only two kits can be made."""
    kit = SalesItem(item_id="KIT", name="", parts=(Part(sku="CUP", units=2), Part(sku="POT", units=1)))
    command = problem(
        {"one": {"CUP": 3, "POT": 1}, "two": {"CUP": 2, "POT": 2}},
        wanted(("KIT", 3)),
        policy=FEWEST_PACKAGES,
        materials=tuple(Material(sku=sku, name="", weight_grams=500) for sku in ("CUP", "POT")),
        sales_items=(kit,),
    )
    plan = planned(client, command)
    assert lines_of(plan) == [(2, 0, 1)]
    totals = {sku: sum(of.get(sku, 0) for of in taken(plan).values()) for sku in ("CUP", "POT")}
    assert totals == {"CUP": 4, "POT": 2}


def test_p05_a_part_that_is_also_sold_alone_is_counted_once(client: Client) -> None:
    kit = SalesItem(item_id="KIT", name="", parts=(Part(sku="CUP", units=2),))
    command = problem(
        {"one": {"CUP": 5}},
        wanted(("KIT", 2), ("CUP", 2)),
        materials=(Material(sku="CUP", name="", weight_grams=500),),
        sales_items=(kit,),
    )
    plan = planned(client, command)
    assert sum(of["CUP"] for of in taken(plan).values()) == sum(
        units * line.planned_units for units, line in zip((2, 1), plan.lines, strict=True)
    )
    assert sorted(unfilled for _, _, unfilled in lines_of(plan)) == [0, 1]


def test_p06_a_package_above_the_weight_limit_is_split(client: Client) -> None:
    lanes = (replace(lane("one", 1), max_weight_grams=1_000),)
    plan = planned(client, problem({"one": {"A": 9}}, wanted(("A", 4)), policy=FEWEST_PACKAGES, lanes=lanes))
    assert sorted(package.weight_grams for package in plan.packages) == [1_000, 1_000]


def test_p07_goods_of_different_handling_travel_in_packages_of_their_own(client: Client) -> None:
    materials = (
        Material(sku="BLEACH", name="", weight_grams=500, tags=("hazmat",)),
        Material(sku="BREAD", name="", weight_grams=500, tags=("food",)),
        Material(sku="BOOK", name="", weight_grams=500),
    )
    stock = {"one": {"BLEACH": 1, "BREAD": 1, "BOOK": 1}}
    policy = replace(FEWEST_PACKAGES, words={"apart_tags": ("hazmat|food",)})
    order = wanted(("BLEACH", 1), ("BREAD", 1), ("BOOK", 1))
    plan = planned(client, problem(stock, order, policy=policy, materials=materials))
    packed = [{one.sku for one in package.contents} for package in plan.packages]
    assert len(packed) == 2
    assert not any({"BLEACH", "BREAD"} <= skus for skus in packed)


def test_p08_what_expires_first_leaves_first_and_what_expires_too_soon_stays(client: Client) -> None:
    stock = (
        StockAmount(source_id="old", sku="MILK", available_units=4, lots=(Lot(units=4, days_to_expiry=9),)),
        StockAmount(source_id="older", sku="MILK", available_units=4, lots=(Lot(units=4, days_to_expiry=5),)),
        StockAmount(source_id="oldest", sku="MILK", available_units=4, lots=(Lot(units=4, days_to_expiry=2),)),
    )
    policy = Policy(levels=(COMPLETE_FIRST, Level(measure="remaining_life_days")), settings={"min_days_to_expiry": 3})
    plan = planned(client, problem(stock, wanted(("MILK", 6)), policy=policy))
    assert taken(plan) == {"older": {"MILK": 4}, "old": {"MILK": 2}}


def test_p09_what_is_sold_ahead_goes_no_further_than_its_threshold(client: Client) -> None:
    ahead = wanted(("A", 1)).placed_at.replace(day=20)
    stock = amounts({"one": {"A": 3}}, stage=Stage.PRE_SALE, available_at=ahead)
    plan = planned(client, problem(stock, wanted(("A", 5))))
    assert lines_of(plan) == [(0, 3, 2)]
    assert plan.packages[0].arrives_at == ahead


def test_p10_a_place_that_is_switched_off_takes_no_orders_and_the_rule_is_named(client: Client) -> None:
    sources = (place("off", is_active=False), place("on", kind=SourceKind.STORE))
    command = problem({"off": {"A": 9}, "on": {"A": 1}}, wanted(("A", 2)), policy=FEWEST_PACKAGES, sources=sources)
    plan = planned(client, command)
    assert (taken(plan), lines_of(plan)) == ({"on": {"A": 1}}, [(1, 0, 1)])
    assert {reason.code for reason in plan.lines[0].reasons} == {ReasonCode.RULE_FORBIDS}
    assert "inactive sources give nothing" in plan.lines[0].reasons[0].text


def test_p11_stock_is_counted_once_over_the_orders_of_a_batch(client: Client) -> None:
    orders = [wanted(("A", 2), order_id=str(number)) for number in range(4)]
    plans = client.optimize(problem({"one": {"A": 5}, "two": {"A": 2}}, *orders, policy=BY_PRIORITY))
    assert [lines_of(plan) for plan in plans] == [[(2, 0, 0)]] * 3 + [[(1, 0, 1)]]
    given = [of for plan in plans for of in taken(plan).items()]
    assert {name: sum(of["A"] for source, of in given if source == name) for name in ("one", "two")} == {
        "one": 5,
        "two": 2,
    }


@pytest.mark.parametrize("backwards", [False, True])
def test_p12_the_order_of_lines_and_sources_changes_nothing(client: Client, backwards: bool) -> None:
    stock = {"one": {"A": 2, "B": 1}, "two": {"A": 3}, "three": {"B": 4}}
    wants = (("A", 4), ("B", 3))
    sources = tuple(place(name) for name in stock)
    if backwards:
        stock, wants, sources = dict(reversed(stock.items())), wants[::-1], sources[::-1]
    plan = planned(client, problem(stock, wanted(*wants), policy=FEWEST_PACKAGES, sources=sources))
    assert ([level.value for level in plan.levels], plan.total_minor) == ([0, 3, 1_900], 1_900)
