"""InvoiceService."""

import grpc

from solver.api.differences import day_of
from solver.api.paging import page_after
from solver.api.reading import read, read_all, request_of, values_of
from solver.errors import Violations
from solver.gen.xunyuan.ledger.v1 import differences_pb2, einvoices_pb2, invoices_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import invoices_pb2 as pb
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceState, InvoiceWish
from solver.ledger.invoicing.reading.files import read_invoice
from solver.ledger.invoicing.reading.matching import match_invoices
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.invoicing.service import Invoicing
from solver.validation import MOST_ROWS, check_rows
from solver.wire.codec import to_proto

MOST_FILES = 100


class InvoiceServicer(invoices_pb2_grpc.InvoiceServiceServicer):
    """Invoices on their way to a number."""

    def __init__(self, invoicing: Invoicing) -> None:
        self._invoicing = invoicing

    def DraftInvoices(
        self, request: pb.DraftInvoicesRequest, context: grpc.ServicerContext
    ) -> pb.DraftInvoicesResponse:
        """Keep the invoices of a wish."""
        named = request_of("DraftInvoices", request.request_id, request)
        made = self._invoicing.draft(named, read(request.wish, InvoiceWish, "wish"))
        return pb.DraftInvoicesResponse(invoices=[_message(one) for one in made])

    def ReverseInvoice(
        self, request: pb.ReverseInvoiceRequest, context: grpc.ServicerContext
    ) -> pb.ReverseInvoiceResponse:
        """Keep the red-letter invoice."""
        red = self._invoicing.reverse(
            request_of("ReverseInvoice", request.request_id, request),
            request.invoice_id,
            read_all(request.lines, TakenBack, "lines"),
            red_id=request.red_id,
            on=day_of(request.on, "on"),
            reason=request.reason,
        )
        return pb.ReverseInvoiceResponse(invoice=_message(red))

    def MendInvoice(self, request: pb.MendInvoiceRequest, context: grpc.ServicerContext) -> pb.MendInvoiceResponse:
        """Change a refused invoice."""
        invoice = self._invoicing.mend(
            request_of("MendInvoice", request.request_id, request),
            request.invoice_id,
            read(request.buyer, Buyer, "buyer") if request.HasField("buyer") else None,
            read_all(request.lines, MendedLine, "lines"),
        )
        return pb.MendInvoiceResponse(invoice=_message(invoice))

    def CancelInvoice(
        self, request: pb.CancelInvoiceRequest, context: grpc.ServicerContext
    ) -> pb.CancelInvoiceResponse:
        """Give an invoice up."""
        named = request_of("CancelInvoice", request.request_id, request)
        invoice = self._invoicing.cancel(named, request.invoice_id, request.reason, actor=request.actor)
        return pb.CancelInvoiceResponse(invoice=_message(invoice))

    def NoteInvoiceNumber(
        self, request: pb.NoteInvoiceNumberRequest, context: grpc.ServicerContext
    ) -> pb.NoteInvoiceNumberResponse:
        """Keep a number."""
        named = request_of("NoteInvoiceNumber", request.request_id, request)
        invoice = self._invoicing.note_number(named, request.invoice_id, request.number)
        return pb.NoteInvoiceNumberResponse(invoice=_message(invoice))

    def GetInvoice(self, request: pb.GetInvoiceRequest, context: grpc.ServicerContext) -> pb.GetInvoiceResponse:
        """Read an invoice."""
        return pb.GetInvoiceResponse(invoice=_message(self._invoicing.get(request.invoice_id)))

    def ListInvoices(self, request: pb.ListInvoicesRequest, context: grpc.ServicerContext) -> pb.ListInvoicesResponse:
        """Read invoices, page by page."""
        states = values_of(request.states, pb.InvoiceState, InvoiceState, "states")
        shown, token = page_after(
            lambda after, most: self._invoicing.all(states=states, order_id=request.order_id, after=after, most=most),
            lambda invoice: invoice.invoice_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListInvoicesResponse(invoices=[_message(one) for one in shown], next_page_token=token)

    def FindInvoicesOfFiles(
        self, request: pb.FindInvoicesOfFilesRequest, context: grpc.ServicerContext
    ) -> pb.FindInvoicesOfFilesResponse:
        """Read files and say which of ours they are."""
        violations = Violations()
        check_rows(request.files, "files", violations, MOST_FILES)
        violations.refuse_any("the files")
        read_back = [
            read_invoice(file.content, file.name or f"files[{position}]") for position, file in enumerate(request.files)
        ]
        found = match_invoices(read_back, self._invoicing.all())
        return pb.FindInvoicesOfFilesResponse(
            matches=[to_proto(one, einvoices_pb2.InvoiceMatch) for one in found.matches],
            differences=[to_proto(one, differences_pb2.Difference) for one in found.differences],
        )


def _message(invoice: Invoice) -> pb.Invoice:
    return to_proto(invoice, pb.Invoice)
