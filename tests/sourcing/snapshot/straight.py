"""A Problem whose orders ship straight from what lies at sources, as the short way with them has it."""

from solver.orders.model import Order
from solver.sourcing.problem import Problem
from solver.sourcing.straight import Straight


def straight_of(order: Order, problem: Problem) -> Straight:
    """The same order on the same stock and lanes."""
    return Straight(
        order=order,
        lines=problem.lines,
        items=problem.items,
        available={sku: {one.source_id: one.available.get(sku, 0) for one in problem.offers} for sku in problem.items},
        on_hand={sku: {one.source_id: one.on_hand.get(sku, 0) for one in problem.offers} for sku in problem.items},
        lanes={(lane.source_id, lane.service_id): lane for lane in problem.lanes},
        remarks=tuple(zip(problem.notes, problem.notes_zh, strict=True)),
    )
