"""Holds by their callers' names, and promises beyond what is there."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.stock.holding.holds import Holds
from solver.stock.model import BackorderLimit, Claim, Movement, StockLevel
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.stock.hold_world import SCHEMAS

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
LIMIT = 4
Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "books.db", SCHEMAS)
    yield opened
    opened.close()


@pytest.fixture
def holds(journal: Journal) -> Holds:
    return Holds(journal)


def tea(units: int, site_id: str = "s1") -> Claim:
    return Claim(site_id=site_id, sku="tea", units=units)


def receive(database: Database, stock: Stock, units: int) -> None:
    with database.write() as tx:
        stock.receive(tx, [Movement(site_id="s1", sku="tea", units=units)], "po")


def limit(database: Database, stock: Stock, units: int) -> None:
    with database.write() as tx:
        stock.limit_backorders(tx, [BackorderLimit(site_id="s1", sku="tea", units=units)], "terms")


def place(database: Database, holds: Holds, hold_id: str, *claims: Claim) -> None:
    with database.write() as tx:
        holds.place(tx, hold_id, claims, 10 * MINUTES)


def level(database: Database, stock: Stock) -> StockLevel:
    with database.read() as reader:
        [found] = stock.levels(reader)
    return found


def held(database: Database, holds: Holds, hold_id: str) -> tuple[EntryState, dict[str, tuple[int, int]]]:
    with database.read() as reader:
        hold = holds.find(reader, hold_id)
    return hold.state, {f"{one.site_id}/{one.sku}": (one.units, one.backordered_units) for one in hold.contents}


def test_a_hold_that_was_given_back_or_expired_can_be_placed_again(
    database: Database, stock: Stock, holds: Holds, clock: ManualClock
) -> None:
    receive(database, stock, 5)
    place(database, holds, "cart", tea(2))
    with database.write() as tx:
        holds.release(tx, "cart")
    assert held(database, holds, "cart") == (EntryState.RELEASED, {"s1/tea": (2, 0)})
    place(database, holds, "cart", tea(3))
    clock.advance(10 * MINUTES)
    assert held(database, holds, "cart") == (EntryState.EXPIRED, {"s1/tea": (3, 0)})
    place(database, holds, "cart", tea(4))
    assert held(database, holds, "cart") == (EntryState.HELD, {"s1/tea": (4, 0)})
    assert level(database, stock).held == 4


def test_a_confirmed_hold_cannot_be_placed_again_nor_given_back(
    database: Database, stock: Stock, holds: Holds, contents: Contents
) -> None:
    receive(database, stock, 5)
    place(database, holds, "cart", tea(2))
    with database.write() as tx:
        holds.confirm(tx, "cart")
    before = contents()
    with pytest.raises(StateConflict) as again:
        place(database, holds, "cart", tea(1))
    with pytest.raises(StateConflict) as back, database.write() as tx:
        holds.release(tx, "cart")
    assert (again.value.reason, back.value.reason) == ("HOLD_CONFIRMED", "HOLD_CONFIRMED")
    assert contents() == before


def test_names_that_look_like_revisions_of_one_another_are_different_holds(
    database: Database, stock: Stock, holds: Holds
) -> None:
    receive(database, stock, 9)
    for hold_id, units in (("a", 1), ("a/2", 2), ("a", 3), ("a/2/1", 1)):
        place(database, holds, hold_id, tea(units))
    assert [held(database, holds, hold_id)[1]["s1/tea"][0] for hold_id in ("a", "a/2", "a/2/1")] == [3, 2, 1]
    assert level(database, stock).held == 6


def test_giving_some_back_keeps_the_rest_until_the_same_expiry(
    database: Database, stock: Stock, holds: Holds, clock: ManualClock
) -> None:
    receive(database, stock, 5)
    place(database, holds, "cart", tea(3), tea(1))
    clock.advance(4 * MINUTES)
    with database.write() as tx:
        holds.release(tx, "cart", [tea(1)])
    assert held(database, holds, "cart") == (EntryState.HELD, {"s1/tea": (3, 0)})
    clock.advance(6 * MINUTES)
    assert held(database, holds, "cart")[0] is EntryState.EXPIRED


def test_giving_all_back_in_parts_releases_the_hold(database: Database, stock: Stock, holds: Holds) -> None:
    receive(database, stock, 5)
    place(database, holds, "cart", tea(3))
    for units in (1, 2):
        with database.write() as tx:
            holds.release(tx, "cart", [tea(units)])
    assert held(database, holds, "cart")[0] is EntryState.RELEASED
    assert level(database, stock).available == 5


@pytest.mark.parametrize("too_much", [(tea(4),), (tea(2), tea(2)), (tea(1, "s2"),)])
def test_no_more_is_given_back_than_is_held(
    database: Database, stock: Stock, holds: Holds, contents: Contents, too_much: tuple[Claim, ...]
) -> None:
    receive(database, stock, 5)
    place(database, holds, "cart", tea(3))
    before = contents()
    with pytest.raises(InvalidRequest, match="are held"), database.write() as tx:
        holds.release(tx, "cart", too_much)
    assert contents() == before


def test_a_hold_that_nobody_placed_is_not_found(database: Database, holds: Holds) -> None:
    with pytest.raises(NotFound), database.read() as reader:
        holds.find(reader, "cart")
    with pytest.raises(NotFound), database.write() as tx:
        holds.release(tx, "cart")
    with pytest.raises(NotFound), database.write() as tx:
        holds.confirm(tx, "cart")


def test_what_is_there_is_held_before_anything_is_backordered(database: Database, stock: Stock, holds: Holds) -> None:
    limit(database, stock, 4)
    receive(database, stock, 2)
    place(database, holds, "cart", tea(2))
    place(database, holds, "late cart", tea(3))
    assert held(database, holds, "cart")[1] == {"s1/tea": (2, 0)}
    assert held(database, holds, "late cart")[1] == {"s1/tea": (3, 3)}
    with pytest.raises(StockShort) as short:
        place(database, holds, "too late", tea(2))
    assert short.value.metadata == {"s1/tea": "wanted 2, available 1"}


def test_a_plans_hold_never_backorders(database: Database, stock: Stock) -> None:
    """A plan says of every unit whether it is there; what it says of stock on hand must hold."""
    limit(database, stock, 4)
    receive(database, stock, 2)
    with pytest.raises(StockShort), database.write() as tx:
        stock.hold(tx, "plan", [tea(3)], stock.now(tx) + MINUTES)


def test_an_expired_backorder_leaves_its_room_to_others(
    database: Database, stock: Stock, holds: Holds, clock: ManualClock
) -> None:
    limit(database, stock, 4)
    place(database, holds, "cart", tea(4))
    clock.advance(10 * MINUTES)
    now = level(database, stock)
    assert (now.backordered, now.backorderable) == (0, 4)
    place(database, holds, "other cart", tea(4))


def test_a_limit_is_raised_and_lowered_but_never_below_what_is_promised(
    database: Database, stock: Stock, holds: Holds, contents: Contents
) -> None:
    limit(database, stock, 10)
    place(database, holds, "cart", tea(4))
    with database.write() as tx:
        holds.confirm(tx, "cart")
    limit(database, stock, 4)
    assert (level(database, stock).backordered, level(database, stock).backorderable) == (4, 0)
    limit(database, stock, 6)
    assert level(database, stock).backorderable == 2
    place(database, holds, "other cart", tea(1))
    before = contents()
    with pytest.raises(StockShort):
        limit(database, stock, 4)
    assert contents() == before


def test_a_backorder_confirmed_after_its_goods_came_is_served_at_once(
    database: Database, stock: Stock, holds: Holds
) -> None:
    limit(database, stock, 4)
    place(database, holds, "cart", tea(3))
    receive(database, stock, 2)
    with database.write() as tx:
        holds.confirm(tx, "cart")
    now = level(database, stock)
    assert (now.on_hand, now.committed, now.available, now.backordered) == (2, 2, 0, 1)
    with database.write() as tx:
        stock.adjust(tx, [Movement(site_id="s1", sku="tea", units=1)], "count")
    assert (level(database, stock).committed, level(database, stock).backordered) == (3, 0)


def test_goods_that_another_holds_do_not_serve_a_backorder(database: Database, stock: Stock, holds: Holds) -> None:
    limit(database, stock, 4)
    place(database, holds, "order", tea(2))
    receive(database, stock, 2)
    place(database, holds, "cart", tea(2))
    with database.write() as tx:
        holds.confirm(tx, "order")
    now = level(database, stock)
    assert (now.held, now.committed, now.backordered) == (2, 0, 2)


ACTS = st.lists(
    st.tuples(st.sampled_from(["place", "confirm", "release", "some", "receive", "wait"]), st.integers(1, 6)),
    max_size=25,
)


@given(acts=ACTS, names=st.data())
def test_whatever_is_done_nothing_is_promised_twice_and_the_books_balance(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]], names: st.DataObject
) -> None:
    clock = ManualClock(MONDAY)
    journal = Journal(clock)
    stock, holds = Stock(journal), Holds(journal)
    database = open_database(tmp_path_factory.mktemp("books") / "books.db", SCHEMAS)
    limit(database, stock, LIMIT)
    received = 0
    for act, units in acts:
        hold_id = names.draw(st.sampled_from(["a", "b", "c"]))
        if act == "wait":
            clock.advance(units * MINUTES)
            continue
        with suppress(StockShort, StateConflict, NotFound, InvalidRequest), database.write() as tx:
            if act == "place":
                holds.place(tx, hold_id, [tea(units)], 5 * MINUTES)
            elif act == "receive":
                stock.receive(tx, [Movement(site_id="s1", sku="tea", units=units)], "po")
                received += units
            elif act == "confirm":
                holds.confirm(tx, hold_id)
            else:
                holds.release(tx, hold_id, [tea(units)] if act == "some" else ())
        with database.read() as reader:
            assert journal.audit(reader) == ()
            [now] = stock.levels(reader)
            promised = _promised(holds, database)
        assert now.on_hand == received == now.available + now.held + now.committed
        assert now.backordered + now.backorderable == LIMIT
        assert min(now.available, now.held, now.committed, now.backordered, now.backorderable) >= 0
        assert promised == now.held + now.committed + now.backordered
    database.close()


def _promised(holds: Holds, database: Database) -> int:
    units = 0
    with database.read() as reader:
        for hold_id in ("a", "b", "c"):
            with suppress(NotFound):
                hold = holds.find(reader, hold_id)
                if hold.state in (EntryState.HELD, EntryState.CONFIRMED):
                    units += sum(one.units for one in hold.contents)
    return units
