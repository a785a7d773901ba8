"""The client's side of plans that a person decides."""

from collections.abc import Iterator

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.model import FulfilmentPlan
from solver.fulfilment.overriding.model import OverriddenPlan, OverrideCommand
from solver.gen.xunyuan.sourcing.v1 import overrides_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import overrides_pb2_grpc
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of
from solver.wire.plans import plan_from_proto


class OverrideClient:
    """Methods of `Client.overrides`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = overrides_pb2_grpc.OverrideServiceStub(channel)

    def override(self, command: OverrideCommand, *, request_id: str | None = None) -> FulfilmentPlan:
        """Put what a person decides in the place of a plan; with `validate_only`, only say what it would cost."""
        request = to_proto(command, pb.OverridePlanRequest)
        request.request_id = request_id or new_request_id()
        return plan_from_proto(call(self._stub.OverridePlan, request, timeout_seconds=self._seconds).plan)

    def every(self, *, after_number: int = 0) -> Iterator[OverriddenPlan]:
        """Plans that persons decided, the oldest first; pages are fetched as they are needed."""
        request = pb.ListOverridesRequest(after_number=after_number)
        while True:
            answer = call(self._stub.ListOverrides, request, timeout_seconds=self._seconds)
            if not answer.overrides:
                return
            yield from (noun_of(one, OverriddenPlan) for one in answer.overrides)
            request.after_number = answer.overrides[-1].number
