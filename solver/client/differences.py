"""The client's side of difference tickets."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.ledger.v1 import differences_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import differences_pb2_grpc
from solver.ledger.differences.ageing import Ageing
from solver.ledger.differences.model import ClosingAmount, Ticket, TicketState
from solver.ledger.matching.model import Difference
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class DifferenceClient:
    """Methods of `Client.differences`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = differences_pb2_grpc.DifferenceServiceStub(channel)

    def open(
        self, differences: Iterable[Difference], *, actor: str, entity: str = "", request_id: str | None = None
    ) -> tuple[Ticket, ...]:
        """A ticket for each; those that are known stay what they are."""
        request = pb.OpenDifferencesRequest(request_id=request_id or new_request_id(), actor=actor, entity=entity)
        request.differences.extend(to_proto(one, pb.Difference) for one in differences)
        answer = call(self._stub.OpenDifferences, request, timeout_seconds=self._seconds)
        return tuple(noun_of(one, Ticket) for one in answer.tickets)

    def assign(
        self, ticket_id: str, owner: str, *, actor: str, text: str = "", request_id: str | None = None
    ) -> Ticket:
        """Let another one look after it."""
        request = pb.AssignDifferenceRequest(
            request_id=request_id or new_request_id(), ticket_id=ticket_id, owner=owner, actor=actor, text=text
        )
        return noun_of(call(self._stub.AssignDifference, request, timeout_seconds=self._seconds).ticket, Ticket)

    def comment(self, ticket_id: str, text: str, *, actor: str, request_id: str | None = None) -> Ticket:
        """Add a remark."""
        request = pb.CommentOnDifferenceRequest(
            request_id=request_id or new_request_id(), ticket_id=ticket_id, text=text, actor=actor
        )
        return noun_of(call(self._stub.CommentOnDifference, request, timeout_seconds=self._seconds).ticket, Ticket)

    def close_by_posting(
        self,
        ticket_id: str,
        amounts: Sequence[ClosingAmount] = (),
        *,
        actor: str,
        on: date | None = None,
        text: str = "",
        request_id: str | None = None,
    ) -> Ticket:
        """Close it by a voucher of these amounts, or of what it suggests."""
        request = pb.CloseDifferenceByPostingRequest(
            request_id=request_id or new_request_id(),
            ticket_id=ticket_id,
            amounts=[to_proto(one, pb.ClosingAmount) for one in amounts],
            on=on.isoformat() if on else "",
            actor=actor,
            text=text,
        )
        answer = call(self._stub.CloseDifferenceByPosting, request, timeout_seconds=self._seconds)
        return noun_of(answer.ticket, Ticket)

    def close_with_reason(self, ticket_id: str, reason: str, *, actor: str, request_id: str | None = None) -> Ticket:
        """Close it without one."""
        request = pb.CloseDifferenceWithReasonRequest(
            request_id=request_id or new_request_id(), ticket_id=ticket_id, reason=reason, actor=actor
        )
        answer = call(self._stub.CloseDifferenceWithReason, request, timeout_seconds=self._seconds)
        return noun_of(answer.ticket, Ticket)

    def get(self, ticket_id: str) -> Ticket:
        """A ticket with all its notes."""
        request = pb.GetDifferenceRequest(ticket_id=ticket_id)
        return noun_of(call(self._stub.GetDifference, request, timeout_seconds=self._seconds).ticket, Ticket)

    def all(self, states: Sequence[TicketState] = (), owners: Sequence[str] = ()) -> Iterator[Ticket]:
        """Tickets by id; pages are fetched as they are needed."""
        named = [pb.TicketState.Value(f"TICKET_STATE_{state.name}") for state in states]
        request = pb.ListDifferencesRequest(states=named, owners=owners)
        while True:
            answer = call(self._stub.ListDifferences, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Ticket) for one in answer.tickets)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def ageing(self, aim_days: int = 0) -> Ageing:
        """How old open tickets are by now; 0: against the aim of three days."""
        request = pb.GetDifferenceAgeingRequest(aim_days=aim_days)
        return noun_of(call(self._stub.GetDifferenceAgeing, request, timeout_seconds=self._seconds).ageing, Ageing)
