"""What a file says, word by word, made into an invoice once everything of it is found right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from solver.errors import Violations
from solver.ledger.invoicing.reading.model import InvoiceFormat, ReadInvoice, ReadLine
from solver.validation import decimal_of

_DAY = re.compile(r"(\d{4})\s*[-/年.]?\s*(\d{1,2})\s*[-/月.]?\s*(\d{1,2})")
_MOST = Decimal(10) ** 12
_NOTHING = ("***", "*", "—", "-")  # what stands for no tax where an item bears none


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLine:
    """A line in the file's own words."""

    name: str
    net: str
    tax: str
    rate: str = ""
    quantity: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An invoice in the file's own words."""

    number: str
    on: str
    seller_name: str
    seller_tax_id: str
    buyer_name: str
    buyer_tax_id: str
    net: str
    tax: str
    gross: str
    lines: Sequence[SaidLine]
    code: str = ""


def invoice_of(said: Said, origin: str, kind: InvoiceFormat) -> ReadInvoice:
    """The invoice. Raises InvalidRequest with all that is missing, is no number, or does not add up."""
    violations = Violations()
    for name in ("number", "seller_name", "buyer_name"):
        remedy = "the file does not say it (缺少必填项)"
        violations.require(bool(getattr(said, name)), f"{origin}: {name}", "missing", remedy)
    on = _day(said.on, f"{origin}: on", violations)
    net = _minor(said.net, f"{origin}: net", violations)
    tax = _minor(said.tax, f"{origin}: tax", violations)
    gross = _minor(said.gross, f"{origin}: gross", violations)
    lines = tuple(
        ReadLine(
            name=line.name,
            net_minor=_minor(line.net, f"{origin}: lines[{position}].net", violations),
            tax_minor=_minor(line.tax, f"{origin}: lines[{position}].tax", violations),
            rate=line.rate,
            quantity=line.quantity,
            unit=line.unit,
        )
        for position, line in enumerate(said.lines)
    )
    if not violations.found:
        _check_sums(lines, net, tax, gross, origin, violations)
    violations.refuse_any("the invoice's file")
    assert on is not None
    return ReadInvoice(
        origin=origin,
        format=kind,
        number=said.number,
        on=on,
        seller_name=said.seller_name,
        seller_tax_id=said.seller_tax_id,
        buyer_name=said.buyer_name,
        buyer_tax_id=said.buyer_tax_id,
        net_minor=net,
        tax_minor=tax,
        lines=lines,
        code=said.code,
    )


def _check_sums(lines: Sequence[ReadLine], net: int, tax: int, gross: int, origin: str, violations: Violations) -> None:
    remedy = f"net and tax come to {net + tax} fen (价税合计不符)"
    violations.require(net + tax == gross, f"{origin}: gross", gross, remedy)
    if not lines:
        return
    for name, total in (("net", net), ("tax", tax)):
        summed = sum(getattr(line, f"{name}_minor") for line in lines)
        violations.require(
            summed == total, f"{origin}: {name}", total, f"its lines sum to {summed} fen (合计与明细不符)"
        )


def _minor(text: str, path: str, violations: Violations) -> int:
    """Fen of what stands there: `¥4,197.17`. What bears no tax says `***`."""
    plain = text.strip().lstrip("¥￥").replace(",", "").replace(" ", "")
    if plain in _NOTHING:
        return 0
    number = decimal_of(plain)
    fen = None if number is None or abs(number) * 100 >= _MOST else number * 100
    sound = fen is not None and fen == int(fen)
    violations.require(sound, path, text or "missing", "give an amount with two decimals (金额无法识别)")
    return int(fen) if fen is not None and sound else 0


def _day(text: str, path: str, violations: Violations) -> date | None:
    found = _DAY.search(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    violations.require(day is not None, path, text or "missing", "give a day (开票日期无法识别)")
    return day
