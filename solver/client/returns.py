"""The client's side of returns."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import returns_pb2, returns_pb2_grpc
from solver.stock.physical.return_model import AnnouncedUnits, CustomerReturn, GradedUnits, ReturnedUnits, ReturnState
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ReturnClient:
    """Methods of `Client.warehouse.returns`: each answers with the return as it stands now.

    Each raises what those of `Client` raise.
    """

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = returns_pb2_grpc.ReturnServiceStub(channel)

    def announce(
        self,
        return_id: str,
        site_id: str,
        lines: Iterable[AnnouncedUnits],
        *,
        order_id: str = "",
        request_id: str | None = None,
    ) -> CustomerReturn:
        """Note what a customer says he sends back to a site."""
        request = returns_pb2.AnnounceReturnRequest(
            request_id=request_id or new_request_id(),
            return_id=return_id,
            order_id=order_id,
            site_id=site_id,
            lines=[to_proto(line, returns_pb2.AnnouncedUnits) for line in lines],
        )
        answer = call(self._stub.AnnounceReturn, request, timeout_seconds=self._seconds)
        return noun_of(answer.customer_return, CustomerReturn)

    def receive(
        self, return_id: str, arrived: Iterable[ReturnedUnits], *, request_id: str | None = None
    ) -> CustomerReturn:
        """Book what came into inspection."""
        request = returns_pb2.ReceiveReturnRequest(request_id=request_id or new_request_id(), return_id=return_id)
        request.arrived.extend(to_proto(row, returns_pb2.ReturnedUnits) for row in arrived)
        answer = call(self._stub.ReceiveReturn, request, timeout_seconds=self._seconds)
        return noun_of(answer.customer_return, CustomerReturn)

    def grade(self, return_id: str, graded: Iterable[GradedUnits], *, request_id: str | None = None) -> CustomerReturn:
        """Say what becomes of units that came, and move them."""
        request = returns_pb2.GradeReturnRequest(request_id=request_id or new_request_id(), return_id=return_id)
        request.graded.extend(to_proto(row, returns_pb2.GradedUnits) for row in graded)
        answer = call(self._stub.GradeReturn, request, timeout_seconds=self._seconds)
        return noun_of(answer.customer_return, CustomerReturn)

    def cancel(self, return_id: str, remark: str = "", *, request_id: str | None = None) -> CustomerReturn:
        """End a return of which nothing came."""
        named = request_id or new_request_id()
        request = returns_pb2.CancelReturnRequest(request_id=named, return_id=return_id, remark=remark)
        answer = call(self._stub.CancelReturn, request, timeout_seconds=self._seconds)
        return noun_of(answer.customer_return, CustomerReturn)

    def get(self, return_id: str) -> CustomerReturn:
        """A return."""
        request = returns_pb2.GetReturnRequest(return_id=return_id)
        answer = call(self._stub.GetReturn, request, timeout_seconds=self._seconds)
        return noun_of(answer.customer_return, CustomerReturn)

    def all(self, site_ids: Sequence[str] = (), states: Sequence[ReturnState] = ()) -> Iterator[CustomerReturn]:
        """The returns to these sites in these states; pages are fetched as they are needed."""
        named = [returns_pb2.ReturnState.Value(f"RETURN_STATE_{state.name}") for state in states]
        request = returns_pb2.ListReturnsRequest(site_ids=site_ids, states=named)
        while True:
            answer = call(self._stub.ListReturns, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, CustomerReturn) for one in answer.returns)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
