"""OnceEach: many are done in one go, each once, and each caller gets what came of his own."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, RequestIdReused
from solver.storage.database import Database, Transaction
from solver.storage.once import Request
from solver.storage.once_each import OnceEach, _Asked, one_by_one
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
NOTE_SCHEMA = "CREATE TABLE IF NOT EXISTS note (text TEXT PRIMARY KEY) STRICT;"


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [REQUEST_SCHEMA, NOTE_SCHEMA])
    yield opened
    opened.close()


def write(tx: Transaction, texts: Sequence[str]) -> list[str | Exception]:
    sound = [text for text in texts if "!" not in text]
    tx.execute_rows("INSERT INTO note (text) {rows}", [(text,) for text in sound])
    return [f"wrote {text}" if text in sound else ValueError(text) for text in texts]


def request(request_id: str, body: bytes = b"\x00body\xff") -> Request:
    return Request(method="Write", request_id=request_id, body_digest=body)


def asked(request_id: str, text: str, body: bytes = b"\x00body\xff") -> _Asked[str]:
    return _Asked(request=request(request_id, body), item=text)


def kept(database: Database) -> tuple[list[str], list[str]]:
    with database.read() as reader:
        texts = reader.query("SELECT text FROM note ORDER BY text")
        ids = reader.query("SELECT request_id FROM request ORDER BY request_id")
    return [text for (text,) in texts], [request_id for (request_id,) in ids]


def test_the_second_time_nothing_is_done(database: Database) -> None:
    writer = OnceEach(database, CLOCK, write)
    assert writer.run(request("r1"), "a") == "wrote a"
    assert writer.run(request("r1"), "a") is None
    assert kept(database) == (["a"], ["r1"])


def test_another_body_under_the_same_id_is_refused(database: Database) -> None:
    writer = OnceEach(database, CLOCK, write)
    writer.run(request("r1"), "a")
    with pytest.raises(RequestIdReused):
        writer.run(request("r1", b"other"), "b")
    assert kept(database) == (["a"], ["r1"])


def test_one_without_an_id_is_refused(database: Database) -> None:
    with pytest.raises(InvalidRequest):
        OnceEach(database, CLOCK, write).run(request(""), "a")
    assert kept(database) == ([], [])


def test_what_is_refused_is_not_remembered_and_may_be_asked_again(database: Database) -> None:
    writer = OnceEach(database, CLOCK, write)
    with pytest.raises(ValueError, match="a!"):
        writer.run(request("r1"), "a!")
    assert kept(database) == ([], [])
    assert writer.run(request("r1"), "a") == "wrote a"


def test_of_many_at_once_each_gets_what_it_would_get_alone(database: Database) -> None:
    writer = OnceEach(database, CLOCK, write)
    writer.run(request("old"), "old")
    many = [
        asked("r1", "a"),
        asked("old", "old"),
        asked("r2", "b!"),
        asked("r1", "a"),  # the same request twice at once
        asked("r1", "c", b"other"),
        asked("r3", "d"),
        asked("old", "e", b"other"),
        asked("r2", "f"),  # the first of this id is refused, so that this one is done
    ]
    with database.write() as tx:
        outcomes = writer._do(tx, many)
    assert [one if isinstance(one, tuple) else type(one) for one in outcomes] == [
        ("wrote a",),
        (None,),
        ValueError,
        (None,),
        RequestIdReused,
        ("wrote d",),
        RequestIdReused,
        ("wrote f",),
    ]
    assert kept(database) == (["a", "d", "f", "old"], ["old", "r1", "r2", "r3"])


def test_done_one_by_one_a_refused_one_leaves_nothing_and_the_others_stay(database: Database) -> None:
    def write_and_look(tx: Transaction, text: str) -> str:
        tx.execute("INSERT INTO note (text) VALUES (?)", (text,))
        if "!" in text:
            raise NotFound(text)
        return f"wrote {text}"

    writer = OnceEach(database, CLOCK, one_by_one(write_and_look))
    with database.write() as tx:
        first, refused, last = writer._do(tx, [asked("r1", "a"), asked("r2", "b!"), asked("r3", "c")])
    assert (first, last) == (("wrote a",), ("wrote c",))
    assert isinstance(refused, NotFound)
    assert kept(database) == (["a", "c"], ["r1", "r3"])
