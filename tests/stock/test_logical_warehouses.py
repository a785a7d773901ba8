"""What sites give to logical warehouses: shares of receipts, falls, amounts, re-balancing, holds from before."""

from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StockShort
from solver.journal.journal import Journal
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import Side, at_place, move, outside, shortfall
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.divided_world import Divided


@pytest.fixture
def world(database: Database, stock: Stock, journal: Journal) -> Divided:
    return Divided(database, stock, journal)


def test_a_site_that_feeds_none_has_no_accounts_of_dispatch(world: Divided) -> None:
    world.receive(10)
    world.feed(east=500)
    world.receive(10, "s2")
    assert world.at_site("s2") == {}
    assert world.at_site() == {"": (5, 0), "east": (5, 0)}


def test_receipts_unit_by_unit_are_shared_as_one_receipt_would_be(world: Divided) -> None:
    world.feed(east=333, west=500)
    for _ in range(12):
        world.receive(1)
    assert world.at_site() == {"": (2, 0), "east": (4, 0), "west": (6, 0)}


def test_new_shares_owe_nothing_for_the_past(world: Divided) -> None:
    world.feed(east=500)
    world.receive(100)
    world.feed(east=100)
    assert world.at_site() == {"": (90, 0), "east": (10, 0)}
    world.receive(10)
    assert world.at_site() == {"": (99, 0), "east": (11, 0)}


def test_a_fall_takes_what_is_no_ones_first_and_what_has_the_highest_rank_next(world: Divided) -> None:
    world.feed(first=300, second=300)
    world.receive(100)
    world.lose(35)
    assert world.at_site() == {"": (5, 0), "first": (30, 0), "second": (30, 0)}
    world.lose(20)
    assert world.at_site() == {"": (0, 0), "first": (30, 0), "second": (15, 0)}
    with pytest.raises(StockShort):
        world.lose(46)
    assert world.audited()


def test_an_amount_is_given_first_and_shares_are_of_what_it_leaves(world: Divided) -> None:
    world.receive(100)
    world.warehouses(
        LogicalWarehouse(logical_id="shop", feeds=(Feed(site_id="s1", sku="tea", units=40),)),
        LogicalWarehouse(logical_id="web", feeds=(Feed(site_id="s1", share_permille=500),)),
    )
    assert world.at_site() == {"": (30, 0), "shop": (40, 0), "web": (30, 0)}


def test_an_amount_above_what_is_there_is_refused_with_the_numbers(world: Divided) -> None:
    world.receive(10)
    world.hold("cart", 4)
    with pytest.raises(InvalidRequest) as refused:
        world.warehouses(LogicalWarehouse(logical_id="shop", feeds=(Feed(site_id="s1", sku="tea", units=7),)))
    [violation] = refused.value.violations
    assert (violation.field, violation.value) == ("warehouses[0].feeds[0].units", "7")
    assert violation.remedy == "of 10 tea in s1 no more than 6 can be given to shop: others hold or have the rest"
    assert world.at_site() == {}


def test_what_is_said_for_a_sku_stands_in_place_of_what_is_said_for_all_and_counts_with_the_others(
    world: Divided,
) -> None:
    world.receive(100)
    feeds = (Feed(site_id="s1", share_permille=200), Feed(site_id="s1", sku="tea", share_permille=900))
    world.warehouses(LogicalWarehouse(logical_id="web", feeds=feeds))
    assert world.at_site()["web"] == (90, 0)
    with pytest.raises(InvalidRequest, match="s1 tea sum to 1100"):
        world.feed(other=200)


def test_re_balancing_moves_free_units_alone(world: Divided) -> None:
    world.feed(east=500)
    world.receive(100)
    world.hold("cart", 20)  # of what is unallotted
    world.hold("sale", 25)
    world.end("sale", confirms=True)
    world.feed(east=900)
    assert world.at_site() == {"": (20, 20), "east": (55, 0)}  # 67.5 are wanted, and 20 are held elsewhere
    world.end("cart")
    assert world.rebalance() == 13
    assert world.at_site() == {"": (7, 0), "east": (68, 0)}
    assert world.rebalance() == 0


def test_a_warehouse_that_rebalances_is_brought_back_by_every_receipt(world: Divided) -> None:
    feeds = (Feed(site_id="s1", sku="tea", units=10),)
    world.receive(20)
    world.channels(Channel(channel_id="web", logical_ids=("web",)))
    world.warehouses(LogicalWarehouse(logical_id="web", feeds=feeds, rebalances=True))
    world.hold("sale", 8, "web")
    world.end("sale", confirms=True)
    assert world.at_site() == {"": (10, 0), "web": (2, 0)}
    world.receive(1)
    assert world.at_site() == {"": (3, 0), "web": (10, 0)}


def test_a_warehouse_that_is_given_up_keeps_what_is_held_until_it_is_free(world: Divided) -> None:
    world.receive(20)
    world.channels(Channel(channel_id="web", logical_ids=("web",)))
    world.feed(web=500)
    world.hold("cart", 4, "web")
    world.warehouses(LogicalWarehouse(logical_id="web"))
    assert world.at_site() == {"": (16, 0), "web": (4, 4)}
    world.end("cart")
    assert world.at_site()["web"] == (4, 0)
    assert world.rebalance() == 4
    assert world.at_site() == {"": (20, 0), "web": (0, 0)}


@pytest.mark.parametrize("end", ["confirm", "release", "expire"])
def test_what_was_held_before_a_site_fed_anyone_stays_in_step(world: Divided, clock: ManualClock, end: str) -> None:
    world.receive(20)
    world.hold("cart", 6)
    world.feed(east=800)
    world.channels(Channel(channel_id="web"))
    world.quotas(Quota(channel_id="web", sku="tea", exclusive_units=14))
    assert world.at_site() == {"": (6, 6), "east": (14, 0)}
    assert world.in_pool() == {"": (6, 6), "web": (14, 0)}
    if end == "expire":
        clock.advance(timedelta(minutes=10))
        world.stock.sweep_if_due(world.database)
    else:
        world.end("cart", confirms=end == "confirm")
    left = (0, 0) if end == "confirm" else (6, 0)
    assert (world.at_site()[""], world.in_pool()[""]) == (left, left)
    assert world.audited()


def test_what_an_expired_hold_gives_back_makes_up_for_what_was_not_found_before_it_is_divided(
    world: Divided, clock: ManualClock
) -> None:
    world.receive(10)
    world.hold("cart", 10)
    place = StockPlace(site_id="s1")
    missing = Side(site=shortfall("s1", "tea"), place=at_place(place.place_id, "tea", StockState.GOOD))
    with world.database.write() as tx:
        world.journal.post(tx, "counted", "count", move(3, of=missing, to=outside("adjusted", "tea")))
    clock.advance(timedelta(minutes=10))
    world.feed(east=500)
    assert world.at_site() == {"": (3, 0), "east": (4, 0)}
    assert world.audited()
