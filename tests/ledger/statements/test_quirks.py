"""What statements in use are like, as parsers of other projects show it; every sample is invented."""

from pathlib import Path

import pytest

from solver.ledger.statements.encoding import Unreadable
from solver.ledger.statements.model import StatementRow
from solver.ledger.statements.open import open_statement

WECHAT = """\
微信支付账单明细,,,,,,,,,,
微信昵称：[某人],,,,,,,,,,
起始时间：[2026-01-01 00:00:00] 终止时间：[2026-01-31 23:59:59],,,,,,,,,,
,,,,,,,,,,
共4笔记录,,,,,,,,,,
收入：1笔 10.00元,,,,,,,,,,
支出：2笔 1234.50元,,,,,,,,,,
中性交易：1笔 500.00元,,,,,,,,,,
注：,,,,,,,,,,
----------------------微信支付账单明细列表--------------------,,,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
2026-01-05 12:00:00,商户消费,咖啡店,"拿铁,大杯",支出,¥34.50,零钱,已退款(￥10.00),"4200001\t","M1\t","/"
2026-01-06 12:00:00,咖啡店-退款,咖啡店,拿铁,收入,￥10.00,零钱,已退款￥10.00,"4200002\t",/,"/"
2026-01-08 12:00:00,商户消费,店,物,支出,"¥1,200.00",某银行(1234),支付成功,"4200003\t","M2\t","/"
2026-01-09 12:00:00,零钱提现,某银行,/,/,¥500.00,某银行,提现已到账,"2000\t","/","服务费¥0.50"
"""

MEITUAN = """\
美团交易账单明细
起始时间：[2026-01-01] 终止时间：[2026-01-31]
""
共：5笔记录
支出：3笔 1600.00元
""
4. 因统计逻辑不同，明细的实付金额累加后可能与统计金额不一致，请以实际交易金额为准
【美团交易账单明细列表】
交易创建时间,交易成功时间,交易类型,订单标题,收/支,支付方式,订单金额,实付金额,交易单号,商家单号,备注
2026-01-15 12:00:01,2026-01-16 00:00:05,支付,餐厅-代金券,支出,某银行(8888),¥100.00,¥98.00,"X1\t","MC1\t",/
2026-01-16 09:00:00,2026-01-16 09:00:02,退款,餐厅-代金券,收入,某银行(8888),¥30.00,¥30.00,"X2\t","MC1\t",/
2026-01-20 10:00:00,,支付,大额,支出,美团月付,"¥1,549.00","¥1,549.00","X3\t","MC3\t",/
2026-01-21 08:00:00,2026-01-21 08:00:01,还款,月付还款,支出,某银行,¥100.00,¥100.00,X4,/,/
2026-01-19 10:00:00,2026-01-19 10:00:01,充值,充值,不计收支,某银行,¥100.00,¥100.00,X5,MC5,/
"""

PAYPAL_COLUMNS = (
    "Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID",
    "Reference Txn ID", "Invoice Number", "Balance", "Balance Impact",
)  # fmt: skip

USUAL = {"Date": "03/14/2026", "Currency": "USD", "Fee": "0.00"}

SHOPIFY = """\
Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Payout ID,Available On,Amount,Fee,Net,\
Checkout,Payment Method Name,Presentment Amount,Presentment Currency,Currency,VAT
2026-01-19 23:07:45 -0500,charge,#3703,visa,online,paid,,14,2026-01-22,37.90,1.10,36.80,#5,card,37.90,USD,USD,0.19
2026-01-20 08:12:57 -0500,refund,#3703,visa,online,pending,2026-02-10,,2026-02-10,-37.90,0.00,-37.90,#5,card,,,USD,0.00
"""

MERCHANT_COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
MERCHANT_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp>
<Amt Ccy="EUR">000000000000100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>
<Amt Ccy="EUR">000000000000100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02+02:00</Dt></BookgDt>
<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>O-1</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">120.00</Amt></TxAmt></AmtDtls>
<RltdPties><Dbtr><Nm>Anna</Nm></Dbtr></RltdPties><RmtInf><Ustrd>Rechnung</Ustrd><Ustrd>2026-10</Ustrd></RmtInf></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">80.00</Amt></TxAmt></AmtDtls>
</TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""

