"""Once, and the registry: an effect and its answer are kept together or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, RequestIdReused
from solver.storage.database import Database, Transaction
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Answer, Request, answered_before, once, refuse_unnamed
from solver.storage.registry import Registry
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database

CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cat:
    name: str
    lives: int = 9


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    yield opened
    opened.close()


def request(request_id: str = "r1", body: bytes = b"body", method: str = "Feed") -> Request:
    return Request(method=method, request_id=request_id, body_digest=body)


def put(tx: Transaction) -> bytes:
    tx.execute("INSERT INTO document (kind, id, body) VALUES ('meal', 'fish', ?)", (b"\0",))
    return b"fed"


def counts(database: Database) -> tuple[int, int]:
    with database.read() as reader:
        return (
            reader.query("SELECT count(*) FROM document")[0][0],
            reader.query("SELECT count(*) FROM request")[0][0],
        )


def registry(database: Database) -> Registry[Cat]:
    return Registry(database, CLOCK, "cat", Cat, lambda cat: cat.name)


def test_the_second_time_only_the_answer_comes(database: Database) -> None:
    assert once(database, CLOCK, request(), put) == Answer(body=b"fed", fresh=True)
    assert once(database, CLOCK, request(), put) == Answer(body=b"fed", fresh=False)
    assert counts(database) == (1, 1)
    with database.read() as reader:
        assert answered_before(reader, request()) == b"fed"
        assert answered_before(reader, request("r2")) is None


def test_an_act_that_fails_leaves_neither_effect_nor_answer(database: Database) -> None:
    def fail(tx: Transaction) -> bytes:
        put(tx)
        raise ValueError("dropped the bowl")

    with pytest.raises(ValueError, match="bowl"):
        once(database, CLOCK, request(), fail)
    assert counts(database) == (0, 0)
    assert once(database, CLOCK, request(), put).fresh is True


def test_an_id_with_another_body_is_refused_and_another_method_is_another_request(database: Database) -> None:
    once(database, CLOCK, request(), put)
    with pytest.raises(RequestIdReused):
        once(database, CLOCK, request(body=b"other"), put)
    assert counts(database) == (1, 1)
    assert once(database, CLOCK, request(method="Stroke"), lambda tx: b"purr") == Answer(body=b"purr", fresh=True)


@pytest.mark.parametrize("request_id", ["", " ", "x" * 129, "a\x07"])
def test_a_request_without_a_sound_id_is_refused_before_it_acts(database: Database, request_id: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        once(database, CLOCK, request(request_id), put)
    assert [violation.field for violation in refused.value.violations] == ["request_id"]
    assert counts(database) == (0, 0)
    refuse_unnamed(request("x" * 128))


def test_a_registry_shows_what_the_database_holds_in_the_order_of_ids_after_reopening(database: Database) -> None:
    cats = registry(database)
    assert cats.upsert(request("1"), [Cat(name="Tom"), Cat(name="Mia", lives=7)]) == 2
    assert dict(cats.nouns) == {"Tom": Cat(name="Tom"), "Mia": Cat(name="Mia", lives=7)}
    assert list(registry(database).nouns.values()) == [Cat(name="Mia", lives=7), Cat(name="Tom")]


def test_a_mapping_taken_from_a_registry_neither_changes_nor_can_be_changed(database: Database) -> None:
    cats = registry(database)
    cats.upsert(request("1"), [Cat(name="Tom")])
    taken = cats.nouns
    cats.upsert(request("2"), [Cat(name="Tom", lives=8)])
    assert (taken["Tom"].lives, cats.nouns["Tom"].lives) == (9, 8)
    with pytest.raises(TypeError):
        taken["Tom"] = Cat(name="Tom")  # type: ignore[index]  # a view


def test_a_refused_upsert_changes_neither_memory_nor_database(database: Database) -> None:
    cats = registry(database)
    cats.upsert(request("1"), [Cat(name="Tom")])
    with pytest.raises(RequestIdReused):
        cats.upsert(request("1", b"other"), [Cat(name="Tom", lives=1)])
    assert dict(cats.nouns) == dict(registry(database).nouns) == {"Tom": Cat(name="Tom")}


def test_a_repeated_upsert_answers_and_leaves_later_values_alone(database: Database) -> None:
    cats = registry(database)
    cats.upsert(request("1"), [Cat(name="Tom", lives=5)])
    cats.upsert(request("2"), [Cat(name="Tom", lives=4)])
    assert cats.upsert(request("1"), [Cat(name="Tom", lives=5)]) == 1
    assert cats.nouns["Tom"].lives == registry(database).nouns["Tom"].lives == 4
