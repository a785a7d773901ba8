"""What must hold before an invoice is issued. Every fault is named, in English and in Chinese."""

from solver.errors import Violations
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceKind, InvoiceWish, SaleLine
from solver.ledger.invoicing.rounding import rounded
from solver.ledger.invoicing.tax import BASIS_POINTS, TaxPlace, TaxTable, Treatment, percent
from solver.validation import MOST_MINOR, MOST_UNITS, check_between, check_id, check_unique, unknown

MOST_LINES = 2_000
LINE_TOLERANCE_MINOR = 6  # 单行税额误差不超过 0.06 元
_CLASSIFICATION_DIGITS = 19
_TAX_ID_CHARACTERS = (15, 17, 18, 20)


def refuse_unsound(wish: InvoiceWish, taxes: TaxTable) -> None:
    """Raise InvalidRequest with every fault of what shall be invoiced."""
    violations = Violations()
    check_id(wish.wish_id, "wish_id", violations)
    if wish.entity:  # empty: the one that is at home
        check_id(wish.entity, "entity", violations)
    _check_limits(wish, violations)
    check_buyer(wish.buyer, wish.kind, wish.place, violations)
    known = wish.place in taxes
    violations.require(known, "place", wish.place, unknown(wish.place, taxes, "place of tax", _listed(taxes)))
    sound = 1 <= len(wish.lines) <= MOST_LINES
    violations.require(sound, "lines", f"{len(wish.lines)} lines", f"give 1 to {MOST_LINES:,} (发票行数不符)")
    if known:
        place = taxes[wish.place]
        remedy = f"an invoice of {place.name} is in {place.currency} (币种不符)"
        violations.require(wish.currency == place.currency, "currency", wish.currency, remedy)
        for position, line in enumerate(wish.lines):
            _check_line(line, wish, place, f"lines[{position}]", violations)
    check_unique([f"{line.order_id}/{line.line_id}" for line in wish.lines], "lines", violations)
    violations.refuse_any("the wish for invoices")


def check_buyer(buyer: Buyer, kind: InvoiceKind, place: str, violations: Violations) -> None:
    """A buyer has a name; for a special invoice also a taxpayer's number, which in China has a known length."""
    check_id(buyer.name, "buyer.name", violations)
    if kind is InvoiceKind.SPECIAL:
        remedy = "a special invoice needs the buyer's taxpayer number (专票须填购买方纳税人识别号)"
        violations.require(bool(buyer.tax_id), "buyer.tax_id", buyer.tax_id, remedy)
    if buyer.tax_id and place == "CN":
        sound = len(buyer.tax_id) in _TAX_ID_CHARACTERS and buyer.tax_id.isascii() and buyer.tax_id.isalnum()
        remedy = "give 15, 17, 18 or 20 letters and digits (纳税人识别号位数不符)"
        violations.require(sound, "buyer.tax_id", buyer.tax_id, remedy)


def refuse_wrong_tax(invoice: Invoice, taxes: TaxTable) -> None:
    """Raise InvalidRequest where an invoice is not what the rates say, or its lines do not sum to it."""
    violations = Violations()
    place = taxes.get(invoice.place)
    for position, line in enumerate(invoice.lines if place else ()):
        assert place is not None
        path = f"lines[{position}]"
        rate = place.rate(line.tax_item, invoice.on)
        if rate is None or (rate.basis_points, rate.treatment) != (line.rate_basis_points, line.treatment):
            stated = "none" if rate is None else f"{percent(rate.basis_points)} {rate.treatment}"
            remedy = f"on {invoice.on} the rate of {line.tax_item} is {stated} (税率与税目不符)"
            violations.add(f"{path}.rate_basis_points", line.rate_basis_points, remedy)
        due = rounded(line.net_minor * line.rate_basis_points, BASIS_POINTS, place.rounding_mode)
        if abs(due - line.tax_minor) > LINE_TOLERANCE_MINOR:
            violations.add(f"{path}.tax_minor", line.tax_minor, f"the tax on it is {due} (税额误差超限)")
    for name in ("net_minor", "tax_minor"):
        total = sum(getattr(line, name) for line in invoice.lines)
        remedy = f"its lines sum to {total} (合计与明细不符)"
        violations.require(total == getattr(invoice, name), name, getattr(invoice, name), remedy)
    violations.refuse_any(f"the invoice {invoice.invoice_id}")


def _check_limits(wish: InvoiceWish, violations: Violations) -> None:
    check_between(wish.most_net_minor, 0, MOST_MINOR, "most_net_minor", violations)
    check_between(wish.most_lines, 0, MOST_LINES, "most_lines", violations)


def _check_line(line: SaleLine, wish: InvoiceWish, place: TaxPlace, path: str, violations: Violations) -> None:
    for name in ("order_id", "line_id", "sku", "name"):
        check_id(getattr(line, name), f"{path}.{name}", violations)
    check_between(line.units, 1, MOST_UNITS, f"{path}.units", violations)
    check_between(line.amount_minor, 1, MOST_MINOR, f"{path}.amount_minor", violations)
    if line.tax_item not in place.items:
        remedy = unknown(line.tax_item, place.items, f"tax item in {place.name}", _listed(place.items))
        violations.add(f"{path}.tax_item", line.tax_item, f"{remedy} (税目不存在)")
        return
    rate = place.rate(line.tax_item, wish.on)
    if rate is None:
        violations.add(f"{path}.tax_item", line.tax_item, f"it has no rate on {wish.on} (该日期无适用税率)")
    elif wish.kind is InvoiceKind.SPECIAL and rate.treatment in (Treatment.EXEMPT, Treatment.UNTAXED):
        remedy = f"what is {rate.treatment} goes on an ordinary invoice (免税、不征税项目不得开具专用发票)"
        violations.add(f"{path}.tax_item", line.tax_item, remedy)
    if line.goods_tax_item and line.goods_tax_item != line.tax_item:
        remedy = f"{line.sku} is {line.goods_tax_item}; correct the line or the goods (税目与商品不符)"
        violations.add(f"{path}.tax_item", line.tax_item, remedy)
    _check_classification(line, place.items[line.tax_item].chapter, path, violations)


def _check_classification(line: SaleLine, chapter: str, path: str, violations: Violations) -> None:
    code = line.classification
    if not code:
        return
    digits = len(code) == _CLASSIFICATION_DIGITS and code.isascii() and code.isdecimal()
    remedy = f"give {_CLASSIFICATION_DIGITS} digits that begin with {chapter} for {line.tax_item} (税收分类编码不符)"
    violations.require(digits and code.startswith(chapter), f"{path}.classification", code, remedy)


def _listed(known: object) -> str:
    names = sorted(str(one) for one in known)  # type: ignore[attr-defined]  # any collection of names
    return f"give one of {', '.join(names)}"
