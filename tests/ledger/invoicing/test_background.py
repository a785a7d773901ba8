"""Invoices are asked for in the background, and what fails is tried again."""

import threading
from collections.abc import Callable

import pytest

from solver.errors import InvalidRequest
from solver.ledger.invoicing.adapters import platform_of
from solver.ledger.invoicing.background import IssuingThread
from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.ledger.invoicing.platform import Answer, Issued
from solver.ledger.invoicing.practice import PracticePlatform
from solver.storage.once import Request
from tests.ledger.invoicing.conftest import Office
from tests.ledger.invoicing.sales import sold, wish

SECONDS = 30.0  # what hangs must fail the test, not the run


class Breaking:
    """An adapter with a bug in its first call; the second tells that it came."""

    settles_after_seconds = 0.0

    def __init__(self) -> None:
        self.calls = 0
        self.came = threading.Event()

    def issue(self, invoice: Invoice) -> Answer:
        self.calls += 1
        if self.calls == 1:
            raise RuntimeError("a bug of the adapter")
        return Issued(number="26001")

    def find(self, invoice_id: str) -> Answer | None:
        self.came.set()
        return None


def test_an_adapter_that_breaks_is_asked_again(office: Office, asked: Callable[..., Request]) -> None:
    office.invoicing.draft(asked(), wish(sold("O1", 11_300)))
    platform = Breaking()
    thread = IssuingThread(office.invoicing.issuing(platform), pause_seconds=0.01)
    thread.start()
    assert platform.came.wait(SECONDS)
    thread.stop()  # ends after the call that is under way
    assert (office.one().state, office.one().attempts) == (InvoiceState.ISSUED, 2)


def test_a_round_ends_between_two_invoices(office: Office, asked: Callable[..., Request]) -> None:
    for name in ("W1", "W2"):
        office.invoicing.draft(asked(), wish(sold(f"of {name}", 11_300), wish_id=name))
    ends = iter([False, True])
    assert office.invoicing.issuing(office.platform()).round(lambda: next(ends)).asked == 1
    assert {one.state for one in office.invoicing.all()} == {InvoiceState.ISSUED, InvoiceState.READY}


def test_a_platform_is_named_by_what_makes_it() -> None:
    assert isinstance(platform_of("practice"), PracticePlatform)
    assert type(platform_of("tests.ledger.invoicing.test_background:Breaking")).__name__ == "Breaking"
    for wrong in ("", "no.such.module:make", "json:no_such_function"):
        with pytest.raises(InvalidRequest):
            platform_of(wrong)
