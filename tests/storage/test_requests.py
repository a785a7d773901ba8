"""Idempotency rows."""

from datetime import UTC, datetime

import pytest

from solver.errors import RequestIdReused
from solver.storage.errors import ConstraintRefused
from solver.storage.requests import REQUEST_SCHEMA, recall, remember
from solver.storage.url import open_database

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_remembered_answer_comes_back_for_the_same_body(store_url: str) -> None:
    database = open_database(store_url, [REQUEST_SCHEMA])
    with database.write() as tx:
        assert recall(tx, "Plan", "r1", b"digest") is None
        remember(tx, "Plan", "r1", b"digest", b"answer", AT)
    with database.read() as reader:
        assert recall(reader, "Plan", "r1", b"digest") == b"answer"
        assert recall(reader, "Plan", "r2", b"digest") is None


def test_the_same_id_with_another_body_is_refused(store_url: str) -> None:
    database = open_database(store_url, [REQUEST_SCHEMA])
    with database.write() as tx:
        remember(tx, "Plan", "r1", b"digest", b"answer", AT)
    with pytest.raises(RequestIdReused) as refused, database.read() as reader:
        recall(reader, "Plan", "r1", b"another")
    assert refused.value.metadata == {"method": "Plan", "request_id": "r1"}


def test_a_request_id_belongs_to_its_method(store_url: str) -> None:
    database = open_database(store_url, [REQUEST_SCHEMA])
    with database.write() as tx:
        remember(tx, "Plan", "r1", b"digest", b"answer", AT)
        assert recall(tx, "Confirm", "r1", b"another") is None
        remember(tx, "Confirm", "r1", b"another", b"", AT)
    with database.read() as reader:
        assert recall(reader, "Confirm", "r1", b"another") == b""
        assert recall(reader, "Plan", "r1", b"digest") == b"answer"


def test_an_answer_is_never_overwritten(store_url: str) -> None:
    database = open_database(store_url, [REQUEST_SCHEMA])
    with database.write() as tx:
        remember(tx, "Plan", "r1", b"digest", b"answer", AT)
    with pytest.raises(ConstraintRefused), database.write() as tx:
        remember(tx, "Plan", "r1", b"digest", b"other", AT)
    with database.read() as reader:
        assert recall(reader, "Plan", "r1", b"digest") == b"answer"


def test_a_request_undone_with_its_effect_is_not_remembered(store_url: str) -> None:
    database = open_database(store_url, [REQUEST_SCHEMA])
    with pytest.raises(KeyError), database.write() as tx:
        remember(tx, "Plan", "r1", b"digest", b"answer", AT)
        raise KeyError("the effect failed")
    with database.read() as reader:
        assert recall(reader, "Plan", "r1", b"digest") is None
