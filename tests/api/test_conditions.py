"""How carriers and sources fare, reported over the wire; and the plans that are made meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from solver.client import Client
from solver.clock import ManualClock
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.conditions.scans import Scan, ScanEvent
from solver.fulfilment.model import FulfilmentPlan
from solver.gen.xunyuan.network.v1 import conditions_pb2 as pb
from solver.gen.xunyuan.network.v1 import conditions_pb2_grpc
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import HOST, SECONDS, Running, fresh_id, refusal

HOUR = timedelta(hours=1)
GROUND_DOWN = CarrierHealth(
    service_id="ground", state=CarrierState.DOWN, reason="snow", expires_at=MONDAY_AT_8 + 2 * HOUR
)


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


def planned(client: Client, order_id: str, units: int = 1) -> FulfilmentPlan:
    return client.plan(order_of(("TEA", units), order_id=order_id))


def services_of(standing: FulfilmentPlan) -> list[str]:
    return [package.service_id for package in standing.plan.packages]


def test_no_plan_takes_a_service_that_is_down_until_the_report_expires(client: Client, clock: ManualClock) -> None:
    assert services_of(planned(client, "before")) == ["ground"]
    now = client.conditions.report_carriers([GROUND_DOWN])
    assert now == Conditions(services=(replace(GROUND_DOWN, carrier_id="truck-co", reported_at=MONDAY_AT_8),))
    assert services_of(planned(client, "meanwhile")) == ["air"]
    clock.advance(2 * HOUR)
    assert client.conditions.now() == Conditions()
    assert services_of(planned(client, "after")) == ["ground"]


def test_a_report_on_a_carrier_is_one_on_each_of_its_services_and_a_service_s_own_counts_before(client: Client) -> None:
    of_carrier = replace(GROUND_DOWN, service_id="", carrier_id="truck-co")
    client.conditions.report_carriers([of_carrier])
    assert services_of(planned(client, "1")) == ["air"]
    usual = CarrierHealth(service_id="ground", expires_at=GROUND_DOWN.expires_at)
    assert client.conditions.report_carriers([usual]) == Conditions()
    assert services_of(planned(client, "2")) == ["ground"]


def test_parcels_of_a_congested_service_arrive_later(client: Client) -> None:
    (before,) = planned(client, "1").plan.packages
    slow = replace(GROUND_DOWN, state=CarrierState.CONGESTED, extra_transit_minutes=90)
    client.conditions.report_carriers([slow])
    (package,) = planned(client, "2").plan.packages
    assert (package.service_id, package.arrives_at) == ("ground", before.arrives_at + timedelta(minutes=90))


def test_a_congested_service_takes_so_many_packages_more_and_those_given_back_count_no_more(client: Client) -> None:
    limited = replace(GROUND_DOWN, state=CarrierState.CONGESTED, packages_left=2)
    client.conditions.report_carriers([limited])
    first, second = planned(client, "1"), planned(client, "2")
    assert services_of(first) == services_of(second) == ["ground"]
    assert services_of(planned(client, "3")) == ["air"]
    client.release(second.plan_id)
    assert services_of(planned(client, "4")) == ["ground"]
    assert services_of(planned(client, "5")) == ["air"]


def test_a_closed_source_ships_nothing_and_a_slow_one_later(client: Client) -> None:
    usual = planned(client, "1")
    assert usual.plan.source_ids == ("S-EAST",)
    until = MONDAY_AT_8 + HOUR
    slow = SourceStatus(source_id="S-EAST", state=SourceCondition.SLOW, extra_lead_minutes=30, expires_at=until)
    client.conditions.report_sources([slow])
    (package,) = planned(client, "2").plan.packages
    assert package.arrives_at == usual.plan.packages[0].arrives_at + timedelta(minutes=30)
    client.conditions.report_sources([SourceStatus(source_id="S-EAST", state=SourceCondition.CLOSED, expires_at=until)])
    assert planned(client, "3").plan.source_ids == ("W-EAST",)


def test_a_slow_source_takes_so_many_orders_more(client: Client) -> None:
    until = MONDAY_AT_8 + HOUR
    limited = SourceStatus(source_id="S-EAST", state=SourceCondition.SLOW, orders_left=1, expires_at=until)
    client.conditions.report_sources([limited])
    assert planned(client, "1").plan.source_ids == ("S-EAST",)
    assert planned(client, "2").plan.source_ids == ("W-EAST",)


def test_a_service_of_which_many_parcels_are_late_counts_as_congested_by_itself(
    client: Client, clock: ManualClock
) -> None:
    (before,) = planned(client, "1").plan.packages
    due = MONDAY_AT_8 + HOUR
    handed = [
        Scan(parcel_id=f"P{n}", service_id="ground", event=ScanEvent.HANDED_OVER, at=MONDAY_AT_8, due_at=due)
        for n in range(20)
    ]
    assert client.conditions.report_scans(handed) == Conditions()
    clock.advance(3 * HOUR)
    delivered = [Scan(parcel_id=f"P{n}", service_id="ground", event=ScanEvent.DELIVERED, at=due) for n in range(14)]
    (inferred,) = client.conditions.report_scans(delivered).services
    assert (inferred.state, inferred.inferred, inferred.extra_transit_minutes) == (CarrierState.CONGESTED, True, 120)
    assert inferred.reason == "6 of 20 parcels due since 03-01 11:00 UTC are late"
    (package,) = planned(client, "2").plan.packages
    assert package.arrives_at == before.arrives_at + 2 * HOUR
    late_ones = [Scan(parcel_id="P19", service_id="ground", event=ScanEvent.DELIVERED, at=due)]
    assert client.conditions.report_scans(late_ones) == Conditions()


def test_a_repeated_report_changes_nothing(client: Client) -> None:
    client.conditions.report_carriers([GROUND_DOWN], request_id="once")
    client.conditions.report_carriers([replace(GROUND_DOWN, state=CarrierState.NORMAL)])
    assert client.conditions.report_carriers([GROUND_DOWN], request_id="once") == Conditions()


def test_unsound_reports_are_refused_with_every_field(service: Running) -> None:
    stub = conditions_pb2_grpc.ConditionServiceStub(service.channel)
    past = pb.CarrierHealth(service_id="ground", state=pb.CARRIER_STATE_DOWN, extra_transit_minutes=5)
    past.expires_at.FromDatetime(MONDAY_AT_8)
    unknown = pb.CarrierHealth(carrier_id="nobody", packages_left=-1)
    unknown.expires_at.FromDatetime(MONDAY_AT_8 + HOUR)
    both = pb.CarrierHealth(carrier_id="truck-co", service_id="air")
    both.expires_at.FromDatetime(MONDAY_AT_8 + 31 * 24 * HOUR)
    carriers = pb.ReportCarrierHealthRequest(request_id=fresh_id(), reports=[past, unknown, both])
    refused = refusal(lambda: stub.ReportCarrierHealth(carriers, timeout=SECONDS))
    assert (refused.code, set(refused.fields)) == (
        "INVALID_ARGUMENT",
        {
            "reports[0].extra_transit_minutes",
            "reports[0].expires_at",
            "reports[1].carrier_id",
            "reports[1].packages_left",
            "reports[2].service_id",
            "reports[2].expires_at",
        },
    )
    source = pb.SourceStatus(source_id="nowhere", state=pb.SOURCE_CONDITION_CLOSED, orders_left=3)
    source.expires_at.FromDatetime(MONDAY_AT_8 + HOUR)
    sources = pb.ReportSourceStatusRequest(request_id=fresh_id(), reports=[source])
    refused = refusal(lambda: stub.ReportSourceStatus(sources, timeout=SECONDS))
    assert set(refused.fields) == {"reports[0].source_id", "reports[0].orders_left"}
    scan = pb.Scan(parcel_id="P", service_id="ground", event=pb.SCAN_EVENT_HANDED_OVER)
    scan.at.FromDatetime(MONDAY_AT_8)
    scans = pb.ReportScansRequest(request_id=fresh_id(), scans=[scan])
    assert set(refusal(lambda: stub.ReportScans(scans, timeout=SECONDS)).fields) == {"scans[0].due_at"}
    assert stub.GetConditions(pb.GetConditionsRequest(), timeout=SECONDS).conditions == pb.Conditions()


def test_orders_planned_together_share_what_a_slow_source_and_a_congested_service_still_take(
    client: Client, clock: ManualClock
) -> None:
    until = MONDAY_AT_8 + HOUR
    slow = SourceStatus(source_id="S-EAST", state=SourceCondition.SLOW, orders_left=1, expires_at=until)
    client.conditions.report_sources([slow])
    orders = tuple(order_of(("TEA", 1), order_id=f"slow-{number}") for number in range(3))
    batch = client.batches.plan(BatchCommand(orders=orders))
    assert sorted(one.plan.source_ids for one in batch.plans) == [("S-EAST",), ("W-EAST",), ("W-EAST",)]
    clock.advance(HOUR / 60)
    congested = CarrierHealth(service_id="ground", state=CarrierState.CONGESTED, packages_left=1, expires_at=until)
    client.conditions.report_carriers([congested])
    orders = tuple(order_of(("CUP", 1), order_id=f"congested-{number}") for number in range(2))
    batch = client.batches.plan(BatchCommand(orders=orders))
    assert sorted(services_of(one) for one in batch.plans) == [["air"], ["ground"]]


def test_what_plans_use_is_forgotten_once_they_have_ended_and_no_limit_counts_it(
    service: Running, client: Client, clock: ManualClock
) -> None:
    def noted() -> int:
        with service.application.database.read() as reader:
            return len(reader.query("SELECT plan_id FROM plan_package"))

    plans = [client.confirm(planned(client, f"{number}").plan_id)[0].plan_id for number in range(3)]
    planned(client, "never confirmed")
    clock.advance(HOUR / 60)
    limited = replace(GROUND_DOWN, state=CarrierState.CONGESTED, packages_left=3)
    client.conditions.report_carriers([limited])
    counted = client.confirm(planned(client, "counted").plan_id)[0].plan_id
    clock.advance(HOUR)
    client.commitments.cancel(plan_id=plans[0])
    assert noted() == 3, "what is cancelled and what has expired uses nothing"
    client.commitments.ship(plan_id=counted)
    client.commitments.ship(plan_id=plans[1])
    assert services_of(planned(client, "second")) == services_of(planned(client, "third")) == ["ground"]
    assert services_of(planned(client, "fourth")) == ["air"], "what was shipped still counts against the limit"
    clock.advance(2 * HOUR)
    client.commitments.ship(plan_id=plans[2])
    assert noted() == 0
