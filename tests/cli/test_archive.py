"""Archiving as a user types it, on either store: plans, vouchers and all."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.ledger.model import Charges
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.holds import Holds
from solver.stock.holding.standing import HoldName
from solver.stock.model import Claim, Movement

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
    clock.advance(timedelta(minutes=30))
    with opened.database.write() as tx:
        for name in ("done", "open"):
            holds_of(opened).place(tx, name, [Claim(site_id="s1", sku="tea", units=2)], HOUR)
            holds_of(opened).confirm(tx, name)
        commitments_of(opened).ship(tx, HoldName.of_caller("done"), [])
    clock.advance(timedelta(days=1))
    with opened.database.write() as tx:
        opened.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=1)], "po-2")
    yield opened
    opened.close()


def holds_of(application: Application) -> Holds:
    return Holds(application.journal, application.stock.places)


def commitments_of(application: Application) -> Commitments:
    return Commitments(application.journal, application.stock.places)


def typed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    code = main([str(one) for one in arguments])
    told = capsys.readouterr()
    return code, [*told.out.splitlines(), *told.err.splitlines()]


def test_old_entries_go_to_a_file_and_the_books_are_audited_with_it_and_without(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "spring.db")
    of = ("--url", store_url)
    at = ("--at", "2026-03-01T12:10Z")
    before = typed(capsys, "audit", "--sku", "tea", *at, *of)
    code, lines = typed(capsys, "archive", "--before", "2026-03-02", file, *of)
    assert code == 1
    assert "in use" in lines[0]
    application.close()
    assert not Path(file).exists()
    code, lines = typed(capsys, "archive", "--before", "2026-03-02", file, *of)
    assert (code, lines[0]) == (0, f"archive 1 (entries 1 to 6) is {file}; 5 entries stay as well")
    assert re.fullmatch(r"its digest: [0-9a-f]{64}", lines[1])
    again = f"archive 1 (entries 1 to 6) is {file}, as before; 5 entries stay as well"
    assert typed(capsys, "archive", "--before", "2026-03-02", file, *of) == (0, [again, lines[1]])
    code, lines = typed(capsys, "audit", *of)
    missing = "not proven, for want of its file (--archive): archive 1 (entries 1 to 6)"
    assert (code, lines) == (0, ["the books balance: 6 entries", missing])
    proven = "proven from its file: archive 1 (entries 1 to 6)"
    assert typed(capsys, "audit", "--archive", file, *of) == (0, ["the books balance: 6 entries", proven])
    code, lines = typed(capsys, "audit", "--sku", "tea", *at, *of)
    assert code == 1
    assert "is in archive 1 (entries 1 to 6): give its file with --archive" in lines[0]
    assert typed(capsys, "audit", "--sku", "tea", *at, "--archive", file, *of) == before


def test_beside_a_running_service_old_entries_go_to_a_folder_in_parts(
    application: Application, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "archives"
    into = ("archive", "--before", "2026-03-02", "--into", folder, "--part-entries", 4, "--url", store_url)
    code, lines = typed(capsys, *into)
    assert (code, lines[:2]) == (
        0,
        [
            f"archive 1 (entries 1 to 4) is {folder / 'journal-000001.db'}; 3 entries stay",
            f"archive 2 (entries 5 to 6) is {folder / 'journal-000002.db'}; 5 entries stay",
        ],
    )
    assert re.fullmatch(r"the books balance; the last digest: [0-9a-f]{64}", lines[2])
    nothing = "nothing was entered before 2026-03-02T00:00:00+00:00 that is not archived yet"
    assert typed(capsys, *into) == (0, [nothing])
    with application.database.write() as tx:
        commitments_of(application).ship(tx, HoldName.of_caller("open"), [])
    code, lines = typed(capsys, "audit", "--url", store_url, "--archive", *sorted(folder.iterdir()))
    proven = "proven from its file: archive 1 (entries 1 to 4), archive 2 (entries 5 to 6)"
    assert (code, lines[1]) == (0, proven)


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
                commitments_of(opened).find(reader, HoldName.of_caller("done"))
            assert refused.value.reason == "HOLD_ARCHIVED"
            assert commitments_of(opened).find(reader, HoldName.of_caller("open")).state == "committed"
        with opened.database.write() as tx:
            commitments_of(opened).ship(tx, HoldName.of_caller("open"), [])
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


def test_a_plan_of_long_ago_is_still_known_for_what_became_of_it(
    application: Application, store_url: str, clock: ManualClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock, claims = application.stock, [Claim(site_id="s1", sku="tea", units=1)]
    with application.database.write() as tx:
        for name in ("shipped", "cancelled", "open", "released"):
            stock.hold(tx, name, claims, stock.now(tx) + HOUR)
        for name in ("shipped", "cancelled", "open"):
            stock.confirm(tx, name)
        stock.release(tx, "released")
        commitments_of(application).ship(tx, HoldName.of_plan("shipped"), [])
        commitments_of(application).cancel(tx, HoldName.of_plan("cancelled"), [])
    clock.advance(timedelta(days=1))
    with application.database.write() as tx:
        stock.receive(tx, [Movement(site_id="s1", sku="tea", units=1)], "po-3")
        expected = [
            stock.commitment_state(tx, "shipped"),
            stock.commitment_state(tx, "cancelled"),
            stock.commitment_state(tx, "open"),
            stock.hold_state(tx, "released"),
        ]
    assert expected == ["shipped", "cancelled", "committed", "released"]
    application.close()
    assert typed(capsys, "archive", "--before", "2026-03-03", tmp_path / "a.db", "--url", store_url)[0] == 0
    opened = Application.open(store_url, clock)
    with opened.database.read() as reader:
        assert reader.query("SELECT count(*) FROM journal_kept WHERE is_whole = 0")[0][0] > 2
        assert [
            opened.stock.commitment_state(reader, "shipped"),
            opened.stock.commitment_state(reader, "cancelled"),
            opened.stock.commitment_state(reader, "open"),
            opened.stock.hold_state(reader, "released"),
        ] == expected
    with opened.database.write() as tx:
        commitments_of(opened).cancel(tx, HoldName.of_plan("open"), [])
        with pytest.raises(StateConflict, match="exists already"):
            opened.stock.hold(tx, "shipped", claims, opened.stock.now(tx) + HOUR)
    opened.close()
    assert typed(capsys, "audit", "--url", store_url, "--archive", tmp_path / "a.db")[0] == 0


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
    charges = Charges(plan_id="plan-1", currency="CNY", freight_minor={"sf": 500}, handling_minor={})
    with application.database.write() as tx:
        voucher = application.ledger.post_plan_confirmed(tx, charges)
        application.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=1)], "po-3")
    assert voucher is not None
    archive = ("archive", tmp_path / "a.db", "--url", store_url, "--before")
    application.close()
    code, lines = typed(capsys, *archive, "2026-03-03")
    assert code == 1
    assert "before: 2026-03-03T00:00:00+00:00: its vouchers reach into period 2026-03, which is open" in lines[0]
    assert list(tmp_path.glob("a.db*")) == []
    opened = Application.open(store_url, application.clock)
    with opened.database.write() as tx:
        opened.ledger.close_period(tx, "", "2026-03")
        opened.stock.receive(tx, [Movement(site_id="s1", sku="tea", units=1)], "po-4")
    opened.close()
    assert typed(capsys, *archive, "2026-03-03")[0] == 0
    opened = Application.open(store_url, application.clock)
    with opened.database.read() as reader:
        assert opened.ledger.voucher(reader, voucher.voucher_id) == voucher
    opened.close()
    code, lines = typed(capsys, "archive", "--before", "2999-01-01", tmp_path / "a.db", "--url", store_url)
    assert code == 1
    assert "before: 2999-01-01T00:00:00+00:00: give a time that is past" in lines[0]
