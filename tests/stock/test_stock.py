"""What lies where, what is held, and what may still be promised."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.stock.model import Claim, Movement, StockLevel
from solver.stock.stock import Stock
from solver.storage.database import Database

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]
MINUTES = timedelta(minutes=1)


def receive(database: Database, stock: Stock, *movements: tuple[str, str, int]) -> None:
    with database.write() as tx:
        stock.receive(tx, [Movement(site_id=site, sku=sku, units=units) for site, sku, units in movements], "po-1")


def adjust(database: Database, stock: Stock, *movements: tuple[str, str, int]) -> None:
    with database.write() as tx:
        stock.adjust(tx, [Movement(site_id=site, sku=sku, units=units) for site, sku, units in movements], "count-1")


def hold(database: Database, stock: Stock, hold_id: str, *claims: tuple[str, str, int]) -> None:
    with database.write() as tx:
        wanted = [Claim(site_id=site, sku=sku, units=units) for site, sku, units in claims]
        stock.hold(tx, hold_id, wanted, stock.now(tx) + 10 * MINUTES)


def levels(database: Database, stock: Stock) -> dict[str, tuple[int, int, int, int]]:
    """site/sku -> on hand, held, committed, available."""
    with database.read() as reader:
        return {
            f"{level.site_id}/{level.sku}": (level.on_hand, level.held, level.committed, level.available)
            for level in stock.levels(reader)
        }


def test_received_units_are_on_hand_and_available(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5), ("s1", "tea", 2), ("s2", "milk", 1))
    assert levels(database, stock) == {"s2/milk": (1, 0, 0, 1), "s1/tea": (7, 0, 0, 7)}


def test_a_unit_goes_from_available_to_held_to_committed(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 2))
    assert levels(database, stock) == {"s1/tea": (5, 2, 0, 3)}
    with database.write() as tx:
        stock.confirm(tx, "h1")
    assert levels(database, stock) == {"s1/tea": (5, 0, 2, 3)}
    with database.read() as reader:
        assert stock.hold_state(reader, "h1") is EntryState.CONFIRMED


def test_released_units_are_available_again(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 5))
    with database.write() as tx:
        stock.release(tx, "h1")
    assert levels(database, stock) == {"s1/tea": (5, 0, 0, 5)}
    hold(database, stock, "h2", ("s1", "tea", 5))
    assert levels(database, stock) == {"s1/tea": (5, 5, 0, 0)}


def test_claims_on_the_same_site_and_sku_add_up(database: Database, stock: Stock, contents: Contents) -> None:
    receive(database, stock, ("s1", "tea", 5))
    before = contents()
    with pytest.raises(StockShort) as refused:
        hold(database, stock, "h1", ("s1", "tea", 3), ("s1", "tea", 3))
    assert refused.value.metadata == {"s1/tea": "wanted 6, available 5"}
    assert contents() == before
    hold(database, stock, "h2", ("s1", "tea", 3), ("s1", "tea", 2))
    assert levels(database, stock) == {"s1/tea": (5, 5, 0, 0)}


def test_a_short_hold_names_every_short_site_and_sku_and_holds_nothing(
    database: Database, stock: Stock, contents: Contents
) -> None:
    receive(database, stock, ("s1", "tea", 5), ("s2", "tea", 1), ("s1", "milk", 9))
    hold(database, stock, "h1", ("s1", "tea", 4))
    before = contents()
    with pytest.raises(StockShort) as refused:
        hold(database, stock, "h2", ("s1", "tea", 2), ("s1", "milk", 9), ("s2", "tea", 2), ("s3", "rice", 1))
    assert refused.value.metadata == {
        "s1/tea": "wanted 2, available 1",
        "s2/tea": "wanted 2, available 1",
        "s3/rice": "wanted 1, available 0",
    }
    assert str(refused.value) == (
        "hold h2 asks for more than is available: s1/tea: wanted 2, available 1; s2/tea: wanted 2, available 1; "
        "s3/rice: wanted 1, available 0"
    )
    assert contents() == before


def test_a_short_hold_inside_a_larger_write_leaves_the_rest_of_it_alone(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5))
    with database.write() as tx:
        expires_at = stock.now(tx) + MINUTES
        stock.hold(tx, "h1", [Claim(site_id="s1", sku="tea", units=2)], expires_at)
        with pytest.raises(StockShort):
            stock.hold(tx, "h2", [Claim(site_id="s1", sku="tea", units=4)], expires_at)
        stock.hold(tx, "h3", [Claim(site_id="s1", sku="tea", units=3)], expires_at)
    assert levels(database, stock) == {"s1/tea": (5, 5, 0, 0)}
    with database.read() as reader, pytest.raises(NotFound):
        stock.hold_state(reader, "h2")


def test_an_empty_hold_stands_expires_and_takes_nothing(database: Database, stock: Stock, clock: ManualClock) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1")
    with database.read() as reader:
        assert stock.hold_state(reader, "h1") is EntryState.HELD
    clock.advance(10 * MINUTES)
    assert stock.sweep_if_due(database) == ("h1",)
    assert levels(database, stock) == {"s1/tea": (5, 0, 0, 5)}


def test_due_holds_no_longer_count_before_any_sweep(
    database: Database, stock: Stock, journal: Journal, clock: ManualClock
) -> None:
    receive(database, stock, ("s1", "tea", 5), ("s1", "milk", 2))
    hold(database, stock, "h1", ("s1", "tea", 3), ("s1", "milk", 2))
    clock.advance(MINUTES)
    hold(database, stock, "h2", ("s1", "tea", 1))
    clock.advance(9 * MINUTES)
    with database.read() as reader:
        assert stock.available(reader, ["tea", "milk"]) == {"tea": {"s1": 4}, "milk": {"s1": 2}}
        assert stock.held(reader, ["tea", "milk"]) == {"tea": {"s1": 1}, "milk": {}}
        assert stock.hold_state(reader, "h1") is EntryState.EXPIRED
        assert journal.has_due(reader)
    assert levels(database, stock) == {"s1/milk": (2, 0, 0, 2), "s1/tea": (5, 1, 0, 4)}


def test_a_hold_takes_what_a_due_hold_left(database: Database, stock: Stock, clock: ManualClock) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 5))
    clock.advance(10 * MINUTES)
    hold(database, stock, "h2", ("s1", "tea", 5))
    assert levels(database, stock) == {"s1/tea": (5, 5, 0, 0)}
    with pytest.raises(StateConflict) as refused, database.write() as tx:
        stock.confirm(tx, "h1")
    assert refused.value.reason == "HOLD_EXPIRED"


def test_a_sweep_with_nothing_due_writes_nothing(
    database: Database, stock: Stock, clock: ManualClock, contents: Contents
) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 5))
    before = contents()
    clock.advance(10 * MINUTES - timedelta(microseconds=1))
    assert stock.sweep_if_due(database) == ()
    assert contents() == before
    clock.advance(timedelta(microseconds=1))
    assert stock.sweep_if_due(database) == ("h1",)
    assert stock.sweep_if_due(database) == ()


def test_an_adjustment_goes_up_and_down(database: Database, stock: Stock, journal: Journal) -> None:
    receive(database, stock, ("s1", "tea", 5))
    adjust(database, stock, ("s1", "tea", -4), ("s2", "tea", 2))
    assert levels(database, stock) == {"s1/tea": (1, 0, 0, 1), "s2/tea": (2, 0, 0, 2)}
    with database.read() as reader:
        assert journal.audit(reader) == ()


def test_an_adjustment_below_what_is_available_is_refused_whole(
    database: Database, stock: Stock, contents: Contents
) -> None:
    receive(database, stock, ("s1", "tea", 5), ("s2", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 3))
    before = contents()
    with pytest.raises(StockShort) as refused:
        adjust(database, stock, ("s2", "tea", -5), ("s1", "tea", -3), ("s3", "tea", -1), ("s2", "milk", 8))
    assert refused.value.metadata == {"s1/tea": "wanted 3, available 2", "s3/tea": "wanted 1, available 0"}
    assert contents() == before


def test_committed_units_cannot_be_adjusted_away(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 3))
    with database.write() as tx:
        stock.confirm(tx, "h1")
    with pytest.raises(StockShort) as refused:
        adjust(database, stock, ("s1", "tea", -3))
    assert refused.value.metadata == {"s1/tea": "wanted 3, available 2"}
    adjust(database, stock, ("s1", "tea", -2))
    assert levels(database, stock) == {"s1/tea": (3, 0, 3, 0)}


@pytest.mark.parametrize("verb", ["confirm", "release"])
def test_an_unknown_hold_is_not_found(database: Database, stock: Stock, verb: str) -> None:
    with pytest.raises(NotFound), database.write() as tx:
        getattr(stock, verb)(tx, "nobody's")
    with database.read() as reader, pytest.raises(NotFound):
        stock.hold_state(reader, "nobody's")


def test_a_hold_id_is_used_once(database: Database, stock: Stock, contents: Contents) -> None:
    receive(database, stock, ("s1", "tea", 5))
    hold(database, stock, "h1", ("s1", "tea", 1))
    before = contents()
    with pytest.raises(StateConflict) as refused:
        hold(database, stock, "h1", ("s1", "tea", 1))
    assert refused.value.reason == "HOLD_EXISTS"
    assert contents() == before


def test_every_bad_claim_is_named_at_once(database: Database, stock: Stock, contents: Contents) -> None:
    receive(database, stock, ("s1", "tea", 5))
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        hold(database, stock, "h1", ("s1", "tea", 0), ("", "tea", 1), ("s1", "", -1), ("s1", "tea", 10**15 + 1))
    fields = [violation.field for violation in refused.value.violations]
    assert fields == ["claims[0].units", "claims[1].site_id", "claims[2].sku", "claims[2].units", "claims[3].units"]
    assert contents() == before


@pytest.mark.parametrize("movements", [[], [("s1", "tea", 0)], [("s1", "tea", 10**15), ("s1", "tea", 1)]])
def test_a_receipt_needs_units_that_can_be_counted(
    database: Database, stock: Stock, contents: Contents, movements: list[tuple[str, str, int]]
) -> None:
    with pytest.raises(InvalidRequest):
        receive(database, stock, *movements)
    assert contents()["journal_entry"] == []


@pytest.mark.parametrize("movements", [[], [("s1", "tea", 0)], [("s1", "tea", 2), ("s1", "tea", -2)]])
def test_an_adjustment_that_changes_nothing_is_refused(
    database: Database, stock: Stock, contents: Contents, movements: list[tuple[str, str, int]]
) -> None:
    with pytest.raises(InvalidRequest):
        adjust(database, stock, *movements)
    assert contents()["journal_entry"] == []


def test_levels_pass_the_filters_given(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5), ("s2", "tea", 1), ("s1", "milk", 9))
    with database.read() as reader:

        def places(**filters: list[str]) -> list[str]:
            return [f"{level.site_id}/{level.sku}" for level in stock.levels(reader, **filters)]

        assert places() == ["s1/milk", "s1/tea", "s2/tea"]
        assert places(skus=["tea"]) == ["s1/tea", "s2/tea"]
        assert places(site_ids=["s1"]) == ["s1/milk", "s1/tea"]
        assert places(skus=["tea"], site_ids=["s2", "s3"]) == ["s2/tea"]
        assert places(skus=[]) == places(site_ids=["s3"]) == []
        assert stock.levels(reader, site_ids=["s2"]) == (
            StockLevel(site_id="s2", sku="tea", on_hand=1, held=0, committed=0, available=1),
        )


def test_available_and_held_answer_for_every_sku_asked(database: Database, stock: Stock) -> None:
    receive(database, stock, ("s1", "tea", 5), ("s2", "tea", 1), ("s1", "milk", 9))
    hold(database, stock, "h1", ("s2", "tea", 1), ("s1", "milk", 2))
    with database.read() as reader:
        assert stock.available(reader, ["tea", "rice"]) == {"tea": {"s1": 5, "s2": 0}, "rice": {}}
        assert stock.held(reader, ["tea", "rice"]) == {"tea": {"s2": 1}, "rice": {}}
