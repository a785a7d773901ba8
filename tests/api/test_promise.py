"""Promise over the wire: it holds nothing, an order that follows keeps it, and what is wrong is told."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.fulfilment.promising.model import DeliveryFee, DeliveryOption, PromiseCommand
from solver.gen.xunyuan.network.v1 import source_pb2
from solver.gen.xunyuan.sourcing.v1 import order_pb2, plan_pb2, promise_pb2
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.network.model import Hours, Source, SourceKind
from solver.network.transit import TransitTimes
from solver.orders.model import Order
from solver.scenario.load import load
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import Level, Policy
from solver.wire.codec import to_proto
from tests.made_world import EAST_STORE, EAST_WAREHOUSE, GROUND, MONDAY_AT_8, WEST_WAREHOUSE, order_of
from tests.promised_world import promised_world
from tests.running import SECONDS, Running, fresh_id, refusal

SKUS = ("TEA", "CUP", "POT", "GIFT")


@pytest.fixture
def town(empty: Running) -> Running:
    load(empty.application, promised_world())
    return empty


def request_of(order: Order, **changes: Any) -> pb.PromiseRequest:
    return to_proto(PromiseCommand(order=order, **changes), pb.PromiseRequest)


def promise(service: Running, request: pb.PromiseRequest) -> promise_pb2.Promise:
    return service.sourcing.Promise(request, timeout=SECONDS).promise


def at(timestamp: Any) -> datetime:
    moment: datetime = timestamp.ToDatetime(tzinfo=UTC)
    return moment


def plan_by(
    service: Running, order: Order, delivery: promise_pb2.Delivery, placed_at: datetime, *, validate_only: bool = False
) -> plan_pb2.Plan:
    """Plan the order as the delivery says."""
    request = pb.PlanFulfillmentRequest(
        request_id=fresh_id(),
        order=to_proto(order, order_pb2.Order),
        policy=delivery.policy,
        validate_only=validate_only,
    )
    request.order.placed_at.FromDatetime(placed_at)
    request.order.promised_at.CopyFrom(delivery.promised_at)
    return service.plan(request)


def test_a_promise_is_for_a_quarter_of_an_hour_from_now_unless_told_otherwise(
    town: Running, clock: ManualClock
) -> None:
    """The courier is at the door two hours after an order at the last moment."""
    clock.advance(timedelta(minutes=5))
    request = request_of(order_of(("TEA", 2)))
    for name in ("placed_at", "order_id"):
        request.order.ClearField(name)
    request.ClearField("valid_for")
    promised = promise(town, request)
    assert at(promised.valid_until) == MONDAY_AT_8 + timedelta(minutes=20)
    earliest = promised.options[0].earliest
    assert at(earliest.promised_at) == MONDAY_AT_8 + timedelta(hours=2, minutes=20)
    assert (earliest.total_minor, list(earliest.source_kinds)) == (1570, [source_pb2.SOURCE_KIND_STORE])
    assert not earliest.HasField("on_time_permille")


def test_a_promise_holds_nothing_and_writes_nothing(town: Running) -> None:
    before = town.contents()
    for _ in range(3):
        assert promise(town, request_of(order_of(("TEA", 3)))).options[0].HasField("earliest")
    assert town.contents() == before
    assert town.levels("TEA") == {("S-EAST", "TEA"): (3, 0, 0), ("W-EAST", "TEA"): (10, 0, 0)}


def test_a_kept_policy_may_be_named(town: Running) -> None:
    request = request_of(order_of(("TEA", 2)), policy_id="fastest", valid_for=timedelta(0))
    cheapest = promise(town, request).options[0].cheapest
    assert at(cheapest.promised_at) == MONDAY_AT_8 + timedelta(hours=2)
    assert (cheapest.policy.policy_id, cheapest.policy.version) == ("", 0)


def test_everything_that_is_wrong_with_a_request_is_told_at_once(town: Running) -> None:
    request = request_of(
        order_of(("TEA", 0), ("NONE", 1), promised_at=MONDAY_AT_8),
        policy=Policy(max_packages=99),
        options=(
            DeliveryOption(option_id="a", only_services=("boat",), only_kinds=(SourceKind.STORE, SourceKind.STORE)),
            DeliveryOption(option_id="a", only_carriers=("nobody",)),
            DeliveryOption(option_id=""),
        ),
        fees=(
            DeliveryFee(option_id="b", fee_minor=-1),
            DeliveryFee(option_id="a", free_from_minor=-1),
            DeliveryFee(option_id="a"),
        ),
        valid_for=timedelta(days=8),
    )
    before = town.contents()
    refused = refusal(lambda: promise(town, request))
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert set(refused.fields) == {
        "order.lines[0].quantity", "order.lines[1].sku", "order.promised_at", "policy.max_packages",
        "options[0].only_services[0]", "options[0].only_kinds[1]", "options[1].only_carriers[0]",
        "options[1]", "options[2].option_id", "fees[0].option_id", "fees[0].fee_minor", "fees[1].free_from_minor",
        "fees[2]", "valid_for",
    }  # fmt: skip
    assert town.contents() == before


def test_a_fee_is_for_an_option_that_there_might_be(town: Running) -> None:
    """Without options of the request's own these are known as well, whether or not they lead to the door."""
    known = ("any", "kind:store", "kind:drop_shipper", f"service:{GROUND.service_id}", "")
    sound = tuple(DeliveryFee(option_id=one, fee_minor=100) for one in known)
    assert promise(town, request_of(order_of(("TEA", 1)), fees=sound)).options
    fees = (
        *sound,
        DeliveryFee(option_id="kind:shop"),
        DeliveryFee(option_id="service:boat"),
        DeliveryFee(option_id="x"),
    )
    refused = refusal(lambda: promise(town, request_of(order_of(("TEA", 1)), fees=fees)))
    first = len(sound)
    assert list(refused.fields) == [f"fees[{first + number}].option_id" for number in range(3)]


