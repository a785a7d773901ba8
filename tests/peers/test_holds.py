"""Stock held for carts and orders, as Magento, Spree, Saleor, Vendure and Medusa do. A hold refuses what is short."""

from dataclasses import replace
from datetime import timedelta

import pytest

from solver.client import Address, BackorderLimit, CallFailed, Client, HeldUnits, HoldState, Movement, Order, PlanState
from solver.clock import ManualClock
from tests.made_world import MONDAY_AT_8
from tests.peers.world import (
    BY_PRIORITY,
    FEWEST_PACKAGES,
    amounts,
    claims,
    level,
    lines_of,
    planned,
    problem,
    stocked,
    taken,
    wanted,
)
from tests.running import Running

MINUTES = timedelta(minutes=1)


def at_the_door(*lines: tuple[str, int], order_id: str = "1") -> Order:
    return replace(wanted(*lines, order_id=order_id), destination=Address(region_id="HERE"))


def refused(client: Client, hold_id: str, *wants: tuple[str, str, int]) -> dict[str, str]:
    """What is short, when the hold must be refused."""
    with pytest.raises(CallFailed) as raised:
        client.hold_stock(hold_id, claims(*wants))
    assert raised.value.reason == "STOCK_SHORT"
    return dict(raised.value.metadata)


def backordered_to(client: Client, site_id: str, sku: str, units: int) -> None:
    client.set_backorder_limits([BackorderLimit(site_id=site_id, sku=sku, units=units)])


def test_t08_what_is_sold_stays_above_the_threshold(client: Client) -> None:
    """Doubled: the threshold is 10 on 17."""
    shelf = amounts({"shop": {"A": 17}}, safety_units=10)
    ask_three = planned(client, problem(shelf, wanted(("A", 6), ships_complete=True), policy=BY_PRIORITY))
    ask_four = planned(client, problem(shelf, wanted(("A", 8), ships_complete=True), policy=BY_PRIORITY))
    assert (lines_of(ask_three), lines_of(ask_four)) == ([(6, 0, 0)], [(0, 0, 8)])


def test_t08_once_all_is_held_one_more_is_refused(client: Client) -> None:
    stocked(client, {"shop": {"A": 17}})
    client.hold_stock("all", claims(("shop", "A", 17)))
    assert refused(client, "more", ("shop", "A", 2)) == {"shop/A": "wanted 2, available 0"}


def test_t08_with_backorders_it_is_still_saleable_beyond_the_stock_and_no_further_than_their_limit(
    client: Client,
) -> None:
    stocked(client, {"shop": {"A": 17}})
    backordered_to(client, "shop", "A", 15)
    client.hold_stock("up to -13", claims(("shop", "A", 30)))
    assert (level(client, "shop", "A").available, level(client, "shop", "A").backordered) == (0, 13)
    hold = client.hold_stock("more", claims(("shop", "A", 2)))
    assert hold.contents == (HeldUnits(site_id="shop", sku="A", units=2, backordered_units=2),)
    assert refused(client, "beyond", ("shop", "A", 1)) == {"shop/A": "wanted 1, available 0"}


def test_t10_pick_up_orders_that_stand_at_a_place_leave_less_to_ship_from_it(client: Client) -> None:
    stocked(client, {"eu-1": {"SKU-1": 11}, "eu-2": {"SKU-1": 20}})

    def shippable() -> int:
        plan = client.plan(at_the_door(("SKU-1", 11)), policy=BY_PRIORITY, validate_only=True).plan
        return taken(plan)["eu-1"]["SKU-1"]

    assert shippable() == 11
    client.hold_stock("pick-up 1", claims(("eu-1", "SKU-1", 7)))
    client.confirm_hold("pick-up 1")
    assert (shippable(), level(client, "eu-1", "SKU-1").available) == (4, 4)
    client.hold_stock("pick-up 2", claims(("eu-1", "SKU-1", 2)))
    assert (shippable(), level(client, "eu-1", "SKU-1").available) == (2, 2)


