"""Bodies kept once each under their digest."""

import pytest

from solver.errors import BrokenInvariant
from solver.storage.url import open_database
from solver.storage.versions import VERSION_SCHEMA, digest_of, keep_versions, packed, version

BODY = b"a network " * 100


def test_a_body_is_kept_once_compressed_and_comes_back_whole(store_url: str) -> None:
    database = open_database(store_url, [VERSION_SCHEMA])
    for _ in range(2):
        with database.write() as tx:
            keep_versions(tx, {digest_of(BODY): packed(BODY), digest_of(b""): packed(b"")})
    with database.read() as reader:
        assert version(reader, digest_of(BODY)) == BODY
        assert version(reader, digest_of(b"")) == b""
        [(count, size)] = reader.query("SELECT count(*), sum(length(body)) FROM version")
    assert count == 2
    assert size < len(BODY)


def test_a_body_that_is_missing_or_is_not_what_it_was_is_an_error(store_url: str) -> None:
    database = open_database(store_url, [VERSION_SCHEMA])
    with database.write() as tx:
        keep_versions(tx, {digest_of(BODY): packed(b"another")})
    with database.read() as reader:
        with pytest.raises(BrokenInvariant, match="not what it was"):
            version(reader, digest_of(BODY))
        with pytest.raises(BrokenInvariant, match="is not kept"):
            version(reader, digest_of(b"nobody"))
