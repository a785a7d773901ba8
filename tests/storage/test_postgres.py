"""What only PostgreSQL can do to us: be away, be lost in the middle, be shared with others."""

import builtins
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from solver.errors import TooBusy
from solver.storage import connecting, postgres
from solver.storage.connecting import shown
from solver.storage.database import Database, Transaction
from solver.storage.errors import ConstraintRefused, OutcomeUnknown, StorageFailed, StorageUnusable
from solver.storage.postgres import PostgresDatabase
from solver.storage.url import open_database
from tests.postgres_server import PostgresServer, find_binaries

NOTE = "CREATE TABLE note (text TEXT PRIMARY KEY)"


@pytest.fixture
def database(postgres_url: str) -> Iterator[PostgresDatabase]:
    opened = open_database(postgres_url, [NOTE])
    assert isinstance(opened, PostgresDatabase)
    yield opened
    opened.close()


def writing(text: str) -> Callable[[Transaction], str]:
    def act(tx: Transaction) -> str:
        tx.execute("INSERT INTO note (text) VALUES (?)", (text,))
        return f"wrote {text}"

    return act


def notes(database: Database) -> list[str]:
    with database.read() as reader:
        return [text for (text,) in reader.query("SELECT text FROM note ORDER BY text")]


class LossAtCommit:
    """A connection that is lost at its next COMMIT: before it was sent, or after the server carried it out."""

    def __init__(self, connection: connecting.Connection, *, carried_out: bool) -> None:
        self._connection = connection
        self._carried_out = carried_out

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *arguments: Any) -> Any:
        if sql != "COMMIT":
            return self._connection.execute(sql, *arguments)
        if self._carried_out:
            self._connection.execute("COMMIT")
        self._connection.close()
        raise psycopg.OperationalError("the connection is lost")


def lose(database: PostgresDatabase, *, carried_out: bool) -> None:
    assert database._writer is not None
    database._writer = LossAtCommit(database._writer, carried_out=carried_out)  # type: ignore[assignment]  # it stands in


def test_a_commit_whose_answer_was_lost_is_found_to_be_kept_and_not_done_twice(database: PostgresDatabase) -> None:
    lose(database, carried_out=True)
    assert database.run(writing("kept")) == "wrote kept"
    assert notes(database) == ["kept"]


def test_a_commit_that_never_arrived_is_carried_out_again(database: PostgresDatabase) -> None:
    lose(database, carried_out=False)
    assert database.run(writing("again")) == "wrote again"
    assert notes(database) == ["again"]


