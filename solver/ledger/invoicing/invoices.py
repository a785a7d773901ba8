"""The life of an invoice within a transaction: kept, asked for, answered, mended, given up. Nothing is issued twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from solver.clock import Clock, to_micros
from solver.errors import InvalidRequest, StateConflict, Violations
from solver.ledger.books.model import Amount, Event
from solver.ledger.differences.model import TicketState
from solver.ledger.differences.rows import find_each as find_tickets
from solver.ledger.differences.tickets import Posting, Tickets
from solver.ledger.invoicing.checking import refuse_wrong_tax
from solver.ledger.invoicing.drafting import drafted
from solver.ledger.invoicing.mending import MendedLine, mended
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceState, InvoiceWish
from solver.ledger.invoicing.platform import Accepted, Answer, Issued, Refused
from solver.ledger.invoicing.red import TakenBack, red_letter
from solver.ledger.invoicing.rows import add, find, invoiced_before, keep, reds_of
from solver.ledger.invoicing.tax import TaxTable
from solver.ledger.matching.model import Difference, DifferenceKind, Side
from solver.storage.database import Transaction
from solver.validation import check_id

ACTOR = "invoicing"


class Invoices:
    """What may become of invoices. Every method is one step, whole or not at all."""

    def __init__(self, *, clock: Clock, tickets: Tickets, posting: Posting, taxes: TaxTable) -> None:
        self._clock = clock
        self._tickets = tickets
        self._posting = posting
        self._taxes = taxes

    def draft(self, tx: Transaction, wish: InvoiceWish) -> tuple[Invoice, ...]:
        """Keep the invoices of a wish, ready to be asked for.

        Raises InvalidRequest; StateConflict where the wish's id was used (INVOICE_EXISTS) or a line stands on another
        invoice (INVOICED_BEFORE).
        """
        made = drafted(wish, self._taxes)
        for line, basis in sorted(invoiced_before(tx, [(one.order_id, one.line_id) for one in wish.lines]).items()):
            if basis:
                raise StateConflict(
                    f"line {line[1]} of order {line[0]} is on another invoice; take that one back first "
                    "(订单行已开票，请先冲红)",
                    reason="INVOICED_BEFORE",
                    metadata={"order_id": line[0], "line_id": line[1]},
                )
        add(tx, made)
        return made

    def reverse(
        self, tx: Transaction, invoice_id: str, wanted: Sequence[TakenBack], *, red_id: str, on: date, reason: str
    ) -> Invoice:
        """Keep the red-letter invoice that takes back what is wanted, ready to be asked for; see `red_letter`."""
        violations = Violations()
        check_id(red_id, "red_id", violations)
        violations.refuse_any("the red-letter invoice")
        blue = find(tx, invoice_id)
        red = red_letter(blue, reds_of(tx, invoice_id), wanted, invoice_id=red_id, on=on, reason=reason)
        add(tx, [red])
        return red

    def mend(self, tx: Transaction, invoice_id: str, buyer: Buyer | None, lines: tuple[MendedLine, ...]) -> Invoice:
        """Change a refused invoice, so that it is asked for again; see `mended`."""
        invoice = mended(find(tx, invoice_id), buyer, lines, self._taxes)
        keep(tx, invoice)
        return invoice

    def cancel(self, tx: Transaction, invoice_id: str, reason: str, *, actor: str) -> Invoice:
        """Give up an invoice that the platform does not have. Raises StateConflict, InvalidRequest, NotFound."""
        violations = Violations()
        check_id(reason, "reason", violations)
        check_id(actor, "actor", violations)
        violations.refuse_any("the cancellation")
        invoice = find(tx, invoice_id)
        if invoice.state not in (InvoiceState.READY, InvoiceState.REFUSED):
            raise StateConflict(
                f"invoice {invoice_id} is {invoice.state}; only what the platform does not have is given up "
                "(平台已受理的发票不可作废)",
                reason=f"INVOICE_{invoice.state.name}",
                metadata={"invoice_id": invoice_id},
            )
        invoice = replace(invoice, state=InvoiceState.CANCELLED, reason=reason)
        self._close_tickets(tx, invoice, f"given up: {reason} (已作废：{reason})", actor)
        keep(tx, invoice)
        return invoice

    def claim(self, tx: Transaction, known: Invoice, settles_after_seconds: float) -> Invoice | None:
        """Say that the platform is about to be asked to issue it; None where another one changed it meanwhile.

        None as well where its tax is no longer what the rates say: it then waits for a person as if it were refused.
        Kept before the call is made, so that whoever comes after a crash looks before asking again.
        """
        invoice = find(tx, known.invoice_id)
        if (invoice.state, invoice.attempts) != (known.state, known.attempts):
            return None
        try:
            if not invoice.red_of:
                refuse_wrong_tax(invoice, self._taxes)
        except InvalidRequest as wrong:
            self._refused(tx, invoice, f"RATES: {wrong}")
            return None
        claimed = replace(invoice, state=InvoiceState.ASKING, attempts=invoice.attempts + 1)
        self._keep_later(tx, claimed, settles_after_seconds)
        return claimed

    def wait(
        self, tx: Transaction, known: Invoice, seconds: float, *, unanswered: str = "", undone: bool = False
    ) -> None:
        """Nobody asks about it for so many seconds. `unanswered`: what happened instead of an answer opens a ticket.

        `undone`: the platform certainly did nothing, so that it may be asked to issue it at once.
        """
        invoice = find(tx, known.invoice_id)
        if invoice.state not in (InvoiceState.READY, InvoiceState.ASKING, InvoiceState.PENDING):
            return
        if undone and invoice.state is InvoiceState.ASKING and invoice.attempts == known.attempts:
            invoice = replace(invoice, state=InvoiceState.READY)
        if unanswered:
            invoice = self._ticketed(tx, invoice, DifferenceKind.TIMING, "invoice_unanswered", unanswered)
        self._keep_later(tx, invoice, seconds)

    def note(self, tx: Transaction, invoice_id: str, answer: Answer, *, look_after_seconds: float) -> Invoice:
        """Keep what the platform says; said twice, it changes nothing. Raises NotFound.

        A number posts the tax and closes the tickets; a refusal opens one, and so does a second number.
        """
        invoice = find(tx, invoice_id)
        if isinstance(answer, Issued):
            return self._numbered(tx, invoice, answer.number)
        if invoice.state not in (InvoiceState.ASKING, InvoiceState.PENDING):
            return invoice
        if isinstance(answer, Accepted):
            invoice = replace(invoice, state=InvoiceState.PENDING)
            self._keep_later(tx, invoice, look_after_seconds)
            return invoice
        assert isinstance(answer, Refused)
        return self._refused(tx, invoice, f"{answer.code}: {answer.message}")

    def _refused(self, tx: Transaction, invoice: Invoice, message: str) -> Invoice:
        invoice = replace(invoice, state=InvoiceState.REFUSED, message=message)
        invoice = self._ticketed(tx, invoice, DifferenceKind.TAX, "invoice_refused", message)
        keep(tx, invoice)
        return invoice

    def _numbered(self, tx: Transaction, invoice: Invoice, number: str) -> Invoice:
        violations = Violations()
        check_id(number, "number", violations)
        violations.refuse_any("the answer of the platform")
        if invoice.number == number:
            return invoice
        if invoice.state in (InvoiceState.ISSUED, InvoiceState.CANCELLED):
            had = f"under {invoice.number} before" if invoice.number else "though it was given up"
            evidence = f"the platform issued {invoice.invoice_id} as {number}, {had}"
            invoice = self._ticketed(
                tx, invoice, DifferenceKind.DUPLICATE, "invoice_issued_twice", evidence, f"theirs/{number}"
            )
            keep(tx, invoice)
            return invoice
        invoice = replace(invoice, state=InvoiceState.ISSUED, number=number, message="")
        tries = f"{invoice.attempts} attempt{'s' if invoice.attempts != 1 else ''}"
        self._close_tickets(tx, invoice, f"issued as {number} after {tries} (已开具，号码 {number})", ACTOR)
        try:
            self._post(tx, invoice)
        except (InvalidRequest, StateConflict) as refused:  # the number stands; a person sees to the books
            invoice = self._ticketed(
                tx, invoice, DifferenceKind.TAX, "invoice_not_posted", str(refused), f"theirs/{number}"
            )
        keep(tx, invoice)
        return invoice

    def _post(self, tx: Transaction, invoice: Invoice) -> None:
        """Tax that was to be invoiced is owed from now on, line by line; where the month is closed, today.

        Raises what the ledger refuses it with; nothing is written then.
        """
        sign = -1 if invoice.red_of else 1
        event = Event(
            kind="invoice_reversed" if invoice.red_of else "invoice_issued",
            entity=invoice.entity,
            currency=invoice.currency,
            on=invoice.on,
            source=f"invoice/{invoice.invoice_id}",
            amounts=tuple(
                Amount(
                    charge="tax",
                    amount_minor=sign * line.tax_minor,
                    order_id=line.order_id,
                    line_id=line.line_id,
                    sku=line.sku,
                )
                for line in invoice.lines
            ),
            reason=invoice.reason,
        )
        try:
            with tx.attempt():
                self._posting.post(tx, event)
        except StateConflict as refused:
            if refused.reason != "PERIOD_CLOSED":
                raise
            with tx.attempt():
                self._posting.post(tx, replace(event, on=self._clock.now().date()))

    def _ticketed(
        self, tx: Transaction, invoice: Invoice, kind: DifferenceKind, cause: str, evidence: str, *refs: str
    ) -> Invoice:
        difference = Difference(
            kind=kind,
            side=Side.OURS,
            refs=(f"ours/invoice/{invoice.invoice_id}", *refs),
            amount_minor=invoice.gross_minor,
            currency=invoice.currency,
            on=invoice.on,
            cause=cause,
            evidence=evidence,
        )
        [ticket] = self._tickets.open(tx, [difference], actor=ACTOR, entity=invoice.entity)
        if ticket.evidence != evidence and ticket.notes[-1].text != evidence:
            self._tickets.comment(tx, ticket.ticket_id, evidence, actor=ACTOR)
        return replace(invoice, ticket_ids=tuple(dict.fromkeys((*invoice.ticket_ids, ticket.ticket_id))))

    def _close_tickets(self, tx: Transaction, invoice: Invoice, reason: str, actor: str) -> None:
        for ticket in find_tickets(tx, invoice.ticket_ids).values():
            if ticket.state is TicketState.OPEN:
                self._tickets.close_with_reason(tx, ticket.ticket_id, reason, actor=actor)

    def _keep_later(self, tx: Transaction, invoice: Invoice, seconds: float) -> None:
        keep(tx, invoice, to_micros(self._clock.now() + timedelta(seconds=seconds)))
