"""The client's side of batches."""

from collections.abc import Iterator
from dataclasses import dataclass

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.batching.operation_model import BatchOperation
from solver.fulfilment.model import FulfilmentPlan
from solver.gen.xunyuan.sourcing.v1 import batch_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import batch_pb2_grpc, wave_pb2
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of
from solver.wire.plans import plan_from_proto


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredBatch:
    """The plans, and what they come to together."""

    plans: tuple[FulfilmentPlan, ...]
    wave: wave_pb2.WavePlan


class BatchClient:
    """Methods of `Client.batches`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = batch_pb2_grpc.BatchServiceStub(channel)

    def plan(
        self, command: BatchCommand, *, request_id: str | None = None, timeout_seconds: float | None = None
    ) -> AnsweredBatch:
        """Plan up to 1,000 orders together and hold their stock."""
        request = to_proto(command, pb.PlanBatchRequest)
        request.request_id = request_id or new_request_id()
        answer = call(self._stub.PlanBatch, request, timeout_seconds=timeout_seconds or self._seconds)
        return AnsweredBatch(plans=tuple(plan_from_proto(one) for one in answer.plans), wave=answer.wave)

    def start(self, command: BatchCommand, *, request_id: str | None = None) -> BatchOperation:
        """Begin to plan up to 20,000 orders."""
        request = pb.StartBatchRequest(
            request_id=request_id or new_request_id(), batch=to_proto(command, pb.PlanBatchRequest)
        )
        answer = call(self._stub.StartBatch, request, timeout_seconds=self._seconds)
        return noun_of(answer.operation, BatchOperation)

    def get(self, operation_id: str) -> tuple[BatchOperation, wave_pb2.WavePlan | None]:
        """Where a batch stands, and what its plans come to together once it has succeeded."""
        request = pb.GetBatchRequest(operation_id=operation_id)
        answer = call(self._stub.GetBatch, request, timeout_seconds=self._seconds)
        return noun_of(answer.operation, BatchOperation), answer.wave if answer.HasField("wave") else None

    def cancel(self, operation_id: str, *, discard: bool = False) -> BatchOperation:
        """End its search: the best plan so far is held, or nothing is."""
        request = pb.CancelBatchRequest(operation_id=operation_id, discard=discard)
        answer = call(self._stub.CancelBatch, request, timeout_seconds=self._seconds)
        return noun_of(answer.operation, BatchOperation)

    def plans(self, operation_id: str) -> Iterator[FulfilmentPlan]:
        """The plans of a batch that succeeded; pages are fetched as they are needed."""
        request = pb.ListBatchPlansRequest(operation_id=operation_id)
        while True:
            answer = call(self._stub.ListBatchPlans, request, timeout_seconds=self._seconds)
            yield from (plan_from_proto(one) for one in answer.plans)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
