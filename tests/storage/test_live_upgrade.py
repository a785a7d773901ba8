"""A newer release that only adds to the schema starts beside servers of the older one; any other one waits for them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from solver import app
from solver.app import Application
from solver.clock import SystemClock
from solver.fulfilment.model import PlanCommand
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from solver.schema import STEPS
from solver.storage.errors import StorageUnusable
from solver.storage.once import request_for
from solver.storage.postgres import PostgresDatabase
from solver.storage.steps import Expanding, Step, compatible_from
from tests.made_world import made_world, order_of
from tests.running import fresh_id

ADDS = Expanding(
    """
    ALTER TABLE plan ADD COLUMN told_by TEXT NOT NULL DEFAULT '';
    CREATE TABLE IF NOT EXISTS plan_teller (plan_id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT;
    """
)
CHANGES = "CREATE UNIQUE INDEX IF NOT EXISTS plan_told_once ON plan (told_by);"


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> object:
    """Opens the application of a release that knows these steps."""

    @contextmanager
    def opened(*steps: Step) -> Iterator[Application]:
        monkeypatch.setattr(app, "STEPS", (*STEPS, *steps))
        with closing(Application.open(postgres_url, SystemClock())) as application:
            yield application

    return opened


def hold(application: Application) -> str:
    command = PlanCommand(order=order_of(("TEA", 1), order_id=f"order {fresh_id()}"))
    plan = application.planner.plan(request_for("PlanFulfillment", fresh_id(), b""), command, seconds_left=30.0)
    assert plan.plan.lines[0].unfilled_units == 0
    return plan.plan_id


def steps_of(url: str) -> tuple[int, int]:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT steps, compatible_from FROM xunyuan_schema").fetchone()
    assert row is not None
    return row[0], row[1]


def test_old_and_new_work_on_one_database_and_old_ones_may_still_start(release: object, postgres_url: str) -> None:
    assert callable(release)
    with release() as old:
        load(old, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=10),)))
        held = [hold(old)]
        assert steps_of(postgres_url) == (len(STEPS), len(STEPS))
        with release(ADDS) as new:
            assert steps_of(postgres_url) == (len(STEPS) + 1, len(STEPS))
            held += [hold(new), hold(old)]
            with release() as late:
                held.append(hold(late))
            for one in (old, new):
                with one.database.read() as reader:
                    assert one.stock.available(reader, ["TEA"])["TEA"]["W-EAST"] == 10 - len(held)
            with new.database.read() as reader:
                assert {row[0] for row in reader.query("SELECT told_by FROM plan")} == {""}
    assert len({*held}) == 4


def test_what_others_would_notice_waits_until_they_are_gone(release: object, postgres_url: str) -> None:
    assert callable(release)
    with release(ADDS), pytest.raises(StorageUnusable, match="Stop every other server"), release(ADDS, CHANGES):
        pass
    assert steps_of(postgres_url) == (len(STEPS) + 1, len(STEPS))
    with release(ADDS, CHANGES):
        assert steps_of(postgres_url) == (len(STEPS) + 2, len(STEPS) + 2)
    with pytest.raises(StorageUnusable, match=r"written by a newer release.+Nothing was changed"), release(ADDS):
        pass


def test_a_lost_connection_is_seen_again(postgres_url: str) -> None:
    steps = ("CREATE TABLE IF NOT EXISTS note (note_id TEXT NOT NULL PRIMARY KEY) STRICT;",)
    with closing(PostgresDatabase(postgres_url, steps)) as database:
        with psycopg.connect(postgres_url, autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xunyuan'")
        database.run(lambda tx: tx.execute("INSERT INTO note (note_id) VALUES ('a')"))
        with pytest.raises(StorageUnusable, match="is in use"):
            PostgresDatabase(postgres_url, (*steps, "DROP TABLE note;"))


def test_a_release_knows_from_which_on_it_is_compatible() -> None:
    assert compatible_from(()) == 0
    assert compatible_from(("a", "b")) == 2
    assert compatible_from(("a", ADDS, ADDS)) == 1
    assert compatible_from(("a", ADDS, "b", ADDS)) == 3