def test_t20_a_unit_that_another_order_holds_is_not_promised_again(client: Client) -> None:
    stocked(client, {"NYC": {"A": 1}, "LA": {"A": 10}})
    first = client.plan(at_the_door(("A", 1), order_id="first"), policy=BY_PRIORITY)
    assert (taken(first.plan), first.state) == ({"NYC": {"A": 1}}, PlanState.HELD)
    second = client.plan(at_the_door(("A", 1), order_id="second"), policy=BY_PRIORITY)
    assert taken(second.plan) == {"LA": {"A": 1}}


def test_t20_neither_is_one_that_a_cart_holds(client: Client) -> None:
    stocked(client, {"NYC": {"A": 1}, "LA": {"A": 10}})
    client.hold_stock("cart", claims(("NYC", "A", 1)))
    assert taken(client.plan(at_the_door(("A", 1)), policy=BY_PRIORITY).plan) == {"LA": {"A": 1}}


def test_t21_a_cart_cannot_have_what_another_cart_holds_and_no_hold_is_written(
    client: Client, service: Running
) -> None:
    stocked(client, {"shop": {"A": 5}})
    client.hold_stock("other cart", claims(("shop", "A", 4)))
    before = service.contents()
    assert refused(client, "cart", ("shop", "A", 3)) == {"shop/A": "wanted 3, available 1"}
    assert service.contents() == before
    with pytest.raises(CallFailed, match="there is no hold 'cart'"):
        client.get_hold("cart")


def test_t22_a_sku_on_two_lines_is_summed_before_it_is_held(client: Client, service: Running) -> None:
    stocked(client, {"shop": {"A": 5}})
    before = service.contents()
    assert refused(client, "cart", ("shop", "A", 3), ("shop", "A", 3)) == {"shop/A": "wanted 6, available 5"}
    assert service.contents() == before


def test_t23_reserving_twice_is_one_hold_of_the_same_quantity(client: Client) -> None:
    stocked(client, {"shop": {"A": 5}})
    for _ in range(2):
        hold = client.hold_stock("cart", claims(("shop", "A", 3)))
        assert hold.contents == (HeldUnits(site_id="shop", sku="A", units=3),)
        assert (level(client, "shop", "A").held, level(client, "shop", "A").available) == (3, 2)


def test_t23_a_hold_for_seven_minutes_ends_seven_minutes_on_and_reserving_again_extends_it(
    client: Client, clock: ManualClock
) -> None:
    stocked(client, {"shop": {"A": 5}})
    assert client.hold_stock("cart", claims(("shop", "A", 3)), hold_for=7 * MINUTES).expires_at == (
        MONDAY_AT_8 + 7 * MINUTES
    )
    clock.advance(4 * MINUTES)
    assert client.hold_stock("cart", claims(("shop", "A", 3)), hold_for=7 * MINUTES).expires_at == (
        MONDAY_AT_8 + 11 * MINUTES
    )
    clock.advance(6 * MINUTES)
    assert client.get_hold("cart").state is HoldState.HELD
    clock.advance(1 * MINUTES)
    assert client.get_hold("cart").state is HoldState.EXPIRED


def test_t23_its_own_hold_does_not_count_against_a_cart_that_asks_for_more(client: Client) -> None:
    stocked(client, {"shop": {"A": 5}})
    client.hold_stock("cart", claims(("shop", "A", 4)))
    client.hold_stock("cart", claims(("shop", "A", 5)))
    assert level(client, "shop", "A").held == 5


def test_t23_a_refused_change_leaves_the_hold_as_it_was(client: Client, service: Running) -> None:
    stocked(client, {"shop": {"A": 5}})
    hold = client.hold_stock("cart", claims(("shop", "A", 4)))
    before = service.contents()
    assert refused(client, "cart", ("shop", "A", 6)) == {"shop/A": "wanted 6, available 5"}
    assert service.contents() == before
    assert client.get_hold("cart") == hold


