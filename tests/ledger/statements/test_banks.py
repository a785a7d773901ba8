"""Statements in banks' own formats."""

from pathlib import Path

import pytest

from solver.errors import NotFound
from solver.ledger.statements.open import open_statement

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">115.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">20.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>
<TxDtls><Refs><EndToEndId>O-1</EndToEndId></Refs><Amt Ccy="EUR">12.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>Anna</Nm></Pty></Dbtr></RltdPties></TxDtls>
<TxDtls><Refs><EndToEndId>O-2</EndToEndId></Refs><Amt Ccy="EUR">8.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-03</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-03-03</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""

MT940 = """:20:START
:25:12345678/0000012345
:28C:1/1
:60F:C260301EUR100,00
:61:2603020302C20,50NTRFO-1//B1
:86:payment of an order
:61:2603030303D5,00NTRFNONREF//B2
:86:fee
:62F:C260303EUR115,50
-
"""

OFX = """OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302233000[-5:EST]<TRNAMT>20.50<FITID>B1<NAME>Anna &amp; Co<REFNUM>O-1
</STMTTRN>
<STMTTRN><TRNTYPE>SRVCHG<DTPOSTED>20260303<TRNAMT>-5.00<FITID>B2</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def read(tmp_path: Path, text: str, form: str) -> tuple[list[tuple[str, int, str]], list[str]]:
    path = tmp_path / "statement"
    path.write_text(text, "utf-8")
    statement = open_statement(path, form)
    rows = [(row.on.isoformat(), row.amount_minor, row.keys.get("order", "")) for row in statement.rows()]
    return rows, [str(fault) for fault in statement.report.faults]


def test_entries_of_camt_are_read_by_their_transactions_and_lead_from_balance_to_balance(tmp_path: Path) -> None:
    rows, faults = read(tmp_path, CAMT, "camt")
    assert rows == [("2026-03-02", 1_200, "O-1"), ("2026-03-02", 850, "O-2"), ("2026-03-03", -500, "")]
    assert faults == []
    assert read(tmp_path, CAMT.replace("115.50", "115.60"), "camt")[1] == [
        "line 0: closing balance: '115.60': the opening balance and the rows come to 115.50: a part is missing"
    ]


def test_camt_that_is_cut_off_or_names_entities_is_told_and_nothing_is_read(tmp_path: Path) -> None:
    rows, faults = read(tmp_path, CAMT[:900], "camt")
    assert rows == []
    assert "the file was cut off" in faults[0]
    bomb = CAMT.replace("<Document", '<!DOCTYPE x [<!ENTITY a "b">]><Document')
    assert read(tmp_path, bomb, "camt")[1] == [
        "line 1: 'entities or a DTD': such a file is not read: DTDForbidden"
    ]  # fmt: skip


def test_mt940_is_read_with_its_signs_and_balances(tmp_path: Path) -> None:
    rows, faults = read(tmp_path, MT940, "mt940")
    assert rows == [("2026-03-02", 2_050, "O-1"), ("2026-03-03", -500, "")]
    assert faults == []
    assert "come to 115.50" in read(tmp_path, MT940.replace("115,50", "115,40"), "mt940")[1][0]
    assert read(tmp_path, "nothing of the kind", "mt940")[1] == [
        "line 1: 'nothing of the kind': has no :20: of a statement; not MT940"
    ]


def test_ofx_is_read_whether_its_leaves_are_closed_or_not(tmp_path: Path) -> None:
    rows, faults = read(tmp_path, OFX, "ofx")
    assert rows == [("2026-03-02", 2_050, "O-1"), ("2026-03-03", -500, "")]
    assert faults == []
    closed = OFX.replace("<CURDEF>USD", "<CURDEF>USD</CURDEF>").replace("<FITID>B1", "<FITID>B1</FITID>")
    assert read(tmp_path, closed, "ofx") == (rows, [])
    cut = read(tmp_path, OFX.replace("</OFX>", ""), "ofx")[1]
    assert cut == ["line 10: 'no </OFX>': the file was cut off: fetch it again"]
    wrong = read(tmp_path, OFX.replace("-5.00", "five"), "ofx")[1]
    assert wrong == ["line 8: STMTTRN: 'B2': cannot be read: is no amount"]


def test_an_unknown_format_is_told_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="did you mean mt940"):
        open_statement(tmp_path / "x", "mt94")
