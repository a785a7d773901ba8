"""Holds that are extended, split and passed on: their units are never free meanwhile, and nothing is held twice."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.journal.model import EntryState
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.model import Claim
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea

HELD, RELEASED, EXPIRED = EntryState.HELD, EntryState.RELEASED, EntryState.EXPIRED


@pytest.fixture
def world(store_url: str) -> Iterator[HoldWorld]:
    database = open_database(store_url, SCHEMAS)
    opened = HoldWorld.over(database, ManualClock(MONDAY))
    opened.receive(5)
    yield opened
    assert opened.discrepancies() == ()
    database.close()


def test_an_extended_hold_stands_for_so_long_from_now_and_never_counts_against_itself(world: HoldWorld) -> None:
    world.place("cart", tea(5), minutes=10)
    world.clock.advance(9 * MINUTES)
    world.extend("cart", 10)
    assert world.hold("cart").expires_at == MONDAY + 19 * MINUTES
    assert world.units("cart") == (HELD, {"s1/tea": (5, 0)})
    world.clock.advance(10 * MINUTES - timedelta(microseconds=1))
    assert world.units("cart")[0] is HELD
    world.clock.advance(timedelta(microseconds=1))
    assert world.units("cart")[0] is EXPIRED
    assert (world.level().held, world.level().available) == (0, 5)


def test_an_extension_never_shortens(world: HoldWorld) -> None:
    world.place("cart", tea(2), minutes=10)
    before = world.rows()
    world.extend("cart", 10)
    world.extend("cart", 3)
    assert world.rows() == before


def test_a_hold_that_no_longer_stands_is_not_extended_split_or_passed_on(world: HoldWorld) -> None:
    world.place("given back", tea(1))
    world.release("given back")
    world.place("confirmed", tea(1))
    world.confirm("confirmed")
    world.place("expired", tea(1), minutes=1)
    world.clock.advance(MINUTES)
    before = world.rows()
    reasons = {"given back": "HOLD_RELEASED", "confirmed": "HOLD_CONFIRMED", "expired": "HOLD_EXPIRED"}
    changes: list[Callable[[str], None]] = [
        lambda name: world.extend(name, 5),
        lambda name: world.split(name, "other", tea(1)),
        lambda name: world.transfer(name, "other"),
    ]
    for hold_id, reason in reasons.items():
        for change in changes:
            with pytest.raises(StateConflict) as refused:
                change(hold_id)
            assert (refused.value.reason, refused.value.metadata) == (reason, {"hold_id": hold_id})
    with pytest.raises(NotFound):
        world.extend("never placed", 5)
    assert world.rows() == before


def test_the_clock_turned_back_neither_revives_a_hold_nor_lengthens_one(world: HoldWorld) -> None:
    world.place("cart", tea(2), minutes=10)
    world.clock.advance(10 * MINUTES)
    world.place("other", tea(1), minutes=10)
    world.clock.advance(-15 * MINUTES)
    assert world.units("cart")[0] is EXPIRED
    world.extend("other", 10)
    assert world.hold("other").expires_at == MONDAY + 20 * MINUTES
    world.clock.advance(25 * MINUTES)
    assert world.units("other")[0] is EXPIRED
    with pytest.raises(StateConflict, match="expired"):
        world.confirm("other")


def test_split_units_move_to_the_new_hold_with_the_same_expiry_and_channel(world: HoldWorld) -> None:
    world.receive(4, "s2")
    world.place("cart", tea(3), tea(2, "s2"), terms=HoldTerms(channel="app", order_id="A"))
    world.clock.advance(4 * MINUTES)
    world.split("cart", "later", tea(1), tea(2, "s2"), order_id="B")
    assert world.units("cart") == (HELD, {"s1/tea": (2, 0)})
    assert world.units("later") == (HELD, {"s1/tea": (1, 0), "s2/tea": (2, 0)})
    cart, later = world.hold("cart"), world.hold("later")
    assert cart.expires_at == later.expires_at == MONDAY + 10 * MINUTES
    assert (cart.channel, cart.order_id) == ("app", "A")
    assert (later.channel, later.order_id) == ("app", "B")
    assert world.level().held == 3
    world.confirm("later")
    world.release("cart")
    assert (world.level().committed, world.level().available) == (1, 4)


def test_a_split_off_part_takes_what_is_there_and_leaves_what_is_backordered(world: HoldWorld) -> None:
    world.limit(4)
    world.place("cart", tea(8))
    world.split("cart", "first", tea(6))
    assert world.units("first") == (HELD, {"s1/tea": (6, 1)})
    assert world.units("cart") == (HELD, {"s1/tea": (2, 2)})


def test_a_hold_split_to_the_last_unit_is_released(world: HoldWorld) -> None:
    world.place("cart", tea(3))
    world.split("cart", "all", tea(3))
    assert (world.units("cart")[0], world.units("all")) == (RELEASED, (HELD, {"s1/tea": (3, 0)}))
    assert world.level().held == 3


@pytest.mark.parametrize("too_much", [(tea(4),), (tea(2), tea(2)), (tea(1, "s2"),), (tea(1, "s1", "C-1"),)])
def test_no_more_is_split_off_than_is_held(world: HoldWorld, too_much: tuple[Claim, ...]) -> None:
    world.place("cart", tea(3))
    before = world.rows()
    with pytest.raises(InvalidRequest, match="are held; name no more"):
        world.split("cart", "other", *too_much)
    assert world.rows() == before


def test_a_hold_is_split_or_passed_on_to_no_name_in_use(world: HoldWorld) -> None:
    for name in ("cart", "held", "confirmed", "given back"):
        world.place(name, tea(1))
    world.confirm("confirmed")
    world.release("given back")
    before = world.rows()
    for name in ("held", "confirmed"):
        with pytest.raises(StateConflict) as refused:
            world.split("cart", name, tea(1))
        assert (refused.value.reason, refused.value.metadata) == ("HOLD_EXISTS", {"hold_id": name})
        with pytest.raises(StateConflict):
            world.transfer("cart", name)
    with pytest.raises(InvalidRequest, match="give another name"):
        world.split("cart", "cart", tea(1))
    assert world.rows() == before
    world.transfer("cart", "given back")
    assert world.units("given back") == (HELD, {"s1/tea": (1, 0)})


def test_a_hold_passed_on_keeps_all_but_its_name_and_order(world: HoldWorld) -> None:
    world.place("cart", tea(3), terms=HoldTerms(channel="app"))
    world.transfer("cart", "order 7", order_id="7")
    assert world.units("cart") == (RELEASED, {"s1/tea": (3, 0)})
    passed = world.hold("order 7")
    assert (passed.state, passed.expires_at) == (HELD, MONDAY + 10 * MINUTES)
    assert (passed.channel, passed.order_id) == ("app", "7")
    world.transfer("order 7", "order 7", order_id="8")
    assert (world.hold("order 7").order_id, world.level().held) == ("8", 3)


def test_nobody_else_gets_units_that_change_hands(world: HoldWorld) -> None:
    world.place("cart", tea(5))
    world.split("cart", "a", tea(2))
    world.transfer("a", "b")
    world.extend("b", 30)
    with pytest.raises(StockShort) as short:
        world.place("other", tea(1))
    assert short.value.metadata == {"s1/tea": "wanted 1, available 0"}
