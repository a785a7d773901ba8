"""A database that the first release wrote is brought forward whole; one of a newer release is refused."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.fulfilment import plan_packages
from solver.fulfilment.model import PlanState
from solver.schema import STEPS
from solver.stock.model import StockLevel
from solver.storage.database import Database
from solver.storage.errors import StorageUnusable
from solver.storage.once import request_for
from solver.storage.steps import Step
from solver.storage.url import open_database, open_existing

FIRST_RELEASE = Path(__file__).with_name("first_release.sql")
NOW = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder as the first release left it: four plans, one confirmed and one released, and two carts."""
    folder = tmp_path / "old"
    folder.mkdir()
    with sqlite3.connect(folder / "xunyuan.db") as connection:
        connection.executescript(FIRST_RELEASE.read_text())
    connection.close()
    return folder


def rows(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.read() as reader:
        return sorted(reader.query(f"SELECT * FROM {table}"), key=repr)


def tables_of(path: Path) -> list[tuple[str, str]]:
    """What was made in a file, in its own words but for their layout."""
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return [(name, " ".join(sql.replace("IF NOT EXISTS ", "").split())) for name, sql in found]


def test_nothing_of_an_old_database_is_lost_and_its_books_balance(old: Path) -> None:
    connection = sqlite3.connect(old / "xunyuan.db")
    kept = ("document", "request", "journal_entry", "journal_transfer", "journal_account", "journal_pending", "plan",
            "plan_question", "version", "stock_hold")  # fmt: skip
    before = {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in kept}
    connection.close()
    assert all(before.values()), "the old database must have rows of every table"
    database = open_database(old, STEPS)
    assert {table: rows(database, table) for table in kept} == before
    database.close()

    application = Application.open(old, ManualClock(NOW))
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()
        levels = {(level.site_id, level.sku): level for level in application.stock.levels(reader)}
        plan_ids = [plan_id for (plan_id,) in reader.query("SELECT plan_id FROM plan ORDER BY order_id")]
    assert levels["W-EAST", "TEA"] == StockLevel(
        site_id="W-EAST", sku="TEA", on_hand=9, held=2, committed=0, available=7
    )
    states = [application.made_plans.get(plan_id).state for plan_id in plan_ids]
    assert states == [PlanState.CONFIRMED, PlanState.RELEASED, PlanState.HELD, PlanState.HELD]
    application.confirming.confirm(request_for("ConfirmPlan", "after", plan_ids[2]), plan_ids[2])
    with pytest.raises(StateConflict):
        application.confirming.release(request_for("ReleasePlan", "after", plan_ids[1]), plan_ids[1])
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()
    application.close()


def test_an_old_database_brought_forward_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    open_database(old, STEPS).close()
    open_database(tmp_path / "new", STEPS).close()
    assert tables_of(old / "xunyuan.db") == tables_of(tmp_path / "new" / "xunyuan.db")


def test_the_log_tells_of_it_once(old: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        open_database(old, STEPS).close()
        open_database(old, STEPS).close()
    assert [record.getMessage() for record in caplog.records] == [
        f"{old / 'xunyuan.db'} is brought from schema 1 to {len(STEPS)}"
    ]


def test_a_step_is_taken_whole_or_not_at_all(store_url: str) -> None:
    first, second = "CREATE TABLE one (id INTEGER)", "CREATE TABLE two (id INTEGER); INSERT INTO three (id) VALUES (1)"
    open_database(store_url, [first]).close()
    with pytest.raises(Exception, match="three"):
        open_database(store_url, [first, second])
    database = open_database(store_url, [first, "CREATE TABLE two (id INTEGER); INSERT INTO two (id) VALUES (7)"])
    assert rows(database, "two") == [(7,)]
    database.close()


def test_a_step_may_be_code_that_moves_rows(store_url: str) -> None:
    first = "CREATE TABLE one (id INTEGER); INSERT INTO one (id) VALUES (3)"
    open_database(store_url, [first]).close()
    steps: list[Step] = [first, lambda tx: tx.execute("UPDATE one SET id = id + 1")]
    for _ in range(2):
        database = open_database(store_url, steps)
        assert rows(database, "one") == [(4,)]
        database.close()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(store_url: str) -> None:
    database = open_database(store_url, ["CREATE TABLE one (id INTEGER)", ""])
    database.close()
    with pytest.raises(StorageUnusable, match=r"has schema 2, written by a newer release, .*; this one knows 1"):
        open_database(store_url, ["CREATE TABLE other (id INTEGER)"])
    again = open_database(store_url, ["", ""])
    assert rows(again, "one") == []
    again.close()


def test_who_only_looks_neither_begins_a_database_nor_upgrades_one(store_url: str, old: Path) -> None:
    with pytest.raises(StorageUnusable, match=r"there is no database at|holds no database of this kind"):
        open_existing(store_url, STEPS)
    with pytest.raises(StorageUnusable, match="has schema 1, and this release has"):
        open_existing(old, STEPS)
    open_database(store_url, STEPS).close()
    open_existing(store_url, STEPS).close()


def test_plans_that_stood_in_an_old_database_are_found_by_what_they_use(old: Path) -> None:
    """Its four plans are confirmed, released, held and held."""
    application = Application.open(old, ManualClock(NOW))
    with application.database.read() as reader:
        plan_ids = [plan_id for (plan_id,) in reader.query("SELECT plan_id FROM plan ORDER BY order_id")]
        noted: dict[str, int | None] = dict(reader.query("SELECT plan_id, expires_micros FROM plan_package"))
        services = {service_id for (service_id,) in reader.query("SELECT service_id FROM plan_package")}
        found = plan_packages.plans_with(reader, service_ids=services, source_ids=(), now=NOW)
    confirmed, _, *held = plan_ids
    assert sorted(found) == sorted([confirmed, *held])
    assert noted[confirmed] is None
    assert all(noted[plan_id] is not None for plan_id in held)
    application.close()
    before = len(noted)
    again = open_database(old, STEPS)
    assert len({row[0] for row in rows(again, "plan_package")}) == before
    again.close()
