"""Files that were read back, and the invoices of ours that they are."""

from dataclasses import replace
from datetime import date, timedelta

from solver.ledger.invoicing.model import Invoice, InvoiceState
from solver.ledger.invoicing.reading.files import read_invoice
from solver.ledger.invoicing.reading.matching import match_invoices
from solver.ledger.invoicing.reading.model import ReadInvoice
from solver.ledger.matching.model import DifferenceKind
from tests.ledger.invoicing.reading.made import FULLY_DIGITAL, NUMBER
from tests.ledger.invoicing.sales import HAI, issued, sold, wish

READ = read_invoice(FULLY_DIGITAL.encode(), "a.xml")
VEGETABLES = {"tax_item": "vegetables", "name": "青菜"}


def ours(number: str, name: str = "W1", state: InvoiceState = InvoiceState.ISSUED) -> Invoice:
    lines = (sold("O1", 11_300), sold("O2", 1_000, **VEGETABLES))
    return replace(issued(wish(*lines, wish_id=name, buyer=HAI), number), state=state)


def found(read: list[ReadInvoice], *mine: Invoice) -> tuple[list[str], list[tuple[str, int]]]:
    made = match_invoices(read, mine)
    return (
        [f"{one.read.number}={one.invoice_id}" for one in made.matches],
        [(one.cause, one.amount_minor) for one in made.differences],
    )


def test_the_number_says_which_it_is() -> None:
    assert found([READ], ours(NUMBER), ours("other", "W2")) == ([f"{NUMBER}=W1-1"], [])


def test_an_invoice_whose_number_was_never_answered_is_known_by_what_it_says() -> None:
    waiting = ours("", state=InvoiceState.PENDING)
    assert found([READ], waiting) == ([f"{NUMBER}=W1-1"], [])
    assert found([replace(READ, on=READ.on + timedelta(days=30))], waiting) == ([], [("invoice_not_ours", 12_300)])
    assert found([READ], replace(waiting, state=InvoiceState.READY)) == ([], [("invoice_not_ours", 12_300)])


def test_what_could_be_two_is_left_to_a_person() -> None:
    one, other = ours("", state=InvoiceState.ASKING), ours("", "W2", InvoiceState.ASKING)
    made = match_invoices([READ], [one, other])
    assert made.matches == ()
    assert "it could be: W1-1, W2-1" in made.differences[0].evidence
    twin = replace(READ, number="26999")
    assert found([READ, twin], one) == ([], [("invoice_not_ours", 12_300), ("invoice_not_ours", 12_300)])


def test_a_file_that_is_sent_twice_counts_once() -> None:
    assert found([READ, READ], ours(NUMBER)) == ([f"{NUMBER}=W1-1"], [("invoice_read_twice", 12_300)])


def test_what_was_issued_otherwise_than_asked_for_is_told() -> None:
    more = replace(READ, net_minor=READ.net_minor + 100)
    assert found([more], ours(NUMBER))[1] == [("invoice_amount", 100)]
    shifted = replace(READ, net_minor=READ.net_minor + 100, tax_minor=READ.tax_minor - 100)
    [difference] = match_invoices([shifted], [ours(NUMBER)]).differences
    assert (difference.kind, difference.cause, difference.amount_minor) == (DifferenceKind.TAX, "invoice_tax", -100)
    assert found([replace(READ, buyer_tax_id="")], ours(NUMBER))[1] == [("invoice_buyer", 0)]
    assert difference.on == date(2026, 3, 3)
