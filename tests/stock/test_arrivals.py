"""Promises from a consignment: kept in their order when it arrives, broken from the last one on when less comes."""

from collections.abc import Iterator

import pytest

from solver.clock import ManualClock
from solver.errors import BrokenInvariant, InvalidRequest, StockShort
from solver.journal.model import EntryState, Transfer
from solver.stock.accounts import ADJUSTED, SUPPLY, incoming, incoming_committed
from solver.stock.expected.arrivals import Landing, land
from solver.stock.expected.coming import Coming, expect
from solver.stock.expected.promises import note
from solver.stock.holding.hold_terms import HoldTerms
from solver.stock.holding.standing import PLANNED, HoldName
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.dividing import set_quotas, set_warehouses
from solver.stock.model import Claim
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import Side, elsewhere, lying, move, outside
from solver.stock.physical.states import StockState
from solver.storage.url import open_database
from tests.stock.hold_world import MINUTES, MONDAY, SCHEMAS, HoldWorld, tea
from tests.stock.test_commitments import figures

HELD, CONFIRMED, EXPIRED = EntryState.HELD, EntryState.CONFIRMED, EntryState.EXPIRED
COMING = Coming(consignment_id="C-1", site_id="s1", expected_at=MONDAY + 60 * 24 * MINUTES)
PLACE = StockPlace(site_id="s1")


@pytest.fixture
def world(store_url: str) -> Iterator[HoldWorld]:
    """Ten units of tea on their way to s1."""
    database = open_database(store_url, SCHEMAS)
    opened = HoldWorld.over(database, ManualClock(MONDAY))
    with database.write() as tx:
        expect(tx, COMING)
        opened.journal.post(tx, "sent", "C-1", move(10, of=outside(SUPPLY, "tea"), to=on_its_way()))
    yield opened
    assert opened.discrepancies() == ()
    database.close()


def on_its_way() -> Side:
    return Side(site=incoming("C-1", "tea"), place=elsewhere("tea"))


def arrive(world: HoldWorld, good: int, damaged: int = 0, lost: int = 0) -> Landing:
    """Tea comes in at s1; what is damaged or lost is none for sale."""
    transfers: list[Transfer] = []
    for units, to in (
        (good, lying(PLACE, "tea", StockState.GOOD)),
        (damaged, lying(PLACE, "tea", StockState.DEFECTIVE)),
        (lost, outside(ADJUSTED, "tea")),
    ):
        transfers += move(units, of=on_its_way(), to=to) if units else []
    with world.database.write() as tx:
        world.stock.places.note_arrivals(tx, [(PLACE, "tea")])
        return land(world.journal, world.stock.places, tx, "arrived", "C-1", COMING, transfers)


def coming(units: int) -> Claim:
    return tea(units, consignment_id="C-1")


def outcomes(landing: Landing) -> tuple[list[tuple[str, int, bool]], list[tuple[str, int, bool]]]:
    kept, broken = (
        [(one.hold_id or one.plan_id, one.units, one.is_committed) for one in some]
        for some in (landing.kept, landing.broken)
    )
    return kept, broken


def test_no_more_is_promised_than_is_on_its_way(world: HoldWorld) -> None:
    world.place("cart", coming(7))
    world.confirm("cart")
    world.place("other", coming(1))
    before = world.rows()
    with pytest.raises(StockShort) as short:
        world.place("too much", coming(3))
    assert short.value.metadata == {"s1/tea/C-1": "wanted 3, available 2"}
    assert world.rows() == before


def test_a_consignment_that_does_not_go_there_is_named(world: HoldWorld) -> None:
    before = world.rows()
    with pytest.raises(InvalidRequest) as refused:
        world.place("cart", coming(1), tea(1, "s2", "C-1"), tea(1, "s1", "C-2"))
    assert [one.field for one in refused.value.violations] == ["claims[1].consignment_id", "claims[2].consignment_id"]
    assert world.rows() == before


