"""What a person changes of a refused invoice before it is asked for again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from solver.errors import StateConflict, Violations
from solver.ledger.invoicing.checking import check_buyer, refuse_unsound
from solver.ledger.invoicing.drafting import lines_of
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceLine, InvoiceState, InvoiceWish, SaleLine
from solver.ledger.invoicing.tax import TaxTable
from solver.validation import check_between


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedLine:
    """What a line, by its position from 1, shall say instead; what is empty stays."""

    number: int
    name: str = ""
    tax_item: str = ""
    classification: str = ""


def mended(invoice: Invoice, buyer: Buyer | None, lines: tuple[MendedLine, ...], taxes: TaxTable) -> Invoice:
    """The invoice as it shall be, ready to be asked for; its tax is computed anew where items change.

    Raises StateConflict for one that was not refused, or a red-letter one whose lines shall change: they must say
    what its blue invoice says. Raises InvalidRequest with every fault.
    """
    if invoice.state is not InvoiceState.REFUSED:
        raise StateConflict(
            f"invoice {invoice.invoice_id} is {invoice.state}; only a refused one is mended (仅被拒绝的发票可更正)",
            reason=f"INVOICE_{invoice.state.name}",
            metadata={"invoice_id": invoice.invoice_id},
        )
    changes = _changes(invoice, lines)
    changed = replace(invoice, buyer=buyer or invoice.buyer, state=InvoiceState.READY, message="")
    if invoice.red_of:
        return _mended_red(changed, changes)
    wish = InvoiceWish(
        wish_id=invoice.invoice_id,
        entity=invoice.entity,
        place=invoice.place,
        currency=invoice.currency,
        kind=invoice.kind,
        on=invoice.on,
        buyer=changed.buyer,
        lines=tuple(_sale(line, changes.get(line.number)) for line in invoice.lines),
    )
    refuse_unsound(wish, taxes)
    made = lines_of(wish.lines, wish, taxes[invoice.place])
    return replace(
        changed,
        lines=made,
        net_minor=sum(line.net_minor for line in made),
        tax_minor=sum(line.tax_minor for line in made),
    )


def _mended_red(invoice: Invoice, changes: Mapping[int, MendedLine]) -> Invoice:
    if changes:
        raise StateConflict(
            f"red-letter invoice {invoice.invoice_id} must say what {invoice.red_of} says; its lines stay "
            "(红票明细须与蓝票一致)",
            reason="INVOICE_RED",
            metadata={"invoice_id": invoice.invoice_id},
        )
    violations = Violations()
    check_buyer(invoice.buyer, invoice.kind, invoice.place, violations)
    violations.refuse_any("the mended invoice")
    return invoice


def _changes(invoice: Invoice, lines: tuple[MendedLine, ...]) -> dict[int, MendedLine]:
    violations = Violations()
    changes: dict[int, MendedLine] = {}
    for position, line in enumerate(lines):
        path = f"lines[{position}].number"
        check_between(line.number, 1, len(invoice.lines), path, violations)
        violations.require(line.number not in changes, path, line.number, "stands twice; name it once")
        changes[line.number] = line
    violations.refuse_any("the mended invoice")
    return changes


def _sale(line: InvoiceLine, change: MendedLine | None) -> SaleLine:
    """What was sold, with what shall be another. A goods' item that was wrong on the goods is mended there."""
    change = change or MendedLine(number=line.number)
    return SaleLine(
        order_id=line.order_id,
        line_id=line.line_id,
        sku=line.sku,
        name=change.name or line.name,
        tax_item=change.tax_item or line.tax_item,
        units=line.units,
        amount_minor=line.basis_minor,
        tax_included=line.tax_included,
        unit=line.unit,
        goods_tax_item=change.tax_item or line.goods_tax_item,
        classification=change.classification or line.classification,
    )
