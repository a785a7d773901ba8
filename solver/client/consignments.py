"""The client's side of goods on their way."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import consignments_pb2, consignments_pb2_grpc
from solver.stock.expected.consignment_model import ArrivedUnits, Consignment, ConsignmentState, SentUnits
from solver.wire.codec import fill_proto, to_proto
from solver.wire.nouns import noun_of


class ConsignmentClient:
    """Methods of `Client.warehouse.consignments`: each answers with the consignment as it stands now.

    Each raises what those of `Client` raise.
    """

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = consignments_pb2_grpc.ConsignmentServiceStub(channel)

    def dispatch(
        self,
        consignment_id: str,
        from_site_id: str,
        site_id: str,
        lines: Iterable[SentUnits],
        expected_at: datetime,
        *,
        request_id: str | None = None,
    ) -> Consignment:
        """Let free good units leave a site for another one."""
        request = consignments_pb2.DispatchTransferRequest(
            request_id=request_id or new_request_id(),
            consignment_id=consignment_id,
            from_site_id=from_site_id,
            site_id=site_id,
            lines=[to_proto(line, consignments_pb2.SentUnits) for line in lines],
        )
        fill_proto(expected_at, request.expected_at)
        answer = call(self._stub.DispatchTransfer, request, timeout_seconds=self._seconds)
        return noun_of(answer.consignment, Consignment)

    def advise(
        self,
        consignment_id: str,
        site_id: str,
        lines: Iterable[SentUnits],
        expected_at: datetime,
        *,
        request_id: str | None = None,
    ) -> Consignment:
        """Note a purchase order that is on its way."""
        request = consignments_pb2.AdvisePurchaseRequest(
            request_id=request_id or new_request_id(),
            consignment_id=consignment_id,
            site_id=site_id,
            lines=[to_proto(line, consignments_pb2.SentUnits) for line in lines],
        )
        fill_proto(expected_at, request.expected_at)
        answer = call(self._stub.AdvisePurchase, request, timeout_seconds=self._seconds)
        return noun_of(answer.consignment, Consignment)

    def reschedule(self, consignment_id: str, expected_at: datetime, *, request_id: str | None = None) -> Consignment:
        """Expect it at another time."""
        request = consignments_pb2.RescheduleConsignmentRequest(
            request_id=request_id or new_request_id(), consignment_id=consignment_id
        )
        fill_proto(expected_at, request.expected_at)
        answer = call(self._stub.RescheduleConsignment, request, timeout_seconds=self._seconds)
        return noun_of(answer.consignment, Consignment)

    def receive(
        self,
        consignment_id: str,
        arrived: Iterable[ArrivedUnits],
        *,
        more_to_come: bool = False,
        request_id: str | None = None,
    ) -> Consignment:
        """Book what arrived; unless there is more to come, the rest is short."""
        request = consignments_pb2.ReceiveConsignmentRequest(
            request_id=request_id or new_request_id(),
            consignment_id=consignment_id,
            arrived=[to_proto(row, consignments_pb2.ArrivedUnits) for row in arrived],
            more_to_come=more_to_come,
        )
        answer = call(self._stub.ReceiveConsignment, request, timeout_seconds=self._seconds)
        return noun_of(answer.consignment, Consignment)

    def cancel(self, consignment_id: str, remark: str = "", *, request_id: str | None = None) -> Consignment:
        """End it: what is still on its way goes back to where it came from."""
        request = consignments_pb2.CancelConsignmentRequest(
            request_id=request_id or new_request_id(), consignment_id=consignment_id, remark=remark
        )
        answer = call(self._stub.CancelConsignment, request, timeout_seconds=self._seconds)
        return noun_of(answer.consignment, Consignment)

    def get(self, consignment_id: str) -> Consignment:
        """A consignment."""
        request = consignments_pb2.GetConsignmentRequest(consignment_id=consignment_id)
        answer = call(self._stub.GetConsignment, request, timeout_seconds=self._seconds)
        return noun_of(answer.consignment, Consignment)

    def all(self, site_ids: Sequence[str] = (), states: Sequence[ConsignmentState] = ()) -> Iterator[Consignment]:
        """The consignments to these sites in these states; pages are fetched as they are needed."""
        named = [consignments_pb2.ConsignmentState.Value(f"CONSIGNMENT_STATE_{state.name}") for state in states]
        request = consignments_pb2.ListConsignmentsRequest(site_ids=site_ids, states=named)
        while True:
            answer = call(self._stub.ListConsignments, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Consignment) for one in answer.consignments)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
