"""Holds of what was seen to be free leave the very rows of holds that are placed one by one."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from solver.errors import InvalidRequest, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, EntryState, FreeHold, Transfer
from solver.storage.database import Database
from solver.storage.errors import ConstraintRefused
from tests.journal.test_two_phases import GATE, SHELF, receive, shelf, state, sums

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]

CART = AccountKey(book=Book.STOCK, kind="cart", holder="", unit="tea")
MINUTES = timedelta(minutes=1)


def hold_free(database: Database, journal: Journal, holds: Sequence[tuple[str, int, int]]) -> None:
    """By subject, units, and minutes until the expiry."""
    with database.write() as tx:
        now = journal.now(tx)
        ids = journal.opened(tx, {CART: None, SHELF: None})
        made = [
            FreeHold(subject=subject, moves=[(ids[CART], ids[SHELF], units)], expires_at=now + minutes * MINUTES)
            for subject, units, minutes in holds
        ]
        journal.hold_free(tx, "held", made)


def test_each_stands_as_it_would_alone(database: Database, journal: Journal) -> None:
    receive(database, journal, 7)
    hold_free(database, journal, [("a", 3, 5), ("b", 2, 6)])
    assert sums(shelf(database, journal)) == (7, 0, 0, 5)
    with database.read() as reader:
        found = [journal.find_hold(reader, "held", subject) for subject in "ab"]
        entries = [one for one in found if one is not None]
        assert [journal.transfers(reader, one.entry_id) for one in entries] == [
            (Transfer(debit=CART, credit=SHELF, amount=3),),
            (Transfer(debit=CART, credit=SHELF, amount=2),),
        ]
        assert journal.audit(reader) == ()
    first, second = entries
    assert first.expires_at is not None
    assert second.expires_at == first.expires_at + MINUTES
    with database.write() as tx:
        journal.confirm(tx, first.entry_id)
        journal.release(tx, second.entry_id)
    assert sums(shelf(database, journal)) == (7, 3, 0, 0)
    assert state(database, journal, second.entry_id) is EntryState.RELEASED


def test_the_database_refuses_what_is_not_free(database: Database, journal: Journal, contents: Contents) -> None:
    receive(database, journal, 7)
    before = contents()
    with pytest.raises(ConstraintRefused):
        hold_free(database, journal, [("a", 5, 5), ("b", 3, 5)])
    assert contents() == before


def test_what_would_be_over_at_once_or_had_a_hold_is_refused(
    database: Database, journal: Journal, contents: Contents
) -> None:
    receive(database, journal, 7)
    hold_free(database, journal, [("a", 3, 5)])
    before = contents()
    with pytest.raises(InvalidRequest, match="must be later than the journal's time"):
        hold_free(database, journal, [("b", 1, 5), ("c", 1, 0)])
    with pytest.raises(StateConflict) as refused:
        hold_free(database, journal, [("b", 1, 5), ("a", 1, 5)])
    assert (refused.value.reason, refused.value.metadata) == ("HOLD_EXISTS", {"kind": "held", "subject": "a"})
    assert contents() == before


def test_an_account_is_opened_once_and_keeps_its_id(database: Database, journal: Journal) -> None:
    with database.write() as tx:
        first = dict(journal.opened(tx, {SHELF: None, GATE: None}))
        assert first[GATE] == first[SHELF] + 1
        assert dict(journal.opened(tx, {GATE: None, SHELF: None})) == first
