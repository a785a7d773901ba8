"""A database that no release made is refused by name, with what is wrong and what to do, and is left as it is."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import SystemClock
from solver.schema import STEPS
from solver.storage.backup import back_up, restore
from solver.storage.errors import StorageUnusable
from solver.storage.steps import Step
from solver.storage.url import open_database
from solver.upkeep import audited

FIRST_RELEASE = Path(__file__).with_name("first_release.sql")
LATER = ["CREATE TABLE one (id INTEGER)", "CREATE TABLE two (id INTEGER, name TEXT)"]


def made(url: str, steps: Sequence[Step]) -> str:
    """A database that took these steps; what it is called."""
    database = open_database(url, steps)
    database.close()
    return database.name


def first_release(folder: Path) -> Path:
    """A folder as the first release left it."""
    folder.mkdir()
    connection = sqlite3.connect(folder / "xunyuan.db")
    connection.executescript(FIRST_RELEASE.read_text())
    connection.close()
    return folder


@pytest.mark.parametrize(
    ("steps", "difference"),
    [
        ([LATER[0], ""], "no table two"),
        ([LATER[0], "CREATE TABLE two (id INTEGER)"], "two lacks name"),
        ([LATER[0], "CREATE TABLE two (id INTEGER, name TEXT, colour TEXT)"], "two has colour besides"),
        (["", LATER[1]], "no table one"),
    ],
)
def test_a_build_between_releases_is_refused_by_name_schema_and_difference(
    store_url: str, steps: list[Step], difference: str
) -> None:
    name = made(store_url, steps)
    with pytest.raises(StorageUnusable) as refused:
        open_database(store_url, LATER)
    assert str(refused.value) == (
        f"{name} says it has schema 2, and is of no release: {difference}. Nothing was changed. "
        "A build between releases made it: open it with that build, or begin a new database"
    )
    open_database(store_url, steps).close()


def test_an_old_one_that_holds_another_table_of_a_later_name_is_refused_before_any_step(store_url: str) -> None:
    steps: list[Step] = ["CREATE TABLE one (id INTEGER); CREATE TABLE two (colour TEXT)"]
    made(store_url, steps)
    with pytest.raises(StorageUnusable, match="says it has schema 1, and is of no release: two lacks id, name"):
        open_database(store_url, LATER)
    open_database(store_url, steps).close()


def test_tables_of_others_do_not_matter_unless_they_have_our_names(store_url: str) -> None:
    database = open_database(store_url, [])
    with database.write() as tx:
        tx.execute("CREATE TABLE theirs (id INTEGER)")
    database.close()
    open_database(store_url, LATER).close()


def test_a_database_of_another_kind_with_a_table_of_our_name_is_refused(store_url: str) -> None:
    database = open_database(store_url, [])
    with database.write() as tx:
        tx.execute("CREATE TABLE two (colour TEXT)")
    database.close()
    with pytest.raises(StorageUnusable, match=r"holds tables of another kind: two lacks id, name\. Nothing"):
        open_database(store_url, LATER)


def test_the_product_refuses_a_folder_of_an_unreleased_schema_and_so_does_whoever_only_looks(store_url: str) -> None:
    lacking: list[Step] = [STEPS[0], STEPS[1].replace("stock_safety", "stock_cushion"), STEPS[2]]
    name = made(store_url, lacking)
    with pytest.raises(StorageUnusable) as refused:
        Application.open(store_url, SystemClock())
    assert str(refused.value).startswith(f"{name} says it has schema 3, and is of no release: no table stock_safety.")
    with pytest.raises(StorageUnusable, match="no table stock_safety"):
        audited(store_url)


def test_a_backup_of_an_unreleased_schema_is_not_restored(tmp_path: Path) -> None:
    lacking = [LATER[0], "CREATE TABLE two (id INTEGER)"]
    made(f"sqlite:{tmp_path / 'old.db'}", lacking)
    back_up(tmp_path / "old.db", tmp_path / "backup.db", lacking)
    with pytest.raises(StorageUnusable, match=r"backup\.db says it has schema 2, and is of no release: two lacks name"):
        restore(tmp_path / "backup.db", tmp_path / "new.db", LATER)
    assert not (tmp_path / "new.db").exists()


def test_the_first_releases_database_is_brought_forward_on_postgres_as_well(
    tmp_path: Path, another_postgres_url: Callable[[], str]
) -> None:
    url, first = another_postgres_url(), STEPS[:1]
    old = first_release(tmp_path / "old")
    back_up(old, tmp_path / "old.backup", first)
    restore(tmp_path / "old.backup", url, first)
    for where in (old, url):
        application = Application.open(where, SystemClock())
        with application.database.read() as reader:
            assert application.journal.audit(reader) == ()
            assert application.stock.audit(reader) == ()
            assert reader.query("SELECT count(*) FROM plan") == [(4,)]
        application.close()


@pytest.mark.parametrize("content", [b"not a database at all, though long enough to be one" * 40, bytes(4096)])
def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "xunyuan.db"
    path.write_bytes(content)
    with pytest.raises(StorageUnusable) as refused:
        open_database(path, LATER)
    assert str(path) in str(refused.value)
    assert path.read_bytes() == content


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "xunyuan.db"
    made(f"sqlite:{path}", list(LATER))
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3000 + whole[3100:])
    with pytest.raises(StorageUnusable) as refused:
        open_database(path, LATER)
    assert str(path) in str(refused.value)
