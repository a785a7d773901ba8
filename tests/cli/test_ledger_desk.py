"""`ledger tickets`, `invoice`, `sheet` and `erp`, on books of their own."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import ManualClock
from solver.ledger.differences.ageing import AIM_DAYS
from solver.ledger.matching.model import Difference, DifferenceKind, Side
from solver.storage.once import request_for
from tests.ledger.invoicing.reading.made import FULLY_DIGITAL, NUMBER

WISH = {
    "wish_id": "W1",
    "entity": "",
    "place": "CN",
    "currency": "CNY",
    "kind": "ordinary",
    "on": "2026-03-02",
    "buyer": {"name": "李雷"},
    "lines": [
        {
            "order_id": "O1",
            "line_id": "1",
            "sku": "TEA",
            "name": "龙井茶",
            "tax_item": "goods",
            "units": 2,
            "amount_minor": 11_300,
        }
    ],
}
FEE = Difference(
    kind=DifferenceKind.FEE,
    side=Side.THEIRS,
    refs=("ours/P1", "theirs/4711"),
    amount_minor=-60,
    currency="CNY",
    on=date(2026, 3, 2),
    cause="fee",
    evidence="0.6 % was deducted",
    party="alipay",
)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A folder with one ticket."""
    folder = tmp_path / "books"
    folder.mkdir()
    application = Application.open(folder, ManualClock(datetime(2026, 3, 2, 12, tzinfo=UTC)), durable=False)
    application.finance.differences.open(request_for("Open", "r1"), [FEE], actor="reconciliation")
    application.close()
    return folder


def asked(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    assert main([str(word) for word in words]) == code
    return capsys.readouterr().out


def as_json(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    return json.loads(asked(capsys, *words, "--json"))


def test_a_ticket_is_followed_from_the_list_to_its_voucher(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [ticket] = as_json(capsys, "ledger", "tickets", "list", "--books", books)
    name = ticket["ticket_id"]
    shown = asked(capsys, "ledger", "tickets", "show", name, "--books", books, "--chinese")
    assert "手续费未入账" in shown
    assert "could be posted: fee_difference=60" in shown
    asked(capsys, "ledger", "tickets", "assign", name, "han", "--actor", "li", "--books", books)
    asked(capsys, "ledger", "tickets", "comment", name, "asked them", "--actor", "han", "--books", books)
    report = as_json(capsys, "ledger", "ageing", "--books", books)
    assert (report["aim_days"], report["open_tickets"], report["rows"][0]["owner"]) == (AIM_DAYS, 1, "han")
    posted = as_json(capsys, "ledger", "tickets", "post", name, "--actor", "han", "--books", books)
    assert (posted["state"], len(posted["notes"])) == ("closed", 4)
    assert as_json(capsys, "ledger", "tickets", "list", "--books", books) == []
    assert asked(capsys, "ledger", "tickets", "close", name, "seen", "--actor", "han", "--books", books, code=1) == ""


def test_a_wish_becomes_an_issued_invoice_and_is_taken_back(
    books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = tmp_path / "wish.json"
    wish.write_text(json.dumps(WISH), encoding="utf-8")
    [computed] = as_json(capsys, "ledger", "invoice", "compute", wish)
    assert (computed["net_minor"], computed["tax_minor"]) == (10_000, 1_300)
    [drafted] = as_json(capsys, "ledger", "invoice", "draft", wish, "--books", books)
    assert drafted == computed
    assert asked(capsys, "ledger", "invoice", "issue", "--books", books, "--platform", "practice") == "1 issued\n"
    red = as_json(
        capsys,
        "ledger",
        "invoice",
        "reverse",
        "W1-1",
        "R1",
        "--line",
        "1=1130",
        "--reason",
        "damaged",
        "--books",
        books,
    )
    assert (red[0]["net_minor"], red[0]["tax_minor"]) == (-1_000, -130)
    assert "W1-1" in asked(capsys, "ledger", "invoice", "list", "--state", "issued", "--books", books)
    assert asked(capsys, "ledger", "invoice", "list", "--state", "isued", "--books", books, code=1) == ""


def test_e_invoices_are_read_from_files_alone_and_matched_with_books(
    books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.xml"
    file.write_text(FULLY_DIGITAL, encoding="utf-8")
    [read] = as_json(capsys, "ledger", "invoice", "read", file)
    assert (read["number"], read["net_minor"]) == (NUMBER, 11_000)
    told = asked(capsys, "ledger", "invoice", "match", file, "--books", books, code=1)
    assert told.startswith("missing: ")
    assert asked(capsys, "ledger", "invoice", "read", tmp_path / "none.ofd", code=1) == ""


def test_sheets_and_lines_for_an_erp_system_are_written(
    books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [ticket] = as_json(capsys, "ledger", "tickets", "list", "--books", books)
    asked(capsys, "ledger", "tickets", "post", ticket["ticket_id"], "--actor", "han", "--books", books)
    workbook = tmp_path / "balance.xlsx"
    told = asked(capsys, "ledger", "sheet", "trial-balance", "--books", books, "--to", workbook)
    assert told == f"{workbook}: About 说明, Trial balance CNY\n"
    sheet = openpyxl.load_workbook(workbook, data_only=True)["Trial balance CNY"]
    rows = {row[1].value: row[7].value for row in sheet.iter_rows(min_row=6) if row[1].value}
    assert rows["payment_fee_expense"] == 0.6
    assert rows["platform_clearing/alipay"] == -0.6
    statement = tmp_path / "statement.xlsx"
    asked(capsys, "ledger", "sheet", "statement", "platform_clearing/alipay", "--books", books, "--to", statement)
    lines = openpyxl.load_workbook(statement, data_only=True)["platform_clearing-alipay"]
    assert [cell.value for cell in lines[8]][5:8] == [0, 0.6, -0.6]
    asked(capsys, "ledger", "sheet", "ageing", "--books", books, "--to", tmp_path / "ageing.xlsx")
    erp = tmp_path / "erp.csv"
    asked(capsys, "ledger", "erp", "--books", books, "--to", erp, "--bom")
    with erp.open(encoding="utf-8-sig", newline="") as file:
        posted = list(csv.DictReader(file))
    of_fee = [row for row in posted if row["charge"] == "fee_difference"]
    assert [(row["account"], row["debit"], row["credit"]) for row in of_fee] == [
        ("payment_fee_expense", "0.60", "0.00"),
        ("platform_clearing", "0.00", "0.60"),
    ]
