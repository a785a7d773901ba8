"""SourcingService."""

import time

import grpc

from solver.api.gathered_calls import Together
from solver.api.guard import seconds_left
from solver.api.later import Later, Waiting
from solver.api.reading import read, request_of
from solver.clock import Clock
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.confirming import Confirming
from solver.fulfilment.made_plans import MadePlans
from solver.fulfilment.model import DEFAULT_HOLD, FulfilmentPlan, PlanCommand, PlanRecord
from solver.fulfilment.optimise import decided_in_turn
from solver.fulfilment.planner import Planner
from solver.fulfilment.plans_watched import note_plans
from solver.fulfilment.promising.model import Promise, PromiseCommand
from solver.fulfilment.rounds import MOST_TOGETHER
from solver.fulfilment.together import decided_together
from solver.gen.xunyuan.sourcing.v1 import explanation_pb2, sourcing_pb2_grpc
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.policies.store import PolicyStore
from solver.sourcing.plan import Engine
from solver.watching.call_notes import Phase, lap
from solver.wire.codec import to_proto
from solver.wire.completion import complete_order, complete_problem
from solver.wire.encoded import Encoded
from solver.wire.plans import draft_to_proto, plan_to_proto
from solver.wire.promises import promise_answer
from solver.wire.waves import wave_to_proto

BASKET_ID = "basket"  # what is not ordered yet may be without an id


class SourcingServicer(sourcing_pb2_grpc.SourcingServiceServicer):
    """Plans that hold stock, and the optimiser alone."""

    def __init__(
        self, planner: Planner, made: MadePlans, confirming: Confirming, policies: PolicyStore, clock: Clock
    ) -> None:
        self._planner = planner
        self._made = made
        self._confirming = confirming
        self._policies = policies
        self._clock = clock

    def PlanFulfillment(
        self, request: pb.PlanFulfillmentRequest, context: grpc.ServicerContext
    ) -> pb.PlanFulfillmentResponse:
        """Find the best plan for an order and hold its stock."""
        named = request_of("PlanFulfillment", request.request_id, request)
        if request.HasField("order"):
            complete_order(request.order, self._clock.now())
        if not request.HasField("hold_for"):
            request.hold_for.FromTimedelta(DEFAULT_HOLD)
        command = read(request, PlanCommand, "")
        lap(Phase.DECODE)
        planner, seconds = self._planner, seconds_left(context)
        if not isinstance(context, Waiting):
            return _planned(planner.plan(named, command, seconds_left=seconds))
        wish = planner.wish(named, command, seconds_left=seconds)
        return Later(  # type: ignore[return-value]  # who gives such a context takes it
            wish if planner.joins(wish) else None, lambda outcome: _planned(planner.fulfilled(wish, outcome))
        )

    def Promise(  # type: ignore[override]  # bytes already, which are sent as they are
        self, request: pb.PromiseRequest, context: grpc.ServicerContext
    ) -> Encoded:
        """Say when a basket could be there; nothing is held."""
        if request.HasField("order"):
            complete_order(request.order, self._clock.now())
            request.order.order_id = request.order.order_id or BASKET_ID
        command = read(request, PromiseCommand, "")
        lap(Phase.DECODE)
        promise = self._planner.promise_soon(command, seconds_left=seconds_left(context))
        if isinstance(promise, Promise):
            return _promised(promise)
        from_all_lanes = promise.make
        if isinstance(context, Waiting):
            return Later(None, lambda _: _promised(from_all_lanes()))  # type: ignore[return-value]  # as above
        return _promised(from_all_lanes())

    def GetPlan(self, request: pb.GetPlanRequest, context: grpc.ServicerContext) -> pb.GetPlanResponse:
        """Read a plan."""
        return pb.GetPlanResponse(plan=plan_to_proto(self._made.get(request.plan_id)))

    def FindPlans(self, request: pb.FindPlansRequest, context: grpc.ServicerContext) -> pb.FindPlansResponse:
        """Find plans by how their ids begin."""
        return pb.FindPlansResponse(plan_ids=self._made.find(request.plan_id_prefix))

    def ExplainPlan(self, request: pb.ExplainPlanRequest, context: grpc.ServicerContext) -> pb.ExplainPlanResponse:
        """Say why a plan is as it is."""
        explanation = self._made.explain(request.plan_id, seconds_left=seconds_left(context))
        return pb.ExplainPlanResponse(explanation=to_proto(explanation, explanation_pb2.Explanation))

    def ConfirmPlan(self, request: pb.ConfirmPlanRequest, context: grpc.ServicerContext) -> pb.ConfirmPlanResponse:
        """Commit a plan's stock and post what it owes."""
        named = request_of("ConfirmPlan", request.request_id, request)
        standing, voucher_id = self._confirming.confirm(named, request.plan_id)
        return pb.ConfirmPlanResponse(plan=plan_to_proto(standing), voucher_id=voucher_id)

    def ReleasePlan(self, request: pb.ReleasePlanRequest, context: grpc.ServicerContext) -> pb.ReleasePlanResponse:
        """Give a plan's stock back."""
        named = request_of("ReleasePlan", request.request_id, request)
        return pb.ReleasePlanResponse(plan=plan_to_proto(self._confirming.release(named, request.plan_id)))

    def OptimizeFulfillment(
        self, request: pb.OptimizeFulfillmentRequest, context: grpc.ServicerContext
    ) -> pb.OptimizeFulfillmentResponse:
        """Solve a whole problem; nothing but kept policies is read, and nothing is stored."""
        complete_problem(request, self._clock.now())
        command = read(request, OptimizeCommand, "")
        ends_at = time.monotonic() + seconds_left(context)
        kept = self._policies.documents
        if command.engine is Engine.BATCH:
            together = decided_together(command, seconds_left=lambda: ends_at - time.monotonic(), kept=kept)
            plans = [draft_to_proto(one.plan, one.decision_micros) for one in together.orders]
            return pb.OptimizeFulfillmentResponse(plans=plans, wave=wave_to_proto(together.plan))
        decided = decided_in_turn(command, seconds_left=lambda: ends_at - time.monotonic(), kept=kept)
        return pb.OptimizeFulfillmentResponse(plans=[draft_to_proto(one.plan, one.decision_micros) for one in decided])


def planned_together(planner: Planner) -> Together:
    """How plans that come together are made; those that are held are answered at once."""
    return Together(work=planner.plan_each, is_soon=lambda outcome: isinstance(outcome, PlanRecord), most=MOST_TOGETHER)


def _promised(promise: Promise) -> Encoded:
    lap(Phase.SOLVE)
    answer = Encoded(promise_answer(promise))
    lap(Phase.ENCODE)
    return answer


def _planned(standing: FulfilmentPlan) -> pb.PlanFulfillmentResponse:
    note_plans([standing])
    response = pb.PlanFulfillmentResponse(plan=plan_to_proto(standing))
    lap(Phase.ENCODE)
    return response
