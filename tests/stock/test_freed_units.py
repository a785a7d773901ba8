"""Whatever frees units serves who is owed them at once, in one order, and gives no channel what is another's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from solver.clock import ManualClock
from solver.stock.expected.later_claims import LaterClaim
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.holding.hold_terms import NO_TERMS, HoldTerms
from solver.stock.holding.standing import HoldName
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas
from solver.stock.model import Movement
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import Dealers
from solver.stock.partners.dropship import DropShippers, SkuLevel
from solver.stock.physical.counts import Counts
from solver.stock.sweeping import withdraw_if_due
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea

JD, TMALL = HoldTerms(channel="jd"), HoldTerms(channel="tmall")
Freeing = Callable[[HoldWorld], None]


@pytest.fixture
def world(store_url: str) -> Iterator[HoldWorld]:
    database = open_database(store_url, SCHEMAS)
    made = HoldWorld.over(database, ManualClock(MONDAY))
    made.limit(9)
    yield made
    assert made.discrepancies() == ()
    database.close()


def owed(world: HoldWorld, name: str) -> int:
    return sum(one.awaited_units for one in world.commitment(HoldName.of_caller(name)).contents)


def waits(world: HoldWorld, name: str, units: int, terms: HoldTerms = NO_TERMS) -> None:
    """A confirmed backorder."""
    world.place(name, tea(units), terms=terms)
    world.confirm(name)
    assert owed(world, name) == units


def set_apart(world: HoldWorld, units: int) -> None:
    """So much the dealer is to keep."""
    terms = [DealerTerms(site_id="s1", sku="tea", reserve_units=units)]
    with world.database.write() as tx:
        Dealers(world.journal, world.stock).set_terms(tx, terms, "agreed")


def count(world: HoldWorld, units: int) -> None:
    """So much was found."""
    counts = Counts(world.journal, world.stock)
    with world.database.write() as tx:
        [line] = counts.open(tx, "night", "s1", skus=["tea"]).lines
        counts.submit(tx, "night", [replace(line, counted_units=units)])
        counts.approve(tx, "night")


def lapses(world: HoldWorld) -> None:
    world.clock.advance(10 * MINUTES)
    with world.database.write() as tx:
        world.stock.sweep(tx)


def is_replaced_by_less(world: HoldWorld) -> None:
    world.place("cart", tea(1))


def gives_a_part_back(world: HoldWorld) -> None:
    world.release("cart", tea(3))


def plan_is_released(world: HoldWorld) -> None:
    with world.database.write() as tx:
        world.stock.release(tx, "plan")


def is_cancelled(world: HoldWorld) -> None:
    world.cancel(HoldName.of_caller("sold"))


def is_rejected(world: HoldWorld) -> None:
    world.reject(HoldName.of_caller("sold"), CommitmentRow(site_id="s1", sku="tea", units=3))


def is_found(world: HoldWorld) -> None:
    with world.database.write() as tx:
        world.stock.adjust(tx, [Movement(site_id="s1", sku="tea", units=3)], "count")


@pytest.mark.parametrize(
    "freeing",
    [lapses, is_replaced_by_less, gives_a_part_back, plan_is_released, is_cancelled, is_rejected, is_found],
    ids=lambda one: one.__name__,
)
def test_units_that_become_free_serve_confirmed_backorders_at_once_in_their_order(
    world: HoldWorld, freeing: Freeing
) -> None:
    world.receive(10)
    world.place("cart", tea(4))
    world.place("sold", tea(3))
    world.confirm("sold")
    with world.database.write() as tx:
        world.stock.hold(tx, "plan", [tea(3)], MONDAY + 30 * MINUTES)
    waits(world, "first", 2)
    waits(world, "second", 4)
    freeing(world)
    lapsed = 4 if freeing is lapses else 3
    assert (owed(world, "first"), owed(world, "second")) == (0, 6 - lapsed)
    assert (world.level().available, world.level().backordered) == (0, 6 - lapsed)


def test_a_hold_that_is_due_serves_a_backorder_before_anyone_else_may_have_its_units(world: HoldWorld) -> None:
    world.receive(5)
    world.place("cart", tea(5))
    waits(world, "order", 3)
    world.clock.advance(10 * MINUTES)
    world.place("late", tea(3))
    assert owed(world, "order") == 0
    assert world.units("late")[1] == {"s1/tea": (3, 1)}, "two are left, and one is promised beyond them"


def test_a_view_shows_no_unit_that_a_hold_leaves_to_a_backorder(world: HoldWorld) -> None:
    world.receive(5)
    world.place("cart", tea(5))
    waits(world, "order", 3)
    world.clock.advance(10 * MINUTES)
    withdraw_if_due(world.journal, world.stock.places, world.database)
    assert (owed(world, "order"), world.level().available, world.level().committed) == (0, 2, 3)


def test_a_view_shows_no_unit_that_a_hold_leaves_to_a_dealer(world: HoldWorld) -> None:
    world.receive(5)
    world.place("cart", tea(5))
    set_apart(world, 3)
    world.clock.advance(10 * MINUTES)
    withdraw_if_due(world.journal, world.stock.places, world.database)
    assert (world.level().reserved, world.level().available) == (3, 2)


def test_a_view_shows_no_unit_that_a_hold_leaves_and_a_count_did_not_find(world: HoldWorld) -> None:
    world.receive(5)
    world.place("cart", tea(5))
    count(world, 4)
    world.clock.advance(10 * MINUTES)
    withdraw_if_due(world.journal, world.stock.places, world.database)
    assert (world.level().missing, world.level().available) == (0, 4)


def test_a_drop_shippers_units_that_are_fresh_again_serve_who_waits(world: HoldWorld) -> None:
    partner = DropShippers(world.journal, world.stock)

    def report(units: int) -> None:
        with world.database.write() as tx:
            levels = [SkuLevel(sku="tea", units=units)]
            partner.report(tx, "s1", levels, world.clock.now(), 20 * MINUTES, is_complete=False)

    report(2)
    world.clock.advance(20 * MINUTES)
    waits(world, "order", 2)
    assert (world.level().stale, world.level().available) == (2, 0)
    report(2)
    assert (owed(world, "order"), world.level().available) == (0, 0)


def test_what_a_count_did_not_find_comes_first_then_backorders_then_dealers(world: HoldWorld) -> None:
    world.receive(9)
    world.place("cart", tea(9))
    waits(world, "order", 2)
    set_apart(world, 3)
    count(world, 8)
    assert world.level().missing == 1
    world.release("cart", tea(7))
    level = world.level()
    assert (level.missing, level.backordered, level.reserved, level.available) == (0, 0, 3, 1)


def test_units_of_an_expired_lot_that_a_hold_gives_back_serve_nobody(world: HoldWorld) -> None:
    lot = Movement(site_id="s1", sku="tea", units=4, lot="L1", expires_on=date(2026, 3, 2))
    with world.database.write() as tx:
        world.stock.receive(tx, [lot], "po")
    world.place("cart", tea(4), minutes=60 * 48)
    waits(world, "order", 2)
    world.clock.advance(60 * 24 * MINUTES)
    world.release("cart")
    assert owed(world, "order") == 2
    assert (world.level().frozen, world.level().available) == (4, 0)


def test_a_backorder_takes_of_freed_units_what_its_channel_may_take_and_no_others(world: HoldWorld) -> None:
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="tmall"), Channel(channel_id="jd")])
    world.receive(6)
    with world.database.write() as tx:
        set_quotas(world.journal, tx, [Quota(channel_id="tmall", sku="tea", exclusive_units=4)], "season")
    world.place("cart of tmall", tea(4), terms=TMALL)
    world.place("cart of nobody", tea(2))
    waits(world, "jd's", 3, JD)
    waits(world, "tmall's", 1, TMALL)
    world.release("cart of tmall")
    assert (owed(world, "jd's"), owed(world, "tmall's")) == (3, 0), "the three that are left are tmall's own"
    assert world.level().available == 3
    world.release("cart of nobody")
    assert (owed(world, "jd's"), world.level().available) == (1, 3), "two that are shared are anyone's"
    world.receive(1)
    assert (owed(world, "jd's"), world.level().available) == (0, 3), "what comes is no one's share yet"


def test_a_backorder_counts_against_no_ceiling(world: HoldWorld) -> None:
    """It was promised whatever its channel may sell now."""
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="jd")])
    world.receive(2)
    world.place("cart", tea(2))
    waits(world, "jd's", 2, JD)
    with world.database.write() as tx:
        set_quotas(world.journal, tx, [Quota(channel_id="jd", sku="tea", ceiling_units=1)], "season")
    world.release("cart")
    assert (owed(world, "jd's"), world.level().available) == (0, 0)


def test_who_takes_a_promise_over_keeps_the_channel_it_was_made_through(world: HoldWorld) -> None:
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="tmall"), Channel(channel_id="jd")])
    world.receive(2)
    with world.database.write() as tx:
        set_quotas(world.journal, tx, [Quota(channel_id="tmall", sku="tea", exclusive_units=2)], "season")
    world.place("cart", tea(2), terms=TMALL)
    world.place("waiting", tea(2), terms=TMALL)
    world.transfer("waiting", "order", "8")
    world.confirm("order")
    world.release("cart")
    assert owed(world, "order") == 0


def test_a_plan_takes_of_freed_units_what_its_channel_may_take(world: HoldWorld) -> None:
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="tmall"), Channel(channel_id="jd")])
    world.receive(2)
    with world.database.write() as tx:
        set_quotas(world.journal, tx, [Quota(channel_id="tmall", sku="tea", exclusive_units=2)], "season")
    world.place("cart", tea(2), terms=TMALL)
    later = [LaterClaim(site_id="s1", sku="tea", units=2, expected_at=None)]
    for name, seller in (("jd's plan", "jd"), ("tmall's plan", "tmall")):
        with world.database.write() as tx:
            world.stock.hold(tx, name, (), MONDAY + 5 * MINUTES, seller, later)
            world.stock.confirm(tx, name)
    world.release("cart")
    plans = [world.commitment(HoldName.of_plan(name)).contents[0] for name in ("jd's plan", "tmall's plan")]
    assert [one.awaited_units for one in plans] == [2, 0]
