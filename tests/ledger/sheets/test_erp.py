"""Voucher lines as CSV."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from solver.ledger.books.chart import shipped_chart
from solver.ledger.books.readings import VoucherLine
from solver.ledger.sheets.erp import FIELDS, ErpLine, erp_lines, guarded, write_erp

LINE = ErpLine(
    voucher_id="V0000000001",
    line=1,
    entity="XY",
    on=date(2026, 3, 2),
    kind="shipped",
    charge="sale",
    source="plan/P1",
    account_number="1122",
    account="receivable",
    account_name="Accounts receivable",
    account_name_zh="应收账款",
    party="tmall",
    currency="CNY",
    debit_minor=11_300,
    credit_minor=0,
    order_id="O1",
    about='said "so", twice\nover two lines',
)


def written(*lines: ErpLine, bom: bool = False) -> str:
    file = io.StringIO(newline="")
    assert write_erp(file, lines, bom=bom) == len(lines)
    return file.getvalue()


def test_a_line_reads_back_as_it_was() -> None:
    [row] = csv.DictReader(io.StringIO(written(LINE), newline=""))
    assert tuple(row) == FIELDS
    assert (row["debit"], row["credit"], row["currency"]) == ("113.00", "0.00", "CNY")
    assert (row["on"], row["charge"]) == ("2026-03-02", "sale")
    assert (row["account_name_zh"], row["about"]) == ("应收账款", LINE.about)


def test_amounts_have_the_decimals_of_their_currency() -> None:
    rows = list(csv.DictReader(io.StringIO(written(replace(LINE, currency="JPY"), replace(LINE, currency="KWD")))))
    assert [row["debit"] for row in rows] == ["11300", "11.300"]


def test_a_mark_of_utf_8_stands_in_front_only_where_it_is_asked_for() -> None:
    assert written(bom=True).encode().startswith(b"\xef\xbb\xbfvoucher_id,")
    assert written().startswith("voucher_id,")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_a_text_that_would_be_calculated_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    [row] = csv.DictReader(io.StringIO(written(replace(LINE, order_id=text)), newline=""))
    assert row["order_id"] == f"'{text}"


def test_other_texts_stay_as_they_are() -> None:
    assert guarded("O-1=2") == "O-1=2"
    assert guarded("") == ""


def test_a_line_of_a_voucher_has_two_sides() -> None:
    posted = VoucherLine(
        voucher_id="V0000000001",
        line=2,
        kind="shipped",
        source="plan/P1",
        on=date(2026, 3, 2),
        entity="",
        currency="CNY",
        debit="receivable/tmall",
        credit="sales",
        amount_minor=100,
        base_minor=100,
        charge="sale",
        party="tmall",
        order_id="O1",
        line_id="1",
        sku="TEA",
        channel="tmall",
        cost_centre="",
        profit_centre="",
        about="",
    )
    debit, credit = erp_lines([posted], shipped_chart())
    assert (debit.line, debit.account, debit.party, debit.debit_minor, debit.credit_minor) == (
        3,
        "receivable",
        "tmall",
        100,
        0,
    )
    assert (credit.line, credit.account, credit.party, credit.debit_minor, credit.credit_minor) == (
        4,
        "sales",
        "",
        0,
        100,
    )
    assert (debit.account_number, debit.account_name_zh) == ("1122", "应收账款")
