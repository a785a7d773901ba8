"""Workbooks as a spreadsheet and as a reader without one see them."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from solver.errors import InvalidRequest
from solver.ledger.differences.ageing import ageing
from solver.ledger.sheets import writing
from solver.ledger.sheets.balances import AccountBalance, AccountMovement, statement_sheet, trial_balance_sheets
from solver.ledger.sheets.model import Sheet
from solver.ledger.sheets.settlements import SettlementFacts, SettlementRow, settlement_sheet
from solver.ledger.sheets.tickets import ageing_sheets
from solver.ledger.sheets.writing import EXPLANATION, write_sheets
from tests.ledger.differences.test_ageing import NOW, ticket

ON = date(2026, 3, 2)


def balance(account: str, debit: int, credit: int, currency: str = "CNY", entity: str = "") -> AccountBalance:
    return AccountBalance(
        account=account,
        number="1001",
        name=account.title(),
        name_zh="科目",
        currency=currency,
        debit_minor=debit,
        credit_minor=credit,
        entity=entity,
    )


def cells(path: Path, name: str, *, formulas: bool) -> list[list[Any]]:
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def written(tmp_path: Path, sheets: Sequence[Sheet]) -> Path:
    path = tmp_path / "book.xlsx"
    write_sheets(path, sheets)
    return path


def test_a_trial_balance_adds_itself_up_and_shows_its_figures_without_calculation(tmp_path: Path) -> None:
    rows = [balance("bank", 11_300, 300), balance("sales", 0, 11_000)]
    path = written(tmp_path, trial_balance_sheets(rows, period="2026-03"))
    shown = cells(path, "Trial balance CNY", formulas=False)
    assert shown[0][0] == "Trial balance 试算平衡表"
    assert [row[1] for row in shown[1:3]] == ["CNY", "2026-03"]
    assert shown[4][5:] == ["Debit\n借方", "Credit\n贷方", "Balance\n余额"]
    assert shown[5][4:] == [0, 113, 3, 110]
    assert shown[6][4:] == [0, 0, 110, -110]
    assert shown[8][0] == "Total 合计"
    assert shown[8][4:] == [0, 113, 113, 0]
    assert shown[9][7] == "OK 平"
    formulas = cells(path, "Trial balance CNY", formulas=True)
    assert formulas[5][7] == "=E6+F6-G6"
    assert formulas[8][5:] == ["=SUM(F6:F7)", "=SUM(G6:G7)", "=SUM(H6:H7)"]


def test_books_that_do_not_balance_say_so(tmp_path: Path) -> None:
    path = written(tmp_path, trial_balance_sheets([balance("bank", 1, 0)], period="2026-03"))
    assert cells(path, "Trial balance CNY", formulas=False)[8][7] == "NOT ZERO 不平"


def test_each_entity_and_currency_has_a_sheet_and_its_own_decimals(tmp_path: Path) -> None:
    rows = [balance("bank", 500, 500, "JPY", "XY-JP"), balance("bank", 500, 500, "CNY", "XY-CN")]
    path = written(tmp_path, trial_balance_sheets(rows, period="2026"))
    assert openpyxl.load_workbook(path).sheetnames == [
        EXPLANATION,
        "Trial balance XY-CN CNY",
        "Trial balance XY-JP JPY",
    ]
    assert cells(path, "Trial balance XY-JP JPY", formulas=False)[6][5] == 500
    assert cells(path, "Trial balance XY-CN CNY", formulas=False)[6][5] == 5


def test_a_statement_runs_from_its_opening(tmp_path: Path) -> None:
    movements = [
        AccountMovement(
            on=ON, voucher_id="V1", kind="shipped", source="plan/P1", debit_minor=500, credit_minor=0, order_id="O1"
        ),
        AccountMovement(on=ON, voucher_id="V2", kind="refunded", source="plan/P1", debit_minor=0, credit_minor=700),
    ]
    sheet = statement_sheet("bank", movements, currency="CNY", opening_minor=100, period="2026-03")
    path = written(tmp_path, [sheet])
    shown = cells(path, "bank", formulas=False)
    assert [row[7] for row in shown[7:9]] == [6, -1]
    assert shown[7][0].date() == ON
    assert [row[7] for row in cells(path, "bank", formulas=True)[7:9]] == ["=1.0+F8-G8", "=H8+F9-G9"]
    assert [row[1] for row in shown[3:5]] == ["1.00", "-1.00"]


def test_a_settlement_ends_with_what_is_payable(tmp_path: Path) -> None:
    facts = SettlementFacts(
        settlement_id="S1", party="dealer/D1", first=ON, last=ON, currency="CNY", carried_minor=-1_000
    )
    row = SettlementRow(
        on=ON,
        order_id="O1",
        charge="dealer_share",
        text="12 % of the net price",
        text_zh="净价的 12%",
        base_minor=100_000,
        rate="12 %",
        for_minor=12_000,
        against_minor=500,
    )
    path = written(tmp_path, [settlement_sheet(facts, [row])])
    shown = cells(path, "Settlement dealer-D1", formulas=False)
    assert shown[5][1] == "105.00"
    assert shown[8][5:] == [1_000, "12 %", 120, 5, 105]
    assert shown[10][7:9] == [120, 5]


def test_an_ageing_has_a_sheet_for_the_tickets_behind_it(tmp_path: Path) -> None:
    tickets = [ticket(1), ticket(45, -900)]
    path = written(tmp_path, ageing_sheets(ageing(tickets, NOW), tickets))
    assert openpyxl.load_workbook(path).sheetnames == [EXPLANATION, "Ageing CNY", "Open CNY"]
    [row, *_] = cells(path, "Ageing CNY", formulas=False)[6:]
    assert row == ["li", "short", 2, 1, 45, 0, 1, 0, 0, 9, 10]
    opened = cells(path, "Open CNY", formulas=False)[4]
    assert opened[3:6] == [(NOW - timedelta(days=45)).replace(tzinfo=None), 45, -9]


def test_every_column_of_every_sheet_is_explained_in_both_languages(tmp_path: Path) -> None:
    sheets = trial_balance_sheets([balance("bank", 1, 1)], period="2026")
    told = cells(written(tmp_path, sheets), EXPLANATION, formulas=False)
    explained = {row[1]: (row[2], row[3]) for row in told}
    for column in sheets[0].columns:
        assert explained[f"{column.head} {column.head_zh}"] == (column.meaning, column.meaning_zh)


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    path = written(tmp_path, trial_balance_sheets([balance("=1+1", 1, 1)], period="=2+2"))
    rows = cells(path, "Trial balance CNY", formulas=True)
    book = openpyxl.load_workbook(path)
    assert rows[5][1] == "=1+1"
    assert book["Trial balance CNY"].cell(6, 2).data_type == "s"
    assert book["Trial balance CNY"].cell(3, 2).data_type == "s"


def test_names_that_a_workbook_refuses_are_changed_and_stay_different(tmp_path: Path) -> None:
    one = statement_sheet("receivable/a very long customer name", [], currency="CNY", opening_minor=0, period="2026")
    path = written(tmp_path, [one, one])
    assert openpyxl.load_workbook(path).sheetnames[1:] == [
        "receivable-a very long customer",
        "receivable-a very long custom 2",
    ]


def test_more_rows_than_a_sheet_holds_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 1)
    with pytest.raises(InvalidRequest):
        written(tmp_path, trial_balance_sheets([balance("bank", 1, 1), balance("sales", 1, 1)], period="2026"))
    assert not (tmp_path / "book.xlsx").exists()
