"""Contracts and settlement at the command line: from files alone, and on books that it opens."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import SystemClock

DEALER = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2025-01-01
share: {rate: 60%}
settlement: {period: month}
"""
HEAD = "order_id,placed_on,currency,paid_minor,line_id,sku,units,list_minor,line_paid_minor,source_id\n"
ROWS = "O-1,2025-03-02,CNY,10000,1,TEA,1,10000,10000,wang\nO-2,2025-03-03,CNY,5001,1,TEA,1,5001,5001,\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Contracts and orders, by name."""
    texts = {
        "a.yaml": DEALER,
        "b.yaml": DEALER.replace("60%", "65%"),
        "wrong.yaml": DEALER.replace("60%", "160%").replace("CNY", "yuan"),
        "o.csv": HEAD + ROWS,
        "r.csv": "refund_id,order_id,on,line_id,refund_minor\nB-1,O-1,2025-04-02,1,1000\n",
        "wrong.csv": HEAD + ROWS.replace("5001,1,TEA", "5002,1,TEA"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return {name: str(tmp_path / name) for name in texts} | {"books": str(tmp_path / "books")}


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["ledger", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_orders_are_shared_out_from_files_alone(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = tmp_path / "steps.csv"
    told = answer(capsys, "share", files["o.csv"], "--contracts", files["a.yaml"], "--steps", str(steps), "--chinese")
    assert told == {
        "orders": 2,
        "shares": [
            {"currency": "CNY", "role": "company", "party": "", "amount_minor": 9_001},
            {"currency": "CNY", "role": "dealer", "party": "wang", "amount_minor": 6_000},
        ],
    }
    with steps.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["order_id"], row["rule"], row["amount_minor"]) for row in rows] == [
        ("O-1", "source_share", "6000"), ("O-1", "remainder", "4000"), ("O-2", "remainder", "5001")
    ]  # fmt: skip
    assert rows[0]["why"] == "wang 按实付价 100.00 的 60% 分成（1）：60.00 CNY。"


def test_what_if_tells_the_difference_for_each_party(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "what-if", files["o.csv"], "--contracts", files["a.yaml"], "--instead", files["b.yaml"])
    assert told["orders_changed"] == 1
    assert {row["party"]: row["difference_minor"] for row in told["differences"]} == {"": -500, "wang": 500}
    assert (
        main(["ledger", "what-if", files["o.csv"], "--contracts", files["a.yaml"], "--instead", files["b.yaml"]]) == 0
    )
    assert "2 orders, of which 1 come to something else" in capsys.readouterr().out


def test_books_are_settled_without_a_service(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    books = ("--books", files["books"])
    assert main(["ledger", "contracts", "load", files["a.yaml"], *books]) == 0
    assert main(["ledger", "record", files["o.csv"], *books]) == 0
    assert main(["ledger", "record", files["o.csv"], *books]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wang v1 with wang: kept",
        "2 orders, of which 2 are new",
        "2 orders, of which 0 are new",
    ]
    assert main(["ledger", "refund", files["r.csv"], *books]) == 0
    assert capsys.readouterr().out == "1 refunds, of which 1 are new\n"
    [statement] = answer(capsys, "settle", "2025-03-15", *books)
    assert (statement["run_id"], statement["payout_minor"]) == ("wang.CNY.2025-03-01.2025-03-31", 6_000)
    assert answer(capsys, "settle", "2025-03-31", "--party", "wang", *books) == [statement]
    assert answer(capsys, "settlements", *books) == [statement]
    [payment] = answer(capsys, "payments", "--from", "2025-03-01", *books)
    assert (payment["party"], payment["amount_minor"], payment["on"]) == ("wang", 6_000, "2025-03-31")
    assert main(["ledger", "contracts", "show", "wang", *books]) == 0
    assert capsys.readouterr().out == DEALER


def test_a_settled_run_becomes_a_sheet_with_bases_and_rates_while_a_service_has_the_books(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = ["--books", files["books"]]
    for words in (["contracts", "load", files["a.yaml"]], ["record", files["o.csv"]], ["settle", "2025-03-31"]):
        assert main(["ledger", *words, *books]) == 0
    assert main(["ledger", "refund", files["r.csv"], *books]) == 0
    assert main(["ledger", "settle", "2025-04-30", *books]) == 0
    capsys.readouterr()
    file = tmp_path / "settlement.xlsx"
    service = Application.open(files["books"], SystemClock())
    try:
        with service.database.read() as reader:
            runs = [row[0] for row in reader.query("SELECT run_id FROM settlement_run ORDER BY first_day")]
        shown = []
        for run in runs:
            assert main(["ledger", "sheet", "settlement", run, "--data", files["books"], "--to", str(file)]) == 0
            sheet = openpyxl.load_workbook(file, data_only=True)["Settlement wang"]
            cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
            shown += [row[1:3] + row[5:] for row in cells if row[2] == "dealer_share"]
        erp = tmp_path / "erp.csv"
        assert main(["ledger", "erp", "--data", files["books"], "--to", str(erp)]) == 0
    finally:
        service.close()
    assert shown == [
        ["O-1", "dealer_share", 100, "60%", 60, 0, 60],
        ["O-1", "dealer_share", -10, "60%", 0, 6, -6],
    ]
    with erp.open(encoding="utf-8", newline="") as lines:
        debits = [row["debit"] for row in csv.DictReader(lines) if row["account"] == "dealer_share_expense"]
    assert "60.00" in debits


def test_a_sheet_of_data_that_are_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ledger", "sheet", "ageing", "--data", str(tmp_path / "none"), "--to", str(tmp_path / "a.xlsx")]
    assert main(words) == 1
    assert "there is no database at" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_kept(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    books = ("--books", files["books"])
    assert main(["ledger", "contracts", "check", files["a.yaml"]]) == 0
    assert main(["ledger", "contracts", "load", files["a.yaml"], files["wrong.yaml"], *books]) == 1
    assert main(["ledger", "record", files["wrong.csv"], *books]) == 1
    told = capsys.readouterr().err
    assert f"{files['wrong.yaml']}:5: currency: 'yuan': give an ISO 4217 code such as CNY" in told
    assert f"{files['wrong.yaml']}:7: share.rate: '160%': is 160%; must lie between 0% and 100%" in told
    assert f"{files['wrong.csv']}:3: paid_minor: 5002: lines and freight come to 5001" in told
    assert answer(capsys, "settlements", *books) == []
