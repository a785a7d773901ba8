"""Blind counts: what was found against the books, approval and rejection, and what is promised beyond the count."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from solver.errors import InvalidRequest, NotFound, StateConflict, StockShort
from solver.journal.journal import Journal
from solver.stock.accounts import ADJUSTED
from solver.stock.model import Claim
from solver.stock.physical.count_model import Count, CountLine, CountState, CountWarning
from solver.stock.physical.counts import Counts, blind
from solver.stock.physical.moves import StockMove, move_stock
from solver.stock.physical.sides import committed_at, move, outside
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.stock.physical import available, broken_rules, commit, lot, lying, receive
from tests.stock.schemas import STOCK_SCHEMAS

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]
DAY = timedelta(days=1)


@pytest.fixture
def counts(journal: Journal, stock: Stock) -> Counts:
    return Counts(journal, stock)


def count(database: Database, counts: Counts, found: dict[str, int], **scope: Any) -> Count:
    """Open a count and submit it: zone -> units of tea."""
    with database.write() as tx:
        opened = counts.open(tx, "c1", "s1", **scope)
    lines = {line.zone: line for line in opened.lines}
    submitted = [
        replace(lines.get(zone, CountLine(sku="tea", zone=zone)), counted_units=units) for zone, units in found.items()
    ]
    with database.write() as tx:
        return counts.submit(tx, "c1", submitted)


def approve(database: Database, counts: Counts) -> Count:
    with database.write() as tx:
        return counts.approve(tx, "c1")


def hold(database: Database, stock: Stock, units: int) -> None:
    with database.write() as tx:
        claim = Claim(site_id="s1", sku="tea", units=units)
        stock.hold(tx, "cart", [claim], stock.now(tx) + DAY)


def test_the_sheet_shows_what_lies_where_without_a_figure(database: Database, stock: Stock, counts: Counts) -> None:
    receive(database, stock, lot(5, zone="A"), lot(2, date(2026, 9, 1), name="L", zone="B", bin_="7"))
    with database.write() as tx:
        sheet = counts.open(tx, "c1", "s1")
    assert [(one.zone, one.bin, one.lot, one.counted_units, one.expected_units) for one in sheet.lines] == [
        ("A", "", "", None, None),
        ("B", "7", "L", None, None),
    ]
    assert sheet.state is CountState.OPEN


def test_a_count_of_a_zone_or_of_some_skus_leaves_the_rest_alone(
    database: Database, stock: Stock, counts: Counts
) -> None:
    receive(database, stock, lot(5, zone="A"), replace(lot(1, zone="A"), sku="milk"), lot(2, zone="B"))
    with database.write() as tx:
        of_zone = counts.open(tx, "c1", "s1", zone="A")
        of_sku = counts.open(tx, "c2", "s1", skus=["tea"])
        nothing = counts.open(tx, "c3", "s1", zone="C")
    assert [(one.sku, one.zone) for one in of_zone.lines] == [("milk", "A"), ("tea", "A")]
    assert [(one.sku, one.zone) for one in of_sku.lines] == [("tea", "A"), ("tea", "B")]
    assert nothing.lines == ()


def test_whoever_counts_does_not_see_what_the_books_expect(database: Database, stock: Stock, counts: Counts) -> None:
    receive(database, stock, lot(5, zone="A"), lot(2, zone="B"))
    half = count(database, counts, {"A": 4})
    assert half.state is CountState.OPEN
    assert [(one.zone, one.counted_units, one.expected_units) for one in blind(half).lines] == [
        ("A", 4, None),
        ("B", None, None),
    ]
    with database.write() as tx:
        whole = counts.submit(tx, "c1", [CountLine(sku="tea", zone="B", counted_units=2)])
    assert whole.state is CountState.COUNTED
    assert [(one.counted_units, one.expected_units, one.difference_units) for one in blind(whole).lines] == [
        (4, 5, -1),
        (2, 2, 0),
    ]


def test_approval_corrects_the_books_by_the_differences(
    database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    receive(database, stock, lot(5, zone="A"), lot(2, zone="B"))
    count(database, counts, {"A": 4, "B": 2, "C": 3})
    approved = approve(database, counts)
    assert (approved.state, approved.warnings) == (CountState.APPROVED, ())
    assert approved.entry_id > 0
    assert lying(database, stock) == {"s1|A": 4, "s1|B": 2, "s1|C": 3}
    assert available(database, stock) == 9
    assert broken_rules(database, journal, stock) == []


def test_a_count_that_finds_what_is_expected_moves_nothing(database: Database, stock: Stock, counts: Counts) -> None:
    receive(database, stock, lot(5, zone="A"))
    count(database, counts, {"A": 5})
    assert approve(database, counts).entry_id == 0


def test_what_was_sold_between_count_and_approval_stays_sold(
    database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    receive(database, stock, lot(5, zone="A"))
    count(database, counts, {"A": 4})
    commit(database, stock, 2)
    with database.write() as tx:
        picks = stock.places.pick(tx, "s1", "tea", 2)
        journal.post(tx, "shipped", "parcel", stock.places.transfers_out("tea", picks))
    assert approve(database, counts).warnings == ()
    assert lying(database, stock) == {"s1|A": 2}
    assert broken_rules(database, journal, stock) == []


def test_what_is_promised_beyond_the_count_is_a_warning_with_its_numbers(
    database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    receive(database, stock, lot(9, zone="A"))
    commit(database, stock, 3)
    hold(database, stock, 4)
    count(database, counts, {"A": 2})
    approved = approve(database, counts)
    assert approved.warnings == (
        CountWarning(sku="tea", on_hand_units=2, held_units=4, committed_units=3, missing_units=5),
    )
    assert lying(database, stock) == {"s1|A": 2}
    assert available(database, stock) == 0
    with database.read() as reader:
        (level,) = stock.levels(reader)
    assert (level.on_hand, level.held, level.committed, level.missing) == (2, 4, 3, 5)
    assert broken_rules(database, journal, stock) == []


def test_units_that_are_given_back_make_up_for_those_that_were_not_found(
    database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    receive(database, stock, lot(9, zone="A"))
    commit(database, stock, 3)
    hold(database, stock, 6)
    count(database, counts, {"A": 2})
    approve(database, counts)
    with database.write() as tx:
        stock.release(tx, "cart")
    assert available(database, stock) == 0
    receive(database, stock, lot(4, zone="B"))
    with database.read() as reader:
        (level,) = stock.levels(reader)
    assert (level.on_hand, level.committed, level.available, level.missing) == (6, 3, 3, 0)
    assert broken_rules(database, journal, stock) == []


def test_an_expired_hold_makes_up_for_missing_units_before_anyone_takes_them(
    database: Database, stock: Stock, counts: Counts, clock: Any
) -> None:
    receive(database, stock, lot(4, zone="A"))
    hold(database, stock, 4)
    count(database, counts, {"A": 1})
    approve(database, counts)
    clock.advance(2 * DAY)
    with pytest.raises(StockShort) as short:
        hold_again = Claim(site_id="s1", sku="tea", units=2)
        with database.write() as tx:
            stock.hold(tx, "another", [hold_again], stock.now(tx) + DAY)
    assert short.value.metadata == {"s1/tea": "wanted 2, available 1"}


def test_a_short_pick_of_missing_units_leaves_nothing_missing(
    database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    """The order that could not be served gives its promise back; the books then say what the count said."""
    receive(database, stock, lot(3, zone="A"))
    commit(database, stock, 3)
    count(database, counts, {"A": 1})
    approve(database, counts)
    receive(database, stock, lot(2, zone="A"))  # found again elsewhere
    with database.write() as tx:
        place, _ = stock.places.pick(tx, "s1", "tea", 1)[0]
        journal.post(tx, "short", "", move(3, of=committed_at(place, "tea"), to=outside(ADJUSTED, "tea")))
    with database.read() as reader:
        (level,) = stock.levels(reader)
    assert (level.on_hand, level.committed, level.missing) == (0, 0, 0)
    assert broken_rules(database, journal, stock) == []


def test_misplaced_units_are_no_shortfall(database: Database, stock: Stock, counts: Counts, journal: Journal) -> None:
    receive(database, stock, lot(5, zone="A"))
    hold(database, stock, 5)
    count(database, counts, {"A": 0, "B": 5})
    assert approve(database, counts).warnings == ()
    assert lying(database, stock) == {"s1|B": 5}
    assert broken_rules(database, journal, stock) == []


def test_defective_units_are_counted_for_themselves(
    database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    receive(database, stock, lot(5), replace(lot(3), state=StockState.DEFECTIVE))
    with database.write() as tx:
        counts.open(tx, "c1", "s1")
        found = [CountLine(sku="tea", state=StockState.GOOD, counted_units=6)]
        counts.submit(tx, "c1", [*found, CountLine(sku="tea", state=StockState.DEFECTIVE, counted_units=1)])
    approve(database, counts)
    assert lying(database, stock) == {"s1": 6, "s1 defective": 1}
    assert broken_rules(database, journal, stock) == []


def test_a_rejected_count_changes_nothing(database: Database, stock: Stock, counts: Counts, contents: Contents) -> None:
    receive(database, stock, lot(5, zone="A"))
    count(database, counts, {"A": 1})
    before = contents()["journal_entry"]
    with database.write() as tx:
        rejected = counts.reject(tx, "c1", "the counter was in the wrong aisle")
    assert (rejected.state, rejected.remark) == (CountState.REJECTED, "the counter was in the wrong aisle")
    assert contents()["journal_entry"] == before
    assert lying(database, stock) == {"s1|A": 5}


@pytest.mark.parametrize(
    ("end", "reason"), [("approve", "COUNT_APPROVED"), ("reject", "COUNT_REJECTED"), ("", "COUNT_COUNTED")]
)
def test_a_count_is_counted_and_ended_once(
    database: Database, stock: Stock, counts: Counts, end: str, reason: str
) -> None:
    receive(database, stock, lot(5, zone="A"))
    count(database, counts, {"A": 5})
    with database.write() as tx:
        if end:
            counts.approve(tx, "c1") if end == "approve" else counts.reject(tx, "c1", "")
    with pytest.raises(StateConflict) as refused, database.write() as tx:
        counts.submit(tx, "c1", [CountLine(sku="tea", zone="A", counted_units=4)])
    assert refused.value.reason == reason
    if end:
        for ends in ("approve", "reject"):
            with pytest.raises(StateConflict) as ended, database.write() as tx:
                counts.approve(tx, "c1") if ends == "approve" else counts.reject(tx, "c1", "")
            assert ended.value.reason == reason


def test_an_open_count_is_not_approved_and_an_unknown_one_not_found(
    database: Database, stock: Stock, counts: Counts
) -> None:
    receive(database, stock, lot(5, zone="A"), lot(1, zone="B"))
    count(database, counts, {"A": 5})
    with pytest.raises(StateConflict) as open_yet:
        approve(database, counts)
    assert open_yet.value.reason == "COUNT_OPEN"
    with pytest.raises(StateConflict) as exists, database.write() as tx:
        counts.open(tx, "c1", "s1")
    assert exists.value.reason == "COUNT_EXISTS"
    with pytest.raises(NotFound) as unknown, database.read() as reader:
        counts.find(reader, "c2")
    assert unknown.value.metadata == {"count_id": "c2"}


def test_a_line_without_a_figure_or_with_another_expiry_is_refused(
    database: Database, stock: Stock, counts: Counts, contents: Contents
) -> None:
    receive(database, stock, lot(5, date(2026, 9, 1), name="L"))
    with database.write() as tx:
        counts.open(tx, "c1", "s1")
    before = contents()
    with pytest.raises(InvalidRequest) as refused, database.write() as tx:
        wrong = CountLine(sku="tea", lot="L", expires_on=date(2026, 9, 2), counted_units=1)
        counts.submit(tx, "c1", [CountLine(sku="tea"), wrong])
    assert [one.field for one in refused.value.violations] == ["lines[0].counted_units", "lines[1].expires_on"]
    assert contents() == before


def test_missing_units_that_left_their_place_meanwhile_are_refused_by_place(
    database: Database, stock: Stock, counts: Counts, journal: Journal, contents: Contents
) -> None:
    receive(database, stock, lot(5, zone="A"))
    count(database, counts, {"A": 1})
    with database.write() as tx:
        away = StockMove(site_id="s1", sku="tea", units=3, from_zone="A", to_zone="B")
        move_stock(journal, stock.places, tx, [away], "")
    before = contents()
    with pytest.raises(StockShort) as refused:
        approve(database, counts)
    assert refused.value.metadata == {"s1|A/tea": "wanted 4, available 2"}
    assert contents() == before


def test_open_counts_survive_a_restart(
    store_url: str, database: Database, stock: Stock, counts: Counts, journal: Journal
) -> None:
    receive(database, stock, lot(5, zone="A"), lot(1, zone="B"))
    count(database, counts, {"A": 4})
    database.close()
    reopened = open_database(store_url, STOCK_SCHEMAS)
    with reopened.write() as tx:
        (found,) = counts.all(tx, states=[CountState.OPEN])
        assert [(one.zone, one.counted_units) for one in found.lines] == [("A", 4), ("B", None)]
        assert counts.all(tx, states=[CountState.APPROVED]) == counts.all(tx, site_ids=["s2"]) == ()
        counts.submit(tx, "c1", [CountLine(sku="tea", zone="B", counted_units=1)])
    reopened.close()
