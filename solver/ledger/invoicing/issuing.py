"""Drives invoices to their numbers through a platform. It may be killed at any step, and another one goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from solver.clock import Clock, from_micros, to_micros
from solver.ledger.invoicing.invoices import Invoices
from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.ledger.invoicing.platform import Answer, InvoicePlatform, Throttled, Unanswered
from solver.ledger.invoicing.rows import due, next_due_us
from solver.storage.database import Database

MOST_AT_ONCE = 500
LOOK_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round did: how many invoices it asked about, and how many then had their number or their refusal."""

    asked: int
    settled: int


class Issuing:
    """Asks the platform about what is due, one call an invoice and round."""

    def __init__(self, *, database: Database, clock: Clock, invoices: Invoices, platform: InvoicePlatform) -> None:
        self._database = database
        self._clock = clock
        self._invoices = invoices
        self._platform = platform

    def round(self, is_ended: Callable[[], bool] = lambda: False) -> Round:
        """One step with everything that is due by now, or until somebody ends it between two steps."""
        with self._database.read() as reader:
            waiting = due(reader, to_micros(self._clock.now()), MOST_AT_ONCE)
        asked = settled = 0
        for invoice in waiting:
            if is_ended():
                break
            asked += 1
            settled += self._step(invoice)
        return Round(asked=asked, settled=settled)

    def drive(self, sleep: Callable[[float], None], patience_seconds: float) -> int:
        """Rounds until nothing is under way, or patience ends; returns how many invoices are then under way still."""
        ends = to_micros(self._clock.now()) + round(patience_seconds * 1_000_000)
        while True:
            self.round()
            with self._database.read() as reader:
                next_us = next_due_us(reader)
            if next_us is None:
                return 0
            if next_us > ends:
                return self.under_way()
            pause = (from_micros(next_us) - self._clock.now()).total_seconds()
            if pause > 0:
                sleep(pause)

    def under_way(self) -> int:
        """How many invoices have neither a number nor a refusal."""
        with self._database.read() as reader:
            return len(due(reader, to_micros(self._clock.now()) + 10**15, 1_000_000))

    def _step(self, invoice: Invoice) -> bool:
        """Ask about one invoice; whether that settled it."""
        try:
            if invoice.state is not InvoiceState.READY:
                answer = self._platform.find(invoice.invoice_id)
                if answer is not None:
                    return self._noted(invoice, answer)
                if invoice.state is InvoiceState.PENDING:  # it was taken in, so it must not be asked for again
                    self._wait(invoice, LOOK_AGAIN_SECONDS)
                    return False
        except Throttled as throttled:
            self._wait(invoice, throttled.retry_after_seconds)
            return False
        except Unanswered as silence:
            self._wait(invoice, LOOK_AGAIN_SECONDS, unanswered=str(silence))
            return False
        return self._issue(invoice)

    def _issue(self, invoice: Invoice) -> bool:
        """Ask for it: nobody did, or the platform knows nothing of it although it had time to."""
        settles = self._platform.settles_after_seconds
        claimed = self._database.run(lambda tx: self._invoices.claim(tx, invoice, settles))
        if claimed is None:
            return False
        try:
            answer = self._platform.issue(claimed)
        except Throttled as throttled:
            self._wait(claimed, throttled.retry_after_seconds, undone=True)
            return False
        except Unanswered as silence:
            self._wait(claimed, settles, unanswered=str(silence))
            return False
        return self._noted(claimed, answer)

    def _noted(self, invoice: Invoice, answer: Answer) -> bool:
        noted = self._database.run(
            lambda tx: self._invoices.note(
                tx,
                invoice.invoice_id,
                answer,
                look_after_seconds=LOOK_AGAIN_SECONDS,
            )
        )
        return noted.state in (InvoiceState.ISSUED, InvoiceState.REFUSED)

    def _wait(self, invoice: Invoice, seconds: float, *, unanswered: str = "", undone: bool = False) -> None:
        self._database.run(lambda tx: self._invoices.wait(tx, invoice, seconds, unanswered=unanswered, undone=undone))