def test_where_nobody_can_say_what_became_of_a_commit_the_caller_is_told_so(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StorageUnusable("away")

    monkeypatch.setattr(postgres, "ASKING_SECONDS", 0.2)
    lose(database, carried_out=True)
    with monkeypatch.context() as lost:
        lost.setattr(postgres, "connect", away)
        with pytest.raises(OutcomeUnknown, match="repeat the request under the same request id"):
            database.run(writing("unknown"))
    assert notes(database) == ["unknown"]


def test_a_connection_that_is_cut_in_the_middle_of_an_act_is_made_anew_and_the_act_done_again(
    database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    tries = []

    def act(tx: Transaction) -> int:
        (pid,) = tx.query("SELECT pg_backend_pid()")[0]
        tries.append(pid)
        writing("once")(tx)
        if len(tries) == 1:
            with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        writing("twice")(tx)
        return len(tries)

    assert database.run(act) == 2
    assert notes(database) == ["once", "twice"]


def test_a_server_that_crashed_and_came_back_is_used_again_and_lost_nothing_that_was_acknowledged() -> None:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's initdb and postgres")
    server = PostgresServer(binaries)
    try:
        database = open_database(server.url("postgres"), [NOTE])
        database.run(writing("before"))
        assert notes(database) == ["before"]
        server.crash()
        with pytest.raises(StorageFailed):
            notes(database)
        with pytest.raises(StorageFailed):
            database.run(writing("lost"))
        server.start()
        assert notes(database) == ["before"]
        assert database.run(writing("after")) == "wrote after"
        assert notes(database) == ["after", "before"]
        database.close()
    finally:
        server.stop()


def test_two_processes_write_one_after_the_other(database: PostgresDatabase, postgres_url: str) -> None:
    other = open_database(postgres_url, [NOTE])
    second = threading.Thread(target=other.run, args=(writing("second"),))
    with database.write() as tx:
        second.start()
        second.join(0.2)
        assert second.is_alive()
        writing("first")(tx)
        assert notes(other) == []
    second.join()
    assert notes(database) == notes(other) == ["first", "second"]
    other.close()


def test_one_that_keeps_writing_makes_the_other_too_busy(
    database: PostgresDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "LOCK_TIMEOUT_MS", 50)
    other = open_database(postgres_url, [NOTE])
    with database.write(), pytest.raises(TooBusy) as refused:
        other.run(writing("refused"))
    assert refused.value.retry_seconds > 0
    assert other.run(writing("accepted")) == "wrote accepted"
    other.close()


def test_no_statement_is_compiled_where_scans_count_as_dear(database: PostgresDatabase) -> None:
    with database.write() as tx:
        assert tx.query("SHOW enable_seqscan") == [("off",)]
        assert tx.query("SHOW jit") == [("off",)]
    with database.read() as reader:
        assert reader.query("SHOW jit") == [("off",)]


def test_what_follows_a_swallowed_refusal_cannot_be_kept(database: PostgresDatabase) -> None:
    def act(tx: Transaction) -> None:
        writing("same")(tx)
        with pytest.raises(ConstraintRefused):
            writing("same")(tx)

    with pytest.raises(ConstraintRefused, match="nothing of this act can be kept"):
        database.run(act)
    with pytest.raises(ConstraintRefused, match="nothing of this act can be kept"), database.write() as tx:
        act(tx)
    assert notes(database) == []
    assert database.run(writing("next")) == "wrote next"


def test_a_text_that_postgres_cannot_hold_is_refused_and_the_write_undone(database: PostgresDatabase) -> None:
    with pytest.raises(ConstraintRefused):
        database.run(writing("a\0b"))
    assert notes(database) == []


def test_a_database_that_is_not_there_is_told_with_a_remedy_and_without_the_password(tmp_path: object) -> None:
    for url in (
        f"postgresql://me:secret@/there?host={tmp_path}",
        "postgresql://me@127.0.0.1:1/there?password=secret&connect_timeout=2",
    ):
        with pytest.raises(StorageUnusable, match="is the server running") as refused:
            open_database(url, [NOTE])
        assert "secret" not in str(refused.value)
        assert "/there" in str(refused.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://me:secret@db.example:5433/stock", "postgresql://me@db.example:5433/stock"),
        ("postgresql://db.example/stock?password=x&sslmode=require", "postgresql://db.example/stock?sslmode=require"),
        ("postgres:///stock", "postgres:///stock"),
    ],
)
def test_a_name_shows_everything_but_the_password(url: str, name: str) -> None:
    assert shown(url) == name


def test_without_psycopg_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "solver.storage.postgres":
            raise ModuleNotFoundError("No module named 'psycopg'")
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StorageUnusable, match="pip install 'psycopg"):
        open_database("postgresql://localhost/stock", [NOTE])


def test_another_kind_of_url_is_refused() -> None:
    with pytest.raises(StorageUnusable, match="no store is known for mysql://"):
        open_database("mysql://localhost/stock", [NOTE])


def test_a_url_that_was_taken_for_a_folder_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StorageUnusable, match="is no folder but a URL: give it with --url"):
        open_database(Path("postgresql://127.0.0.1/xunyuan"), [])
    assert list(tmp_path.iterdir()) == []
