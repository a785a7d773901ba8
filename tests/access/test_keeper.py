"""What one server changes counts on another with the look that comes next, and looks come within a second."""

from collections.abc import Iterator

import pytest

from solver.access.audit import AuditLog
from solver.access.keeper import LOOK_SECONDS, AccessKeeper
from solver.access.model import Binding, CallerTerms
from solver.access.store import AccessStore
from solver.clock import ManualClock
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.once import request_for
from solver.storage.url import open_database
from tests.made_world import MONDAY_AT_8


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


def test_a_role_that_one_process_changes_counts_on_the_other_at_its_next_look_within_a_second(
    database: Database,
) -> None:
    """The change comes just after a look, so that the next one is as far away as it ever is."""
    clock = ManualClock(MONDAY_AT_8)
    here, there = AccessStore(database, clock), AccessStore(database, clock)
    waited: list[float] = []
    seen: list[bool] = []

    def wait(seconds: float) -> bool:
        seen.append("clerk" in there.book.callers)
        if len(seen) == 2:
            terms = CallerTerms(caller_id="clerk", bindings=(Binding(role_id="viewer"),))
            here.upsert_callers(request_for("UpsertCallers", "1", ""), [terms])
        waited.append(seconds)
        return len(seen) == 3

    keeper = AccessKeeper(there, AuditLog(database, clock), wait=wait)
    keeper.start()
    keeper.stop()
    assert seen == [False, False, True]
    assert waited == [LOOK_SECONDS] * 3
    assert waited[1] <= 1.0


def test_a_look_that_fails_is_tried_again_and_the_rules_stay_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(MONDAY_AT_8)
    store = AccessStore(database, clock)
    before, looks = store.book, []

    def refresh() -> None:
        looks.append(store.book is before)
        raise OSError("the database is away")

    monkeypatch.setattr(store, "refresh", refresh)
    keeper = AccessKeeper(store, AuditLog(database, clock), wait=lambda _: len(looks) == 3)
    keeper.start()
    keeper.stop()
    assert looks == [True, True, True]
