"""Attempts: what is written inside is kept, or undone alone, also where one is made within another."""

from collections.abc import Iterator

import pytest

from solver.storage.database import Database, Transaction
from solver.storage.errors import ConstraintRefused
from solver.storage.url import open_database

NOTE_SCHEMA = "CREATE TABLE IF NOT EXISTS note (text TEXT PRIMARY KEY) STRICT;"


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [NOTE_SCHEMA])
    yield opened
    opened.close()


def put(tx: Transaction, text: str) -> None:
    tx.execute("INSERT INTO note (text) VALUES (?)", (text,))


def notes(database: Database) -> list[str]:
    with database.read() as reader:
        return [row[0] for row in reader.query("SELECT text FROM note ORDER BY text")]


def test_what_fails_is_undone_alone_and_what_comes_before_and_after_is_kept(database: Database) -> None:
    with database.write() as tx:
        put(tx, "before")
        for text in ("first", "before", "second"):
            try:
                with tx.attempt():
                    put(tx, f"with {text}")
                    put(tx, text)
            except ConstraintRefused:
                assert text == "before"
        put(tx, "after")
    assert notes(database) == ["after", "before", "first", "second", "with first", "with second"]


def test_an_attempt_that_fails_undoes_the_attempts_within_it_that_went_well(database: Database) -> None:
    with database.write() as tx:
        for outer in ("kept", "undone", "kept too"):
            try:
                with tx.attempt():
                    for inner in ("one", "two"):
                        with tx.attempt():
                            put(tx, f"{outer}: {inner}")
                    if outer == "undone":
                        raise KeyError(outer)
            except KeyError:
                continue
    assert notes(database) == ["kept too: one", "kept too: two", "kept: one", "kept: two"]


def test_an_attempt_that_fails_within_another_leaves_the_rest_of_that_one(database: Database) -> None:
    with database.write() as tx, tx.attempt():
        for text in ("one", "two", "three"):
            try:
                with tx.attempt():
                    put(tx, text)
                    if text == "two":
                        raise KeyError(text)
            except KeyError:
                put(tx, "instead")
    assert notes(database) == ["instead", "one", "three"]
