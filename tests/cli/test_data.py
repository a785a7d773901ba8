"""Backup, restore and audit as a user types them, on either store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import ManualClock
from solver.stock.model import Claim, Movement


@pytest.fixture
def application(store_url: str) -> Iterator[Application]:
    """A database that a server could be running on, with one receipt."""
    opened = Application.open(store_url, ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC)))
    with opened.database.write() as tx:
        opened.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=7)], "po")
    yield opened
    opened.close()


def test_a_backup_made_while_a_server_runs_is_restored_and_audited(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = str(tmp_path / "monday.db"), str(tmp_path / "again")
    assert main(["backup", file, "--url", store_url]) == 0
    assert main(["restore", file, "--data", folder]) == 0
    assert main(["audit", "--data", folder]) == 0
    with application.database.read() as reader:
        entries = reader.query("SELECT count(*) FROM journal_entry")[0][0]
    assert capsys.readouterr().out.splitlines() == [
        f"backed up to {file}",
        f"restored from {file}",
        f"the books balance: {entries} entries",
    ]


def test_the_audit_names_the_row_that_is_wrong(
    application: Application, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with application.database.write() as tx:
        tx.execute(
            "UPDATE journal_account SET debits_posted = debits_posted + 1 WHERE kind = 'good' AND book = 'stock'"
        )
    assert main(["audit", "--url", store_url]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "stock/good/s1/tea: balances_equal_their_transfers: expected debits 7 + 0 pending, credits 0 + 0 pending; "
        "found debits 8 + 0 pending, credits 0 + 0 pending"
    )
    assert lines[-1] == f"{len(lines) - 1} rows are wrong"


def test_what_accounts_held_at_any_time_is_rebuilt_from_the_movements_alone(
    application: Application, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = application.clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(hours=1))
    with application.database.write() as tx:
        application.stock.hold(tx, "cart", [Claim(site_id="s1", sku="tea", units=2)], clock.now() + timedelta(hours=2))
        tx.execute("UPDATE journal_account SET debits_posted = 99 WHERE kind = 'good' AND book = 'stock'")
    for at, told in (
        ("2026-03-01T11:59Z", ["no account held any tea"]),
        ("2026-03-01T12:00Z", ["places/elsewhere: -7", "places/good/s1: 7", "stock/good/s1: 7", "stock/supply: -7"]),
        (
            "2026-03-01T13:00Z",
            ["places/elsewhere: -7", "places/good/s1: 7", "stock/good/s1: 7, of which 2 held", "stock/supply: -7"],
        ),
    ):
        assert main(["audit", "--url", store_url, "--sku", "tea", "--at", at]) == 0
        assert capsys.readouterr().out.splitlines() == told
    with pytest.raises(SystemExit):
        main(["audit", "--url", store_url, "--sku", "tea", "--at", "noon"])
    assert "'noon': give a time such as 2026-03-02T08:00Z" in capsys.readouterr().err


def test_what_cannot_be_done_is_told_without_a_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["backup", str(tmp_path / "x.db"), "--data", str(tmp_path / "none")],
        ["restore", str(tmp_path / "none.db"), "--data", str(tmp_path / "other")],
        ["audit", "--url", "mysql://localhost/stock"],
    ):
        assert main(arguments) == 1
        complaint = capsys.readouterr().err
        assert "Traceback" not in complaint
        assert complaint.startswith("there is no ") or "no store is known" in complaint
    assert list(tmp_path.iterdir()) == []
