"""Holds alongside another: set aside later, ended together, found again."""

from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, EntryState, Transfer
from solver.storage.database import Database

MINUTES = timedelta(minutes=1)


def account(kind: str, *, guarded: bool = True) -> AccountKey:
    return AccountKey(book=Book.STOCK, kind=kind, holder="s1", unit="tea", guarded=guarded)


GOOD, SHARED, TAKEN = account("good"), account("shared"), account("taken", guarded=False)
SUPPLY = account("supply", guarded=False)


def held_with_another(database: Database, journal: Journal) -> tuple[int, int]:
    """A hold of 3 good units, and alongside it 3 shared ones; of either there are 5."""
    with database.write() as tx:
        for one in (GOOD, SHARED):
            journal.post(tx, "came", "po", [Transfer(debit=one, credit=SUPPLY, amount=5)])
        first = journal.hold(
            tx, "held", "cart", [Transfer(debit=TAKEN, credit=GOOD, amount=3)], journal.now(tx) + 10 * MINUTES
        )
        other = journal.hold_alongside(tx, first.entry_id, [Transfer(debit=TAKEN, credit=SHARED, amount=3)])
    return first.entry_id, other.entry_id


def figures(database: Database, journal: Journal) -> dict[str, tuple[int, int]]:
    with database.read() as reader:
        found = journal.balances(reader, Book.STOCK, ("good", "shared"))
        assert journal.audit(reader) == ()
    return {one.account.kind: (one.posted, one.credits_pending) for one in found}


@pytest.mark.parametrize(("end", "left"), [("confirm", (2, 0)), ("release", (5, 0))])
def test_what_stands_alongside_ends_with_the_hold_and_in_the_same_way(
    database: Database, journal: Journal, end: str, left: tuple[int, int]
) -> None:
    first, other = held_with_another(database, journal)
    assert figures(database, journal) == {"good": (5, 3), "shared": (5, 3)}
    with database.write() as tx:
        getattr(journal, end)(tx, first)
        assert journal.state(tx, other) is journal.state(tx, first)
    assert figures(database, journal) == {"good": left, "shared": left}


def test_both_expire_at_once_and_only_the_hold_is_named(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    first, other = held_with_another(database, journal)
    clock.advance(10 * MINUTES)
    with database.write() as tx:
        assert journal.expire_due(tx) == ("cart",)
        assert {journal.state(tx, one) for one in (first, other)} == {EntryState.EXPIRED}
    assert figures(database, journal) == {"good": (5, 0), "shared": (5, 0)}


def test_several_stand_alongside_one_and_all_their_transfers_are_its_own(database: Database, journal: Journal) -> None:
    first, _ = held_with_another(database, journal)
    with database.write() as tx:
        journal.hold_alongside(tx, first, [Transfer(debit=TAKEN, credit=SHARED, amount=1)])
        assert [(one.credit.kind, one.amount) for one in journal.transfers_of_hold(tx, first)] == [
            ("good", 3), ("shared", 3), ("shared", 1),
        ]  # fmt: skip
        assert [(one.entry_id, one.amount) for one in journal.set_aside(tx, Book.STOCK, "good", ["tea"])] == [
            (first, 3)
        ]
        journal.release(tx, first)
    assert figures(database, journal) == {"good": (5, 0), "shared": (5, 0)}


def test_what_is_not_there_cannot_be_set_aside_alongside(database: Database, journal: Journal) -> None:
    first, _ = held_with_another(database, journal)
    with pytest.raises(GuardRefused), database.write() as tx:
        journal.hold_alongside(tx, first, [Transfer(debit=TAKEN, credit=SHARED, amount=3)])
    assert figures(database, journal) == {"good": (5, 3), "shared": (5, 3)}


def test_alongside_a_hold_that_just_came_to_its_expiry_nothing_counts_either(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    first, _ = held_with_another(database, journal)
    clock.advance(10 * MINUTES)
    with database.write() as tx:
        journal.hold_alongside(tx, first, [Transfer(debit=TAKEN, credit=SHARED, amount=1)])
    assert figures(database, journal) == {"good": (5, 0), "shared": (5, 0)}
    with database.write() as tx:
        assert journal.expire_due(tx) == ("cart",)
    assert figures(database, journal) == {"good": (5, 0), "shared": (5, 0)}
