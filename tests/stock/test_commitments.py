"""Committed units: shipped, not found, refused, given back; in whole or in part, and nothing twice."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.stock.holding.commitment_model import CommitmentRow, CommitmentState, ShortPick
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.holding.standing import HoldName
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas
from solver.stock.model import Movement
from solver.stock.physical.count_model import CountLine
from solver.stock.physical.counts import Counts
from solver.stock.physical.states import StockState
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea

CART = HoldName.of_caller("cart")
COMMITTED, PARTLY = CommitmentState.COMMITTED, CommitmentState.PARTLY_SHIPPED
SHIPPED, CANCELLED = CommitmentState.SHIPPED, CommitmentState.CANCELLED


@pytest.fixture
def world(store_url: str) -> Iterator[HoldWorld]:
    database = open_database(store_url, SCHEMAS)
    opened = HoldWorld.over(database, ManualClock(MONDAY))
    yield opened
    assert opened.discrepancies() == ()
    database.close()


@pytest.fixture
def cart(world: HoldWorld) -> HoldWorld:
    """Six units at s1 and two at s2, of which the cart has four and two, confirmed."""
    world.receive(6)
    world.receive(2, "s2")
    world.place("cart", tea(4), tea(2, "s2"))
    world.confirm("cart")
    return world


def row(units: int, site_id: str = "s1", *lots: str) -> CommitmentRow:
    return CommitmentRow(site_id=site_id, sku="tea", units=units, lots=lots)


def figures(world: HoldWorld, site_id: str = "s1", name: HoldName = CART) -> dict[str, int]:
    """The figures that are not zero, without their `_units`."""
    [found] = [one for one in world.commitment(name).contents if one.site_id == site_id]
    return {key.removesuffix("_units"): units for key, units in asdict(found).items() if units and key[-6:] == "_units"}


def state(world: HoldWorld, name: HoldName = CART) -> CommitmentState:
    return world.commitment(name).state


def test_a_commitment_is_shipped_in_parts_until_nothing_is_left(cart: HoldWorld) -> None:
    assert (state(cart), figures(cart), figures(cart, "s2")) == (COMMITTED, {"committed": 4}, {"committed": 2})
    cart.ship(CART, row(1), row(2))
    assert (state(cart), figures(cart)) == (PARTLY, {"committed": 1, "shipped": 3})
    assert (cart.level().on_hand, cart.level().committed, cart.level().available) == (3, 1, 2)
    cart.ship(CART)
    assert (state(cart), figures(cart), figures(cart, "s2")) == (SHIPPED, {"shipped": 4}, {"shipped": 2})
    assert (cart.level().on_hand, cart.level("s2").on_hand) == (2, 0)


def test_units_of_other_commitments_are_never_shipped(cart: HoldWorld) -> None:
    cart.place("other", tea(2))
    cart.confirm("other")
    before = cart.rows()
    with pytest.raises(StateConflict) as refused:
        cart.ship(CART, row(2), row(3), row(3, "s2"), row(1, "nowhere"))
    assert refused.value.reason == "MORE_THAN_COMMITTED"
    assert refused.value.metadata == {
        "s1/tea": "wanted 5, committed 4", "s2/tea": "wanted 3, committed 2", "nowhere/tea": "wanted 1, committed 0",
    }  # fmt: skip
    assert cart.rows() == before


ACTS: list[Callable[[HoldWorld, HoldName], None]] = [
    lambda world, name: world.ship(name, row(1)),
    lambda world, name: world.report_short(name, ShortPick(site_id="s1", sku="tea", missing_units=1, picked_units=0)),
    lambda world, name: world.reject(name, row(1)),
    lambda world, name: world.cancel(name, row(1)),
]


@pytest.mark.parametrize("act", ACTS, ids=["ship", "short", "reject", "cancel"])
def test_only_what_is_confirmed_is_committed(world: HoldWorld, act: Callable[[HoldWorld, HoldName], None]) -> None:
    world.receive(6)
    for name in ("held", "released", "expired"):
        world.place(name, tea(1), minutes=1 if name == "expired" else 10)
    world.release("released")
    world.clock.advance(MINUTES)
    before = world.rows()
    for hold_id in ("held", "released", "expired"):
        with pytest.raises(StateConflict) as refused:
            act(world, HoldName.of_caller(hold_id))
        assert (refused.value.reason, refused.value.metadata) == (f"HOLD_{hold_id.upper()}", {"hold_id": hold_id})
    with pytest.raises(NotFound):
        act(world, HoldName.of_plan("held"))
    assert world.rows() == before


@pytest.mark.parametrize("act", ACTS, ids=["ship", "short", "reject", "cancel"])
def test_what_is_done_is_not_done_again(cart: HoldWorld, act: Callable[[HoldWorld, HoldName], None]) -> None:
    cart.ship(CART)
    before = cart.rows()
    with pytest.raises(StateConflict) as refused:
        act(cart, CART)
    assert refused.value.metadata == {"s1/tea": "wanted 1, committed 0"}
    for everything in (cart.ship, cart.reject, cart.cancel):
        with pytest.raises(StateConflict) as nothing:
            everything(CART)
        assert nothing.value.reason == "NOTHING_COMMITTED"
    assert cart.rows() == before


def test_a_short_pick_ships_the_rest_and_corrects_what_is_on_hand(cart: HoldWorld) -> None:
    cart.report_short(CART, ShortPick(site_id="s1", sku="tea", missing_units=1))
    assert (state(cart), figures(cart)) == (PARTLY, {"shipped": 3, "short": 1})
    assert (cart.level().on_hand, cart.level().committed, cart.level().available) == (2, 0, 2)
    cart.report_short(CART, ShortPick(site_id="s2", sku="tea", missing_units=1, picked_units=0))
    assert figures(cart, "s2") == {"committed": 1, "short": 1}
    assert cart.level("s2").on_hand == 1


def test_a_short_pick_of_more_than_is_committed_is_refused(cart: HoldWorld) -> None:
    before = cart.rows()
    for pick in (
        ShortPick(site_id="s1", sku="tea", missing_units=5),
        ShortPick(site_id="s1", sku="tea", missing_units=2, picked_units=3),
    ):
        with pytest.raises(StateConflict) as refused:
            cart.report_short(CART, pick)
        assert refused.value.metadata == {"s1/tea": "wanted 5, committed 4"}
    assert cart.rows() == before


def test_rejected_units_are_sold_again_or_frozen(cart: HoldWorld) -> None:
    cart.reject(CART, row(1))
    cart.reject(CART, row(2), into=StockState.FROZEN)
    assert figures(cart) == {"committed": 1, "rejected": 3}
    level = cart.level()
    assert (level.on_hand, level.available, level.committed, level.frozen) == (4, 3, 1, 2)
    cart.reject(CART)
    assert (state(cart), figures(cart), figures(cart, "s2")) == (CANCELLED, {"rejected": 4}, {"rejected": 2})


def test_cancelled_units_may_be_promised_to_others(cart: HoldWorld) -> None:
    cart.cancel(CART, row(3))
    assert (state(cart), figures(cart), cart.level().available) == (COMMITTED, {"committed": 1, "cancelled": 3}, 5)
    cart.cancel(CART)
    assert state(cart) is CANCELLED
    assert (cart.level().available, cart.level("s2").available) == (6, 2)


def test_what_is_awaited_is_given_back_first_and_never_shipped(world: HoldWorld) -> None:
    world.limit(5)
    world.receive(2)
    world.place("cart", tea(5))
    world.confirm("cart")
    assert figures(world) == {"committed": 2, "awaited": 3}
    with pytest.raises(StateConflict) as refused:
        world.ship(CART, row(3))
    assert refused.value.metadata == {"s1/tea": "wanted 3, committed 2"}
    world.cancel(CART, row(2))
    assert figures(world) == {"committed": 2, "awaited": 1, "cancelled": 2}
    assert (world.level().backordered, world.level().backorderable) == (1, 4)
    world.cancel(CART, row(2))
    assert figures(world) == {"committed": 1, "cancelled": 4}
    assert (world.level().backordered, world.level().available) == (0, 1)


def test_goods_that_come_go_to_backorders_in_the_order_of_the_promises(world: HoldWorld) -> None:
    """`second` is confirmed first, and is promised later."""
    world.limit(9)
    for hold_id, units in (("first", 3), ("second", 2), ("third", 2)):
        world.place(hold_id, tea(units))
    world.confirm("second")
    world.confirm("first")
    world.extend("third", 20)
    world.confirm("third")
    names = [HoldName.of_caller(one) for one in ("first", "second", "third")]
    world.receive(4)
    assert [figures(world, name=name) for name in names] == [
        {"committed": 3}, {"committed": 1, "awaited": 1}, {"awaited": 2},
    ]  # fmt: skip
    world.cancel(names[0], row(2))
    assert [figures(world, name=name) for name in names[1:]] == [{"committed": 2}, {"committed": 1, "awaited": 1}]


def test_goods_serve_the_backorders_of_the_site_they_come_to_and_no_other(world: HoldWorld) -> None:
    """Found by the machine of holds."""
    world.limit(6)
    world.receive(6)
    world.receive(3, "s2")
    world.place("cart", tea(6))
    world.place("waiting", tea(2))
    world.place("other", tea(3, "s2"))
    world.confirm("other")
    world.confirm("waiting")
    waiting = HoldName.of_caller("waiting")
    world.cancel(HoldName.of_caller("other"), row(1, "s2"))
    world.receive(1, "s2")
    assert figures(world, name=waiting) == {"awaited": 2}
    assert (world.level().available, world.level("s2").available) == (0, 2)
    world.receive(3)
    assert figures(world, name=waiting) == {"committed": 2}
    assert (world.level().available, world.level().backordered) == (1, 0)


def test_a_split_keeps_its_place_in_the_line(world: HoldWorld) -> None:
    world.limit(9)
    world.place("cart", tea(4))
    world.place("later", tea(1))
    world.split("cart", "part", tea(2))
    for hold_id in ("later", "part", "cart"):
        world.confirm(hold_id)
    world.receive(4)
    names = [HoldName.of_caller(one) for one in ("cart", "part", "later")]
    assert [figures(world, name=name) for name in names] == [{"committed": 2}, {"committed": 2}, {"awaited": 1}]


def test_shipping_takes_the_lot_that_expires_first_or_the_one_named(world: HoldWorld) -> None:
    lots = {"old": date(2026, 4, 1), "new": date(2026, 6, 1)}
    with world.database.write() as tx:
        world.stock.receive(
            tx,
            [Movement(site_id="s1", sku="tea", units=3, lot=lot, expires_on=day) for lot, day in lots.items()],
            "po",
        )
    world.place("cart", tea(4))
    world.confirm("cart")
    world.ship(CART, row(1))
    assert lots_of(world) == {"old": 2, "new": 3}
    world.ship(CART, row(1, "s1", "new"))
    assert lots_of(world) == {"old": 2, "new": 2}
    before = world.rows()
    with pytest.raises(InvalidRequest, match="never had such a lot"):
        world.ship(CART, row(1, "s1", "other"))
    assert world.rows() == before
    world.report_short(CART, ShortPick(site_id="s1", sku="tea", missing_units=1, picked_units=0, lots=("new",)))
    assert lots_of(world) == {"old": 2, "new": 1}


def lots_of(world: HoldWorld) -> dict[str, int]:
    with world.database.read() as reader:
        return {one.place.lot: one.units for one in world.stock.places.levels(reader)}


def test_a_ceiling_counts_a_sale_no_more_once_it_is_cancelled(world: HoldWorld) -> None:
    """Five of ten units may be sold by the app: four are, and after two are cancelled three may be held again."""
    world.receive(10)
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="app")])
        set_quotas(world.journal, tx, [Quota(channel_id="app", sku="tea", ceiling_units=5)], "quota")
    world.place("cart", tea(4), terms=HoldTerms(channel="app"))
    world.confirm("cart")
    with pytest.raises(StockShort) as short:
        world.place("other", tea(2), terms=HoldTerms(channel="app"))
    assert short.value.metadata == {"s1/tea": "wanted 2, available 1"}
    world.cancel(CART, row(1))
    world.reject(CART, row(1))
    with pytest.raises(StockShort) as left:
        world.place("other", tea(4), terms=HoldTerms(channel="app"))
    assert left.value.metadata == {"s1/tea": "wanted 4, available 3"}
    world.place("other", tea(3), terms=HoldTerms(channel="app"))
    world.split("other", "part", tea(1))
    world.release("other")
    world.place("another", tea(2), terms=HoldTerms(channel="app"))


def count(world: HoldWorld, found: int) -> None:
    """A count of the tea at s1, approved."""
    counts = Counts(world.journal, world.stock)
    with world.database.write() as tx:
        counts.open(tx, "c1", "s1")
        counts.submit(tx, "c1", [CountLine(sku="tea", counted_units=found)])
        counts.approve(tx, "c1")


def test_what_a_count_did_not_find_is_never_shipped_and_a_short_pick_of_it_is_not_taken_off_twice(
    world: HoldWorld,
) -> None:
    """Of five committed units three are found: three ship, and the two that are missing are missing once."""
    world.receive(5)
    world.place("cart", tea(5))
    world.confirm("cart")
    count(world, 3)
    assert (world.level().on_hand, world.level().missing) == (3, 2)
    before = world.rows()
    with pytest.raises(StockShort) as short:
        world.ship(CART)
    assert short.value.metadata == {"s1/tea": "wanted 5, available 3"}
    assert world.rows() == before
    world.report_short(CART, ShortPick(site_id="s1", sku="tea", missing_units=2))
    assert figures(world) == {"shipped": 3, "short": 2}
    assert (world.level().on_hand, world.level().missing, world.level().committed) == (0, 0, 0)


def test_units_that_a_replaced_hold_leaves_make_up_for_what_a_count_did_not_find(world: HoldWorld) -> None:
    world.receive(5)
    world.place("cart", tea(5))
    count(world, 3)
    world.place("cart", tea(1))
    level = world.level()
    assert (level.on_hand, level.held, level.available, level.missing) == (3, 1, 2, 0)
