"""Returns: announced, received into inspection, graded; no unit is graded twice, and each grade moves its units."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.stock.physical.moves import StateChange, change_states
from solver.stock.physical.return_model import (
    AnnouncedUnits,
    CustomerReturn,
    Grade,
    GradedUnits,
    ReturnedUnits,
    ReturnLine,
    ReturnState,
)
from solver.stock.physical.returns import Returns
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.physical import TODAY, available, broken_rules, lying

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]


@pytest.fixture
def returns(journal: Journal, stock: Stock) -> Returns:
    return Returns(journal, stock)


def announce(database: Database, returns: Returns, units: int = 5) -> CustomerReturn:
    with database.write() as tx:
        return returns.announce(tx, "r-1", "order-7", "s1", [AnnouncedUnits(sku="tea", units=units)])


def receive(database: Database, returns: Returns, units: int, **where: Any) -> CustomerReturn:
    with database.write() as tx:
        return returns.receive(tx, "r-1", [ReturnedUnits(sku="tea", units=units, **where)])


def grade(database: Database, returns: Returns, *grades: tuple[int, Grade], **where: Any) -> CustomerReturn:
    with database.write() as tx:
        graded = [GradedUnits(sku="tea", units=units, grade=one, **where) for units, one in grades]
        return returns.grade(tx, "r-1", graded)


def test_an_announcement_names_the_order_and_moves_nothing(
    database: Database, stock: Stock, returns: Returns, contents: Contents
) -> None:
    announced = announce(database, returns)
    assert (announced.order_id, announced.state) == ("order-7", ReturnState.ANNOUNCED)
    assert announced.lines == (ReturnLine(sku="tea", announced_units=5),)
    assert contents()["journal_entry"] == []


def test_what_comes_back_is_inspected_before_anyone_can_buy_it(
    database: Database, stock: Stock, journal: Journal, returns: Returns
) -> None:
    announce(database, returns)
    received = receive(database, returns, 4, zone="returns")
    assert (received.state, received.lines[0].ungraded_units) == (ReturnState.RECEIVED, 4)
    assert lying(database, stock) == {"s1|returns inspection": 4}
    assert available(database, stock) == 0
    assert broken_rules(database, journal, stock) == []


def test_every_grade_moves_its_units_in_the_same_call(
    database: Database, stock: Stock, journal: Journal, returns: Returns
) -> None:
    announce(database, returns)
    receive(database, returns, 7)
    every = [(1, Grade.RESELL), (2, Grade.REFURBISH), (1, Grade.BACK_TO_SUPPLIER), (2, Grade.SCRAP)]
    part = grade(database, returns, *every)
    assert part.state is ReturnState.RECEIVED
    assert lying(database, stock) == {"s1": 1, "s1 defective": 2, "s1 inspection": 1}
    assert available(database, stock) == 1
    whole = grade(database, returns, (1, Grade.RESELL))
    assert whole.state is ReturnState.GRADED
    assert whole.lines == (
        ReturnLine(
            sku="tea",
            announced_units=5,
            received_units=7,
            resell_units=2,
            refurbish_units=2,
            back_to_supplier_units=1,
            scrap_units=2,
        ),
    )
    assert broken_rules(database, journal, stock) == []


def test_a_refurbished_unit_is_good_again_later(
    database: Database, stock: Stock, journal: Journal, returns: Returns
) -> None:
    announce(database, returns)
    receive(database, returns, 1)
    grade(database, returns, (1, Grade.REFURBISH))
    repaired = StateChange(site_id="s1", sku="tea", units=1, from_state=StockState.DEFECTIVE, to_state=StockState.GOOD)
    with database.write() as tx:
        change_states(journal, stock.places, tx, [repaired], "workshop")
    assert available(database, stock) == 1


def test_no_more_is_graded_than_came_with_this_return(
    database: Database, stock: Stock, returns: Returns, contents: Contents
) -> None:
    announce(database, returns)
    receive(database, returns, 3)
    with database.write() as tx:  # of another return
        returns.announce(tx, "r-2", "", "s1", [AnnouncedUnits(sku="tea", units=9)])
        returns.receive(tx, "r-2", [ReturnedUnits(sku="tea", units=9)])
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        grade(database, returns, (2, Grade.SCRAP), (2, Grade.RESELL))
    (violation,) = refused.value.violations
    assert (violation.field, violation.value, violation.remedy) == (
        "graded[1].units",
        "2",
        "only 1 of tea are to be graded",
    )
    assert contents() == before


def test_what_was_not_announced_may_come_and_more_may_come_after_grading(
    database: Database, stock: Stock, returns: Returns
) -> None:
    announce(database, returns)
    with database.write() as tx:
        returns.receive(tx, "r-1", [ReturnedUnits(sku="milk", units=1)])
        graded = [GradedUnits(sku="milk", units=1, grade=Grade.SCRAP)]
        assert returns.grade(tx, "r-1", graded).state is ReturnState.GRADED
    again = receive(database, returns, 5)
    assert again.state is ReturnState.RECEIVED
    assert [(one.sku, one.announced_units, one.received_units) for one in again.lines] == [
        ("tea", 5, 5),
        ("milk", 0, 1),
    ]


def test_expired_units_are_not_graded_for_sale(
    database: Database, stock: Stock, returns: Returns, clock: ManualClock, contents: Contents
) -> None:
    announce(database, returns)
    receive(database, returns, 2, lot="L", expires_on=TODAY)
    clock.advance(timedelta(days=1))
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        grade(database, returns, (2, Grade.RESELL))
    assert [(one.field, one.value) for one in refused.value.violations] == [("graded[0].expires_on", "'2026-03-01'")]
    assert contents() == before
    assert grade(database, returns, (2, Grade.SCRAP)).state is ReturnState.GRADED


def test_a_place_that_has_fewer_units_is_named(
    database: Database, stock: Stock, returns: Returns, contents: Contents
) -> None:
    announce(database, returns)
    receive(database, returns, 2, zone="A")
    receive(database, returns, 2, zone="B")
    before = contents()
    with pytest.raises(StockShort) as short:
        grade(database, returns, (3, Grade.RESELL), zone="A")
    assert short.value.metadata == {"s1|A/tea/inspection": "wanted 3, available 2"}
    assert contents() == before


def test_a_lot_that_says_otherwise_is_refused(database: Database, returns: Returns, contents: Contents) -> None:
    announce(database, returns)
    receive(database, returns, 1, lot="L", expires_on=date(2026, 9, 1))
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        receive(database, returns, 1, lot="L", expires_on=date(2026, 9, 2))
    assert [one.field for one in refused.value.violations] == ["arrived[0].expires_on"]
    with pytest.raises(InvalidRequest) as unknown:
        grade(database, returns, (1, Grade.RESELL), lot="M")
    assert [one.field for one in unknown.value.violations] == ["graded[0].lot"]
    assert contents() == before


def test_only_a_return_of_which_nothing_came_is_cancelled(database: Database, returns: Returns) -> None:
    announce(database, returns)
    with pytest.raises(StateConflict) as exists:
        announce(database, returns)
    assert exists.value.reason == "RETURN_EXISTS"
    with pytest.raises(StateConflict) as early:
        grade(database, returns, (1, Grade.RESELL))
    assert early.value.reason == "RETURN_ANNOUNCED"
    receive(database, returns, 1)
    with pytest.raises(StateConflict) as came, database.write() as tx:
        returns.cancel(tx, "r-1", "")
    assert came.value.reason == "RETURN_RECEIVED"
    with database.write() as tx:
        returns.announce(tx, "r-2", "", "s1", [AnnouncedUnits(sku="tea", units=1)])
        cancelled = returns.cancel(tx, "r-2", "kept it after all")
    assert (cancelled.state, cancelled.remark) == (ReturnState.CANCELLED, "kept it after all")
    with pytest.raises(StateConflict) as gone, database.write() as tx:
        returns.receive(tx, "r-2", [ReturnedUnits(sku="tea", units=1)])
    assert gone.value.reason == "RETURN_CANCELLED"
    with pytest.raises(NotFound), database.read() as reader:
        returns.find(reader, "r-3")
