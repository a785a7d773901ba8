"""A SKU that everybody wants: fewer units than orders, and what was sold of it in the end."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load_world import LoadWorld
from benchmarks.loaders import Callers, closed_loop
from benchmarks.loading import PLAN
from benchmarks.worlds import PLACED_AT
from solver.client import Client, Movement
from solver.gen.xunyuan.sourcing.v1 import order_pb2, sourcing_pb2
from solver.orders.model import Address, Order, OrderLine
from solver.wire.codec import to_proto

SITES = 10
LOST_RACE = "ABORTED"  # the caller may try again; here nobody does


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """What came of it: orders that were answered, orders that lost every race, units on offer and units sold."""

    rate: float
    answered: int
    raced: int
    units: int
    sold: int


def rush(world: LoadWorld, callers: Callers, units: int, orders: int, at_once: int) -> Rush:
    """Put so many units of a SKU on sale, send more orders of one unit each, and count.

    Raises AssertionError where more was sold than there was, or where answers and stock say different things.
    """
    sku = world.materials[0].sku
    with Client(callers.addresses[0]) as client:
        _leave(client, sku, units)
        load = closed_loop(callers, PLAN, _requests(sku, orders), at_once)
        held = {one.site_id: one for one in client.stock_levels([sku])}
    failures = Counter(load.failures)
    raced = failures.pop(LOST_RACE, 0)
    assert not failures, failures
    assert len(load.answers) + raced == orders, "a call was not answered"
    sold = world.held_units(load)[sku]
    available = sum(one.available for one in held.values())
    assert available >= 0, available
    assert sold + available == units, (sold, available, units)
    assert sold == units or raced, "units were left although somebody wanted them"
    return Rush(rate=load.answers_per_second, answered=len(load.answers), raced=raced, units=units, sold=sold)


def _leave(client: Client, sku: str, units: int) -> None:
    """So many units at the first sites of the SKU, none elsewhere."""
    levels = sorted(client.stock_levels([sku]), key=lambda one: one.site_id)
    moves: list[Movement] = []
    for place, level in enumerate(levels):
        wanted = units // SITES if place < SITES else 0
        moves.append(Movement(site_id=level.site_id, sku=sku, units=wanted - level.available))
    client.adjust_stock([one for one in moves if one.units], "what is left of it")


def _requests(sku: str, orders: int) -> Sequence[bytes]:
    return [
        sourcing_pb2.PlanFulfillmentRequest(
            request_id=str(uuid.uuid4()),
            order=to_proto(
                Order(
                    order_id=f"hot/{uuid.uuid4()}",
                    currency="CNY",
                    placed_at=PLACED_AT,
                    destination=Address(region_id="R", latitude=31.2, longitude=121.5),
                    lines=(OrderLine(line_id="1", sku=sku, quantity=1),),
                ),
                order_pb2.Order,
            ),
        ).SerializeToString()
        for _ in range(orders)
    ]