def test_t23_an_expired_hold_counts_for_nothing(client: Client, clock: ManualClock) -> None:
    stocked(client, {"shop": {"A": 5}})
    client.hold_stock("cart", claims(("shop", "A", 4)), hold_for=7 * MINUTES)
    clock.advance(7 * MINUTES)
    assert (level(client, "shop", "A").held, level(client, "shop", "A").available) == (0, 5)
    client.hold_stock("other cart", claims(("shop", "A", 5)))
    with pytest.raises(CallFailed) as raised:
        client.confirm_hold("cart")
    assert raised.value.reason == "HOLD_EXPIRED"
    assert level(client, "shop", "A").held == 5


def test_t32_of_lines_that_are_short_every_one_is_named_and_nothing_is_allocated(
    client: Client, service: Running
) -> None:
    stocked(client, {"one": {"A": 4, "B": 4, "C": 100}, "two": {"A": 3, "B": 3}})
    before = service.contents()
    assert refused(client, "order", ("one", "A", 100), ("two", "B", 100), ("one", "C", 100)) == {
        "one/A": "wanted 100, available 4",
        "two/B": "wanted 100, available 3",
    }
    assert service.contents() == before


def test_t33_releasing_some_leaves_the_rest_allocated_and_on_hand_as_it_was(client: Client) -> None:
    stocked(client, {"one": {"A": 100}})
    client.hold_stock("order", claims(("one", "A", 80)))
    hold = client.release_hold("order", claims(("one", "A", 50)))
    assert (hold.state, hold.contents) == (HoldState.HELD, (HeldUnits(site_id="one", sku="A", units=30),))
    now = level(client, "one", "A")
    assert (now.on_hand, now.held, now.available) == (100, 30, 70)


def test_t36_reserving_more_than_is_stocked_is_refused_and_nothing_is_reserved(client: Client) -> None:
    stocked(client, {"one": {"A": 2}})
    assert refused(client, "cart", ("one", "A", 3)) == {"one/A": "wanted 3, available 2"}
    assert level(client, "one", "A").held == 0


def test_t36_with_backorders_allowed_all_is_reserved(client: Client) -> None:
    stocked(client, {"one": {"A": 2}})
    backordered_to(client, "one", "A", 1_000)
    hold = client.hold_stock("cart", claims(("one", "A", 3)))
    assert hold.contents == (HeldUnits(site_id="one", sku="A", units=3, backordered_units=1),)
    now = level(client, "one", "A")
    assert (now.held, now.backordered, now.backorderable) == (2, 1, 999)


def test_t36_what_comes_in_serves_confirmed_backorders_before_others(client: Client) -> None:
    stocked(client, {"one": {"A": 2}})
    backordered_to(client, "one", "A", 10)
    client.hold_stock("order", claims(("one", "A", 6)))
    assert client.confirm_hold("order").state is HoldState.CONFIRMED
    now = level(client, "one", "A")
    assert (now.on_hand, now.committed, now.backordered, now.backorderable) == (2, 2, 4, 6)
    client.receive_stock([Movement(site_id="one", sku="A", units=3)], "po-1")
    now = level(client, "one", "A")
    assert (now.on_hand, now.committed, now.available, now.backordered, now.backorderable) == (5, 5, 0, 1, 9)
    client.receive_stock([Movement(site_id="one", sku="A", units=3)], "po-2")
    now = level(client, "one", "A")
    assert (now.on_hand, now.committed, now.available, now.backordered, now.backorderable) == (8, 6, 2, 0, 10)
    assert client.audit_books() == ()


def test_t61_no_plan_and_no_hold_drives_a_sku_below_nothing(client: Client) -> None:
    stocked(client, {"X": {"A": 0, "B": 3}, "Y": {"A": 2}})
    plan = client.plan(at_the_door(("A", 1), ("B", 1)), policy=FEWEST_PACKAGES)
    assert taken(plan.plan) == {"X": {"B": 1}, "Y": {"A": 1}}
    client.confirm(plan.plan_id)
    assert list(client.stock_levels(["A"], ["X"])) == []
    assert (level(client, "X", "B").available, level(client, "Y", "A").available) == (2, 1)
    assert refused(client, "cart", ("X", "A", 1)) == {"X/A": "wanted 1, available 0"}
