"""Units lie at places, go out by expiry, and the places of a site always add up to it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StockShort
from solver.journal.journal import Journal
from solver.journal.model import Transfer
from solver.stock.model import Claim, Movement
from solver.stock.physical.adoption import needs_places, put_in_places
from solver.stock.physical.moves import StateChange, StockMove, change_states, move_stock
from solver.stock.physical.picking import Places
from solver.stock.physical.places import StockPlace
from solver.stock.physical.sides import at_place, elsewhere
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.physical import TODAY, available, broken_rules, commit, lot, lying, receive

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]
DAY = timedelta(days=1)


def picked(database: Database, stock: Stock, units: int, **wish: Any) -> list[tuple[str, int]]:
    with database.read() as reader:
        return [(place.place_id, taken) for place, taken in stock.places.pick(reader, "s1", "tea", units, **wish)]


def change(
    database: Database, journal: Journal, stock: Stock, units: int, to: StockState, *, of: str = "good", **where: Any
) -> None:
    one = StateChange(site_id="s1", sku="tea", units=units, from_state=StockState(of), to_state=to, **where)
    with database.write() as tx:
        change_states(journal, stock.places, tx, [one], "qa")


def test_a_receipt_lies_where_it_says_and_in_the_sites_default_place_otherwise(
    database: Database, stock: Stock, journal: Journal
) -> None:
    receive(database, stock, lot(3), lot(4, TODAY + DAY, name="L1", zone="A", bin_="A-01"), lot(2, zone="A"))
    assert lying(database, stock) == {"s1": 3, "s1|A": 2, "s1|A|A-01|L1|2026-03-02": 4}
    assert available(database, stock) == 9
    assert broken_rules(database, journal, stock) == []


def test_names_with_the_separator_in_them_are_different_places() -> None:
    assert StockPlace(site_id="a|b").place_id == "a%7Cb"
    assert StockPlace(site_id="a%7Cb").place_id == "a%257Cb"
    assert StockPlace(site_id="a", zone="b").place_id == "a|b"


def test_units_received_in_another_state_are_not_for_sale(database: Database, stock: Stock, journal: Journal) -> None:
    receive(database, stock, Movement(site_id="s1", sku="tea", units=2, state=StockState.DEFECTIVE), lot(1))
    assert lying(database, stock) == {"s1": 1, "s1 defective": 2}
    with database.read() as reader:
        (level,) = stock.levels(reader)
    assert (level.on_hand, level.available, level.defective) == (1, 1, 2)
    assert broken_rules(database, journal, stock) == []


def test_what_expires_first_goes_first_then_what_came_first(
    database: Database, stock: Stock, clock: ManualClock
) -> None:
    receive(database, stock, lot(1, zone="late"))
    clock.advance(DAY)
    receive(database, stock, lot(1, zone="early"))
    receive(database, stock, lot(2, date(2026, 5, 1), name="may"), lot(2, date(2026, 4, 1), name="april"))
    april, may = "s1|||april|2026-04-01", "s1|||may|2026-05-01"
    assert picked(database, stock, 5) == [(april, 2), (may, 2), ("s1|late", 1)]
    assert picked(database, stock, 6)[-1] == ("s1|early", 1)
    assert picked(database, stock, 1, lots=["may"]) == [(may, 1)]


def test_a_place_that_was_empty_counts_its_age_from_the_next_receipt(
    database: Database, stock: Stock, clock: ManualClock
) -> None:
    receive(database, stock, lot(1, zone="old"))
    clock.advance(DAY)
    receive(database, stock, lot(1, zone="new"))
    with database.write() as tx:
        stock.adjust(tx, [lot(-1, zone="old")], "lost")
    clock.advance(DAY)
    receive(database, stock, lot(1, zone="old"))
    assert picked(database, stock, 2) == [("s1|new", 1), ("s1|old", 1)]


def test_more_than_lies_there_is_not_picked_nor_a_lot_that_never_was(database: Database, stock: Stock) -> None:
    receive(database, stock, lot(2, date(2026, 4, 1), name="april"), lot(1))
    with pytest.raises(StockShort) as short:
        picked(database, stock, 4)
    assert short.value.metadata == {"s1/tea": "wanted 4, available 3"}
    with pytest.raises(StockShort) as of_lot:
        picked(database, stock, 3, lots=["april"])
    assert of_lot.value.metadata == {"s1/tea": "wanted 3, available 2"}
    with pytest.raises(InvalidRequest) as unknown:
        picked(database, stock, 1, lots=["april", "june"])
    assert [(one.field, one.value) for one in unknown.value.violations] == [("lots[1]", "'june'")]


def test_what_was_picked_leaves_both_books(database: Database, stock: Stock, journal: Journal) -> None:
    receive(database, stock, lot(2, date(2026, 4, 1), name="april"), lot(3))
    commit(database, stock, 4)
    with database.write() as tx:
        picks = stock.places.pick(tx, "s1", "tea", 4)
        journal.post(tx, "shipped", "parcel", stock.places.transfers_out("tea", picks))
    assert lying(database, stock) == {"s1": 1}
    with database.read() as reader:
        (level,) = stock.levels(reader)
    assert (level.on_hand, level.committed, level.available) == (1, 0, 1)
    assert broken_rules(database, journal, stock) == []


def test_units_move_within_their_site_and_keep_their_lot(database: Database, stock: Stock, journal: Journal) -> None:
    receive(database, stock, lot(3, date(2026, 4, 1), name="april", zone="dock"))
    commit(database, stock, 2)
    move = StockMove(site_id="s1", sku="tea", units=3, from_zone="dock", to_zone="A", to_bin="A-01")
    with database.write() as tx:
        move_stock(journal, stock.places, tx, [move], "put-away")
    assert lying(database, stock) == {"s1|A|A-01|april|2026-04-01": 3}
    assert available(database, stock) == 1
    assert broken_rules(database, journal, stock) == []


def test_two_moves_of_one_call_do_not_take_the_same_units(database: Database, stock: Stock, journal: Journal) -> None:
    receive(database, stock, lot(2, date(2026, 4, 1), name="a"), lot(2, date(2026, 5, 1), name="b"))
    moves = [StockMove(site_id="s1", sku="tea", units=2, to_zone=zone) for zone in ("X", "Y")]
    with database.write() as tx:
        move_stock(journal, stock.places, tx, moves, "")
    assert lying(database, stock) == {"s1|X||a|2026-04-01": 2, "s1|Y||b|2026-05-01": 2}


def test_a_move_from_anywhere_takes_nothing_from_where_it_goes(
    database: Database, stock: Stock, journal: Journal, contents: Contents
) -> None:
    receive(database, stock, lot(2, zone="A"), lot(1, zone="B"))
    one = StockMove(site_id="s1", sku="tea", units=1, to_zone="A")
    with database.write() as tx:
        move_stock(journal, stock.places, tx, [one], "")
    assert lying(database, stock) == {"s1|A": 3}
    before = contents()
    with pytest.raises(StockShort) as short, database.write() as tx:
        move_stock(journal, stock.places, tx, [one], "")
    assert short.value.metadata == {"s1/tea": "wanted 1, available 0"}
    assert contents() == before


def test_a_move_of_more_than_lies_there_names_the_place_and_changes_nothing(
    database: Database, stock: Stock, journal: Journal, contents: Contents
) -> None:
    receive(database, stock, lot(2, zone="A"), lot(9, zone="B"))
    before = contents()
    with pytest.raises(StockShort) as short, database.write() as tx:
        move = StockMove(site_id="s1", sku="tea", units=3, from_zone="A", to_zone="B")
        move_stock(journal, stock.places, tx, [move], "")
    assert short.value.metadata == {"s1|A/tea": "wanted 3, available 2"}
    assert contents() == before


def test_only_what_nobody_holds_may_cease_to_be_good(
    database: Database, stock: Stock, journal: Journal, contents: Contents
) -> None:
    receive(database, stock, lot(5))
    commit(database, stock, 2)
    with database.write() as tx:
        claim = Claim(site_id="s1", sku="tea", units=1)
        stock.hold(tx, "cart", [claim], stock.now(tx) + DAY)
    before = contents()
    with pytest.raises(StockShort) as short:
        change(database, journal, stock, 3, StockState.FROZEN)
    assert short.value.metadata == {"s1/tea": "wanted 3, available 2"}
    assert contents() == before
    change(database, journal, stock, 2, StockState.FROZEN)
    assert available(database, stock) == 0
    assert lying(database, stock) == {"s1": 3, "s1 frozen": 2}
    assert broken_rules(database, journal, stock) == []


def test_a_change_of_state_finds_a_lot_wherever_it_lies(database: Database, stock: Stock, journal: Journal) -> None:
    receive(database, stock, lot(2, name="L", zone="A"), lot(3, name="L", zone="B"), lot(4, name="M", zone="A"), lot(1))
    change(database, journal, stock, 5, StockState.INSPECTION, lot="L")
    assert lying(database, stock) == {"s1": 1, "s1|A||M": 4, "s1|A||L inspection": 2, "s1|B||L inspection": 3}
    change(database, journal, stock, 3, StockState.GOOD, of="inspection", lot="L", zone="B")
    change(database, journal, stock, 2, StockState.DEFECTIVE, of="inspection", lot="L")
    assert lying(database, stock) == {"s1": 1, "s1|A||M": 4, "s1|A||L defective": 2, "s1|B||L": 3}
    assert broken_rules(database, journal, stock) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to_state": StockState.GOOD}, "changes[0].to_state"),
        ({"to_state": StockState.RESERVED}, "changes[0].to_state"),
        ({"from_state": StockState.STALE}, "changes[0].from_state"),
        ({"lot": "nobody's"}, "changes[0].lot"),
    ],
)
def test_a_change_of_state_that_cannot_be_is_refused(
    database: Database, stock: Stock, journal: Journal, contents: Contents, changed: dict[str, Any], field: str
) -> None:
    receive(database, stock, lot(5))
    before = contents()
    given = {"from_state": StockState.GOOD, "to_state": StockState.FROZEN} | changed
    with pytest.raises(InvalidRequest) as refused, database.write() as tx:
        one = StateChange(site_id="s1", sku="tea", units=1, **given)
        change_states(journal, stock.places, tx, [one], "")
    assert [one.field for one in refused.value.violations] == [field]
    assert contents() == before


def test_a_fall_that_names_no_place_is_taken_from_the_default_place_first(
    database: Database, stock: Stock, journal: Journal
) -> None:
    receive(database, stock, lot(2), lot(2, date(2026, 5, 1), name="may"), lot(2, date(2026, 4, 1), name="april"))
    with database.write() as tx:
        stock.adjust(tx, [lot(-3)], "broken")
    assert lying(database, stock) == {"s1|||april|2026-04-01": 1, "s1|||may|2026-05-01": 2}
    assert broken_rules(database, journal, stock) == []


def test_units_found_in_one_bin_and_missed_in_another_are_corrected_together(
    database: Database, stock: Stock, journal: Journal
) -> None:
    receive(database, stock, lot(2, zone="A"))
    with database.write() as tx:
        stock.adjust(tx, [lot(-2, zone="A"), lot(2, zone="B")], "recount")
    assert lying(database, stock) == {"s1|B": 2}
    assert broken_rules(database, journal, stock) == []


def test_a_lot_has_one_expiry_for_good(database: Database, stock: Stock, contents: Contents) -> None:
    receive(database, stock, lot(1, date(2026, 4, 1), name="april"))
    receive(database, stock, lot(2, name="april"))  # need not be said again
    assert lying(database, stock) == {"s1|||april|2026-04-01": 3}
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        receive(
            database,
            stock,
            lot(1, date(2026, 4, 2), name="april"),
            lot(1, date(2026, 6, 1), name="june"),
            lot(1, name="june"),
        )
    assert [(one.field, one.value) for one in refused.value.violations] == [
        ("movements[0].expires_on", "'2026-04-02'"),
        ("movements[2].expires_on", "'None'"),
    ]
    assert contents() == before


def test_expired_goods_are_not_received_as_good_but_as_frozen(
    database: Database, stock: Stock, contents: Contents
) -> None:
    before = contents()
    with pytest.raises(InvalidRequest) as refused:
        receive(database, stock, lot(1, TODAY - DAY, name="old"), lot(1, TODAY, name="last-day"))
    (violation,) = refused.value.violations
    assert (violation.field, violation.value) == ("movements[0].expires_on", "'2026-02-28'")
    assert "frozen" in violation.remedy
    assert contents() == before
    frozen = Movement(site_id="s1", sku="tea", units=1, lot="old", expires_on=TODAY - DAY, state=StockState.FROZEN)
    receive(database, stock, frozen)
    assert lying(database, stock) == {"s1|||old|2026-02-28 frozen": 1}


def test_an_adjustment_of_a_lot_that_never_was_is_refused(database: Database, stock: Stock, contents: Contents) -> None:
    receive(database, stock, lot(1))
    before = contents()
    with pytest.raises(InvalidRequest) as refused, database.write() as tx:
        stock.adjust(tx, [lot(-1, name="never")], "count")
    assert [one.field for one in refused.value.violations] == ["movements[0].lot"]
    assert contents() == before


def test_an_expired_lot_leaves_the_sale_with_its_last_day(
    database: Database, stock: Stock, journal: Journal, clock: ManualClock
) -> None:
    receive(database, stock, lot(3, TODAY, name="today"), lot(2))
    assert stock.sweep_if_due(database) == ()
    assert available(database, stock) == 5
    clock.advance(DAY)
    stock.sweep_if_due(database)
    assert lying(database, stock) == {"s1": 2, "s1|||today|2026-03-01 frozen": 3}
    assert available(database, stock) == 2
    entries = database_entries(database)
    stock.sweep_if_due(database)
    assert database_entries(database) == entries
    assert broken_rules(database, journal, stock) == []


def test_a_hold_never_takes_expired_units_though_nobody_swept(
    database: Database, stock: Stock, clock: ManualClock
) -> None:
    receive(database, stock, lot(3, TODAY, name="today"), lot(2))
    clock.advance(DAY)
    with pytest.raises(StockShort) as short, database.write() as tx:
        claim = Claim(site_id="s1", sku="tea", units=3)
        stock.hold(tx, "h1", [claim], stock.now(tx) + DAY)
    assert short.value.metadata == {"s1/tea": "wanted 3, available 2"}


def test_expired_units_that_are_promised_are_frozen_when_they_are_given_back(
    database: Database, stock: Stock, journal: Journal, clock: ManualClock
) -> None:
    receive(database, stock, lot(3, TODAY, name="today"))
    with database.write() as tx:
        stock.hold(tx, "cart", [Claim(site_id="s1", sku="tea", units=2)], stock.now(tx) + 3 * DAY)
    clock.advance(DAY)
    stock.sweep_if_due(database)
    assert lying(database, stock) == {"s1|||today|2026-03-01": 2, "s1|||today|2026-03-01 frozen": 1}
    with database.write() as tx:
        stock.release(tx, "cart")
    stock.sweep_if_due(database)
    assert lying(database, stock) == {"s1|||today|2026-03-01 frozen": 3}
    assert broken_rules(database, journal, stock) == []


def test_an_expired_lot_is_not_picked_and_cannot_be_made_good(
    database: Database, stock: Stock, journal: Journal, clock: ManualClock
) -> None:
    receive(database, stock, lot(3, TODAY, name="today"), lot(1))
    clock.advance(DAY)
    with pytest.raises(StockShort) as short:
        picked(database, stock, 2)
    assert short.value.metadata == {"s1/tea": "wanted 2, available 1"}
    stock.sweep_if_due(database)
    with pytest.raises(InvalidRequest) as refused:
        change(database, journal, stock, 1, StockState.GOOD, of="frozen", lot="today")
    assert [one.field for one in refused.value.violations] == ["changes[0].expires_on"]


def test_a_lot_is_sold_and_picked_until_its_last_day_ends(database: Database, stock: Stock, clock: ManualClock) -> None:
    last_day = clock.now().date()
    receive(database, stock, lot(2, last_day))
    with database.write() as tx:
        stock.sweep(tx)
        [(place, units)] = stock.places.pick(tx, "s1", "tea", 2)
    assert (place.expires_on, units) == (last_day, 2)
    assert available(database, stock) == 2


def test_a_site_ahead_of_utc_lets_a_lot_expire_by_its_own_calendar(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    stock = Stock(journal, Places(journal, lambda site_id, at: (at + timedelta(hours=8)).date()))
    receive(database, stock, lot(1, TODAY, name="today"))
    clock.advance(timedelta(hours=3, minutes=59))  # 23:59 there
    stock.sweep_if_due(database)
    assert available(database, stock) == 1
    clock.advance(timedelta(minutes=1))
    stock.sweep_if_due(database)
    assert available(database, stock) == 0


def test_stock_of_before_there_were_places_is_put_into_default_places(
    database: Database, journal: Journal, stock: Stock
) -> None:
    receive(database, stock, lot(5))
    commit(database, stock, 2)
    with database.write() as tx:  # as a release without places left it
        tx.execute("DELETE FROM stock_place")
        gone = [Transfer(debit=elsewhere("tea"), credit=at_place("s1", "tea", StockState.GOOD), amount=5)]
        journal.post(tx, "undone", "", gone)
        tx.execute("UPDATE journal_account SET kind = 'unknown' WHERE book = 'places' AND kind = 'elsewhere'")
    with database.write() as tx:
        assert needs_places(journal, tx)
        assert put_in_places(journal, stock.places, tx) == 1
        assert not needs_places(journal, tx)
    assert lying(database, stock) == {"s1": 5}
    with database.read() as reader:
        assert stock.audit(reader) == ()


def test_the_audit_names_a_site_whose_places_do_not_add_up_to_it(
    database: Database, journal: Journal, stock: Stock
) -> None:
    receive(database, stock, lot(5, zone="A"))
    with database.write() as tx:
        slip = Transfer(debit=elsewhere("tea"), credit=at_place("s1|A", "tea", StockState.GOOD), amount=1)
        journal.post(tx, "slip", "", [slip])
    with database.read() as reader:
        (found,) = stock.audit(reader)
    assert (found.rule, found.where) == ("places_add_up_to_their_site", "s1/tea/good")
    assert (found.expected, found.found) == ("5 by the site", "4 by its places")


def database_entries(database: Database) -> int:
    with database.read() as reader:
        return int(reader.query("SELECT count(*) FROM journal_entry")[0][0])
