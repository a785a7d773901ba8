"""E-invoices read back from OFD and XML, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.ledger.invoicing.reading import ofd
from solver.ledger.invoicing.reading.files import read_invoice
from solver.ledger.invoicing.reading.model import InvoiceFormat, ReadLine
from tests.ledger.invoicing.reading.made import ENTRIES, FULLY_DIGITAL, NUMBER, ORIGINAL, packed


def faults(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as refused:
        read_invoice(data, "a.file")
    return [(one.field, one.remedy) for one in refused.value.violations]


def test_a_fully_digital_invoice_is_read_from_its_xml() -> None:
    read = read_invoice(FULLY_DIGITAL.encode(), "a.xml")
    assert (read.format, read.number, read.on) == (InvoiceFormat.XML, NUMBER, date(2026, 3, 3))
    assert (read.net_minor, read.tax_minor, read.gross_minor) == (11_000, 1_300, 12_300)
    assert (read.seller_tax_id, read.buyer_name) == ("91310000MA1FL00099", "海上茶业有限公司")
    assert read.lines == (
        ReadLine(name="*茶*龙井", net_minor=10_000, tax_minor=1_300, rate="0.13", quantity="2", unit="盒"),
        ReadLine(name="*蔬菜*青菜", net_minor=1_000, tax_minor=0, rate="免税"),
    )


def test_an_ofd_is_read_by_its_tags_and_lines_that_wrap_are_put_together() -> None:
    read = read_invoice(packed(), "a.ofd")
    assert (read.format, read.number, read.gross_minor) == (InvoiceFormat.OFD, NUMBER, 12_300)
    assert [(line.name, line.net_minor, line.tax_minor, line.rate) for line in read.lines] == [
        ("*茶*龙井（特级，礼盒）", 10_000, 1_300, "13%"),
        ("*蔬菜*青菜", 1_000, 0, "免税"),
    ]


def test_an_ofd_with_the_original_inside_is_read_from_that() -> None:
    read = read_invoice(packed({"OFD.xml": "<OFD/>", "Doc_0/Attachs/original_invoice.xml": ORIGINAL}), "a.ofd")
    assert (read.code, read.number, read.on) == ("031001900111", "12345678", date(2021, 5, 6))
    assert (read.buyer_name, read.buyer_tax_id, read.gross_minor) == ("李雷", "", 11_300)


def test_a_real_ofd_is_read(shared_data: Path) -> None:
    read = read_invoice((shared_data / "statements" / "invoice_customtag.ofd").read_bytes(), "real.ofd")
    assert (read.number, read.on) == ("24112000000048542163", date(2024, 5, 28))
    assert (read.net_minor, read.tax_minor, read.gross_minor) == (419_717, 25_183, 444_900)
    [line] = read.lines
    assert (line.name, line.rate, line.quantity) == ("*信息技术服务*技术服务费", "6%", "1")


def test_a_red_letter_invoice_has_amounts_below_zero() -> None:
    text = FULLY_DIGITAL
    for amount in ("110.00", "13.00", "123.00", "100.00", "10.00"):
        text = text.replace(f">{amount}<", f">-{amount}<")
    assert read_invoice(text.encode(), "red.xml").gross_minor == -12_300


def test_sums_that_are_wrong_are_told() -> None:
    assert faults(FULLY_DIGITAL.replace(">123.00<", ">124.00<").encode()) == [
        ("a.file: gross", "net and tax come to 12300 fen (价税合计不符)")
    ]
    assert faults(FULLY_DIGITAL.replace(">100.00<", ">99.00<").encode()) == [
        ("a.file: net", "its lines sum to 10900 fen (合计与明细不符)")
    ]


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert [field for field, _ in faults(b"<EInvoice/>")] == [
        "a.file: number",
        "a.file: seller_name",
        "a.file: buyer_name",
        "a.file: on",
        "a.file: net",
        "a.file: tax",
        "a.file: gross",
    ]


@pytest.mark.parametrize("amount", ["1e99", "NaN", "12.345", "twelve", "999999999999999"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    [(field, remedy), *_] = faults(FULLY_DIGITAL.replace(">110.00<", f">{amount}<").encode())
    assert (field, remedy) == ("a.file: net", "give an amount with two decimals (金额无法识别)")


def test_an_ofd_whose_page_and_data_disagree_is_refused() -> None:
    changed = {**ENTRIES, "OFD.xml": ENTRIES["OFD.xml"].replace(NUMBER, "26312000000000000002")}
    assert faults(packed(changed)) == [
        ("a.file: 发票号码", f"the page says {NUMBER}; the file was changed (版面与元数据不一致)")
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        FULLY_DIGITAL.encode()[:-30],
        packed()[:-40],
        packed({"other.xml": "<a/>"}),
        packed({**ENTRIES, "Doc_0/Tags/CustomTag.xml": "<cut"}),
        b"<?xml version='1.0'?><other/>",
        b"<?xml version='1.0' encoding='GBK'?><EInvoice/>",
    ],
)
def test_half_a_file_or_another_file_is_refused(data: bytes) -> None:
    assert len(faults(data)) == 1


def test_document_types_and_entities_are_not_read() -> None:
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n<EInvoice>&b;</EInvoice>'
    assert faults(bomb) == [("a.file:2", "send the document as the tax authority made it")]
    deep = b"<a>" * 100 + b"</a>" * 100
    assert faults(deep) == [("a.file:1", "send the document as the tax authority made it")]


def test_a_zip_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "MOST_UNPACKED_BYTES", 10_000)
    padded = {**ENTRIES, "OFD.xml": ENTRIES["OFD.xml"] + " " * 20_000}
    assert faults(packed(padded)) == [("a.file", "an invoice is smaller than that")]
    monkeypatch.setattr(ofd, "MOST_ENTRIES", 3)
    assert faults(packed()) == [("a.file", "an OFD has at most 3")]
