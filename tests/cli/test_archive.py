"""Archiving as a user types it, on either store: plans, vouchers and all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.journal.model import AccountKey, Book, Transfer
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.holding.standing import HoldName
from solver.stock.model import Claim, Movement
from solver.storage.requests import Request

BEGINS = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(BEGINS)


@pytest.fixture
def application(store_url: str, clock: ManualClock) -> Iterator[Application]:
    """One receipt, a cart that was shipped, one that is to be shipped, and a day later another receipt."""
    opened = Application.open(store_url, clock)
    with opened.database.write() as tx:
        opened.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=9)], "po")
        for name in ("done", "open"):
            opened.stock.holds.place(tx, name, [Claim(site_id="s1", sku="tea", units=2)], HOUR)
            opened.stock.holds.confirm(tx, name)
        opened.stock.commitments.ship(tx, HoldName.of_caller("done"), [])
    clock.advance(timedelta(days=1))
    with opened.database.write() as tx:
        opened.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=1)], "po-2")
    yield opened
    opened.close()


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main([str(one) for one in arguments])
    told = capsys.readouterr()
    return code, [*told.out.splitlines(), *told.err.splitlines()]


def test_old_entries_go_to_a_file_and_the_books_are_audited_with_it_and_without(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "spring.db")
    of = ("--url", store_url)
    at = ("--at", "2026-03-01T13:00Z")
    before = typed(capsys, "audit", "--sku", "tea", *at, *of)
    code, lines = typed(capsys, "archive", "--before", "2026-03-02", file, *of)
    assert code == 1
    assert "in use" in lines[0]
    application.close()
    assert not Path(file).exists() or application.database.shared
    code, lines = typed(capsys, "archive", "--before", "2026-03-02", file, *of)
    assert (code, lines) == (0, [f"archive 1 (entries 1 to 6) is {file}; 5 entries stay as well"])
    again = f"archive 1 (entries 1 to 6) is {file}, as before; 5 entries stay as well"
    assert typed(capsys, "archive", "--before", "2026-03-02", file, *of) == (0, [again])
    code, lines = typed(capsys, "audit", *of)
    missing = "not proven, for want of its file (--archive): archive 1 (entries 1 to 6)"
    assert (code, lines) == (0, ["the books balance: 6 entries", missing])
    proven = "proven from its file: archive 1 (entries 1 to 6)"
    assert typed(capsys, "audit", "--archive", file, *of) == (0, ["the books balance: 6 entries", proven])
    code, lines = typed(capsys, "audit", "--sku", "tea", *at, *of)
    assert code == 1
    assert "is in archive 1 (entries 1 to 6): give its file with --archive" in lines[0]
    assert typed(capsys, "audit", "--sku", "tea", *at, "--archive", file, *of) == before


def test_a_changed_row_of_an_archive_ends_the_audit_with_1(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    application.close()
    file = tmp_path / "spring.db"
    assert typed(capsys, "archive", "--before", "2026-03-02", file, "--url", store_url)[0] == 0
    file.write_bytes(file.read_bytes().replace(b"stock_received", b"stock_receiveD"))
    code, lines = typed(capsys, "audit", "--url", store_url, "--archive", file)
    assert code == 1
    assert lines[0].startswith("archive 1: archives_have_the_bytes_written: expected ")
    assert lines[-1].endswith("rows are wrong")


def test_the_service_goes_on_with_what_is_open_and_knows_what_became_of_the_rest(
    application: Application, store_url: str, clock: ManualClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    application.close()
    assert typed(capsys, "archive", "--before", "2026-03-02", tmp_path / "a.db", "--url", store_url)[0] == 0
    opened = Application.open(store_url, clock)
    try:
        with opened.database.read() as reader:
            with pytest.raises(StateConflict, match="is archived") as refused:
                opened.stock.commitments.get(reader, HoldName.of_caller("done"))
            assert refused.value.reason == "HOLD_ARCHIVED"
            assert opened.stock.commitments.get(reader, HoldName.of_caller("open")).state == "committed"
        with opened.database.write() as tx:
            opened.stock.commitments.ship(tx, HoldName.of_caller("open"), [])
        clock.advance(timedelta(days=1))
        with opened.database.write() as tx:
            opened.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=1)], "po-3")
    finally:
        opened.close()
    files = (tmp_path / "a.db", tmp_path / "b.db")
    code, lines = typed(capsys, "archive", "--before", "2026-03-03", files[1], "--url", store_url)
    assert code == 0
    assert lines[0].startswith("archive 2 (entries 7 to 8) is ")
    code, lines = typed(capsys, "audit", "--url", store_url, "--archive", *files)
    assert code == 0
    assert lines[1] == "proven from its file: archive 1 (entries 1 to 6), archive 2 (entries 7 to 8)"


def test_a_backup_has_what_was_carried_forward_and_either_store_takes_it(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    application.close()
    file, backup, folder = tmp_path / "a.db", tmp_path / "backup.db", tmp_path / "again"
    assert typed(capsys, "archive", "--before", "2026-03-02", file, "--url", store_url)[0] == 0
    assert typed(capsys, "backup", backup, "--url", store_url)[0] == 0
    assert typed(capsys, "restore", backup, "--data", folder)[0] == 0
    code, lines = typed(capsys, "audit", "--data", folder, "--archive", file)
    assert (code, lines[1]) == (0, "proven from its file: archive 1 (entries 1 to 6)")


def test_an_open_period_of_the_ledger_and_a_time_to_come_are_refused(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    application.close()
    code, lines = typed(capsys, "archive", "--before", "2999-01-01", tmp_path / "a.db", "--url", store_url)
    assert code == 1
    assert "before: 2999-01-01T00:00:00+00:00: give a time that is past" in lines[0]
