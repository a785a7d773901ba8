"""The client's side of personal data."""

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.sourcing.v1 import recipients_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import recipients_pb2_grpc
from solver.persons.model import Recipient, RecipientCommand
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class RecipientClient:
    """Methods of `Client.recipients`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = recipients_pb2_grpc.RecipientServiceStub(channel)

    def set(self, order_id: str, customer_id: str, recipient: Recipient, *, request_id: str | None = None) -> None:
        """Keep an order's recipient, in place of the one before."""
        command = RecipientCommand(order_id=order_id, customer_id=customer_id, recipient=recipient)
        request = to_proto(command, pb.SetRecipientRequest)
        request.request_id = request_id or new_request_id()
        call(self._stub.SetRecipient, request, timeout_seconds=self._seconds)

    def masked(self, order_id: str) -> Recipient:
        """An order's recipient, masked."""
        request = pb.GetRecipientRequest(order_id=order_id)
        return noun_of(call(self._stub.GetRecipient, request, timeout_seconds=self._seconds).recipient, Recipient)

    def reveal(self, order_id: str, reason: str, *, request_id: str | None = None) -> Recipient:
        """An order's recipient in clear; that it was looked at, and why, is kept."""
        request = pb.RevealRecipientRequest(request_id=request_id or new_request_id(), order_id=order_id, reason=reason)
        return noun_of(call(self._stub.RevealRecipient, request, timeout_seconds=self._seconds).recipient, Recipient)

    def erase(self, customer_id: str, *, request_id: str | None = None) -> int:
        """Erase a person, also from what is kept with plans; of how many orders there was something."""
        request = pb.ErasePersonRequest(request_id=request_id or new_request_id(), customer_id=customer_id)
        return call(self._stub.ErasePerson, request, timeout_seconds=self._seconds).orders