def test_a_promise_from_a_consignment_expires_is_extended_split_and_given_back(world: HoldWorld) -> None:
    world.place("cart", coming(4), minutes=10)
    world.split("cart", "part", coming(1))
    world.extend("part", 30)
    world.clock.advance(10 * MINUTES)
    assert world.units("cart")[0] is EXPIRED
    assert world.units("part") == (HELD, {"s1/tea/C-1": (1, 0)})
    world.place("all the rest", coming(9))
    world.release("part", coming(1))
    world.place("the last", coming(1))


def test_on_arrival_what_is_held_stays_held_and_what_is_committed_stays_committed(world: HoldWorld) -> None:
    world.place("cart", coming(3), minutes=10)
    world.place("order", coming(4), minutes=10)
    world.confirm("order")
    order = HoldName.of_caller("order")
    assert figures(world, name=order) == {"awaited": 4}
    assert outcomes(arrive(world, 10)) == ([("cart", 3, False), ("order", 4, True)], [])
    assert world.units("cart") == (HELD, {"s1/tea": (3, 0)})
    assert world.hold("cart").expires_at == MONDAY + 10 * MINUTES
    assert figures(world, name=order) == {"committed": 4}
    level = world.level()
    assert (level.on_hand, level.held, level.committed, level.available) == (10, 3, 4, 3)
    world.confirm("cart")
    world.ship(order)
    world.ship(HoldName.of_caller("cart"))
    assert (world.level().on_hand, world.level().available) == (3, 3)


def test_a_part_that_arrives_goes_to_the_first_promises(world: HoldWorld) -> None:
    world.place("first", coming(3))
    world.place("second", coming(3))
    world.confirm("second")
    assert outcomes(arrive(world, 4)) == ([("first", 3, False), ("second", 1, True)], [])
    assert world.units("first") == (HELD, {"s1/tea": (3, 0)})
    assert figures(world, name=HoldName.of_caller("second")) == {"committed": 1, "awaited": 2}
    assert outcomes(arrive(world, 6)) == ([("second", 2, True)], [])
    assert (world.level().committed, world.level().held, world.level().available) == (3, 3, 4)


def test_where_less_comes_the_latest_promises_are_broken(world: HoldWorld) -> None:
    """Of ten units five arrive, one of them damaged, and five are lost."""
    world.place("first", coming(3))
    world.place("second", coming(3))
    world.confirm("second")
    world.place("third", coming(2), coming(2))
    kept, broken = outcomes(arrive(world, 4, damaged=1, lost=5))
    assert kept == [("first", 3, False), ("second", 1, True)]
    assert broken == [("second", 2, True), ("third", 4, False)]
    second = HoldName.of_caller("second")
    assert figures(world, name=second) == {"committed": 1, "broken": 2}
    assert world.units("third") == (HELD, {})
    level = world.level()
    assert (level.on_hand, level.held, level.committed, level.available, level.defective) == (4, 3, 1, 0, 1)


def test_where_a_part_is_lost_and_the_rest_still_comes_the_earliest_promises_stand(world: HoldWorld) -> None:
    """Of ten units all are promised; three are lost on the way, and none has come yet."""
    world.place("first", coming(4))
    world.place("second", coming(6))
    assert outcomes(arrive(world, 0, lost=3)) == ([], [("second", 3, False)])
    assert world.units("first") == (HELD, {"s1/tea/C-1": (4, 0)})
    assert world.units("second") == (HELD, {"s1/tea/C-1": (3, 0)})


def test_what_nobody_was_promised_is_lost_first(world: HoldWorld) -> None:
    world.place("cart", coming(6))
    assert outcomes(arrive(world, 2, lost=4)) == ([("cart", 2, False)], [])
    assert world.units("cart") == (HELD, {"s1/tea/C-1": (4, 0), "s1/tea": (2, 0)})
    assert outcomes(arrive(world, 3)) == ([("cart", 3, False)], [])
    assert outcomes(arrive(world, 0, lost=1)) == ([], [("cart", 1, False)])
    assert world.units("cart") == (HELD, {"s1/tea": (5, 0)})


def test_a_consignment_that_never_comes_breaks_every_promise(world: HoldWorld) -> None:
    world.place("cart", coming(3), coming(1))
    world.place("order", coming(2))
    world.confirm("order")
    assert outcomes(arrive(world, 0, lost=10)) == ([], [("cart", 4, False), ("order", 2, True)])
    assert figures(world, name=HoldName.of_caller("order")) == {"broken": 2}
    assert world.units("cart") == (HELD, {})


