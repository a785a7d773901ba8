"""BatchService."""

import grpc

from solver.access.caller import current_caller
from solver.api.guard import seconds_left
from solver.api.paging import page
from solver.api.reading import read, request_of
from solver.clock import Clock
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.batching.operation_model import BatchOperation
from solver.fulfilment.batching.operations import BatchOperations
from solver.fulfilment.plans_watched import note_plans
from solver.gen.xunyuan.sourcing.v1 import batch_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import batch_pb2_grpc
from solver.watching.call_notes import Phase, lap
from solver.wire.codec import to_proto
from solver.wire.completion import complete_order
from solver.wire.plans import plan_to_proto, write_plans
from solver.wire.waves import wave_to_proto

MOST_PLANS_A_PAGE = 200


class BatchServicer(batch_pb2_grpc.BatchServiceServicer):
    """Many orders planned together."""

    def __init__(self, batches: Batches, operations: BatchOperations, clock: Clock) -> None:
        self._batches = batches
        self._operations = operations
        self._clock = clock

    def PlanBatch(self, request: pb.PlanBatchRequest, context: grpc.ServicerContext) -> pb.PlanBatchResponse:
        """Plan orders together and hold their stock."""
        named = request_of("PlanBatch", request.request_id, request)
        command = self._command(request)
        lap(Phase.DECODE)
        planned = self._batches.plan(named, command, seconds_left=seconds_left(context))
        note_plans(planned.plans)
        response = pb.PlanBatchResponse(wave=wave_to_proto(planned.wave))
        write_plans(planned.plans, response.plans)
        lap(Phase.ENCODE)
        return response

    def StartBatch(self, request: pb.StartBatchRequest, context: grpc.ServicerContext) -> pb.StartBatchResponse:
        """Begin to plan orders together."""
        named = request_of("StartBatch", request.request_id, request)
        by = current_caller().caller_id
        return pb.StartBatchResponse(
            operation=_wire(self._operations.start(named, self._command(request.batch), by=by))
        )

    def GetBatch(self, request: pb.GetBatchRequest, context: grpc.ServicerContext) -> pb.GetBatchResponse:
        """Read where a batch stands."""
        answer = pb.GetBatchResponse(operation=_wire(self._operations.get(request.operation_id)))
        planned = self._operations.planned(request.operation_id)
        if planned is not None:
            answer.wave.CopyFrom(wave_to_proto(planned.wave))
        return answer

    def CancelBatch(self, request: pb.CancelBatchRequest, context: grpc.ServicerContext) -> pb.CancelBatchResponse:
        """End the search of a batch."""
        operation = self._operations.cancel(request.operation_id, discard=request.discard)
        return pb.CancelBatchResponse(operation=_wire(operation))

    def ListBatchPlans(
        self, request: pb.ListBatchPlansRequest, context: grpc.ServicerContext
    ) -> pb.ListBatchPlansResponse:
        """Read the plans of a batch, page by page."""
        planned = self._operations.planned(request.operation_id)
        shown, token = page(
            sorted(planned.plans if planned is not None else (), key=lambda one: one.plan_id),
            lambda one: one.plan_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_PLANS_A_PAGE,
        )
        return pb.ListBatchPlansResponse(plans=[plan_to_proto(one) for one in shown], next_page_token=token)

    def _command(self, request: pb.PlanBatchRequest) -> BatchCommand:
        now = self._clock.now()
        for order in request.orders:
            complete_order(order, now)
        return read(request, BatchCommand, "")


def _wire(operation: BatchOperation) -> pb.BatchOperation:
    return to_proto(operation, pb.BatchOperation)
