"""What a request may leave out and everybody means the same by."""

from datetime import datetime

from solver.gen.xunyuan.network.v1 import source_pb2
from solver.gen.xunyuan.sourcing.v1 import order_pb2, sourcing_pb2


def complete_order(order: order_pb2.Order, now: datetime) -> None:
    """An order without a time was placed now; lines without an id are numbered."""
    if not order.HasField("placed_at"):
        order.placed_at.FromDatetime(now)
    for number, line in enumerate(order.lines, start=1):
        if not line.line_id:
            line.line_id = str(number)


def complete_problem(request: sourcing_pb2.OptimizeFulfillmentRequest, now: datetime) -> None:
    """Where lanes are given, an order may go anywhere, and a source of no kind is a warehouse."""
    for order in request.orders:
        complete_order(order, now)
    if not request.lanes:
        return
    for order in request.orders:
        order.destination.SetInParent()
    for source in request.sources:
        source.kind = source.kind or source_pb2.SOURCE_KIND_WAREHOUSE