def test_promises_come_before_backorders_and_those_before_everybody_else(world: HoldWorld) -> None:
    world.limit(5)
    world.place("backorder", tea(4))
    world.confirm("backorder")
    world.place("cart", coming(7))
    arrive(world, 10)
    assert world.units("cart") == (HELD, {"s1/tea": (7, 0)})
    assert figures(world, name=HoldName.of_caller("backorder")) == {"committed": 3, "awaited": 1}
    assert world.level().available == 0


def test_a_promise_that_expired_or_was_given_back_gets_nothing(world: HoldWorld) -> None:
    world.place("expired", coming(4), minutes=1)
    world.place("given back", coming(4))
    world.release("given back")
    world.clock.advance(MINUTES)
    assert outcomes(arrive(world, 10)) == ([], [])
    assert (world.level().held, world.level().available) == (0, 10)


def test_a_plans_hold_is_promised_from_a_consignment_and_stays_the_plans(world: HoldWorld) -> None:
    name = HoldName.of_plan("plan-1")
    with world.database.write() as tx:
        transfers = [Transfer(debit=incoming_committed("C-1", "tea"), credit=incoming("C-1", "tea"), amount=3)]
        entry = world.journal.hold(tx, PLANNED, "plan-1", transfers, MONDAY + 10 * MINUTES)
        note(tx, name, {("C-1", "s1", "tea"): 3}, entry.entry_id, "")
    assert outcomes(arrive(world, 2)) == ([("plan-1", 2, False)], [])
    with world.database.write() as tx:
        assert world.stock.hold_state(tx, "plan-1") is HELD
        world.stock.confirm(tx, "plan-1")
    assert figures(world, name=name) == {"committed": 2, "awaited": 1}
    arrive(world, 8)
    assert figures(world, name=name) == {"committed": 3}


def test_more_than_is_on_its_way_cannot_arrive(world: HoldWorld) -> None:
    before = world.rows()
    with pytest.raises(BrokenInvariant, match="1 too many"):
        arrive(world, 11)
    assert world.rows() == before


def test_no_quota_takes_from_a_promise_what_arrives_for_it(world: HoldWorld) -> None:
    """Everything sellable at s1 is for the app alone, of which all is promised to others already."""
    with world.database.write() as tx:
        put_channels(tx, [Channel(channel_id="app"), Channel(channel_id="web")])
        feed = Feed(site_id="s1", share_permille=1000)
        set_warehouses(world.journal, tx, [LogicalWarehouse(logical_id="east", feeds=(feed,))], "feeds")
        set_quotas(
            world.journal, tx, [Quota(channel_id="app", sku="tea", exclusive_permille=1000, rebalances=True)], "quota"
        )
    world.place("cart", coming(6), terms=HoldTerms(channel="web"))
    world.place("order", coming(2))
    world.confirm("order")
    arrive(world, 10)
    assert world.units("cart") == (HELD, {"s1/tea": (6, 0)})
    assert figures(world, name=HoldName.of_caller("order")) == {"committed": 2}
    assert world.discrepancies() == ()
    with pytest.raises(StockShort):
        world.place("other", tea(1), terms=HoldTerms(channel="web"))
    world.place("app cart", tea(2), terms=HoldTerms(channel="app"))
    world.split("cart", "part", tea(2))
    world.release("cart")
    world.confirm("part")


def test_the_audit_names_what_is_promised_otherwise_than_the_accounts_say(world: HoldWorld) -> None:
    world.place("cart", coming(4))
    with world.database.write() as tx:
        tx.execute("UPDATE stock_promise SET units = 3 WHERE sku = ?", ("tea",))
    [found] = world.discrepancies()
    assert (found.rule, found.where, found.expected, found.found) == (
        "promises_are_what_is_awaited", "consignment C-1/tea", "4", "3",
    )  # fmt: skip
    with world.database.write() as tx:
        tx.execute("UPDATE stock_promise SET units = 4 WHERE sku = ?", ("tea",))
