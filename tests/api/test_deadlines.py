"""Deadlines: an answer or DEADLINE_EXCEEDED, soon, and nothing held by a call that failed before its commit."""

import random
from dataclasses import replace
from typing import Any

import grpc
import pytest

from solver.errors import DeadlineTooShort
from solver.fulfilment.model import PlanCommand
from solver.fulfilment.planner import Planner
from solver.gen.xunyuan.sourcing.v1 import plan_pb2
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from solver.sourcing.policy import Policy
from solver.storage.once import Request
from solver.wire.codec import to_proto
from tests.api.test_optimize import by_tariff
from tests.made_world import EAST_STORE, made_world, order_of
from tests.running import SECONDS, Running, plan_request, refusal

SKUS = [f"SKU-{number}" for number in range(10)]


def hard_world(seed: int) -> Any:
    """Sixty stores of which none has more than a few units of a few of ten SKUs."""
    draw = random.Random(seed)
    stores = tuple(
        replace(EAST_STORE, source_id=f"S-{number:02}", latitude=30 + number / 50, handling_per_unit_minor=number)
        for number in range(60)
    )
    stock = tuple(
        OpeningStock(source_id=store.source_id, sku=sku, units=draw.randint(1, 3))
        for store in stores
        for sku in draw.sample(SKUS, 3)
    )
    material = made_world().materials[0]
    materials = tuple(replace(material, sku=sku, weight_grams=draw.randint(100, 1500)) for sku in SKUS)
    return made_world(sources=stores, stock=stock, materials=materials, sales_items=())


HARD = order_of(*((sku, 7) for sku in SKUS))
HARD_POLICY = Policy(max_packages=20, distance_minor_per_km=3, time_limit_ms=1500)


@pytest.mark.parametrize("timeout_seconds", [0.001, 0.12, 0.4])
def test_a_hard_order_is_answered_or_refused_by_its_deadline_and_holds_what_it_says(
    empty: Running, seed: int, timeout_seconds: float
) -> None:
    load(empty.application, hard_world(seed))
    request = plan_request(HARD, policy=HARD_POLICY)
    call = empty.sourcing.PlanFulfillment.future(request, timeout=timeout_seconds)
    error = call.exception()
    assert error is None or call.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    # Where the deadline passed, the commit may have come just before; the same request tells, and one plan there is.
    plan = call.result().plan if error is None else empty.plan(request)
    packed = sum(one.units for package in plan.packages for one in package.contents)
    assert packed > 0
    assert sum(held for _, held, _ in empty.levels().values()) == packed
    assert empty.discrepancies() == []


def test_a_search_that_its_time_limit_ends_is_a_plan_with_its_gap(empty: Running, seed: int) -> None:
    load(empty.application, hard_world(seed))
    request = plan_request(HARD, policy=replace(HARD_POLICY, time_limit_ms=1))
    plan = empty.plan(request)
    assert plan.stop == plan_pb2.STOP_REASON_TIME_LIMIT
    assert plan.state == plan_pb2.PLAN_STATE_HELD
    assert plan.gap_minor == plan.total_minor - plan.bound_minor >= 0


def request_named(request_id: str) -> Request:
    return Request(method="PlanFulfillment", request_id=request_id, body_digest=b"")


@pytest.mark.parametrize("seconds_left", [-1.0, 0.0, 0.05])
def test_without_time_for_a_decision_nothing_is_begun(service: Running, seconds_left: float) -> None:
    before = service.contents()
    command = PlanCommand(order=order_of(("TEA", 1)))
    with pytest.raises(DeadlineTooShort):
        service.application.planner.plan(request_named("late"), command, seconds_left=seconds_left)
    assert service.contents() == before


def test_a_decision_that_took_longer_than_the_caller_waits_holds_nothing(service: Running) -> None:
    """The stopwatch is read at the call, before and around the decision, and once more when the plan is made."""
    app = service.application
    readings = iter([0.0, 0.0, 0.0, 5.0, 11.0])
    planner = Planner(
        database=app.database, clock=app.clock, catalog=app.catalog, network=app.network, policies=app.policies,
        stock=app.stock, stopwatch=lambda: next(readings),
    )  # fmt: skip
    before = service.contents()
    with pytest.raises(DeadlineTooShort):
        planner.plan(request_named("slow"), PlanCommand(order=order_of(("TEA", 1))), seconds_left=10.0)
    assert service.contents() == before


def test_an_optimiser_call_out_of_time_is_refused_whole(empty: Running) -> None:
    orders = [order_of(("TEA", 1), order_id=str(number)) for number in range(1000)]
    request = to_proto(by_tariff(*orders), pb.OptimizeFulfillmentRequest)
    refused = refusal(lambda: empty.sourcing.OptimizeFulfillment(request, timeout=0.2))
    assert refused.code == "DEADLINE_EXCEEDED"
    assert empty.sourcing.OptimizeFulfillment(
        to_proto(by_tariff(*orders[:2]), pb.OptimizeFulfillmentRequest), timeout=SECONDS
    ).plans
