"""Voucher lines as CSV."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from solver.ledger.sheets.erp import FIELDS, VoucherLine, guarded, write_erp

LINE = VoucherLine(
    voucher_id="V0000000001",
    line=1,
    entity="XY",
    on=date(2026, 3, 2),
    posted_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    kind="shipped",
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
    reason='said "so", twice\nover two lines',
)


def written(*lines: VoucherLine, bom: bool = False) -> str:
    file = io.StringIO(newline="")
    assert write_erp(file, lines, bom=bom) == len(lines)
    return file.getvalue()


def test_a_line_reads_back_as_it_was() -> None:
    [row] = csv.DictReader(io.StringIO(written(LINE), newline=""))
    assert tuple(row) == FIELDS
    assert (row["debit"], row["credit"], row["currency"]) == ("113.00", "0.00", "CNY")
    assert (row["on"], row["posted_at"]) == ("2026-03-02", "2026-03-02T12:00:00+00:00")
    assert (row["account_name_zh"], row["reason"]) == ("应收账款", LINE.reason)


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
