"""Statements as platforms write them: real ones where they are there, and small invented ones."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from solver.errors import InvalidRequest, NotFound
from solver.ledger.statements.encoding import Unreadable
from solver.ledger.statements.form_file import form_of, read_form, shipped_forms
from solver.ledger.statements.model import StatementRow
from solver.ledger.statements.open import open_statement
from solver.ledger.statements.reading import Statement, read_all

ALIPAY = """\
------------------------
导出信息：
共3笔记录
收入：1笔 30.00元
支出：1笔 12.50元
不计收支：1笔 8.00元

----------支付宝（中国）网络技术有限公司  电子客户回单----------
交易时间      ,交易对方   ,商品说明   ,收/支   ,金额   ,交易状态   ,交易订单号   ,商家订单号   ,
2026-03-01 10:00:00 ,甲店   ,豆   ,收入   ,30.00   ,交易成功   ,2026A1\t,T1\t,
2026-03-02 23:30:00 ,乙店   ,杯   ,支出   ,12.50   ,交易成功   ,2026A2\t,T2\t,
2026-03-03 09:00:00 ,乙店   ,杯   ,不计收支   ,8.00   ,退款成功   ,2026A3\t,T2\t,
"""


def written(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "statement.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, form: str) -> tuple[list[StatementRow], list[str]]:
    statement = open_statement(path, form)
    rows = list(statement.rows())
    return rows, [str(fault) for fault in statement.report.faults]


def test_a_bill_in_gbk_with_a_preamble_is_read_with_its_signs_keys_and_days(tmp_path: Path) -> None:
    statement = Statement(written(tmp_path, ALIPAY, "gb18030"), form_of("alipay"))
    rows = read_all(statement)
    assert statement.report.encoding == "gb18030"
    assert [(row.line, row.amount_minor, row.kind) for row in rows] == [
        (10, 3_000, "receipt"),
        (11, -1_250, "payment"),
        (12, 800, "refund"),
    ]
    assert rows[1].keys == {"payment": "2026A2", "order": "T2"}
    assert (rows[1].at, rows[1].on) == (datetime(2026, 3, 2, 15, 30, tzinfo=UTC), date(2026, 3, 2))


def test_the_same_bill_in_another_encoding_has_the_same_rows(tmp_path: Path) -> None:
    gbk = read_all(Statement(written(tmp_path, ALIPAY, "gb18030"), form_of("alipay")))
    utf8 = read_all(Statement(written(tmp_path, ALIPAY, "utf-8-sig", "other.csv"), form_of("alipay")))
    assert [row.row_id for row in gbk] == [row.row_id for row in utf8]
    assert len({row.row_id for row in gbk}) == 3


def test_rows_that_say_the_very_same_are_told_apart_by_their_order(tmp_path: Path) -> None:
    text = "on,amount,currency,payment,order,party\n" + "2026-03-01,5.00,CNY,,,shop\n" * 2
    rows, _ = read(written(tmp_path, text), "csv")
    assert [row.occurrence for row in rows] == [1, 2]
    assert rows[0].row_id != rows[1].row_id


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (ALIPAY.replace("共3笔", "共4笔"), "line 3: '共4笔记录': the file has 3 such rows"),
        (ALIPAY.replace("1笔 12.50元", "1笔 12.60元"), "line 5: '支出：1笔 12.60元': its rows come to 12.50"),
        (ALIPAY.replace(",甲店   ,豆", ",豆"), "line 10: 交易状态:"),
        (ALIPAY.replace(",12.50   ,交易成功", ",交易成功,12.50"), "line 11: 金额: '交易成功': is no amount: cells are"),
        (ALIPAY.replace(",12.50  ", ",-12.50"), "line 11: 金额: '-12.50': is below 0"),
        (ALIPAY.replace("收入   ,30.00", "进   ,30.00"), "line 10: 交易状态:"),
        (ALIPAY.replace("2026-03-02 23:30:00", "2026-13-02 23:30:00"), "line 11: 交易时间: '2026-13-02"),
        (ALIPAY.replace("交易订单号", "单号"), "line 9: '交易订单号': these columns of `alipay` are missing"),
        (ALIPAY.replace("12.50  ", "12.505"), "line 11: 金额: '12.505': has more decimals than CNY"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_taken(tmp_path: Path, spoilt: str, told: str) -> None:
    path = written(tmp_path, spoilt)
    faults = read(path, "alipay")[1]
    assert any(fault.startswith(told) for fault in faults), faults
    with pytest.raises(InvalidRequest):
        read_all(Statement(path, form_of("alipay")))


def test_a_file_in_a_wrong_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(ALIPAY.encode("gb18030") + b"\xff\xff\xff\n")
    with pytest.raises(Unreadable, match="not utf-8 from line 2 on, not gb18030 from line 13 on"):
        list(Statement(path, form_of("alipay")).rows())
    statement = Statement(written(tmp_path, ALIPAY, "gb18030"), form_of("alipay"), "latin-1")
    assert list(statement.rows()) == []
    assert "wrong encoding" in str(statement.report.faults[0])


def test_a_half_written_file_is_told(tmp_path: Path) -> None:
    bank = (
        "交易日期,摘要,交易场所,记账金额(收入),记账金额(支出),记账币种,对方户名\n2026-03-01,消费,店,,5.00,人民币,甲\n"
    )
    told = "line 0: 'no closing line': the file was cut off: fetch it again"
    assert read(written(tmp_path, bank), "icbc_credit")[1] == [told]
    torn = read(written(tmp_path, ALIPAY[: ALIPAY.rindex(",退款成功")]), "alipay")[1]
    assert any(fault.startswith("line 12: '5 cells'") for fault in torn), torn
    head = "on,amount,currency,payment,order,party\n"
    endless = head + '2026-03-01,"5.00,CNY,,,\n' + "x" * 70_000
    faults = read(written(tmp_path, endless), "csv")[1]
    assert faults[0].startswith("line 3: 'unreadable': is longer than 65,536 characters")


def test_an_unknown_currency_is_refused_with_its_line(tmp_path: Path) -> None:
    rows, faults = read(written(tmp_path, "on,amount,currency,payment,order,party\n2026-03-01,5.00,XQX,,,\n"), "csv")
    assert rows == []
    assert faults == ["line 2: currency: 'XQX': is no known currency; name it under `currencies` of the form"]


def test_fees_are_held_against_what_reached_the_account(tmp_path: Path) -> None:
    head = "Transaction Date,Type,Order,Card Brand,Checkout,Payout ID,Amount,Fee,Net,Currency\n"
    good = head + "2026-06-06 04:15:48 -0700,charge,#1,visa,c1,,21.83,1.52,20.31,USD\n"
    rows, faults = read(written(tmp_path, good), "shopify")
    assert (rows[0].amount_minor, rows[0].fee_minor, rows[0].net_minor, faults) == (2_183, 152, 2_031, [])
    assert rows[0].at == datetime(2026, 6, 6, 11, 15, 48, tzinfo=UTC)
    assert (
        "line 2: Fee: '-1.52': is a fee below 0"
        in read(written(tmp_path, good.replace("1.52", "-1.52")), "shopify")[1][0]
    )
    assert (
        "line 2: Net: '20.30': is not the amount"
        in read(written(tmp_path, good.replace("20.31", "20.30")), "shopify")[1][0]
    )


def test_a_merchants_bill_with_back_quotes_and_a_summary_is_read(tmp_path: Path) -> None:
    head = "交易时间,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,商户退款单号,退款金额,商品名称,手续费\n"
    paid = "`2026-03-01 10:00:00,`4200001,`pay1,`SUCCESS,`CNY,`9.90,`0,`0.00,`豆,`0.05940\n"
    back = "`2026-03-01 11:00:00,`4200001,`pay1,`REFUND,`CNY,`0.00,`rf1,`3.00,`豆,`-0.02\n"
    tail = "总交易单数,应结订单总金额,退款总金额\n`2,`9.90,`3.00\n"
    rows, faults = read(written(tmp_path, head + paid + back + tail), "wechat_merchant")
    assert [(row.amount_minor, row.fee_minor, dict(row.keys)) for row in rows] == [
        (990, 6, {"payment": "4200001", "order": "pay1"}),
        (-300, -2, {"payment": "4200001", "order": "pay1", "refund": "rf1"}),
    ]
    assert faults == []
    assert read(written(tmp_path, head + paid + tail), "wechat_merchant")[1] == [
        "line 3: 总交易单数: '2': the file has 1 rows: a part is missing or too much",
        "line 3: 退款总金额: '3.00': the rows come to 0.00: a part is missing or was changed",
    ]


def test_every_shipped_form_reads_and_an_unknown_one_is_told_what_was_meant() -> None:
    assert all(form_of(form_id).form_id == form_id for form_id in shipped_forms())
    with pytest.raises(NotFound, match="did you mean alipay"):
        form_of("alipai")


def test_faults_of_a_form_are_told_with_their_lines() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_form(
            "statement: x\nname: X\nzone: Nowhere\ncurrency: YUAN\nat: t\ntime_forms: [iso]\nflow: 1\nflows: []\n",
            "x.yaml",
        )
    told = [str(one) for one in caught.value.violations]
    assert [one.split(" ")[0] for one in told] == ["x.yaml:1:", "x.yaml:3:", "x.yaml:4:", "x.yaml:7:"]
    assert "did you mean flows?" in told[3]


REAL = [
    ("alipay", "alipay/example-alipay-records.csv", 7, 22_213_289),
    ("jd", "jd/example-jd-records.csv", 22, -118_011),
    ("icbc_debit_v1", "icbc/debit-v1/example-icbc-debit-v1-records.csv", 11, -139_934),
    ("icbc_debit_v2", "icbc/debit-v2/example-icbc-debit-v2-records.csv", 11, -139_934),
    ("icbc_credit", "icbc/credit/example-icbc-credit-records.csv", 9, 425_788),
    ("amazon_flat_v1", "amazon_settlement_flat_v1_excerpt.tsv", 2, 2_699),
]


@pytest.mark.parametrize(("form", "file", "rows", "moved_minor"), REAL)
def test_real_statements_are_read_to_the_cent(
    shared_data: Path, form: str, file: str, rows: int, moved_minor: int
) -> None:
    statement = Statement(shared_data / "statements" / file, form_of(form))
    found = read_all(statement, anyway=True)
    assert (len(found), sum(row.amount_minor for row in found)) == (rows, moved_minor)
    assert len({row.row_id for row in found}) == rows


def test_the_real_jd_bill_agrees_with_its_own_totals_only_without_what_was_given_back(shared_data: Path) -> None:
    statement = Statement(shared_data / "statements/jd/example-jd-records.csv", form_of("jd"))
    rows = read_all(statement)
    assert statement.report.faults == []
    first = next(row for row in rows if row.refunded_minor)
    assert (first.line, first.amount_minor, first.refunded_minor) == (26, -13_177, 8_984)


def test_real_statements_that_were_shortened_are_told_so(shared_data: Path) -> None:
    statement = Statement(shared_data / "statements/alipay/example-alipay-records.csv", form_of("alipay"))
    list(statement.rows())
    assert (
        str(statement.report.faults[0])
        == "line 8: '共66笔记录': the file has 10 such rows: a part is missing or too much"
    )
