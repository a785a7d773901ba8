"""More of what carts may count on: Vendure, Saleor, Medusa, WooCommerce, Magento."""

from datetime import timedelta

import pytest

from solver.client import BackorderLimit, CallFailed, Client, HeldUnits, HoldState
from solver.clock import ManualClock
from tests.peers.world import claims, level, stocked

MINUTES = timedelta(minutes=1)


def short(client: Client, hold_id: str, units: int) -> str:
    with pytest.raises(CallFailed) as raised:
        client.hold_stock(hold_id, claims(("shop", "A", units)))
    return dict(raised.value.metadata)["shop/A"]


@pytest.mark.parametrize(("limit", "saleable"), [(0, 10), (5, 15)])
def test_p20_saleable_is_the_stock_and_so_many_units_below_it_as_are_allowed(
    client: Client, limit: int, saleable: int
) -> None:
    stocked(client, {"shop": {"A": 10}})
    client.set_backorder_limits([BackorderLimit(site_id="shop", sku="A", units=limit)])
    assert short(client, "too much", saleable + 1) == f"wanted {saleable + 1}, available {saleable}"
    hold = client.hold_stock("all", claims(("shop", "A", saleable)))
    assert hold.contents == (HeldUnits(site_id="shop", sku="A", units=saleable, backordered_units=limit),)


def test_p21_stock_of_an_unpaid_order_comes_back_when_its_time_is_up(client: Client, clock: ManualClock) -> None:
    stocked(client, {"shop": {"A": 1}})
    client.hold_stock("unpaid", claims(("shop", "A", 1)), hold_for=60 * MINUTES)
    clock.advance(60 * MINUTES - timedelta(microseconds=1))
    assert short(client, "other", 1) == "wanted 1, available 0"
    clock.advance(timedelta(microseconds=1))
    assert client.hold_stock("other", claims(("shop", "A", 1))).state is HoldState.HELD


def test_p22_a_cart_that_is_paid_keeps_its_stock_however_long_it_takes(client: Client, clock: ManualClock) -> None:
    stocked(client, {"shop": {"A": 1}})
    client.hold_stock("paid", claims(("shop", "A", 1)), hold_for=5 * MINUTES)
    client.confirm_hold("paid")
    clock.advance(timedelta(days=30))
    assert client.get_hold("paid").state is HoldState.CONFIRMED
    assert (level(client, "shop", "A").committed, level(client, "shop", "A").available) == (1, 0)


def test_p23_a_cart_may_change_its_mind_about_what_and_where(client: Client) -> None:
    stocked(client, {"shop": {"A": 3, "B": 3}, "store": {"A": 3}})
    client.hold_stock("cart", claims(("shop", "A", 3), ("shop", "B", 1)))
    client.hold_stock("cart", claims(("store", "A", 2)))
    held = {(one.site_id, one.sku): one.held for one in client.stock_levels()}
    assert held == {("shop", "A"): 0, ("shop", "B"): 0, ("store", "A"): 2}


def test_p24_a_hold_that_was_given_back_is_not_given_back_twice(client: Client) -> None:
    stocked(client, {"shop": {"A": 3}})
    client.hold_stock("cart", claims(("shop", "A", 2)))
    assert client.release_hold("cart").state is HoldState.RELEASED
    with pytest.raises(CallFailed) as raised:
        client.release_hold("cart")
    assert raised.value.reason == "HOLD_RELEASED"
    assert level(client, "shop", "A").available == 3


def test_p25_selling_what_one_place_lacks_at_another_is_up_to_the_caller(client: Client) -> None:
    """A stand-alone hold is for the sites that it names; only a plan looks elsewhere."""
    stocked(client, {"shop": {"A": 1}, "store": {"A": 9}})
    assert short(client, "cart", 2) == "wanted 2, available 1"
    assert client.hold_stock("cart", claims(("shop", "A", 1), ("store", "A", 1))).state is HoldState.HELD
