"""Bodies kept once each under their digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from solver.errors import BrokenInvariant
from solver.storage.database import Row, Transaction
from solver.storage.portable import Params
from solver.storage.url import open_database
from solver.storage.versions import VERSION_SCHEMA, Keeping, digest_of, packed, version

BODY = b"a network " * 100


def test_a_body_is_kept_once_compressed_and_comes_back_whole(store_url: str) -> None:
    database = open_database(store_url, [VERSION_SCHEMA])
    for keeping in (Keeping(), Keeping()):
        with database.write() as tx:
            keeping.keep(tx, {digest_of(BODY): packed(BODY), digest_of(b""): packed(b"")})
    with database.read() as reader:
        assert version(reader, digest_of(BODY)) == BODY
        assert version(reader, digest_of(b"")) == b""
        [(count, size)] = reader.query("SELECT count(*), sum(length(body)) FROM version")
    assert count == 2
    assert size < len(BODY)


@dataclass
class Asked:
    """A transaction that counts how often it is asked which versions there are."""

    tx: Transaction
    times: int = 0

    def query_within(self, sql: str, params: Sequence[Any]) -> list[Row]:
        self.times += 1
        return self.tx.query_within(sql, params)

    def execute_rows(self, sql: str, rows: Sequence[Params]) -> None:
        self.tx.execute_rows(sql, rows)


def test_what_an_earlier_transaction_wrote_is_asked_about_once_and_no_more(store_url: str) -> None:
    database, keeping = open_database(store_url, [VERSION_SCHEMA]), Keeping()
    bodies, asked = {digest_of(BODY): packed(BODY)}, []
    for _ in range(4):
        with database.write() as tx:
            asked.append(Asked(tx))
            keeping.keep(asked[-1], bodies)  # type: ignore[arg-type]  # the two methods that it uses
    assert [one.times for one in asked] == [1, 1, 0, 0]


def test_a_body_whose_transaction_is_undone_is_written_by_the_next_however_often_it_was_found(store_url: str) -> None:
    database, keeping = open_database(store_url, [VERSION_SCHEMA]), Keeping()
    bodies = {digest_of(BODY): packed(BODY)}
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        with pytest.raises(ZeroDivisionError), tx.attempt():
            keeping.keep(tx, bodies)
            raise ZeroDivisionError
        for _ in range(3):
            keeping.keep(tx, bodies)
        raise ZeroDivisionError
    with database.write() as tx:
        keeping.keep(tx, bodies)
    with database.read() as reader:
        assert version(reader, digest_of(BODY)) == BODY


def test_a_body_that_is_missing_or_is_not_what_it_was_is_an_error(store_url: str) -> None:
    database = open_database(store_url, [VERSION_SCHEMA])
    with database.write() as tx:
        Keeping().keep(tx, {digest_of(BODY): packed(b"another")})
    with database.read() as reader:
        with pytest.raises(BrokenInvariant, match="not what it was"):
            version(reader, digest_of(BODY))
        with pytest.raises(BrokenInvariant, match="is not kept"):
            version(reader, digest_of(b"nobody"))
