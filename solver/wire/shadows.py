"""Orders of a shadow on the wire: their plans are drafts like any other."""

from solver.fulfilment.shadowing.model import ShadowedOrder, ShadowPlan
from solver.gen.xunyuan.sourcing.v1 import shadow_pb2
from solver.wire.codec import fill_proto, to_proto
from solver.wire.plans import draft_to_proto


def shadow_plan_to_proto(planned: ShadowPlan) -> shadow_pb2.ShadowPlan:
    """An order and its plan."""
    message = to_proto(planned, shadow_pb2.ShadowPlan)
    message.plan.CopyFrom(draft_to_proto(planned.plan, planned.decision_micros))
    return message


def shadowed_order_to_proto(order: ShadowedOrder) -> shadow_pb2.ShadowedOrder:
    """The same with what the caller did."""
    message = shadow_pb2.ShadowedOrder(planned=shadow_plan_to_proto(order.planned))
    if order.outcome is not None:
        message.outcome.SetInParent()
        fill_proto(order.outcome, message.outcome)
    return message
