"""RecipientService."""

import grpc

from solver.access.caller import current_caller
from solver.api.reading import read, request_of
from solver.gen.xunyuan.sourcing.v1 import recipients_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import recipients_pb2_grpc
from solver.persons.model import RecipientCommand
from solver.persons.vault import Vault
from solver.wire.codec import to_proto


class RecipientServicer(recipients_pb2_grpc.RecipientServiceServicer):
    """Personal data."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def SetRecipient(self, request: pb.SetRecipientRequest, context: grpc.ServicerContext) -> pb.SetRecipientResponse:
        """Keep an order's recipient."""
        named = request_of("SetRecipient", request.request_id, request)
        self._vault.keep(named, read(request, RecipientCommand, ""))
        return pb.SetRecipientResponse()

    def GetRecipient(self, request: pb.GetRecipientRequest, context: grpc.ServicerContext) -> pb.GetRecipientResponse:
        """Read an order's recipient, masked."""
        recipient = self._vault.masked(request.order_id)
        return pb.GetRecipientResponse(recipient=to_proto(recipient, pb.Recipient))

    def RevealRecipient(
        self, request: pb.RevealRecipientRequest, context: grpc.ServicerContext
    ) -> pb.RevealRecipientResponse:
        """Read an order's recipient in clear."""
        named = request_of("RevealRecipient", request.request_id, request)
        by = current_caller().caller_id
        recipient = self._vault.reveal(named, request.order_id, reason=request.reason, by=by)
        return pb.RevealRecipientResponse(recipient=to_proto(recipient, pb.Recipient))

    def ErasePerson(self, request: pb.ErasePersonRequest, context: grpc.ServicerContext) -> pb.ErasePersonResponse:
        """Erase a person."""
        named = request_of("ErasePerson", request.request_id, request)
        orders = self._vault.erase(named, request.customer_id, by=current_caller().caller_id)
        return pb.ErasePersonResponse(orders=orders)
