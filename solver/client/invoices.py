"""The client's side of invoices."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.ledger.v1 import einvoices_pb2, invoices_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import invoices_pb2 as pb
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import Buyer, Invoice, InvoiceState, InvoiceWish
from solver.ledger.invoicing.reading.matching import InvoiceMatch, InvoiceMatching
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.matching.model import Difference
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class InvoiceClient:
    """Methods of `Client.invoices`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = invoices_pb2_grpc.InvoiceServiceStub(channel)

    def draft(self, wish: InvoiceWish, *, request_id: str | None = None) -> tuple[Invoice, ...]:
        """Keep the invoices of a wish, ready to be asked for."""
        request = pb.DraftInvoicesRequest(
            request_id=request_id or new_request_id(), wish=to_proto(wish, pb.InvoiceWish)
        )
        answer = call(self._stub.DraftInvoices, request, timeout_seconds=self._seconds)
        return tuple(noun_of(one, Invoice) for one in answer.invoices)

    def reverse(
        self,
        invoice_id: str,
        wanted: Sequence[TakenBack] = (),
        *,
        red_id: str,
        reason: str,
        on: date | None = None,
        request_id: str | None = None,
    ) -> Invoice:
        """Keep the red-letter invoice that takes back what is wanted, or all that is left."""
        request = pb.ReverseInvoiceRequest(
            request_id=request_id or new_request_id(),
            invoice_id=invoice_id,
            lines=[to_proto(one, pb.TakenBack) for one in wanted],
            red_id=red_id,
            on=on.isoformat() if on else "",
            reason=reason,
        )
        return noun_of(call(self._stub.ReverseInvoice, request, timeout_seconds=self._seconds).invoice, Invoice)

    def mend(
        self,
        invoice_id: str,
        *,
        buyer: Buyer | None = None,
        lines: Sequence[MendedLine] = (),
        request_id: str | None = None,
    ) -> Invoice:
        """Change a refused invoice, so that it is asked for again."""
        request = pb.MendInvoiceRequest(
            request_id=request_id or new_request_id(),
            invoice_id=invoice_id,
            buyer=None if buyer is None else to_proto(buyer, pb.Buyer),
            lines=[to_proto(one, pb.MendedLine) for one in lines],
        )
        return noun_of(call(self._stub.MendInvoice, request, timeout_seconds=self._seconds).invoice, Invoice)

    def cancel(self, invoice_id: str, reason: str, *, actor: str, request_id: str | None = None) -> Invoice:
        """Give up an invoice that the platform does not have."""
        request = pb.CancelInvoiceRequest(
            request_id=request_id or new_request_id(), invoice_id=invoice_id, reason=reason, actor=actor
        )
        return noun_of(call(self._stub.CancelInvoice, request, timeout_seconds=self._seconds).invoice, Invoice)

    def note_number(self, invoice_id: str, number: str, *, request_id: str | None = None) -> Invoice:
        """Keep a number that the platform sent by itself."""
        request = pb.NoteInvoiceNumberRequest(
            request_id=request_id or new_request_id(), invoice_id=invoice_id, number=number
        )
        return noun_of(call(self._stub.NoteInvoiceNumber, request, timeout_seconds=self._seconds).invoice, Invoice)

    def get(self, invoice_id: str) -> Invoice:
        """An invoice."""
        request = pb.GetInvoiceRequest(invoice_id=invoice_id)
        return noun_of(call(self._stub.GetInvoice, request, timeout_seconds=self._seconds).invoice, Invoice)

    def all(self, states: Sequence[InvoiceState] = (), order_id: str = "") -> Iterator[Invoice]:
        """Invoices by id; pages are fetched as they are needed."""
        named = [pb.InvoiceState.Value(f"INVOICE_STATE_{state.name}") for state in states]
        request = pb.ListInvoicesRequest(states=named, order_id=order_id)
        while True:
            answer = call(self._stub.ListInvoices, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Invoice) for one in answer.invoices)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def find(self, files: Mapping[str, bytes]) -> InvoiceMatching:
        """Which of ours the e-invoices in these files are, by the files' names."""
        request = pb.FindInvoicesOfFilesRequest(
            files=[einvoices_pb2.InvoiceFile(name=name, content=content) for name, content in files.items()]
        )
        answer = call(self._stub.FindInvoicesOfFiles, request, timeout_seconds=self._seconds)
        return InvoiceMatching(
            matches=tuple(noun_of(one, InvoiceMatch) for one in answer.matches),
            differences=tuple(noun_of(one, Difference) for one in answer.differences),
        )
