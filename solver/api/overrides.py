"""OverrideService."""

import grpc

from solver.access.caller import current_caller
from solver.api.guard import seconds_left
from solver.api.reading import read, request_of
from solver.errors import Violations
from solver.fulfilment.overriding.model import OverrideCommand
from solver.fulfilment.overriding.overriding import Overriding
from solver.fulfilment.plans_watched import note_plans
from solver.gen.xunyuan.sourcing.v1 import overrides_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import overrides_pb2_grpc
from solver.validation import MOST_ROWS
from solver.watching.call_notes import Phase, lap
from solver.wire.codec import to_proto
from solver.wire.plans import plan_to_proto


class OverrideServicer(overrides_pb2_grpc.OverrideServiceServicer):
    """Plans that a person decides."""

    def __init__(self, overriding: Overriding) -> None:
        self._overriding = overriding

    def OverridePlan(self, request: pb.OverridePlanRequest, context: grpc.ServicerContext) -> pb.OverridePlanResponse:
        """Put what a person decides in the place of a plan."""
        named = request_of("OverridePlan", request.request_id, request)
        command = read(request, OverrideCommand, "")
        lap(Phase.DECODE)
        by = current_caller().caller_id
        plan = self._overriding.override(named, command, by=by, seconds_left=seconds_left(context))
        note_plans([plan])
        return pb.OverridePlanResponse(plan=plan_to_proto(plan))

    def ListOverrides(
        self, request: pb.ListOverridesRequest, context: grpc.ServicerContext
    ) -> pb.ListOverridesResponse:
        """Read the plans that persons decided."""
        violations = Violations()
        sound = 0 <= request.page_size <= MOST_ROWS
        violations.require(sound, "page_size", request.page_size, f"ask for 1 to {MOST_ROWS}, or 0 for {MOST_ROWS}")
        violations.refuse_any("the page")
        found = self._overriding.overrides(request.after_number, request.page_size or MOST_ROWS)
        return pb.ListOverridesResponse(overrides=[to_proto(one, pb.OverriddenPlan) for one in found])
