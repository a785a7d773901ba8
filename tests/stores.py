"""Fixtures that give a test each of the stores in turn: what holds on one holds on the other."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres_server import PostgresServer, find_binaries

STORES = ("sqlite", "postgres")
_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One for each test process."""
    binaries = find_binaries()
    if binaries is None:
        reason = "needs PostgreSQL's initdb and postgres, as Debian's package `postgresql` has them"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; in CI they must be there")
        pytest.skip(reason)
    server = PostgresServer(binaries)
    yield server
    server.stop()


@pytest.fixture
def another_postgres_url(postgres_server: PostgresServer) -> Iterator[Callable[[], str]]:
    """Makes empty schemas on PostgreSQL, each with a URL of its own."""
    schemas: list[str] = []

    def make() -> str:
        schemas.append(f"t{next(_NUMBERS)}")
        with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schemas[-1]}")
        return postgres_server.url("postgres", options=f"-csearch_path%3D{schemas[-1]}")

    yield make
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        for schema in schemas:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def postgres_url(another_postgres_url: Callable[[], str]) -> str:
    """An empty schema of its own on PostgreSQL."""
    return another_postgres_url()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Where there is no file yet."""
    return f"sqlite:{tmp_path / 'books.db'}"


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of each store in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
