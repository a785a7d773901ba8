"""A plan on the wire: the optimiser's answer together with its place in a plan's life."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from solver.catalog.combinations.lines import ExplodedOrder
from solver.errors import BrokenInvariant, Violations
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.overriding.model import Override
from solver.gen.xunyuan.sourcing.v1 import plan_pb2
from solver.sourcing.plan import Plan
from solver.wire.codec import from_proto
from solver.wire.filling import add_to_proto, all_to_proto

_STATES = {plan_pb2.PlanState.Value(f"PLAN_STATE_{state.name}"): state for state in PlanState}


def plan_to_proto(standing: FulfilmentPlan) -> plan_pb2.Plan:
    """The plan's content, then its id, state and times."""
    return all_to_proto((standing.plan, standing), plan_pb2.Plan, {"gap_minor": standing.plan.gap_minor})


def write_plans(plans: Iterable[FulfilmentPlan], messages: Any) -> None:
    """The same of many, where they are to stand in an answer: none is copied there."""
    for standing in plans:
        add_to_proto((standing.plan, standing), plan_pb2.Plan, messages, {"gap_minor": standing.plan.gap_minor})


def draft_to_proto(plan: Plan, decision_micros: int = 0) -> plan_pb2.Plan:
    """A plan that nothing is held for."""
    return plan_to_proto(FulfilmentPlan(plan=plan, state=PlanState.DRAFT, decision_micros=decision_micros))


def plan_from_proto(message: plan_pb2.Plan) -> FulfilmentPlan:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    plan = from_proto(message, Plan, "plan", violations)
    exploded = None
    if message.HasField("exploded"):
        exploded = from_proto(message.exploded, ExplodedOrder, "plan.exploded", violations)
    override = None
    if message.HasField("override"):
        override = from_proto(message.override, Override, "plan.override", violations)
    state = _STATES.get(message.state)
    violations.require(state is not None, "plan.state", message.state, "a state that this release knows")
    if plan is None or state is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return FulfilmentPlan(
        plan=plan,
        state=state,
        plan_id=message.plan_id,
        created_at=message.created_at.ToDatetime(tzinfo=UTC) if message.HasField("created_at") else None,
        hold_expires_at=message.hold_expires_at.ToDatetime(tzinfo=UTC) if message.HasField("hold_expires_at") else None,
        decision_micros=message.decision_micros,
        replaces_plan_id=message.replaces_plan_id,
        replaced_by_plan_id=message.replaced_by_plan_id,
        exploded=exploded,
        override=override,
    )
