"""The journal's time is the later of the clock and its last entry."""

from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.storage.database import Database

MINUTES = timedelta(minutes=1)


def hold(database: Database, journal: Journal, subject: str, lasting: timedelta) -> int:
    with database.write() as tx:
        return journal.hold(tx, "held", subject, [], journal.now(tx) + lasting).entry_id


def test_an_empty_journal_follows_the_clock(database: Database, journal: Journal, clock: ManualClock) -> None:
    clock.advance(-5 * MINUTES)
    with database.read() as reader:
        assert journal.now(reader) == clock.now()
        assert not journal.has_due(reader)


def test_time_never_falls_behind_the_last_entry(database: Database, journal: Journal, clock: ManualClock) -> None:
    start = clock.now()
    hold(database, journal, "a", 10 * MINUTES)
    clock.advance(-60 * MINUTES)
    with database.write() as tx:
        assert journal.now(tx) == start
        late = journal.hold(tx, "held", "b", [], start + MINUTES)
    assert late.at == start
    with database.read() as reader:
        assert journal.audit(reader) == ()


def test_a_clock_turned_back_revives_no_swept_hold(database: Database, journal: Journal, clock: ManualClock) -> None:
    held = hold(database, journal, "a", 10 * MINUTES)
    clock.advance(10 * MINUTES)
    with database.write() as tx:
        assert journal.expire_due(tx) == ("a",)
    clock.advance(-60 * MINUTES)
    with pytest.raises(StateConflict) as refused, database.write() as tx:
        journal.confirm(tx, held)
    assert refused.value.reason == "HOLD_EXPIRED"


def test_a_clock_turned_back_revives_no_due_hold_once_an_entry_was_written_after_its_expiry(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    held = hold(database, journal, "a", 10 * MINUTES)
    clock.advance(11 * MINUTES)
    hold(database, journal, "b", 10 * MINUTES)
    clock.advance(-60 * MINUTES)
    with database.read() as reader:
        assert journal.state(reader, held) is EntryState.EXPIRED
        assert journal.has_due(reader)


def test_a_clock_turned_back_loses_no_standing_hold(database: Database, journal: Journal, clock: ManualClock) -> None:
    held = hold(database, journal, "a", 10 * MINUTES)
    clock.advance(-60 * MINUTES)
    with database.write() as tx:
        assert journal.expire_due(tx) == ()
        journal.confirm(tx, held)
        assert journal.state(tx, held) is EntryState.CONFIRMED


def test_a_sweep_voids_what_is_due_earliest_first_and_leaves_the_rest(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    late = hold(database, journal, "late", 9 * MINUTES)
    early = hold(database, journal, "early", 3 * MINUTES)
    standing = hold(database, journal, "standing", 10 * MINUTES)
    for minutes, is_due in ((2, False), (1, True), (6, True)):
        clock.advance(minutes * MINUTES)
        with database.read() as reader:
            assert journal.has_due(reader) is is_due
    with database.write() as tx:
        assert journal.expire_due(tx) == ("early", "late")
        assert journal.expire_due(tx) == ()
    with database.read() as reader:
        states = [journal.state(reader, entry_id) for entry_id in (early, late, standing)]
        assert states == [EntryState.EXPIRED, EntryState.EXPIRED, EntryState.HELD]
        assert not journal.has_due(reader)
        assert journal.audit(reader) == ()