MT940 = """BANKNL2A
940
BANKNL2A
:20:940S260301
:25:NL00BANK0123456789
:28C:00001/001
:60F:C260301EUR000000001000,00
:61:2603010301D000000000025,5N102EREF
NL00BANK0987654321
:86:/EREF/O-77 1/BENM//NAME/CONTRA ACCOUN
T HOLDER/REMI//ISDT/2026-03-01
:62M:C260301EUR000000000974,50
-
:20:940S260301
:25:NL00BANK0123456789
:28C:00001/002
:60M:C260301EUR000000000974,50
:61:2512310102C000000000010,00N154NONREF
:86:/BENM//NAME/JOHN DOE/REMI/Reference 1/ISDT/2026-01-02
:62F:C260302EUR000000000984,50
-
"""

OFX = """


OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF></CURDEF><BANKTRANLIST>
<STMTTRN><TRNTYPE>Credit</TRNTYPE><DTPOSTED>20260507</DTPOSTED><TRNAMT>12.34</TRNAMT><FITID></FITID>
<NAME></NAME><CHECKNUM></CHECKNUM><CURRENCY><CURRATE>1.0000</CURRATE><CURSYM>AUD</CURSYM></CURRENCY></STMTTRN>
</BANKTRANLIST></STMTRS><STMTRS><CURDEF>USD<BANKTRANLIST>
<STMTTRN><TRNTYPE>POS<DTPOSTED>20260508120000.000[-7:PDT]<TRNAMT>-5.00<FITID>F2
<ORIGCURRENCY><CURRATE>1.1<CURSYM>EUR</ORIGCURRENCY></STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def read(tmp_path: Path, text: str, form: str) -> tuple[list[StatementRow], list[str], dict[str, int]]:
    path = tmp_path / "statement"
    path.write_bytes(
        text.encode("utf-8-sig" if form in ("wechat", "wechat_merchant", "meituan", "paypal") else "utf-8")
    )
    statement = open_statement(path, form)
    rows = list(statement.rows())
    return rows, [str(fault) for fault in statement.report.faults], dict(statement.report.left_out)


def test_a_wechat_bill_has_yen_signs_tabs_thousands_and_refunds_in_rows_of_their_own(tmp_path: Path) -> None:
    rows, faults, left_out = read(tmp_path, WECHAT, "wechat")
    assert (faults, left_out) == ([], {"between own accounts": 1})
    assert [(row.amount_minor, row.keys) for row in rows] == [
        (-3_450, {"payment": "4200001", "order": "M1"}),
        (1_000, {"payment": "4200002"}),
        (-120_000, {"payment": "4200003", "order": "M2"}),
    ]


def test_a_merchants_wechat_bill_gives_fees_back_and_a_day_without_trade_is_no_fault(tmp_path: Path) -> None:
    def quoted(cells: str) -> str:
        return ",".join(f"`{cell}" for cell in cells.split(","))

    paid = (
        "2026-01-02 10:00:00,wx,19,0,,42,o1,u,NATIVE,SUCCESS,OTHERS,CNY,9.90,0.00,0,0,0.00,0.00,,,茶,,"
        "0.05940,0.60%,9.90,0.00,"
    )
    back = (
        "2026-01-02 11:00:00,wx,19,0,,42,o1,u,NATIVE,REFUND,OTHERS,CNY,0.00,0.00,5,r1,9.90,0.00,ORIGINAL,SUCCESS,茶,,"
        "-0.05940,0.60%,0.00,9.90,"
    )
    sums = "2,9.90,9.90,0.00,0.00000,9.90,9.90"
    text = "\r\n".join((MERCHANT_COLUMNS, quoted(paid), quoted(back), MERCHANT_SUMS, quoted(sums), ""))
    rows, faults, _ = read(tmp_path, text, "wechat_merchant")
    assert faults == []
    assert [(row.amount_minor, row.fee_minor, row.keys.get("refund")) for row in rows] == [
        (990, 6, None),
        (-990, -6, "r1"),
    ]
    nothing = quoted("0,0.00,0.00,0.00,0.00,0.00,0.00")
    assert read(tmp_path, "\r\n".join((MERCHANT_COLUMNS, MERCHANT_SUMS, nothing, "")), "wechat_merchant")[:2] == (
        [],
        [],
    )


def test_a_meituan_bill_sums_in_another_way_than_its_rows_and_repays_credit(tmp_path: Path) -> None:
    rows, faults, left_out = read(tmp_path, MEITUAN, "meituan")
    assert (faults, left_out) == ([], {"repayment of credit": 1, "between own accounts": 1})
    assert [(row.on.isoformat(), row.amount_minor, row.kind) for row in rows] == [
        ("2026-01-16", -9_800, "payment"),
        ("2026-01-16", 3_000, "refund"),
        ("2026-01-20", -154_900, "payment"),  # its time is that of the order: none of success is told
    ]
    short = read(tmp_path, MEITUAN.replace("共：5笔", "共：6笔"), "meituan")[1]
    assert short == ["line 4: '共：6笔记录': the file has 5 such rows: a part is missing or too much"]


@pytest.mark.parametrize("has_impact", [True, False])
def test_a_paypal_download_has_rows_that_move_nothing_and_payments_that_were_given_back(
    tmp_path: Path, has_impact: bool
) -> None:
    columns = PAYPAL_COLUMNS if has_impact else PAYPAL_COLUMNS[:-1]

    def row(**said: str) -> str:
        cells = {name.replace("_", " "): value for name, value in {**USUAL, **said}.items()}
        return ",".join(f'"{cells.get(name, "")}"' for name in columns)

    paid, done = "Website Payment", "Completed"
    lines = (
        row(Type=paid, Status=done, Gross="1,234.56", Fee="-36.10", Net="1,198.46", Transaction_ID="1"),
        row(Type="General Authorization", Status="Pending", Gross="-50.00", Net="-50.00", Balance_Impact="Memo"),
        row(Type="Invoice Sent", Status="Canceled", Gross="75.00", Net="75.00", Balance_Impact="Memo"),
        row(Type="General Withdrawal", Status=done, Gross="-400.00", Net="-400.00"),
        row(Type=paid, Status="Partially Refunded", Gross="20.00", Fee="-0.88", Net="19.12"),
        row(Type="General Currency Conversion", Status=done, Currency="JPY", Gross="1,500", Fee="0", Net="1,500"),
    )
    heading = ",".join(f'"{name}"' for name in columns)
    text = "\n".join((heading, *lines, ""))
    rows, faults, left_out = read(tmp_path, text, "paypal")
    assert faults == []
    assert [(one.amount_minor, one.currency, one.fee_minor, one.kind) for one in rows] == [
        (123_456, "USD", 3_610, "payment"),
        (-40_000, "USD", 0, "withdrawal"),
        (2_000, "USD", 88, "payment"),
        (1_500, "JPY", 0, "currency conversion"),
    ]
    assert left_out == ({"memo": 2} if has_impact else {"pending": 1, "cancelled": 1})


def test_shopifys_eighteen_columns_with_offsets_and_payouts_that_are_still_to_come(tmp_path: Path) -> None:
    rows, faults, _ = read(tmp_path, SHOPIFY, "shopify")
    assert faults == []
    assert [(row.at.isoformat(), row.amount_minor, row.fee_minor, row.keys) for row in rows] == [
        ("2026-01-20T04:07:45+00:00", 3_790, 110, {"order": "#3703", "checkout": "#5", "payout": "14"}),
        ("2026-01-20T13:12:57+00:00", -3_790, 0, {"order": "#3703", "checkout": "#5"}),
    ]


def test_older_camt_says_amounts_within_details_and_days_with_offsets(tmp_path: Path) -> None:
    rows, faults, _ = read(tmp_path, CAMT, "camt")
    assert faults == []
    assert [(row.on.isoformat(), row.amount_minor, row.party, row.memo, row.keys) for row in rows] == [
        ("2026-03-02", 12_000, "Anna", "Rechnung 2026-10", {"order": "O-1"}),
        ("2026-03-02", 8_000, "", "", {}),
    ]


def test_mt940_of_several_pages_with_references_among_the_details(tmp_path: Path) -> None:
    rows, faults, _ = read(tmp_path, MT940, "mt940")
    assert faults == []
    assert [(row.on.isoformat(), row.amount_minor, row.party, row.keys.get("order")) for row in rows] == [
        ("2026-03-01", -2_550, "CONTRA ACCOUNT HOLDER", "O-77 1"),
        ("2026-01-02", 1_000, "JOHN DOE", None),  # booked in the year after its value day
    ]
    assert read(tmp_path, MT940.replace("C260302EUR000000000984,50", "C260302EUR000000000994,50"), "mt940")[1] == [
        "line 0: closing balance: '994.50': the opening balance and the rows come to 984.50: a part is missing"
    ]


def test_ofx_with_empty_tags_has_its_currency_in_the_rows_and_what_was_converted_has_that_of_the_list(
    tmp_path: Path,
) -> None:
    rows, faults, _ = read(tmp_path, OFX, "ofx")
    assert faults == []
    assert [(row.amount_minor, row.currency, row.keys) for row in rows] == [
        (1_234, "AUD", {}),
        (-500, "USD", {"bank": "F2"}),
    ]


def test_a_workbook_is_told_to_be_saved_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "bill.xlsx"
    path.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(Unreadable, match="save its sheet as CSV in UTF-8"):
        list(open_statement(path, "wechat").rows())
