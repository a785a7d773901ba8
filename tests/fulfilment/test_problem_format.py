"""Every part of a stated problem counts: what it says changes the plans as it should, to the unit and the minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from solver.errors import InvalidRequest
from solver.sourcing.plan import Engine
from solver.sourcing.problem import Stage
from tests.fulfilment.stated import NOW, command, lane, order, plans, problem, shipped, tea

WEDNESDAY = datetime(2026, 3, 4, tzinfo=UTC)
ETA = "in_transit@2026-03-04T00:00Z"


def test_the_format_may_be_spelt_as_protobuf_and_as_scenario_files_spell_it() -> None:
    sources = [{"source_id": "near", "kind": "store"}, {"sourceId": "far", "kind": "SOURCE_KIND_DEALER"}]
    policy = {"words": {"only_kinds": ["store"], "allowed_sources": {"words": ["near"]}}, "split_minor": None}
    read = command(sources=sources, policy=policy, engine="MIP", stock=[{**tea("near", 1), "available_units": "10"}])
    assert [source.kind.name for source in read.sources] == ["STORE", "DEALER"]
    assert read.policy is not None
    assert read.policy.words == {"allowed_sources": ("near",), "only_kinds": ("store",)}
    assert read.policy.split_minor == 200
    assert (read.engine, read.stock[0].available_units) == (Engine.MIP, 10)


def test_what_is_left_out_has_a_meaning() -> None:
    bare = order()
    del bare["placed_at"]
    read = command(orders=[bare])
    assert read.orders[0].placed_at == NOW
    assert read.orders[0].lines[0].line_id == "1"
    assert (read.engine, read.money_decimals, read.policy_id) == (Engine.EXACT, None, "")


def test_a_lane_is_paid_by_package_and_by_unit_beside_its_card() -> None:
    card = {"bands": [{"base_minor": 50}]}
    [plan] = plans(lanes=[lane("near", 300, card=card, unit_minor={"TEA": 7})])
    assert {name: minor for name, minor in plan.cost_minor.items() if minor} == {"freight": 50, "lane_price": 314}


def test_splitting_is_cheaper_where_the_tariffs_say_so() -> None:
    """Two parcels of 4 lb from near cost 8.34 and 7.57; one of 8 lb from far 22.56."""

    def card(four_pounds: int, eight_pounds: int) -> dict[str, Any]:
        return {
            "bands": [
                {"up_to_grams": 1_814, "base_minor": four_pounds},
                {"up_to_grams": 3_628, "base_minor": eight_pounds},
            ]
        }

    [plan] = plans(
        orders=[order(currency="USD")],
        materials=[{"sku": "TEA", "weight_grams": 1_814}],
        sources=[{"source_id": source_id} for source_id in ("near-1", "near-2", "far")],
        stock=[tea("near-1", 1), tea("near-2", 1), tea("far", 2)],
        lanes=[
            {"source_id": "near-1", "service_id": "ground", "card": card(834, 1_200)},
            {"source_id": "near-2", "service_id": "ground", "card": card(757, 1_100)},
            {"source_id": "far", "service_id": "ground", "card": card(1_500, 2_256)},
        ],
    )
    assert shipped(plan) == [("near-1", "", 1), ("near-2", "", 1)]
    assert (plan.total_minor, plan.bound_minor) == (1_591, 1_591)
    assert plan.why.startswith("near-1 and near-2 ship all in 2 packages for 15.91 USD; no plan is cheaper.")
    assert plan.runner_up is not None


def test_the_decimals_of_money_are_those_of_the_problem() -> None:
    [plan] = plans(money_decimals=5, lanes=[lane("near", 1_014_123)], policy={"unfilled_minor_per_unit": 10_000_000})
    assert "for 10.14123 CNY" in plan.why
    assert (plan.money(5), plan.money(-1_200_000)) == ("0.00005", "-12.00000")
    [plan] = plans(money_decimals=0, lanes=[lane("near", 7)])
    assert "for 7 CNY" in plan.why


def test_stock_in_transit_is_an_offer_of_its_own_that_leaves_when_it_is_there() -> None:
    stock = [tea("near", 1), tea("near", 5, stage="in_transit", available_at=WEDNESDAY.isoformat())]
    sources = [{"source_id": "near", "lead_minutes": 30}]
    lanes = [lane("near", 300, transit_minutes=60)]
    [plan] = plans(orders=[order(units=6)], stock=stock, sources=sources, lanes=lanes)
    assert shipped(plan) == [("near", "", 1), ("near", ETA, 5)]
    assert [package.stage for package in plan.packages] == [Stage.ON_HAND, Stage.IN_TRANSIT]
    assert [package.arrives_at for package in plan.packages] == [
        NOW + timedelta(minutes=90),
        WEDNESDAY + timedelta(minutes=90),
    ]


def test_each_stage_and_day_is_counted_down_by_itself() -> None:
    later = {"stage": "in_transit", "available_at": "2026-03-04T08:00:00+08:00"}
    first, second, third = plans(
        orders=[order(str(number), 3) for number in range(3)],
        sources=[{"source_id": "near"}],
        stock=[tea("near", 4), tea("near", 4, **later)],
        lanes=[lane("near", 300)],
    )
    assert shipped(first) in ([("near", "", 3)], [("near", ETA, 3)])
    assert sum(units for *_, units in shipped(second)) == 3
    assert sum(units for *_, units in shipped(third)) == 2
    assert third.unfilled_units == 1


@pytest.mark.parametrize(
    ("material_days", "source_days", "days"), [({}, {}, 30), ({}, {"days_to_ship": 9}, 9),
                                               ({"days_to_ship": 4}, {"days_to_ship": 9}, 4)],
)  # fmt: skip
def test_a_backorder_ships_when_the_product_or_else_the_source_or_else_a_month_says(
    material_days: dict[str, int], source_days: dict[str, int], days: int
) -> None:
    [plan] = plans(
        materials=[{"sku": "TEA", "weight_grams": 500, **material_days}],
        sources=[{"source_id": "near", **source_days}],
        stock=[tea("near", 5, stage="backorder")],
        lanes=[lane("near", 300)],
    )
    [package] = plan.packages
    assert (package.arrives_at, package.stage) == (NOW + timedelta(days=days), Stage.BACKORDER)
    assert (plan.lines[0].planned_units, plan.lines[0].backordered_units) == (0, 2)
    assert package.offer_id == f"backorder@{NOW + timedelta(days=days):%Y-%m-%dT%H:%M}Z"


def test_undated_backorders_of_orders_on_other_days_come_from_the_same_pile() -> None:
    days = [order("1", 3), order("2", 3, placed_at="2026-03-05T08:00:00Z")]
    first, second = plans(orders=days, stock=[tea("near", 5, stage="backorder")], lanes=[lane("near", 300)])
    assert (first.unfilled_units, second.unfilled_units) == (0, 1)


def test_a_lane_may_serve_one_offer_only_and_goes_before_a_general_one() -> None:
    stock = [tea("near", 1), tea("near", 5, stage="in_transit", available_at=WEDNESDAY.isoformat())]
    [plan] = plans(stock=stock, lanes=[lane("near", 300), lane("near", 40, offer_id=ETA)])
    assert shipped(plan) == [("near", ETA, 2)]
    assert plan.total_minor == 40


def test_stated_times_of_a_lane_go_before_those_that_are_worked_out() -> None:
    times = {"hand_over_at": "2026-03-03T10:00:00Z", "transit_minutes": 45}
    [plan] = plans(lanes=[lane("near", 300, **times)])
    assert plan.packages[0].arrives_at == datetime(2026, 3, 3, 10, 45, tzinfo=UTC)
    [plan] = plans(lanes=[lane("near", 300, **times, arrives_at="2026-03-09T10:00:00Z")])
    assert plan.packages[0].arrives_at == datetime(2026, 3, 9, 10, tzinfo=UTC)


def test_goods_may_go_to_another_source_first_at_a_price() -> None:
    way = {"via_source_id": "far", "transfer_per_package_minor": 20, "transfer_per_unit_minor": 3}
    [plan] = plans(lanes=[lane("near", 100, **way), lane("near", 300)])
    assert plan.packages[0].via_source_id == "far"
    assert (plan.cost_minor["transfer"], plan.total_minor) == (26, 126)


def test_safety_stock_and_reserves_are_kept() -> None:
    sources = [{"source_id": "near", "kind": "dealer"}, {"source_id": "far"}]
    for name in ("safety_units", "reserve_units"):
        [plan] = plans(sources=sources, stock=[tea("near", 10, **{name: 9}), tea("far", 10)])
        assert shipped(plan) in ([("far", "", 2)], [("far", "", 1), ("near", "", 1)])
        assert sum(units for source_id, _, units in shipped(plan) if source_id == "near") <= 1


def test_costs_per_unit_differ_by_source_and_else_are_the_materials_value() -> None:
    """A tea is worth 500; at near it costs 800, and the policy counts the whole of what is more."""
    [plan] = plans(
        materials=[{"sku": "TEA", "weight_grams": 500, "value_minor": 500}],
        stock=[tea("near", 10, unit_cost_minor=900), tea("far", 10)],
        policy={"settings": {"lost_margin_permille": 1_000}},
    )
    assert shipped(plan) == [("far", "", 2)]
    [plan] = plans(
        materials=[{"sku": "TEA", "weight_grams": 500, "value_minor": 500}],
        stock=[tea("near", 10, unit_cost_minor=700), tea("far", 10)],
        policy={"settings": {"lost_margin_permille": 1_000}},
    )
    assert (shipped(plan), plan.cost_minor["margin"]) == ([("near", "", 2)], 400)


def test_lots_are_counted_down_as_they_ship_by_their_expiry() -> None:
    """Two teas have 5 days left and may not ship, three have 20, ten have 90; the price of a day prefers the older."""
    lots = [
        {"units": 2, "days_to_expiry": 5},
        {"units": 10, "days_to_expiry": 90},
        {"units": 3, "days_to_expiry": 20},
    ]
    policy = {"settings": {"fresh_minor_per_day": 1, "min_days_to_expiry": 10}}
    first, second, third = plans(
        orders=[order("1", 2), order("2", 2), order("3", 12)],
        stock=[tea("near", 15, lots=lots)],
        lanes=[lane("near", 300)],
        policy=policy,
    )
    assert (first.cost_minor["stock_age"], second.cost_minor["stock_age"]) == (2 * 20, 20 + 90)
    assert third.unfilled_units == 3


def test_a_full_source_is_passed_over_and_its_work_counts_the_earlier_orders() -> None:
    """Near takes 3 orders a day and has 1 already: two more go there, the fourth goes far."""
    answers = plans(
        orders=[order(str(number), 1) for number in range(4)],
        sources=[{"source_id": "near", "capacity": {"orders": [3]}}, {"source_id": "far"}],
        source_states=[{"source_id": "near", "work": {"orders": 1}}],
    )
    assert [shipped(plan)[0][0] for plan in answers] == ["near", "near", "far", "far"]
    assert answers[2].excluded == {"sources_stay_within_their_capacity": 1}


def test_without_the_rule_a_full_source_hands_over_a_working_day_later_for_each_day_behind() -> None:
    near = {"source_id": "near", "capacity": {"units": [4]}, "hours": {"closes_minute": 1440, "weekdays": [1, 2]}}
    answers = plans(
        orders=[order(str(number)) for number in range(5)],
        sources=[near],
        stock=[tea("near", 100)],
        lanes=[lane("near", 300)],
        policy={"off": ["sources_stay_within_their_capacity"]},
    )
    monday = NOW
    tuesday, next_monday = monday + timedelta(days=1), monday + timedelta(days=7)
    assert [plan.packages[0].arrives_at for plan in answers] == [monday, monday, tuesday, tuesday, next_monday]


def test_how_full_a_source_is_counts_whole_days_behind_as_whole_days() -> None:
    """5 of 4 units: one whole day and a quarter of the next, 12,500 basis points, at 1 for each percent."""
    [plan] = plans(
        sources=[{"source_id": "near", "capacity": {"units": [4]}}],
        source_states=[{"source_id": "near", "work": {"units": 5}}],
        stock=[tea("near", 10)],
        lanes=[lane("near", 300)],
        policy={"off": ["sources_stay_within_their_capacity"], "settings": {"load_minor_per_percent": 1}},
    )
    assert plan.cost_minor["source_load"] == 125


@pytest.mark.parametrize(
    ("state", "policy"),
    [
        ({"orders_left": 0}, {}),
        ({"units_left": 1}, {}),
        ({"quota_orders_left": 0}, {}),
        ({"load_basis_points": 9_000}, {"settings": {"max_load_basis_points": 8_000}}),
        ({"rejects": 3}, {"settings": {"rejection_minor": 300}}),
        ({"share_excess_basis_points": 1_000}, {"settings": {"share_excess_minor_per_percent": 90}}),
    ],
    ids=lambda stated: next(iter(stated), ""),
)
def test_what_is_stated_of_a_source_turns_the_decision(state: dict[str, Any], policy: dict[str, Any]) -> None:
    [plan] = plans(policy=policy)
    assert shipped(plan) == [("near", "", 2)]
    [plan] = plans(source_states=[{"source_id": "near", **state}], policy=policy)
    assert shipped(plan) == [("far", "", 2)]


def test_handling_minutes_are_counted_as_packages_and_units_take_them() -> None:
    """10 a package and 5 a unit: two orders of two fit into 45 minutes, the third does not."""
    near = {"source_id": "near", "minutes_per_package": 10, "minutes_per_unit": 5}
    answers = plans(
        orders=[order(str(number)) for number in range(3)],
        sources=[near, {"source_id": "far"}],
        source_states=[{"source_id": "near", "minutes_left": 45}],
    )
    assert [shipped(plan)[0][0] for plan in answers] == ["near", "near", "far"]


def test_a_quota_is_used_up_by_the_orders_of_the_problem() -> None:
    answers = plans(
        orders=[order(str(number)) for number in range(3)],
        source_states=[{"source_id": "near", "quota_orders_left": 2}],
    )
    assert [shipped(plan)[0][0] for plan in answers] == ["near", "near", "far"]


def test_a_stated_backlog_hands_over_later() -> None:
    [plan] = plans(lanes=[lane("near", 300)], source_states=[{"source_id": "near", "backlog_days": 2}])
    assert plan.packages[0].arrives_at == NOW + timedelta(days=2)


def test_what_a_service_still_takes_is_counted_over_all_sources() -> None:
    lanes = [lane("near", 300, packages_left=1), lane("far", 900, packages_left=1), lane("far", 950, service_id="bike")]
    first, second = plans(orders=[order("1"), order("2")], lanes=lanes)
    assert (first.packages[0].service_id, second.packages[0].service_id) == ("van", "bike")
    assert second.excluded == {"services_stay_within_their_capacity": 2}


def test_orders_and_lines_may_have_to_ship_complete_or_together() -> None:
    short = {"stock": [tea("near", 1), tea("far", 1)]}
    [plan] = plans(orders=[order(units=3)], **short)
    assert plan.unfilled_units == 1
    [plan] = plans(orders=[order(units=3, ships_complete=True)], **short)
    assert (plan.unfilled_units, plan.packages) == (3, ())
    line = {"sku": "TEA", "quantity": 3}
    [plan] = plans(orders=[order(lines=[line | {"ships_complete": True}])], **short)
    assert plan.unfilled_units == 3
    [plan] = plans(orders=[order(lines=[line | {"quantity": 2, "ships_together": True}])], **short)
    assert [units for *_, units in shipped(plan)] == [1]


def test_a_tier_of_customers_may_have_a_source_of_its_own() -> None:
    gold, plain = plans(
        orders=[order("1", customer_tier="gold"), order("2")],
        sources=[{"source_id": "near", "tags": ["flagship"]}, {"source_id": "far"}],
        policy={"words": {"tier_sources": ["gold|flagship"]}},
    )
    assert (shipped(gold), shipped(plain)) == ([("near", "", 2)], [("far", "", 2)])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"stock": [tea("near", 1), tea("near", 1)]}, ["stock[1]"]),
        ({"stock": [tea("near", 1, stage="in_transit")]}, ["stock[0].available_at"]),
        ({"stock": [tea("near", 1, stage="pre_sale")]}, ["stock[0].available_at"]),
        ({"stock": [tea("near", 1, available_at="2026-03-04T00:00:00Z")]}, ["stock[0].available_at"]),
        ({"stock": [tea("near", 1, safety_units=-1, reserve_units=-1, unit_cost_minor=-1, stock_out_minor=-1)]},
         ["stock[0].safety_units", "stock[0].reserve_units", "stock[0].unit_cost_minor", "stock[0].stock_out_minor"]),
        ({"stock": [tea("near", 1, lots=[{"units": -1, "days_to_expiry": 99_999, "markdown_minor": -1}])]},
         ["stock[0].lots[0].units", "stock[0].lots[0].days_to_expiry", "stock[0].lots[0].markdown_minor"]),
        ({"source_states": [{"source_id": "moon"}, {"source_id": "near", "work": {"orders": -1}, "rejects": -1}]},
         ["source_states[0].source_id", "source_states[1].work.orders", "source_states[1].rejects"]),
        ({"source_states": [{"source_id": "near"}, {"source_id": "near"}]}, ["source_states[1]"]),
        ({"service_states": [{"service_id": "van", "packages": -1}]},
         ["service_states[0].service_id", "service_states[0].packages"]),
        ({"transfers": [{"from_source_id": "near", "to_source_id": "far"}]}, ["transfers"]),
        ({"lanes": [lane("near", -1, unit_minor={"TEA": -1, "MILK": 1})]},
         ["lanes[0].package_minor", "lanes[0].unit_minor[MILK]", "lanes[0].unit_minor[TEA]"]),
        ({"lanes": [lane("near", 1, via_source_id="moon")]}, ["lanes[0].via_source_id"]),
        ({"lanes": [lane("near", 1, transfer_per_unit_minor=1)]}, ["lanes[0].via_source_id"]),
        ({"lanes": [lane("near", 1, packages_left=-1, hand_over_at="2026-03-04T00:00:00Z",
                         arrives_at="2026-03-03T00:00:00Z")]}, ["lanes[0].packages_left", "lanes[0].arrives_at"]),
        ({"lanes": [lane("near", 1), lane("near", 1, offer_id=ETA), lane("near", 2, offer_id=ETA)]}, ["lanes[2]"]),
        ({"materials": [{"sku": "TEA", "weight_grams": 500, "value_minor": -1}]}, ["materials[0].value_minor"]),
        ({"money_decimals": -1}, ["money_decimals"]),
        ({"wave": {"sources": [{"source_id": "near"}]}}, ["wave"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_path(changes: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        plans(**changes)
    assert [violation.field for violation in refused.value.violations] == fields


def test_the_problem_that_all_this_is_tried_on_is_solved_from_near() -> None:
    [plan] = plans()
    assert (shipped(plan), plan.total_minor) == ([("near", "", 2)], 300)
    assert problem()["orders"][0]["order_id"] == plan.order_id
