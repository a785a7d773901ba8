"""From a wish to invoices: orders merged into one, one split where a limit asks for it. No cent is lost."""

from collections.abc import Sequence
from dataclasses import replace

from solver.errors import Violations
from solver.ledger.invoicing.checking import refuse_unsound
from solver.ledger.invoicing.compute import Basis, taxed
from solver.ledger.invoicing.model import Invoice, InvoiceLine, InvoiceWish, SaleLine
from solver.ledger.invoicing.rounding import shared
from solver.ledger.invoicing.tax import Rate, RoundingAt, TaxPlace, TaxTable

MOST_INVOICES = 1_000


def drafted(wish: InvoiceWish, taxes: TaxTable) -> tuple[Invoice, ...]:
    """The invoices of a wish, checked. They take its lines in their order, as few as can be without changing that.

    A line that alone exceeds the limit is split by units. Raises InvalidRequest with every fault.
    """
    refuse_unsound(wish, taxes)
    place = taxes[wish.place]
    pieces = [piece for line in wish.lines for piece in _pieces(line, wish, place)]
    groups = _groups(pieces, wish, place)
    violations = Violations()
    violations.require(len(groups) <= MOST_INVOICES, "most_net_minor", wish.most_net_minor, "raise the limit")
    violations.refuse_any("the invoices of a wish")
    return tuple(
        _invoice(f"{wish.wish_id}-{number}", group, wish, place) for number, group in enumerate(groups, start=1)
    )


def lines_of(sales: Sequence[SaleLine], wish: InvoiceWish, place: TaxPlace) -> tuple[InvoiceLine, ...]:
    """The lines of one invoice, each with its tax."""
    rates = [_rate(line, wish, place) for line in sales]
    bases = [_basis(line, rate) for line, rate in zip(sales, rates, strict=True)]
    return tuple(
        InvoiceLine(
            number=number,
            order_id=line.order_id,
            line_id=line.line_id,
            sku=line.sku,
            name=line.name,
            tax_item=line.tax_item,
            treatment=rate.treatment,
            rate_basis_points=rate.basis_points,
            units=line.units,
            basis_minor=line.amount_minor,
            tax_included=line.tax_included,
            net_minor=amounts.net_minor,
            tax_minor=amounts.tax_minor,
            unit=line.unit,
            goods_tax_item=line.goods_tax_item,
            classification=line.classification,
        )
        for number, (line, rate, amounts) in enumerate(zip(sales, rates, taxed(bases, place), strict=True), start=1)
    )


def _rate(line: SaleLine, wish: InvoiceWish, place: TaxPlace) -> Rate:
    rate = place.rate(line.tax_item, wish.on)
    assert rate is not None, "the wish was checked"
    return rate


def _basis(line: SaleLine, rate: Rate) -> Basis:
    return Basis(amount_minor=line.amount_minor, tax_included=line.tax_included, rate_basis_points=rate.basis_points)


def _net(line: SaleLine, wish: InvoiceWish, place: TaxPlace) -> int:
    """Before tax, were it alone on an invoice."""
    return taxed([_basis(line, _rate(line, wish, place))], place)[0].net_minor


def _pieces(line: SaleLine, wish: InvoiceWish, place: TaxPlace) -> list[SaleLine]:
    """The line, or as few parts of it as keep each within the limit; its amount is shared out over its units."""
    if not wish.most_net_minor or _net(line, wish, place) <= wish.most_net_minor:
        return [line]
    low, high = 2, min(line.units, MOST_INVOICES)
    while low < high:  # more parts are never larger ones
        middle = (low + high) // 2
        if _fit(_parted(line, middle), wish, place):
            high = middle
        else:
            low = middle + 1
    parts = _parted(line, low)
    violations = Violations()
    violations.require(
        line.units > 1 and _fit(parts, wish, place),
        f"lines[{line.order_id}/{line.line_id}].amount_minor",
        line.amount_minor,
        "a single unit exceeds most_net_minor; raise the limit (单件金额超过单张开票限额)",
    )
    violations.refuse_any("the split of a line")
    return parts


def _fit(parts: Sequence[SaleLine], wish: InvoiceWish, place: TaxPlace) -> bool:
    return all(_net(part, wish, place) <= wish.most_net_minor for part in parts)


def _parted(line: SaleLine, number: int) -> list[SaleLine]:
    units = shared(line.units, [1] * number)
    return [
        replace(line, units=some, amount_minor=amount)
        for some, amount in zip(units, shared(line.amount_minor, units), strict=True)
    ]


def _groups(pieces: Sequence[SaleLine], wish: InvoiceWish, place: TaxPlace) -> list[list[SaleLine]]:
    """Consecutive pieces; a new invoice begins where the next piece would exceed a limit."""
    groups: list[list[SaleLine]] = [[]]
    net = 0
    for piece in pieces:
        alone = _net(piece, wish, place)
        if groups[-1] and not _holds([*groups[-1], piece], net + alone, wish, place):
            groups.append([])
            net = 0
        groups[-1].append(piece)
        net += alone
    return groups


def _holds(group: Sequence[SaleLine], net: int, wish: InvoiceWish, place: TaxPlace) -> bool:
    """`net`: of its lines, each rounded alone."""
    if wish.most_lines and len(group) > wish.most_lines:
        return False
    if not wish.most_net_minor or place.rounding_at is RoundingAt.LINE:
        return not wish.most_net_minor or net <= wish.most_net_minor
    bases = [_basis(line, _rate(line, wish, place)) for line in group]
    return sum(one.net_minor for one in taxed(bases, place)) <= wish.most_net_minor


def _invoice(invoice_id: str, group: Sequence[SaleLine], wish: InvoiceWish, place: TaxPlace) -> Invoice:
    lines = lines_of(group, wish, place)
    return Invoice(
        invoice_id=invoice_id,
        entity=wish.entity,
        place=wish.place,
        currency=wish.currency,
        kind=wish.kind,
        on=wish.on,
        buyer=wish.buyer,
        lines=lines,
        net_minor=sum(line.net_minor for line in lines),
        tax_minor=sum(line.tax_minor for line in lines),
    )
