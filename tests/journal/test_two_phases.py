"""Post at once; or hold, then confirm, release or expire: exactly one of them, exactly once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import BrokenInvariant, InvalidRequest, NotFound, StateConflict
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Balance, Book, EntryState, Phase, Shortage, Transfer
from solver.storage.database import Database

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]

SHELF = AccountKey(book=Book.STOCK, kind="shelf", holder="s1", unit="tea", guarded=True)
OTHER_SHELF = AccountKey(book=Book.STOCK, kind="shelf", holder="s2", unit="tea", guarded=True)
GATE = AccountKey(book=Book.STOCK, kind="gate", holder="", unit="tea")
MINUTES = timedelta(minutes=1)


def receive(database: Database, journal: Journal, units: int) -> None:
    with database.write() as tx:
        journal.post(tx, "received", "po-1", [Transfer(debit=SHELF, credit=GATE, amount=units)])


def hold(database: Database, journal: Journal, subject: str, units: int) -> int:
    with database.write() as tx:
        transfers = [Transfer(debit=GATE, credit=SHELF, amount=units)] if units else []
        return journal.hold(tx, "held", subject, transfers, journal.now(tx) + 10 * MINUTES).entry_id


def shelf(database: Database, journal: Journal) -> Balance:
    with database.read() as reader:
        return journal.balances(reader, Book.STOCK, kinds=["shelf"])[0]


def sums(balance: Balance) -> tuple[int, int, int, int]:
    return (balance.debits_posted, balance.credits_posted, balance.debits_pending, balance.credits_pending)


def state(database: Database, journal: Journal, entry_id: int) -> EntryState:
    with database.read() as reader:
        return journal.state(reader, entry_id)


def test_a_post_moves_value_from_credit_to_debit(database: Database, journal: Journal) -> None:
    receive(database, journal, 7)
    with database.read() as reader:
        found = {balance.account: sums(balance) for balance in journal.balances(reader, Book.STOCK)}
    assert found == {SHELF: (7, 0, 0, 0), GATE: (0, 7, 0, 0)}


def test_a_hold_sets_aside_and_a_confirmation_posts_it(database: Database, journal: Journal) -> None:
    receive(database, journal, 7)
    held = hold(database, journal, "plan-1", 3)
    assert sums(shelf(database, journal)) == (7, 0, 0, 3)
    assert shelf(database, journal).available == 4
    assert state(database, journal, held) is EntryState.HELD

    with database.write() as tx:
        entry = journal.confirm(tx, held)
    assert (entry.phase, entry.kind, entry.subject, entry.resolves) == (Phase.CONFIRM, "held", "plan-1", held)
    assert sums(shelf(database, journal)) == (7, 3, 0, 0)
    assert state(database, journal, held) is EntryState.CONFIRMED


def test_a_release_gives_everything_back(database: Database, journal: Journal) -> None:
    receive(database, journal, 7)
    held = hold(database, journal, "plan-1", 3)
    with database.write() as tx:
        journal.release(tx, held)
    assert sums(shelf(database, journal)) == (7, 0, 0, 0)
    assert state(database, journal, held) is EntryState.RELEASED


def test_an_empty_hold_stands_and_is_confirmed(database: Database, journal: Journal) -> None:
    held = hold(database, journal, "plan-1", 0)
    assert state(database, journal, held) is EntryState.HELD
    with database.write() as tx:
        journal.confirm(tx, held)
        assert journal.transfers(tx, held) == ()
    assert state(database, journal, held) is EntryState.CONFIRMED


def test_an_empty_hold_expires(database: Database, journal: Journal, clock: ManualClock) -> None:
    held = hold(database, journal, "plan-1", 0)
    clock.advance(10 * MINUTES)
    with database.write() as tx:
        assert journal.expire_due(tx) == ("plan-1",)
    assert state(database, journal, held) is EntryState.EXPIRED


def test_a_confirmation_one_microsecond_before_the_expiry_succeeds(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    held = hold(database, journal, "plan-1", 0)
    clock.advance(10 * MINUTES - timedelta(microseconds=1))
    with database.write() as tx:
        journal.confirm(tx, held)
    assert state(database, journal, held) is EntryState.CONFIRMED


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=1)])
@pytest.mark.parametrize("swept", [False, True])
def test_from_the_expiry_on_a_hold_can_be_neither_confirmed_nor_released(
    database: Database, journal: Journal, clock: ManualClock, contents: Contents, late: timedelta, swept: bool
) -> None:
    receive(database, journal, 7)
    held = hold(database, journal, "plan-1", 3)
    clock.advance(10 * MINUTES + late)
    if swept:
        with database.write() as tx:
            assert journal.expire_due(tx) == ("plan-1",)
    before = contents()
    for resolve in (journal.confirm, journal.release):
        with pytest.raises(StateConflict) as refused, database.write() as tx:
            resolve(tx, held)
        assert refused.value.reason == "HOLD_EXPIRED"
    assert contents() == before
    assert state(database, journal, held) is EntryState.EXPIRED
    assert sums(shelf(database, journal)) == (7, 0, 0, 0)


@pytest.mark.parametrize(("first", "reason"), [("confirm", "HOLD_CONFIRMED"), ("release", "HOLD_RELEASED")])
@pytest.mark.parametrize("second", ["confirm", "release"])
def test_a_resolved_hold_cannot_be_resolved_again(
    database: Database, journal: Journal, clock: ManualClock, contents: Contents, first: str, reason: str, second: str
) -> None:
    receive(database, journal, 7)
    held = hold(database, journal, "plan-1", 3)
    with database.write() as tx:
        getattr(journal, first)(tx, held)
    before = contents()
    for wait in (timedelta(0), 20 * MINUTES):
        clock.advance(wait)
        with pytest.raises(StateConflict) as refused, database.write() as tx:
            getattr(journal, second)(tx, held)
        assert refused.value.reason == reason
    assert contents() == before


def test_only_holds_have_a_state_and_can_be_resolved(database: Database, journal: Journal) -> None:
    receive(database, journal, 7)
    with database.read() as reader:
        (posted,) = journal.entries(reader, "po-1")
        for unknown in (posted.entry_id, 99):
            with pytest.raises(NotFound):
                journal.state(reader, unknown)
    with pytest.raises(NotFound), database.write() as tx:
        journal.confirm(tx, posted.entry_id)
    with pytest.raises(NotFound), database.write() as tx:
        journal.release(tx, 99)


def test_a_hold_that_is_born_expired_is_refused(
    database: Database, journal: Journal, clock: ManualClock, contents: Contents
) -> None:
    receive(database, journal, 7)
    before = contents()
    with pytest.raises(InvalidRequest) as refused, database.write() as tx:
        journal.hold(tx, "held", "plan-1", [], clock.now())
    assert [violation.field for violation in refused.value.violations] == ["expires_at"]
    assert contents() == before


def test_a_subject_is_held_once_per_kind_even_after_a_release(
    database: Database, journal: Journal, contents: Contents
) -> None:
    receive(database, journal, 7)
    held = hold(database, journal, "plan-1", 3)
    with database.write() as tx:
        journal.release(tx, held)
    before = contents()
    with pytest.raises(StateConflict) as refused:
        hold(database, journal, "plan-1", 1)
    assert refused.value.reason == "HOLD_EXISTS"
    assert contents() == before


def test_a_guard_names_every_short_account_and_writes_nothing_even_if_the_caller_goes_on(
    database: Database, journal: Journal, contents: Contents
) -> None:
    receive(database, journal, 7)
    hold(database, journal, "plan-1", 5)
    before = contents()
    wanted = [
        Transfer(debit=GATE, credit=SHELF, amount=2),
        Transfer(debit=GATE, credit=OTHER_SHELF, amount=1),
        Transfer(debit=GATE, credit=SHELF, amount=1),
    ]
    expected = (
        Shortage(account=SHELF, wanted=3, available=2),
        Shortage(account=OTHER_SHELF, wanted=1, available=0),
    )
    with database.write() as tx:
        with pytest.raises(GuardRefused) as refused:
            journal.hold(tx, "held", "plan-2", wanted, journal.now(tx) + MINUTES)
        assert refused.value.shortages == expected
        with pytest.raises(GuardRefused) as refused:
            journal.post(tx, "sold", "plan-3", wanted)
        assert refused.value.shortages == expected
    assert contents() == before


def test_value_that_only_a_hold_would_bring_cannot_be_spent(database: Database, journal: Journal) -> None:
    with database.write() as tx:
        journal.hold(tx, "held", "in", [Transfer(debit=SHELF, credit=GATE, amount=5)], journal.now(tx) + MINUTES)
    with pytest.raises(GuardRefused), database.write() as tx:
        journal.post(tx, "sold", "out", [Transfer(debit=GATE, credit=SHELF, amount=1)])


def test_a_hold_cannot_take_what_it_would_itself_bring(
    database: Database, journal: Journal, contents: Contents
) -> None:
    before = contents()
    both_ways = [Transfer(debit=SHELF, credit=GATE, amount=5), Transfer(debit=GATE, credit=SHELF, amount=3)]
    with pytest.raises(GuardRefused) as refused, database.write() as tx:
        journal.hold(tx, "held", "x", both_ways, journal.now(tx) + MINUTES)
    assert refused.value.shortages == (Shortage(account=SHELF, wanted=3, available=0),)
    assert contents() == before


def test_what_one_entry_brings_it_may_also_take(database: Database, journal: Journal) -> None:
    with database.write() as tx:
        journal.post(
            tx,
            "passed_through",
            "x",
            [Transfer(debit=OTHER_SHELF, credit=SHELF, amount=4), Transfer(debit=SHELF, credit=GATE, amount=4)],
        )
    with database.read() as reader:
        assert journal.available(reader, Book.STOCK, "shelf", ["tea"]) == {"tea": {"s1": 0, "s2": 4}}


def test_an_account_cannot_lose_its_guard(database: Database, journal: Journal, contents: Contents) -> None:
    receive(database, journal, 7)
    unguarded = AccountKey(book=Book.STOCK, kind="shelf", holder="s1", unit="tea")
    before = contents()
    with pytest.raises(BrokenInvariant), database.write() as tx:
        journal.post(tx, "sold", "x", [Transfer(debit=GATE, credit=unguarded, amount=8)])
    assert contents() == before


def test_a_post_that_moves_nothing_is_our_bug(database: Database, journal: Journal, contents: Contents) -> None:
    with pytest.raises(BrokenInvariant), database.write() as tx:
        journal.post(tx, "sold", "x", [])
    assert contents()["journal_entry"] == []


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_a_transfer_moves_a_positive_and_bounded_amount(amount: int) -> None:
    with pytest.raises(BrokenInvariant):
        Transfer(debit=SHELF, credit=GATE, amount=amount)


def test_a_transfer_stays_within_book_and_unit() -> None:
    coffee = AccountKey(book=Book.STOCK, kind="gate", holder="", unit="coffee")
    money = AccountKey(book=Book.MONEY, kind="gate", holder="", unit="tea")
    for other in (coffee, money):
        with pytest.raises(BrokenInvariant):
            Transfer(debit=SHELF, credit=other, amount=1)


def test_entries_and_transfers_read_back_as_written(database: Database, journal: Journal, clock: ManualClock) -> None:
    receive(database, journal, 7)
    held = hold(database, journal, "plan-1", 3)
    clock.advance(MINUTES)
    with database.write() as tx:
        confirmed = journal.confirm(tx, held)
    with database.read() as reader:
        first, second = journal.entries(reader, "plan-1")
        assert journal.transfers(reader, held) == (Transfer(debit=GATE, credit=SHELF, amount=3),)
        assert journal.find(reader, held) == first
        assert journal.find_hold(reader, "held", "plan-1") == first
        assert journal.find(reader, 99) is None
    assert (first.entry_id, first.phase, first.at) == (held, Phase.HOLD, clock.now() - MINUTES)
    assert first.expires_at == clock.now() + 9 * MINUTES
    assert second == confirmed


def test_balances_pass_every_filter_given(database: Database, journal: Journal) -> None:
    receive(database, journal, 7)
    with database.write() as tx:
        journal.post(tx, "received", "po-2", [Transfer(debit=OTHER_SHELF, credit=GATE, amount=2)])
    with database.read() as reader:

        def found(**filters: list[str]) -> list[tuple[str, int]]:
            return [(row.account.holder, row.posted) for row in journal.balances(reader, Book.STOCK, **filters)]

        assert found() == [("", -9), ("s1", 7), ("s2", 2)]
        assert found(kinds=["shelf"]) == [("s1", 7), ("s2", 2)]
        assert found(holders=["s2"]) == [("s2", 2)]
        assert found(kinds=["shelf"], holders=["s2", ""]) == [("s2", 2)]
        assert found(units=["tea"], holders=["s1"]) == [("s1", 7)]
        assert found(units=["coffee"]) == found(kinds=[]) == []
        assert journal.balances(reader, Book.MONEY) == ()
