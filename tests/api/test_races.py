"""Orders that race for the last unit: exactly one gets it, and none gets an error."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from solver.gen.xunyuan.sourcing.v1 import plan_pb2
from solver.gen.xunyuan.stock.v1 import stock_pb2
from tests.made_world import order_of
from tests.running import SECONDS, Running, fresh_id, plan_request

ROUNDS = 25


def at_once(*calls: Callable[[], plan_pb2.Plan]) -> list[plan_pb2.Plan]:
    """Start every call at the same moment; their answers."""
    start = threading.Barrier(len(calls))

    def wait_and_call(call: Callable[[], plan_pb2.Plan]) -> plan_pb2.Plan:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and_call, calls))


def receive(service: Running, site_id: str, sku: str, units: int) -> None:
    request = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), reference="for the race")
    request.movements.add(site_id=site_id, sku=sku, units=units)
    service.stock.ReceiveStock(request, timeout=SECONDS)


def packed_from(plan: plan_pb2.Plan) -> dict[str, int]:
    return {package.source_id: sum(one.units for one in package.contents) for package in plan.packages}


def lost_to(winner: plan_pb2.Plan) -> int:
    """Why a plan lacks what this one has: it met it and was decided together with it, or came after it."""
    met = winner.engine == plan_pb2.ENGINE_BATCH
    return plan_pb2.UNFILLED_CODE_TAKEN_BY_OTHERS if met else plan_pb2.UNFILLED_CODE_STOCK_HELD


def test_of_two_orders_for_the_last_unit_one_gets_it_and_the_other_is_told_so(service: Running) -> None:
    for number in range(ROUNDS):
        receive(service, "W-EAST", "RARE", 1)
        names = [f"{side} {number}" for side in ("left", "right")]
        requests = [plan_request(order_of(("RARE", 1), order_id=name)) for name in names]
        plans = at_once(*(lambda request=request: service.plan(request) for request in requests))
        assert sorted(len(plan.packages) for plan in plans) == [0, 1]
        [loser] = [plan for plan in plans if not plan.packages]
        [winner] = [plan for plan in plans if plan.packages]
        [reason] = loser.lines[0].reasons
        assert reason.code == lost_to(winner)
        service.confirm(winner.plan_id)
    assert service.levels("RARE") == {("W-EAST", "RARE"): (0, 0, ROUNDS)}
    assert service.discrepancies() == []


def test_the_loser_of_a_race_is_planned_again_from_another_source(service: Running) -> None:
    """The store has three cups less two; one order alone takes its one, the other goes to the warehouse's four."""
    for number in range(ROUNDS):
        names = [f"{side} {number}" for side in ("left", "right")]
        requests = [plan_request(order_of(("CUP", 1), order_id=name)) for name in names]
        plans = at_once(*(lambda request=request: service.plan(request) for request in requests))
        assert sorted(source for plan in plans for source in packed_from(plan)) == ["S-EAST", "W-EAST"]
        for plan in plans:
            service.release(plan.plan_id)
    assert service.levels("CUP")["S-EAST", "CUP"] == (1, 0, 0)


def test_a_request_sent_twice_at_once_makes_one_plan(service: Running) -> None:
    for number in range(ROUNDS):
        request = plan_request(order_of(("TEA", 1), order_id=f"order {number}"))
        first, second, third = at_once(*[lambda request=request: service.plan(request)] * 3)
        assert first == second == third
        assert sum(held for _, held, _ in service.levels("TEA").values()) == 1
        service.release(first.plan_id)


def test_many_orders_at_once_share_exactly_what_there_is(service: Running) -> None:
    """Seven pots, ten orders of one pot each: seven ship, three are told that others have the rest."""
    requests = [plan_request(order_of(("POT", 1), order_id=f"order {number}")) for number in range(10)]
    with ThreadPoolExecutor(10) as pool:
        plans = list(pool.map(service.plan, requests))
    assert sum(len(plan.packages) for plan in plans) == 7
    told = [reason.code for plan in plans if not plan.packages for reason in plan.lines[0].reasons]
    assert len(told) == 3
    assert {*told} <= {plan_pb2.UNFILLED_CODE_TAKEN_BY_OTHERS, plan_pb2.UNFILLED_CODE_STOCK_HELD}
    assert service.levels("POT") == {("W-EAST", "POT"): (0, 2, 0), ("W-WEST", "POT"): (0, 5, 0)}
    assert service.discrepancies() == []
