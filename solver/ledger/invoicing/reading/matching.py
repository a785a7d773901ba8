"""Invoices that were read back, matched with ours. What is not sure goes to a person as a difference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.ledger.invoicing.reading.model import ReadInvoice
from solver.ledger.matching.model import Difference, DifferenceKind, Side
from solver.money import format_minor

NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceMatch:
    """A file and the invoice of ours that it is, and why."""

    read: ReadInvoice
    invoice_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceMatching:
    """What was matched, and what does not agree."""

    matches: tuple[InvoiceMatch, ...]
    differences: tuple[Difference, ...]


def match_invoices(read: Sequence[ReadInvoice], ours: Iterable[Invoice]) -> InvoiceMatching:
    """Files to invoices: by number; else, of those without one, by buyer, amounts and day where only one fits.

    Two files that fit one invoice, or two invoices that fit one file, are matched to none: each file becomes a
    difference that names them.
    """
    invoices = sorted(ours, key=lambda one: one.invoice_id)
    by_number = {one.number: one for one in invoices if one.number}
    waiting = [one for one in invoices if one.state in (InvoiceState.ASKING, InvoiceState.PENDING)]
    unnumbered = [one for one in read if one.number not in by_number]
    matches: list[InvoiceMatch] = []
    differences: list[Difference] = []
    seen: set[str] = set()
    for one in read:
        if one.number in seen:
            differences.append(_difference(one, DifferenceKind.DUPLICATE, one.gross_minor, "invoice_read_twice", ""))
            continue
        seen.add(one.number)
        if one.number in by_number:
            mine = by_number[one.number]
            matches.append(InvoiceMatch(read=one, invoice_id=mine.invoice_id, reason=f"the same number {one.number}"))
            differences += _disagreements(one, mine)
            continue
        fits = [mine for mine in waiting if _fits(one, mine)]
        if len(fits) == 1 and sum(_fits(other, fits[0]) for other in unnumbered) == 1:
            reason = f"the only one to {one.buyer_name} of {_shown(one.gross_minor, one)} within {NEAR.days} days"
            matches.append(InvoiceMatch(read=one, invoice_id=fits[0].invoice_id, reason=reason))
        else:
            others = ", ".join(mine.invoice_id for mine in fits) or "none of ours"
            differences.append(
                _difference(one, DifferenceKind.MISSING, one.gross_minor, "invoice_not_ours", f"it could be: {others}")
            )
    return InvoiceMatching(matches=tuple(matches), differences=tuple(differences))


def _fits(read: ReadInvoice, mine: Invoice) -> bool:
    same_buyer = read.buyer_tax_id == mine.buyer.tax_id if mine.buyer.tax_id else read.buyer_name == mine.buyer.name
    amounts = (read.net_minor, read.tax_minor, read.currency) == (mine.net_minor, mine.tax_minor, mine.currency)
    return same_buyer and amounts and abs(read.on - mine.on) <= NEAR


def _disagreements(read: ReadInvoice, mine: Invoice) -> list[Difference]:
    found: list[Difference] = []
    more = read.gross_minor - mine.gross_minor
    if more:
        kind = DifferenceKind.LONG if more > 0 else DifferenceKind.SHORT
        told = f"we asked for {_shown(mine.gross_minor, read)}"
        found.append(_difference(read, kind, more, "invoice_amount", told, mine))
    elif read.tax_minor != mine.tax_minor:
        told = f"its tax is {_shown(read.tax_minor, read)}, ours {_shown(mine.tax_minor, read)}"
        found.append(_difference(read, DifferenceKind.TAX, read.tax_minor - mine.tax_minor, "invoice_tax", told, mine))
    if mine.buyer.tax_id and read.buyer_tax_id != mine.buyer.tax_id:
        told = f"its buyer is {read.buyer_tax_id or 'nobody'}, ours {mine.buyer.tax_id}"
        found.append(_difference(read, DifferenceKind.TAX, 0, "invoice_buyer", told, mine))
    return found


def _difference(
    read: ReadInvoice,
    kind: DifferenceKind,
    amount_minor: int,
    cause: str,
    told: str,
    mine: Invoice | None = None,
) -> Difference:
    refs = (f"theirs/invoice/{read.number}", *((f"ours/invoice/{mine.invoice_id}",) if mine else ()))
    evidence = (
        f"{read.origin}: invoice {read.number} of {read.on} to {read.buyer_name} over {_shown(read.gross_minor, read)}"
    )
    return Difference(
        kind=kind,
        side=Side.THEIRS,
        refs=refs,
        amount_minor=amount_minor,
        currency=read.currency,
        on=read.on,
        cause=cause,
        evidence=f"{evidence}; {told}" if told else evidence,
    )


def _shown(amount_minor: int, read: ReadInvoice) -> str:
    return f"{format_minor(amount_minor, read.currency)} {read.currency}"