def test_a_request_without_an_order_is_refused(town: Running) -> None:
    assert refusal(lambda: promise(town, pb.PromiseRequest())).fields == {"order": "'missing': give a value"}


def test_a_negative_validity_and_too_many_options_are_refused(town: Running) -> None:
    options = tuple(DeliveryOption(option_id=str(number)) for number in range(101))
    request = request_of(order_of(("TEA", 1)), options=options, valid_for=timedelta(seconds=-1))
    assert set(refusal(lambda: promise(town, request)).fields) == {"options", "valid_for"}


def test_a_promise_that_takes_longer_than_the_caller_waits_is_refused(town: Running) -> None:
    options = tuple(DeliveryOption(option_id=str(number)) for number in range(100))
    lines = [(sku, 7) for sku in SKUS]
    request = request_of(order_of(*lines), options=options)
    refused = refusal(lambda: town.sourcing.Promise(request, timeout=0.02))
    assert refused.code == "DEADLINE_EXCEEDED"


def any_source(draw: random.Random, number: int) -> Source:
    kind = draw.choice([EAST_WAREHOUSE, EAST_STORE, WEST_WAREHOUSE])
    opens = draw.choice([0, 420, 540])
    return replace(
        kind,
        source_id=f"S{number}",
        latitude=30 + draw.randint(0, 20) / 10,
        lead_minutes=draw.choice([0, 30, 150]),
        hours=Hours(opens_minute=opens, closes_minute=draw.choice([opens + 300, 1440])),
        cut_off_minute=draw.choice([None, None, opens + 65, opens + 300]),
        handling_per_package_minor=draw.randint(0, 300),
    )


def any_world(draw: random.Random) -> Scenario:
    """A few sources of any kind, hours and cut-off; ground counted or not."""
    sources = tuple(any_source(draw, number) for number in range(draw.randint(2, 5)))
    stock = tuple(
        OpeningStock(source_id=source.source_id, sku=sku, units=draw.randint(1, 4))
        for source in sources
        for sku in ("TEA", "CUP", "POT")
        if draw.random() < 0.7
    )
    times = TransitTimes(quantiles_minutes=tuple(sorted(draw.sample(range(200, 2000), 5))), sample_count=40)
    rates = tuple(replace(rate, transit_times=draw.choice([None, times])) for rate in GROUND.rates)
    services = (replace(GROUND, rates=rates), *promised_world().services[1:])
    return promised_world(sources=sources, stock=stock, services=services)


