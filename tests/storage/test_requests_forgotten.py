"""Answers are forgotten in time, and no request is carried out twice for that."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from solver.clock import ManualClock
from solver.errors import RequestIdReused
from solver.storage import requests_forgotten
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.storage.once_each import OnceEach, one_by_one
from solver.storage.requests import REQUEST_SCHEMA, RequestForgotten, mark_of, recall_each
from solver.storage.requests_forgotten import RequestsForgotten
from solver.storage.url import open_database

DAY = timedelta(days=1)
NOTE_SCHEMA = "CREATE TABLE IF NOT EXISTS note (number INTEGER PRIMARY KEY) STRICT;"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [REQUEST_SCHEMA, NOTE_SCHEMA])
    yield opened
    opened.close()


def note(tx: Transaction) -> bytes:
    tx.execute("INSERT INTO note (number) SELECT count(*) FROM note")
    return b"noted"


def asked(request_id: str, body: bytes = b"body", method: str = "Note") -> Request:
    return Request(method=method, request_id=request_id, body_digest=body)


def notes(database: Database) -> int:
    with database.read() as reader:
        return int(reader.query("SELECT count(*) FROM note")[0][0])


def kept(database: Database) -> list[tuple[str, str]]:
    with database.read() as reader:
        return [(method, one) for method, one in reader.query("SELECT method, request_id FROM request ORDER BY 1, 2")]


def test_old_answers_are_forgotten_page_by_page_and_young_ones_stay(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests_forgotten, "AT_ONCE", 3)
    for number in range(7):
        once(database, clock, asked(f"old {number}", method="AB"[number % 2]), note)
    clock.advance(2 * DAY)
    once(database, clock, asked("young", method="A"), note)
    rests: list[float] = []
    forget = RequestsForgotten(database, clock, rest=rests.append).forget
    assert forget(3 * DAY) == 0
    assert forget(DAY) == 7
    assert kept(database) == [("A", "young")]
    assert len(rests) == 2 * 3
    assert forget(DAY) == 0
    with database.read() as reader:
        assert reader.query("SELECT count(*) FROM request_forgotten") == [(7,)]


def test_a_late_repeat_is_refused_and_changes_nothing(database: Database, clock: ManualClock) -> None:
    once(database, clock, asked("r1"), note)
    clock.advance(DAY)
    assert RequestsForgotten(database, clock).forget(timedelta(0)) == 1
    for body in (b"body", b"another"):
        with pytest.raises(RequestForgotten, match="give another request id") as refused:
            once(database, clock, asked("r1", body), note)
        assert refused.value.metadata == {"method": "Note", "request_id": "r1"}
    assert notes(database) == 1
    assert once(database, clock, asked("r1", method="Other"), note).fresh
    assert once(database, clock, asked("r2"), note).fresh


def test_of_many_at_once_those_that_are_forgotten_are_refused(database: Database, clock: ManualClock) -> None:
    def act(tx: Transaction, text: str) -> str:
        note(tx)
        return text

    writer = OnceEach(database, clock, one_by_one(act))
    assert writer.run(asked("r1"), "first") == "first"
    clock.advance(DAY)
    RequestsForgotten(database, clock).forget(timedelta(0))
    writer.run(asked("r2"), "second")
    late, again, reused, new = writer.run_all(
        [(asked("r1"), "a"), (asked("r2"), "b"), (asked("r2", b"another"), "c"), (asked("r3"), "d")]
    )
    assert isinstance(late, RequestForgotten)
    assert again is None
    assert isinstance(reused, RequestIdReused)
    assert new == "d"
    assert notes(database) == 3
    with database.read() as reader:
        found = recall_each(reader, [("Note", "r1"), ("Note", "r2"), ("Note", "r4")])
    assert found == {("Note", "r1"): None, ("Note", "r2"): (b"body", b"")}


def test_marks_are_those_of_earlier_builds() -> None:
    assert [mark_of("Note", one) for one in ("r1", "r2")] == [5_161_420_970_972_129_283, 7_261_982_113_257_747_804]
