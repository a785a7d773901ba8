"""Red-letter invoices (红字发票): what takes back an invoice, whole or in part, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from solver.errors import StateConflict, Violations
from solver.ledger.invoicing.model import Invoice, InvoiceLine, InvoiceState
from solver.ledger.invoicing.rounding import rounded
from solver.ledger.invoicing.tax import RoundingMode
from solver.validation import MOST_UNITS, check_between, check_id


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """How much of an invoice's line a refund takes back, in the line's own terms: with tax where it includes tax.

    `line`: its position from 1. `units`: how many come back; 0 for a rebate on what was kept.
    """

    line: int
    amount_minor: int
    units: int = 0


def red_letter(
    invoice: Invoice,
    reds: Sequence[Invoice],
    wanted: Sequence[TakenBack],
    *,
    invoice_id: str,
    on: date,
    reason: str,
) -> Invoice:
    """The invoice that takes back what is wanted, or all that is left where nothing is named; amounts are negative.

    `reds` are those that took back some of it before. What all of them take of a line's tax follows from the whole
    amount that they take, so that together they never differ from it by a cent. Raises StateConflict for an invoice
    that was not issued, or has nothing left; InvalidRequest for more than is left.
    """
    if invoice.state is not InvoiceState.ISSUED or invoice.red_of:
        raise StateConflict(
            f"invoice {invoice.invoice_id} is no issued blue invoice; only one can be taken back "
            "(仅已开具的蓝字发票可冲红)",
            reason="INVOICE_NOT_ISSUED",
            metadata={"invoice_id": invoice.invoice_id},
        )
    before = [_taken(reds, number) for number in range(1, len(invoice.lines) + 1)]
    wanted = wanted or _all_left(invoice, before)
    _refuse_unsound(invoice, before, wanted, reason)
    lines = tuple(_red(invoice.lines[one.line - 1], before[one.line - 1], one) for one in wanted)
    return replace(
        invoice,
        invoice_id=invoice_id,
        on=on,
        lines=lines,
        net_minor=sum(line.net_minor for line in lines),
        tax_minor=sum(line.tax_minor for line in lines),
        state=InvoiceState.READY,
        number="",
        red_of=invoice.invoice_id,
        reason=reason,
        attempts=0,
        message="",
        ticket_ids=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    basis_minor: int
    tax_minor: int
    units: int


def _taken(reds: Sequence[Invoice], number: int) -> _Taken:
    """What red-letter invoices took of a line by now."""
    mine = [one for red in reds if red.state is not InvoiceState.CANCELLED for one in red.lines if one.number == number]
    return _Taken(
        basis_minor=-sum(one.basis_minor for one in mine),
        tax_minor=-sum(one.tax_minor for one in mine),
        units=-sum(one.units for one in mine),
    )


def _all_left(invoice: Invoice, before: Sequence[_Taken]) -> list[TakenBack]:
    left = [
        TakenBack(line=number, amount_minor=line.basis_minor - taken.basis_minor, units=line.units - taken.units)
        for number, (line, taken) in enumerate(zip(invoice.lines, before, strict=True), start=1)
        if line.basis_minor > taken.basis_minor
    ]
    if not left:
        raise StateConflict(
            f"invoice {invoice.invoice_id} was taken back whole before (发票已全额冲红)",
            reason="INVOICE_TAKEN_BACK",
            metadata={"invoice_id": invoice.invoice_id},
        )
    return left


def _refuse_unsound(invoice: Invoice, before: Sequence[_Taken], wanted: Sequence[TakenBack], reason: str) -> None:
    violations = Violations()
    check_id(reason, "reason", violations)
    seen: set[int] = set()
    for position, one in enumerate(wanted):
        path = f"lines[{position}]"
        if not check_between(one.line, 1, len(invoice.lines), f"{path}.line", violations):
            continue
        violations.require(one.line not in seen, f"{path}.line", one.line, "stands twice; name it once")
        seen.add(one.line)
        left = invoice.lines[one.line - 1].basis_minor - before[one.line - 1].basis_minor
        remedy = f"{left} is left of this line; take back 1 to that (超过可冲红余额)"
        violations.require(1 <= one.amount_minor <= left, f"{path}.amount_minor", one.amount_minor, remedy)
        units = invoice.lines[one.line - 1].units - before[one.line - 1].units
        if check_between(one.units, 0, MOST_UNITS, f"{path}.units", violations):
            violations.require(one.units <= units, f"{path}.units", one.units, f"{units} are left of this line")
    violations.refuse_any(f"the red-letter invoice of {invoice.invoice_id}")


def _red(line: InvoiceLine, before: _Taken, wanted: TakenBack) -> InvoiceLine:
    """The tax taken by now is that of the whole amount taken by now; this one bears the rest of it."""
    by_now = before.basis_minor + wanted.amount_minor
    tax = rounded(line.tax_minor * by_now, line.basis_minor, RoundingMode.HALF_UP) - before.tax_minor
    net = wanted.amount_minor - tax if line.tax_included else wanted.amount_minor
    return replace(line, units=-wanted.units, basis_minor=-wanted.amount_minor, net_minor=-net, tax_minor=-tax)
