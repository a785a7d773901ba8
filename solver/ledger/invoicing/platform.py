"""What an invoice platform (开票平台) must offer. One adapter a platform; it knows its keys.

A call that raises Throttled did nothing. One that raises Unanswered may have done what was asked, or not: whoever asked
finds out with `find` before asking again. Invoices are known by our id (请求流水号).
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from solver.ledger.invoicing.model import Invoice


class Throttled(Exception):
    """The platform takes no more calls for so many seconds."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class Unanswered(Exception):
    """No answer came: a time-out, a broken connection, a failure of the platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The invoice has a number."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will not issue it as it is: its code, and what it says."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The platform took the request in; its answer comes later."""


Answer: TypeAlias = Issued | Refused | Accepted


class InvoicePlatform(Protocol):
    """Issues invoices and tells what became of them."""

    settles_after_seconds: float  # how long after a call `find` may still miss what it did

    def issue(self, invoice: Invoice) -> Answer:
        """Issue an invoice, again where it was issued before. Raises Throttled, Unanswered."""
        ...

    def find(self, invoice_id: str) -> Answer | None:
        """What became of it; None where nothing of the kind is known. Raises Throttled, Unanswered."""
        ...
