"""Invoices over a database: each request once, each answer as the invoices stand."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

import msgspec

from solver.clock import Clock
from solver.ledger.differences.tickets import Posting, Tickets
from solver.ledger.invoicing.invoices import Invoices
from solver.ledger.invoicing.issuing import Issuing
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceWish
from solver.ledger.invoicing.platform import InvoicePlatform, Issued
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.invoicing.rows import all_invoices, find, find_each
from solver.ledger.invoicing.tax import TaxTable
from solver.ledger.invoicing.tax_file import shipped_taxes
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once


class Invoicing:
    """What people and programs ask of invoices. Each method raises what those of `Invoices` raise."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        tickets: Tickets,
        posting: Posting,
        taxes: TaxTable | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self.taxes = shipped_taxes() if taxes is None else taxes
        self.invoices = Invoices(clock=clock, tickets=tickets, posting=posting, taxes=self.taxes)

    def draft(self, request: Request, wish: InvoiceWish) -> tuple[Invoice, ...]:
        """Keep the invoices of a wish, ready to be asked for."""
        return self._once(request, lambda tx: [one.invoice_id for one in self.invoices.draft(tx, wish)])

    def reverse(
        self,
        request: Request,
        invoice_id: str,
        wanted: Sequence[TakenBack],
        *,
        red_id: str,
        on: date | None = None,
        reason: str,
    ) -> Invoice:
        """Keep the red-letter invoice that takes it back, of today where no day is given."""
        day = on or self._clock.now().date()
        [red] = self._once(
            request,
            lambda tx: [self.invoices.reverse(tx, invoice_id, wanted, red_id=red_id, on=day, reason=reason).invoice_id],
        )
        return red

    def mend(
        self, request: Request, invoice_id: str, buyer: Buyer | None = None, lines: Sequence[MendedLine] = ()
    ) -> Invoice:
        """Change a refused invoice, so that it is asked for again."""
        [invoice] = self._once(request, lambda tx: [self.invoices.mend(tx, invoice_id, buyer, tuple(lines)).invoice_id])
        return invoice

    def cancel(self, request: Request, invoice_id: str, reason: str, *, actor: str) -> Invoice:
        """Give up an invoice that the platform does not have."""
        [invoice] = self._once(
            request, lambda tx: [self.invoices.cancel(tx, invoice_id, reason, actor=actor).invoice_id]
        )
        return invoice

    def note_number(self, request: Request, invoice_id: str, number: str) -> Invoice:
        """Keep a number that the platform sent by itself. The same number twice changes nothing."""
        [invoice] = self._once(
            request,
            lambda tx: [self.invoices.note(tx, invoice_id, Issued(number=number), look_after_seconds=0.0).invoice_id],
        )
        return invoice

    def issuing(self, platform: InvoicePlatform) -> Issuing:
        """What drives invoices to their numbers through a platform."""
        return Issuing(database=self._database, clock=self._clock, invoices=self.invoices, platform=platform)

    def get(self, invoice_id: str) -> Invoice:
        """An invoice. Raises NotFound."""
        with self._database.read() as reader:
            return find(reader, invoice_id)

    def all(
        self, *, states: Collection[str] = (), order_id: str = "", after: str = "", most: int | None = None
    ) -> tuple[Invoice, ...]:
        """Invoices by id, at most so many behind an id; an empty filter lets all pass."""
        with self._database.read() as reader:
            return all_invoices(reader, states=states, order_id=order_id, after=after, most=most)

    def _once(self, request: Request, act: Callable[[Transaction], list[str]]) -> tuple[Invoice, ...]:
        answer = once(self._database, self._clock, request, lambda tx: msgspec.json.encode(act(tx)))
        ids = msgspec.json.decode(answer.body, type=list[str])
        with self._database.read() as reader:
            found = find_each(reader, ids)
        return tuple(found[invoice_id] for invoice_id in ids)
