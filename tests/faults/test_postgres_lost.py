"""PostgreSQL killed, deadlocked, cut off: callers wait or are told to repeat, and nothing acknowledged is lost."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from solver.app import Application
from solver.clock import SystemClock
from solver.storage import connecting, postgres
from solver.storage.errors import StorageUnusable
from solver.storage.postgres import PostgresDatabase
from tests.faults.lasting import seeds
from tests.faults.load import Load
from tests.faults.proxy import Proxy
from tests.faults.simulation.calls import Answer, Call
from tests.faults.simulation.shop import open_shop, opening, prove_books
from tests.faults.simulation.verbs import carry_out
from tests.faults.story import STORY, prove_kept
from tests.postgres_server import PostgresServer, find_binaries

CLIENTS = 4
CALLS = 25  # between two faults
UNITS = 60
SECONDS = 30.0


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own, which may be killed."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's initdb and postgres")
    started = PostgresServer(binaries, durable=True)
    yield started
    started.stop()


@pytest.fixture
def proxy(postgres_server: PostgresServer) -> Iterator[Proxy]:
    between = Proxy.to_postgres(postgres_server.folder)
    yield between
    between.close()


def shop(url: str) -> Application:
    application = Application.open(url, SystemClock())
    open_shop(application)
    return application


def prove_through(url: str, seed: int, strike: Callable[[Application], None], *, heal: Callable[[], None]) -> None:
    """Clients at work while faults strike; everybody gets through, and the books are what they were told."""
    application = shop(url)

    def ask(call: Call) -> Answer | None:
        return carry_out(application, call)

    load = Load(seed, CLIENTS, ask)
    try:
        load.begin(opening(UNITS, everywhere=True))
        for _ in seeds(seed, at_least=2):
            load.wait_for(CALLS)
            strike(application)
            heal()
        load.wait_for(CALLS)
        load.end()
        prove_books(application, load.known)
    finally:
        load.abandon()
        application.close()


def pid_of_writer(application: Application) -> int:
    database = application.database
    assert isinstance(database, PostgresDatabase)
    writer = database._writer
    assert writer is not None
    return writer.info.backend_pid


def test_killing_the_backend_that_writes_loses_nothing(server: PostgresServer, seed: int) -> None:
    def kill(application: Application) -> None:
        os.kill(pid_of_writer(application), signal.SIGKILL)  # the server then ends every session, and recovers

    prove_through(server.url("postgres"), seed, kill, heal=lambda: None)


def test_killing_the_server_loses_nothing(server: PostgresServer, seed: int) -> None:
    def kill(_: Application) -> None:
        assert server.process is not None
        server.process.kill()
        server.process.wait(SECONDS)

    def start_again() -> None:
        ends_at = time.monotonic() + SECONDS
        while True:  # its children need a moment to notice that it is gone
            try:
                server.start()
            except psycopg.OperationalError:
                assert time.monotonic() < ends_at
                time.sleep(0.2)
            else:
                return

    prove_through(server.url("postgres"), seed, kill, heal=start_again)


def test_a_network_that_is_cut_again_and_again_loses_nothing(proxy: Proxy, postgres_url: str, seed: int) -> None:
    prove_through(proxy.url(postgres_url), seed, lambda _: proxy.cut(), heal=lambda: None)


def test_a_network_that_falls_silent_and_then_goes_on_loses_nothing(proxy: Proxy, postgres_url: str, seed: int) -> None:
    def silence(_: Application) -> None:
        proxy.fall_silent()
        time.sleep(0.3)

    prove_through(proxy.url(postgres_url), seed, silence, heal=proxy.heal)


def test_a_network_that_falls_silent_and_is_then_cut_loses_nothing(proxy: Proxy, postgres_url: str, seed: int) -> None:
    def silence(_: Application) -> None:
        proxy.fall_silent()
        time.sleep(0.3)
        proxy.cut()

    prove_through(proxy.url(postgres_url), seed, silence, heal=proxy.heal)


def test_commits_whose_answers_are_lost_are_done_once(
    proxy: Proxy, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every commit of the story is sent; its answer never comes, and then the line is cut."""
    application = shop(proxy.url(postgres_url))
    commit, lost = PostgresDatabase._commit, []

    def unanswered(database: PostgresDatabase, connection: Any, xid: int) -> None:
        lost.append(xid)
        proxy.lose_answers()
        threading.Timer(0.1, end_silence).start()
        commit(database, connection, xid)

    def end_silence() -> None:
        proxy.cut()
        proxy.heal()

    with monkeypatch.context() as losing:
        losing.setattr(PostgresDatabase, "_commit", unanswered)
        answers = [carry_out(application, call) for call in STORY]
    assert answers == [Answer(call=call) for call in STORY]
    assert len(lost) >= len(STORY)
    prove_kept(application, STORY)
    application.close()


def test_a_session_from_outside_that_makes_a_deadlock_costs_a_repeat_and_nothing_else(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    log = postgres_server.folder / "log"
    deadlocks_before = log.read_text().count("deadlock detected")
    application = shop(postgres_url)
    stocked, held = STORY[0], STORY[1]
    assert carry_out(application, stocked) == Answer(call=stocked)
    answers: list[Answer | None] = []
    with psycopg.connect(postgres_url) as outside:
        outside.execute("SET deadlock_timeout TO '20s'")  # so that it is not the one that gives in
        outside.execute("SELECT * FROM journal_account FOR UPDATE")
        caller = threading.Thread(target=lambda: answers.append(carry_out(application, held)))
        caller.start()
        wait_until_blocked(postgres_url, pid_of_writer(application))
        outside.execute("SELECT pg_advisory_xact_lock(%s)", (postgres._lock_key(outside),))
        outside.rollback()
        caller.join(SECONDS)
    assert log.read_text().count("deadlock detected") == deadlocks_before + 1
    assert answers == [Answer(call=held)]
    prove_kept(application, STORY[:2])
    application.close()


def wait_until_blocked(url: str, pid: int) -> None:
    ends_at = time.monotonic() + SECONDS
    with psycopg.connect(url, autocommit=True) as watcher:
        while not watcher.execute("SELECT cardinality(pg_blocking_pids(%s))", (pid,)).fetchall()[0][0]:
            assert time.monotonic() < ends_at
            time.sleep(0.01)


def test_a_peer_that_never_answers_is_given_up_by_the_network_within_half_a_minute(
    proxy: Proxy, postgres_url: str
) -> None:
    with connecting.connect(proxy.url(postgres_url)) as connection:
        told = connection.info.get_parameters()
    assert int(told["tcp_user_timeout"]) <= 30_000
    assert int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"]) <= 30


def test_a_server_lost_while_a_connection_is_made_is_told_as_not_to_be_had(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connecting, "_settle", lost)
    with pytest.raises(StorageUnusable, match="server closed the connection unexpectedly"):
        connecting.connect(postgres_url)
