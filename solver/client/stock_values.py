"""The client's side of values of stock."""

from collections.abc import Iterator

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.valuing.model import StockValue, StockValuing, ValuedPolicy
from solver.gen.xunyuan.sourcing.v1 import stock_values_pb2, stock_values_pb2_grpc
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class StockValueClient:
    """Methods of `Client.stock_values`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = stock_values_pb2_grpc.StockValueServiceStub(channel)

    def set(self, valuing: StockValuing, *, request_id: str | None = None) -> StockValuing:
        """Say how values are reckoned, or that none are; what holds now."""
        request = stock_values_pb2.SetStockValuingRequest(
            request_id=request_id or new_request_id(), valuing=to_proto(valuing, stock_values_pb2.StockValuing)
        )
        answer = call(self._stub.SetStockValuing, request, timeout_seconds=self._seconds)
        return noun_of(answer.valuing, StockValuing)

    def settings(self) -> StockValuing:
        """How values are reckoned."""
        return noun_of(self._standing().valuing, StockValuing)

    def policies(self) -> tuple[ValuedPolicy, ...]:
        """The policies that mind values, and how those that they have stand."""
        return tuple(noun_of(one, ValuedPolicy) for one in self._standing().policies)

    def values(self, policy_id: str, policy_version: int = 0) -> Iterator[StockValue]:
        """What a unit is worth where under a policy; pages are fetched as they are needed."""
        request = stock_values_pb2.ListStockValuesRequest(policy_id=policy_id, policy_version=policy_version)
        while True:
            answer = call(self._stub.ListStockValues, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, StockValue) for one in answer.values)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def _standing(self) -> stock_values_pb2.GetStockValuingResponse:
        request = stock_values_pb2.GetStockValuingRequest()
        return call(self._stub.GetStockValuing, request, timeout_seconds=self._seconds)
