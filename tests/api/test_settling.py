"""DifferenceService and InvoiceService through the client, on one server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from solver.client import CallFailed, Client, ClosingAmount, TicketState
from solver.client.client import BULK_SECONDS
from solver.clock import ManualClock
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import InvoiceState
from solver.ledger.invoicing.practice import PracticePlatform, Temper
from tests.ledger.differences.test_tickets import FEE
from tests.ledger.invoicing.reading.made import FULLY_DIGITAL
from tests.ledger.invoicing.sales import HAI, sold, wish
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = Running(tmp_path_factory.mktemp("settling"), ManualClock(MONDAY_AT_8))
    yield made
    made.close()


@pytest.fixture
def client(running: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{running.server.port}", bulk_seconds=BULK_SECONDS) as made:
        yield made


def asked_once(running: Running, temper: Temper | None = None) -> None:
    """Ask a platform about every invoice that is due."""
    platform = PracticePlatform(temper=temper or Temper(), seconds=lambda: 0.0)
    running.application.finance.invoicing.issuing(platform).round()


def test_a_ticket_goes_its_way_over_the_wire(client: Client) -> None:
    [ticket] = client.differences.open([FEE], actor="reconciliation")
    assert (ticket.owner, ticket.suggestion.amount_minor, ticket.closed_at) == ("channel_operations", 60, None)
    assert client.differences.assign(ticket.ticket_id, "han", actor="li").owner == "han"
    client.differences.comment(ticket.ticket_id, "asked them", actor="han")
    assert ticket.ticket_id in {one.ticket_id for one in client.differences.all([TicketState.OPEN], ["han"])}
    report = client.differences.ageing()
    assert (report.aim_days, [row.tickets for row in report.rows if row.owner == "han"]) == (3, [1])
    amounts = [ClosingAmount(charge="fee_difference", amount_minor=60)]
    closed = client.differences.close_by_posting(ticket.ticket_id, amounts, actor="han")
    assert (closed.state, len(closed.notes)) == (TicketState.CLOSED, 4)
    assert closed.voucher_id == closed.notes[-1].voucher_id != ""
    assert client.differences.get(ticket.ticket_id) == closed
    with pytest.raises(CallFailed) as failed:
        client.differences.close_with_reason(ticket.ticket_id, "again", actor="han")
    assert failed.value.reason == "TICKET_CLOSED"


def test_an_aim_of_no_days_is_refused(client: Client) -> None:
    with pytest.raises(CallFailed, match="aim_days"):
        client.differences.ageing(-1)


def test_an_invoice_goes_its_way_over_the_wire(client: Client, running: Running) -> None:
    [invoice] = client.invoices.draft(wish(sold("A1", 11_300), wish_id="A"))
    assert (invoice.lines[0].tax_included, invoice.tax_minor, invoice.state) == (True, 1_300, InvoiceState.READY)
    asked_once(running, Temper(refused_permille=1_000))
    refused = client.invoices.get("A-1")
    assert refused.state is InvoiceState.REFUSED
    assert client.differences.get(refused.ticket_ids[0]).cause == "invoice_refused"
    mended = client.invoices.mend("A-1", buyer=HAI, lines=[MendedLine(number=1, name="绿茶")])
    assert (mended.buyer, mended.lines[0].name) == (HAI, "绿茶")
    issued = client.invoices.note_number("A-1", "26001")
    assert (issued.state, issued.number) == (InvoiceState.ISSUED, "26001")
    red = client.invoices.reverse("A-1", red_id="A-red", reason="returned", on=date(2026, 3, 3))
    assert (red.net_minor, red.red_of, red.on) == (-10_000, "A-1", date(2026, 3, 3))
    given_up = client.invoices.cancel("A-red", "kept after all", actor="li")
    assert given_up.state is InvoiceState.CANCELLED
    assert [one.invoice_id for one in client.invoices.all(order_id="A1")] == ["A-1", "A-red"]
    assert list(client.invoices.all([InvoiceState.ISSUED], "A1")) == [issued]


def test_files_are_matched_over_the_wire(client: Client) -> None:
    waiting = wish(sold("B1", 11_300), sold("B2", 1_000, tax_item="vegetables"), wish_id="B", buyer=HAI)
    [invoice] = client.invoices.draft(waiting)
    found = client.invoices.find({"a.xml": FULLY_DIGITAL.encode()})
    assert ([one.cause for one in found.differences], found.matches) == (["invoice_not_ours"], ())
    number = found.differences[0].refs[0].rpartition("/")[2]
    client.invoices.note_number(invoice.invoice_id, number)
    found = client.invoices.find({"a.xml": FULLY_DIGITAL.encode()})
    assert [(one.invoice_id, one.reason) for one in found.matches] == [("B-1", f"the same number {number}")]
    with pytest.raises(CallFailed, match=r"half\.xml"):
        client.invoices.find({"half.xml": FULLY_DIGITAL.encode()[:200]})


def test_every_fault_of_a_wish_comes_back(client: Client) -> None:
    bad = replace(wish(sold("C1", 0, tax_item="good")), wish_id="", currency="EUR")
    with pytest.raises(CallFailed) as failed:
        client.invoices.draft(bad)
    assert {one.field for one in failed.value.violations} == {
        "wish_id",
        "currency",
        "lines[0].amount_minor",
        "lines[0].tax_item",
    }
