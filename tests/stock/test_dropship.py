"""Drop-shippers report what they have: absolute, as of a moment, for so long; our own holds are netted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StockShort
from solver.journal.journal import Journal
from solver.stock.model import Claim, StockLevel
from solver.stock.partners.dropship import DropShippers, SkuLevel
from solver.stock.partners.report_rows import all_reports
from solver.stock.physical.moves import StateChange, change_states
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.physical import TODAY, available, broken_rules, commit, lot, lying, receive

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]
HOUR = timedelta(hours=1)


@pytest.fixture
def drop_shippers(journal: Journal, stock: Stock) -> DropShippers:
    return DropShippers(journal, stock)


def report(
    database: Database,
    drop_shippers: DropShippers,
    as_of: datetime,
    *,
    complete: bool = False,
    fresh_for: timedelta = HOUR,
    **units: int,
) -> None:
    levels = [SkuLevel(sku=sku, units=of) for sku, of in units.items()]
    with database.write() as tx:
        drop_shippers.report(tx, "s1", levels, as_of, fresh_for, is_complete=complete)


def hold(database: Database, stock: Stock, units: int) -> None:
    with database.write() as tx:
        stock.hold(tx, "cart", [Claim(site_id="s1", sku="tea", units=units)], stock.now(tx) + 10 * HOUR)


def ship(database: Database, stock: Stock, journal: Journal, units: int) -> None:
    with database.write() as tx:
        picks = stock.places.pick(tx, "s1", "tea", units)
        journal.post(tx, "shipped", "parcel", stock.places.transfers_out("tea", picks))


def level(database: Database, stock: Stock) -> StockLevel:
    with database.read() as reader:
        (found,) = stock.levels(reader, skus=["tea"])
    return found


def test_a_report_says_how_much_there_is_not_how_much_came(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    for units in (7, 9, 4, 0, 5):
        report(database, drop_shippers, clock.now(), tea=units)
        assert available(database, stock) == units
        clock.advance(timedelta(minutes=1))
    assert lying(database, stock) == {"s1": 5}
    assert broken_rules(database, journal, stock) == []


def test_what_is_held_and_committed_here_is_netted(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now(), tea=9)
    commit(database, stock, 2)
    hold(database, stock, 3)
    report(database, drop_shippers, clock.now(), tea=6)
    found = level(database, stock)
    assert (found.on_hand, found.committed, found.held, found.available, found.missing) == (6, 2, 3, 1, 0)
    report(database, drop_shippers, clock.now(), tea=4)
    found = level(database, stock)
    assert (found.on_hand, found.committed, found.held, found.available, found.missing) == (4, 2, 3, 0, 1)
    report(database, drop_shippers, clock.now(), tea=8)
    found = level(database, stock)
    assert (found.on_hand, found.available, found.missing) == (8, 3, 0)
    assert broken_rules(database, journal, stock) == []


def test_what_we_shipped_after_the_moment_of_a_report_is_taken_off(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now(), tea=9)
    commit(database, stock, 4)
    ship(database, stock, journal, 1)
    clock.advance(timedelta(minutes=1))
    counted_at = clock.now()
    clock.advance(timedelta(minutes=1))
    ship(database, stock, journal, 2)
    report(database, drop_shippers, counted_at, tea=8)
    found = level(database, stock)
    assert (found.on_hand, found.committed, found.available) == (6, 1, 5)
    assert broken_rules(database, journal, stock) == []


def test_stale_stock_is_not_available_until_the_next_report(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now(), tea=9)
    hold(database, stock, 2)
    clock.advance(HOUR - timedelta(microseconds=1))
    stock.sweep_if_due(database)
    assert available(database, stock) == 7
    clock.advance(timedelta(microseconds=1))
    stock.sweep_if_due(database)
    found = level(database, stock)
    assert (found.on_hand, found.held, found.available, found.stale) == (2, 2, 0, 7)
    with database.write() as tx:
        stock.release(tx, "cart")
    stock.sweep_if_due(database)
    assert (level(database, stock).available, level(database, stock).stale) == (0, 9)
    assert broken_rules(database, journal, stock) == []
    report(database, drop_shippers, clock.now(), tea=5)
    assert (available(database, stock), level(database, stock).stale) == (5, 0)
    assert broken_rules(database, journal, stock) == []


def test_a_hold_never_takes_stale_units_though_nobody_swept(
    database: Database, stock: Stock, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now(), tea=9)
    clock.advance(HOUR)
    with pytest.raises(StockShort) as short:
        hold(database, stock, 1)
    assert short.value.metadata == {"s1/tea": "wanted 1, available 0"}


def test_a_report_that_is_stale_when_it_comes_is_not_sold_on(
    database: Database, stock: Stock, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now() - 2 * HOUR, tea=9)
    assert (available(database, stock), level(database, stock).stale) == (0, 9)


def test_an_older_report_than_the_last_or_one_of_the_future_is_refused(
    database: Database, stock: Stock, drop_shippers: DropShippers, clock: ManualClock, contents: Contents
) -> None:
    report(database, drop_shippers, clock.now(), tea=9)
    before = contents()
    with pytest.raises(InvalidRequest) as older:
        report(database, drop_shippers, clock.now() - HOUR, milk=1, tea=5)
    assert [one.field for one in older.value.violations] == ["levels[1]"]
    with pytest.raises(InvalidRequest) as early:
        report(database, drop_shippers, clock.now() + timedelta(seconds=1), tea=5)
    assert [one.field for one in early.value.violations] == ["as_of"]
    assert contents() == before


def test_a_complete_report_says_none_of_what_it_leaves_out(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now(), tea=9, milk=3)
    report(database, drop_shippers, clock.now(), milk=4)
    assert available(database, stock) == 9
    report(database, drop_shippers, clock.now(), complete=True, milk=5)
    assert available(database, stock) == 0
    with database.read() as reader:
        assert [(one.sku, one.units) for one in all_reports(reader)] == [("milk", 5), ("tea", 0)]
        assert all_reports(reader, ["s2"]) == ()
    assert broken_rules(database, journal, stock) == []


def test_a_lot_that_expired_while_it_was_stale_is_not_sold_after_the_next_report(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    receive(database, stock, lot(4, TODAY, name="L"))
    report(database, drop_shippers, clock.now(), tea=4)
    clock.advance(HOUR)
    stock.sweep_if_due(database)
    assert level(database, stock).stale == 4
    clock.advance(timedelta(days=1))
    for _ in range(2):  # the same report says the same once more
        report(database, drop_shippers, clock.now(), tea=9)
        assert (available(database, stock), level(database, stock).frozen) == (9, 4)
    assert broken_rules(database, journal, stock) == []


@pytest.mark.parametrize("state", [StockState.DEFECTIVE, StockState.FROZEN, StockState.INSPECTION])
def test_a_report_is_about_good_units_and_leaves_what_is_in_another_state_as_it_is(
    database: Database,
    stock: Stock,
    journal: Journal,
    drop_shippers: DropShippers,
    clock: ManualClock,
    state: StockState,
) -> None:
    report(database, drop_shippers, clock.now(), tea=9)
    change = StateChange(site_id="s1", sku="tea", units=4, from_state=StockState.GOOD, to_state=state)
    with database.write() as tx:
        change_states(journal, stock.places, tx, [change], "found")
    assert available(database, stock) == 5
    for units in (5, 7, 3, 0):
        clock.advance(timedelta(minutes=1))
        report(database, drop_shippers, clock.now(), tea=units)
        found = level(database, stock)
        assert (found.on_hand, found.available, getattr(found, state.value)) == (units, units, 4)
    assert broken_rules(database, journal, stock) == []


def test_each_sku_is_sold_for_as_long_as_its_own_report_holds(
    database: Database, stock: Stock, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    report(database, drop_shippers, clock.now(), tea=9, milk=4)
    clock.advance(HOUR / 2)
    report(database, drop_shippers, clock.now(), milk=3)

    def sold() -> tuple[int, int]:
        stock.sweep_if_due(database)
        with database.read() as reader:
            there = stock.available(reader, ["tea", "milk"])
        return there["tea"].get("s1", 0), there["milk"].get("s1", 0)

    assert sold() == (9, 3)
    clock.advance(HOUR / 2)
    assert sold() == (0, 3)
    clock.advance(HOUR / 2)
    assert sold() == (0, 0)


def test_units_that_lie_in_bins_are_part_of_what_is_reported(
    database: Database, stock: Stock, journal: Journal, drop_shippers: DropShippers, clock: ManualClock
) -> None:
    receive(database, stock, lot(4, zone="A"), lot(1))
    report(database, drop_shippers, clock.now(), tea=2)
    assert lying(database, stock) == {"s1|A": 2}
    clock.advance(HOUR)
    report(database, drop_shippers, clock.now(), tea=6)
    assert lying(database, stock) == {"s1": 4, "s1|A": 2}
    assert broken_rules(database, journal, stock) == []