def any_policy(draw: random.Random) -> Policy:
    return Policy(
        max_packages=draw.choice([1, 2, 5]),
        split_minor=draw.choice([0, 200, 2000]),
        distance_minor_per_km=draw.choice([0, 3]),
        settings=draw.choice([{}, {}, {"min_on_time_permille": 700}, {"late_risk_minor": 500}]),
        words=draw.choice([{}, {}, {"blocked_services": ("air",)}]),
        levels=draw.choice([(), (), (Level(measure="packages"),), (Level(measure="latest_arrival_minutes"),)]),
        relax=draw.choice([{}, {"services_are_allowed": 1}]),
    )


def any_order(draw: random.Random, number: int) -> Order:
    wanted = [(sku, draw.randint(1, 4)) for sku in draw.sample(SKUS, draw.randint(1, 3))]
    placed_at = MONDAY_AT_8 + timedelta(minutes=draw.randint(0, 300))
    return order_of(*wanted, order_id=f"O-{number}", placed_at=placed_at)


@pytest.fixture(params=range(4))
def drawn(request: pytest.FixtureRequest, tmp_path: Path, seed: int) -> Iterator[tuple[Running, random.Random]]:
    draw = random.Random(1000 * seed + request.param)
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, any_world(draw))
    yield running, draw
    running.close()


def unfilled(plan: plan_pb2.Plan) -> int:
    return sum(line.unfilled_units for line in plan.lines)


def check_kept(
    service: Running, draw: random.Random, order: Order, delivery: promise_pb2.Delivery, until: datetime
) -> None:
    """At the last moment the plan is the one that was promised; at any moment before, it all is there in time too."""
    at_last = plan_by(service, order, delivery, until, validate_only=True)
    assert list(at_last.packages) == list(delivery.packages)
    assert dict(at_last.cost_minor) == dict(delivery.cost_minor)
    assert unfilled(at_last) == delivery.unpromised_units
    sooner = order.placed_at + (until - order.placed_at) * draw.random()
    before = plan_by(service, order, delivery, sooner, validate_only=True)
    assert unfilled(before) <= delivery.unpromised_units
    for package in (*at_last.packages, *before.packages):
        assert at(package.arrives_at) <= at(delivery.promised_at)
        assert package.late_minutes == 0


def test_a_plan_made_right_after_keeps_the_promise_and_none_is_earlier(drawn: tuple[Running, random.Random]) -> None:
    """Orders are planned, and held, one after the other: what they hold is not promised again."""
    service, draw = drawn
    for number in range(3):
        order, policy = any_order(draw, number), any_policy(draw)
        promised = promise(service, request_of(order, policy=policy, valid_for=timedelta(minutes=draw.randint(0, 40))))
        until = at(promised.valid_until)
        deliveries = [
            (delivery, name)
            for option in promised.options
            for name in ("earliest", "cheapest")
            if option.HasField(name)
            for delivery in (getattr(option, name),)
        ]
        for delivery, name in deliveries:
            assert delivery.proven
            check_kept(service, draw, order, delivery, until)
            if name == "earliest":
                hasty = promise_pb2.Delivery()
                hasty.CopyFrom(delivery)
                hasty.promised_at.FromDatetime(at(delivery.promised_at) - timedelta(microseconds=1))
                assert unfilled(plan_by(service, order, hasty, until, validate_only=True)) > delivery.unpromised_units
        if deliveries:
            delivery, _ = draw.choice(deliveries)
            held = plan_by(service, order, delivery, until)
            assert list(held.packages) == list(delivery.packages)
            assert held.state == plan_pb2.PLAN_STATE_HELD
    assert service.discrepancies() == []
