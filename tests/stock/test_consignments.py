"""Transfers and purchases: on their way, late, arrived short, over or damaged, cancelled; every unit accounted for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import INCOMING
from solver.stock.expected.coming import coming_of
from solver.stock.expected.consignment_model import (
    ArrivedUnits,
    Consignment,
    ConsignmentKind,
    ConsignmentLine,
    ConsignmentState,
    SentUnits,
)
from solver.stock.expected.consignments import Consignments
from solver.stock.holding.holds import Holds
from solver.stock.model import BackorderLimit, Claim
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.physical import available, broken_rules, commit, lot, lying, receive

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]
ETA = datetime(2026, 3, 5, 9, tzinfo=UTC)
APRIL = date(2026, 4, 1)


@pytest.fixture
def consignments(journal: Journal, stock: Stock) -> Consignments:
    return Consignments(journal, stock)


def advise(database: Database, consignments: Consignments, units: int = 10) -> Consignment:
    with database.write() as tx:
        return consignments.advise(tx, "po-1", "s1", [SentUnits(sku="tea", units=units)], ETA)


def arrive(database: Database, consignments: Consignments, *arrived: ArrivedUnits, more: bool = False) -> Consignment:
    with database.write() as tx:
        return consignments.arrive(tx, "po-1", arrived, more_to_come=more)


def tea(units: int = 0, damaged: int = 0, **where: Any) -> ArrivedUnits:
    return ArrivedUnits(sku="tea", units=units, damaged_units=damaged, **where)


def on_its_way(database: Database, journal: Journal, consignment_id: str = "po-1") -> int:
    with database.read() as reader:
        found = journal.balances(reader, Book.STOCK, (INCOMING,), (consignment_id,), ("tea",))
        return sum(one.posted for one in found)


def test_a_purchase_is_incoming_until_it_arrives(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    advised = advise(database, consignments)
    assert (advised.kind, advised.state) == (ConsignmentKind.PURCHASE, ConsignmentState.IN_TRANSIT)
    assert (advised.expected_at, advised.first_expected_at) == (ETA, ETA)
    assert on_its_way(database, journal) == 10
    assert (available(database, stock), lying(database, stock)) == (0, {})
    with database.read() as reader:
        coming = coming_of(reader, ["po-1"])["po-1"]
    assert (coming.site_id, coming.expected_at) == ("s1", ETA)
    received = arrive(database, consignments, tea(10, zone="dock", lot="L", expires_on=APRIL))
    assert received.state is ConsignmentState.RECEIVED
    assert lying(database, stock) == {"s1|dock||L|2026-04-01": 10}
    assert (available(database, stock), on_its_way(database, journal)) == (10, 0)
    assert broken_rules(database, journal, stock) == []


def test_a_late_consignment_is_expected_later_and_remembers_what_was_said(
    database: Database, consignments: Consignments
) -> None:
    advise(database, consignments)
    later = ETA + timedelta(days=3)
    with database.write() as tx:
        late = consignments.delay(tx, "po-1", later)
        assert coming_of(tx, ["po-1"])["po-1"].expected_at == later
    assert (late.expected_at, late.first_expected_at) == (later, ETA)


def test_what_does_not_arrive_is_short_and_what_is_broken_is_defective(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    advise(database, consignments)
    received = arrive(database, consignments, tea(6, damaged=1))
    assert received.lines == (ConsignmentLine(sku="tea", units=10, received_units=6, damaged_units=1, short_units=3),)
    assert lying(database, stock) == {"s1": 6, "s1 defective": 1}
    assert on_its_way(database, journal) == 0
    assert broken_rules(database, journal, stock) == []


def test_more_than_was_sent_is_over(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    advise(database, consignments)
    received = arrive(database, consignments, tea(11, damaged=2), replace(tea(1), sku="milk"))
    assert received.lines == (
        ConsignmentLine(sku="tea", units=10, received_units=11, damaged_units=2, over_units=3),
        ConsignmentLine(sku="milk", units=0, received_units=1, over_units=1),
    )
    assert lying(database, stock) == {"s1": 11, "s1 defective": 2}
    assert broken_rules(database, journal, stock) == []


def test_a_part_arrives_and_the_rest_is_still_on_its_way(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    advise(database, consignments)
    part = arrive(database, consignments, tea(4), more=True)
    assert (part.state, part.lines[0].coming_units) == (ConsignmentState.IN_TRANSIT, 6)
    assert (on_its_way(database, journal), available(database, stock)) == (6, 4)
    rest = arrive(database, consignments, tea(5))
    assert rest.lines == (ConsignmentLine(sku="tea", units=10, received_units=9, short_units=1),)
    assert (on_its_way(database, journal), available(database, stock)) == (0, 9)


def test_a_transfer_takes_what_expires_first_and_keeps_the_lots(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    receive(database, stock, lot(3, date(2026, 5, 1), name="may", zone="A"), lot(2, APRIL, name="april", zone="A"))
    with database.write() as tx:
        sent = consignments.dispatch(tx, "po-1", "s1", "s2", [SentUnits(sku="tea", units=4)], ETA)
    assert sent.lines == (
        ConsignmentLine(sku="tea", units=2, lot="april", expires_on=APRIL),
        ConsignmentLine(sku="tea", units=2, lot="may", expires_on=date(2026, 5, 1)),
    )
    assert (available(database, stock), on_its_way(database, journal)) == (1, 4)
    received = arrive(database, consignments, tea(2, lot="april"), tea(1, lot="may"))
    units = [(one.lot, one.received_units, one.short_units) for one in received.lines]
    assert units == [("april", 2, 0), ("may", 1, 1)]
    assert lying(database, stock) == {"s1|A||may|2026-05-01": 1, "s2|||april|2026-04-01": 2, "s2|||may|2026-05-01": 1}
    assert broken_rules(database, journal, stock) == []


def test_only_free_units_leave_with_a_transfer(
    database: Database, stock: Stock, consignments: Consignments, contents: Contents
) -> None:
    receive(database, stock, lot(5))
    commit(database, stock, 3)
    before = contents()
    with pytest.raises(StockShort) as short, database.write() as tx:
        consignments.dispatch(tx, "po-1", "s1", "s2", [SentUnits(sku="tea", units=3)], ETA)
    assert short.value.metadata == {"s1/tea": "wanted 3, available 2"}
    assert contents() == before


def test_a_cancelled_transfer_comes_back_with_its_lots(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    receive(database, stock, lot(5, APRIL, name="april", zone="A"))
    with database.write() as tx:
        consignments.dispatch(tx, "po-1", "s1", "s2", [SentUnits(sku="tea", units=4, lot="april")], ETA)
    with database.write() as tx:
        cancelled = consignments.cancel(tx, "po-1", "the road is closed")
    assert (cancelled.state, cancelled.remark) == (ConsignmentState.CANCELLED, "the road is closed")
    assert lying(database, stock) == {"s1|A||april|2026-04-01": 1, "s1|||april|2026-04-01": 4}
    assert (available(database, stock), on_its_way(database, journal)) == (5, 0)
    assert broken_rules(database, journal, stock) == []


def test_a_cancelled_purchase_leaves_nothing_on_its_way(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    advise(database, consignments)
    arrive(database, consignments, tea(4), more=True)
    with database.write() as tx:
        consignments.cancel(tx, "po-1", "")
    assert (on_its_way(database, journal), available(database, stock)) == (0, 4)
    assert broken_rules(database, journal, stock) == []


@pytest.mark.parametrize("end", ["receive", "cancel"])
def test_a_consignment_ends_once(database: Database, consignments: Consignments, end: str) -> None:
    advise(database, consignments)
    with pytest.raises(StateConflict) as exists:
        advise(database, consignments)
    assert exists.value.reason == "CONSIGNMENT_EXISTS"
    with database.write() as tx:
        if end == "receive":
            consignments.arrive(tx, "po-1", [], more_to_come=False)
        else:
            consignments.cancel(tx, "po-1", "")
    reason = "CONSIGNMENT_RECEIVED" if end == "receive" else "CONSIGNMENT_CANCELLED"
    for again in ("arrive", "cancel", "delay"):
        with pytest.raises(StateConflict) as refused, database.write() as tx:
            if again == "arrive":
                consignments.arrive(tx, "po-1", [tea(1)], more_to_come=False)
            elif again == "cancel":
                consignments.cancel(tx, "po-1", "")
            else:
                consignments.delay(tx, "po-1", ETA)
        assert refused.value.reason == reason
    with pytest.raises(NotFound) as unknown, database.read() as reader:
        consignments.find(reader, "po-2")
    assert unknown.value.metadata == {"consignment_id": "po-2"}


def test_every_wrong_row_of_an_arrival_is_named(
    database: Database, stock: Stock, consignments: Consignments, contents: Contents
) -> None:
    receive(database, stock, lot(1, APRIL, name="april"))
    advise(database, consignments)
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        arrive(
            database,
            consignments,
            tea(),
            tea(1, lot="april", expires_on=date(2026, 4, 2)),
            tea(1, lot="old", expires_on=date(2026, 2, 1)),
            tea(damaged=1, lot="old", expires_on=date(2026, 2, 1)),
        )
    assert [one.field for one in refused.value.violations] == [
        "arrived[0].units",
        "arrived[1].expires_on",
        "arrived[2].expires_on",
    ]
    assert contents() == before


def test_a_transfer_of_an_unknown_lot_is_refused(
    database: Database, stock: Stock, consignments: Consignments, contents: Contents
) -> None:
    receive(database, stock, lot(5))
    before = contents()
    with pytest.raises(InvalidRequest) as refused, database.write() as tx:
        consignments.dispatch(tx, "po-1", "s1", "s2", [SentUnits(sku="tea", units=1, lot="never")], ETA)
    assert [one.field for one in refused.value.violations] == ["lines[0].lot"]
    assert contents() == before


@pytest.mark.parametrize(("came", "kept", "left"), [(10, 8, 2), (5, 5, 0)])
def test_what_was_promised_is_served_before_anyone_else(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments, came: int, kept: int, left: int
) -> None:
    holds = Holds(journal, stock.places)
    advise(database, consignments)
    with database.write() as tx:
        stock.limit_backorders(tx, [BackorderLimit(site_id="s1", sku="tea", units=9)], "")
        claim = Claim(site_id="s1", sku="tea", units=8, consignment_id="po-1")
        holds.place(tx, "cart", [claim], timedelta(hours=1))
        holds.confirm(tx, "cart")
    received = arrive(database, consignments, tea(came))
    with database.read() as reader:
        (level,) = stock.levels(reader)
    assert (level.committed, level.available) == (kept, left)
    assert [(one.hold_id, one.units, one.is_committed) for one in received.broken] == [("cart", 8 - kept, True)] * (
        kept < 8
    )
    assert broken_rules(database, journal, stock) == []


def test_a_cancelled_consignment_breaks_the_promises_of_it(
    database: Database, stock: Stock, journal: Journal, consignments: Consignments
) -> None:
    holds = Holds(journal, stock.places)
    advise(database, consignments)
    with database.write() as tx:
        claim = Claim(site_id="s1", sku="tea", units=3, consignment_id="po-1")
        holds.place(tx, "cart", [claim], timedelta(hours=1))
    with database.write() as tx:
        cancelled = consignments.cancel(tx, "po-1", "never made")
    (broken,) = cancelled.broken
    assert (broken.hold_id, broken.units, broken.is_committed) == ("cart", 3, False)
    assert on_its_way(database, journal) == 0
    assert broken_rules(database, journal, stock) == []


def test_consignments_are_found_by_destination_and_state(database: Database, consignments: Consignments) -> None:
    advise(database, consignments)
    with database.write() as tx:
        consignments.advise(tx, "po-0", "s2", [SentUnits(sku="tea", units=1)], ETA)
        consignments.cancel(tx, "po-0", "")

        def ids(**filters: Any) -> list[str]:
            return [one.consignment_id for one in consignments.all(tx, **filters)]

        assert ids() == ["po-0", "po-1"]
        assert ids(site_ids=["s1"]) == ids(states=[ConsignmentState.IN_TRANSIT]) == ["po-1"]
        assert ids(site_ids=["s1"], states=[ConsignmentState.CANCELLED]) == []
