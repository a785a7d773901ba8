"""DifferenceService."""

from datetime import date

import grpc

from solver.api.paging import page_after
from solver.api.reading import read_all, request_of, values_of
from solver.clock import Clock
from solver.errors import FieldViolation, InvalidRequest
from solver.gen.xunyuan.ledger.v1 import differences_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import differences_pb2_grpc
from solver.ledger.differences.ageing import AIM_DAYS
from solver.ledger.differences.model import ClosingAmount, Ticket, TicketState
from solver.ledger.differences.service import DifferenceDesk
from solver.ledger.matching.model import Difference
from solver.validation import MOST_DAYS, MOST_ROWS
from solver.wire.codec import to_proto


class DifferenceServicer(differences_pb2_grpc.DifferenceServiceServicer):
    """Tickets of differences."""

    def __init__(self, desk: DifferenceDesk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def OpenDifferences(
        self, request: pb.OpenDifferencesRequest, context: grpc.ServicerContext
    ) -> pb.OpenDifferencesResponse:
        """Open tickets."""
        named = request_of("OpenDifferences", request.request_id, request)
        differences = read_all(request.differences, Difference, "differences")
        tickets = self._desk.open(named, differences, actor=request.actor, entity=request.entity)
        return pb.OpenDifferencesResponse(tickets=[_message(one) for one in tickets])

    def AssignDifference(
        self, request: pb.AssignDifferenceRequest, context: grpc.ServicerContext
    ) -> pb.AssignDifferenceResponse:
        """Let another one look after a ticket."""
        named = request_of("AssignDifference", request.request_id, request)
        ticket = self._desk.assign(named, request.ticket_id, request.owner, actor=request.actor, text=request.text)
        return pb.AssignDifferenceResponse(ticket=_message(ticket))

    def CommentOnDifference(
        self, request: pb.CommentOnDifferenceRequest, context: grpc.ServicerContext
    ) -> pb.CommentOnDifferenceResponse:
        """Add a remark."""
        named = request_of("CommentOnDifference", request.request_id, request)
        ticket = self._desk.comment(named, request.ticket_id, request.text, actor=request.actor)
        return pb.CommentOnDifferenceResponse(ticket=_message(ticket))

    def CloseDifferenceByPosting(
        self, request: pb.CloseDifferenceByPostingRequest, context: grpc.ServicerContext
    ) -> pb.CloseDifferenceByPostingResponse:
        """Close a ticket by a voucher."""
        named = request_of("CloseDifferenceByPosting", request.request_id, request)
        ticket = self._desk.close_by_posting(
            named,
            request.ticket_id,
            read_all(request.amounts, ClosingAmount, "amounts"),
            on=day_of(request.on, "on") or self._clock.now().date(),
            actor=request.actor,
            text=request.text,
        )
        return pb.CloseDifferenceByPostingResponse(ticket=_message(ticket))

    def CloseDifferenceWithReason(
        self, request: pb.CloseDifferenceWithReasonRequest, context: grpc.ServicerContext
    ) -> pb.CloseDifferenceWithReasonResponse:
        """Close a ticket for a reason."""
        named = request_of("CloseDifferenceWithReason", request.request_id, request)
        ticket = self._desk.close_with_reason(named, request.ticket_id, request.reason, actor=request.actor)
        return pb.CloseDifferenceWithReasonResponse(ticket=_message(ticket))

    def GetDifference(
        self, request: pb.GetDifferenceRequest, context: grpc.ServicerContext
    ) -> pb.GetDifferenceResponse:
        """Read a ticket."""
        return pb.GetDifferenceResponse(ticket=_message(self._desk.get(request.ticket_id)))

    def ListDifferences(
        self, request: pb.ListDifferencesRequest, context: grpc.ServicerContext
    ) -> pb.ListDifferencesResponse:
        """Read tickets, page by page."""
        states = values_of(request.states, pb.TicketState, TicketState, "states")
        owners = tuple(request.owners)
        shown, token = page_after(
            lambda after, most: self._desk.all(states=states, owners=owners, after=after, most=most),
            lambda ticket: ticket.ticket_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListDifferencesResponse(tickets=[_message(one) for one in shown], next_page_token=token)

    def GetDifferenceAgeing(
        self, request: pb.GetDifferenceAgeingRequest, context: grpc.ServicerContext
    ) -> pb.GetDifferenceAgeingResponse:
        """Read how old tickets are."""
        if not 0 <= request.aim_days <= MOST_DAYS:
            remedy = f"ask for 1 to {MOST_DAYS}, or 0 for {AIM_DAYS}"
            violation = FieldViolation(field="aim_days", value=str(request.aim_days), remedy=remedy)
            raise InvalidRequest("the ageing report", [violation])
        report = self._desk.ageing(request.aim_days or AIM_DAYS)
        return pb.GetDifferenceAgeingResponse(ageing=to_proto(report, pb.Ageing))


def day_of(text: str, path: str) -> date | None:
    """A day of the wire, as 2026-03-02; None where none is said. Raises InvalidRequest."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        violation = FieldViolation(field=path, value=repr(text[:80]), remedy="give a day as YYYY-MM-DD")
        raise InvalidRequest(path, [violation]) from error


def _message(ticket: Ticket) -> pb.Ticket:
    return to_proto(ticket, pb.Ticket)
