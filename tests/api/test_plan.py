"""PlanFulfillment: what it answers, worked out by hand, and what it holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from solver.clock import ManualClock
from solver.gen.xunyuan.sourcing.v1 import plan_pb2 as pb
from solver.orders.model import Address, OrderLine
from solver.sourcing.policy import Policy
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import Running, plan_request

NEAREST_COUNTS = Policy(distance_minor_per_km=10)


def at(timestamp: object) -> datetime:
    return timestamp.ToDatetime(tzinfo=UTC)  # type: ignore[attr-defined, no-any-return]  # a Timestamp


def test_a_plan_worked_by_hand_agrees_in_every_term(service: Running) -> None:
    """Two teas (1,000 g) to the warehouse's own door, promised after 8 hours.

    W-EAST ground: freight 800 + handling 100 + 2 x 20 + 3 begun hours late x 100 (11 h against 8 h) = 1,240
    W-EAST air:    freight 3,000 + handling 140, in time                                              = 3,140
    S-EAST ground: 800 + 50 + 2 x 10 + 111.195 km x 10 + 3 x 100 (10.5 h against 8 h)                = 2,282
    W-WEST:        1,540 km alone cost more than 15,000
    """
    order = order_of(("TEA", 2), promised_at=MONDAY_AT_8 + timedelta(hours=8))
    plan = service.plan(plan_request(order, policy=NEAREST_COUNTS))

    [package] = plan.packages
    assert (package.source_id, package.service_id, package.carrier_id) == ("W-EAST", "ground", "truck-co")
    assert [(packed.line_id, packed.sku, packed.units) for packed in package.contents] == [("1", "TEA", 2)]
    assert (package.weight_grams, package.volume_mm3, package.billable_grams) == (1000, 0, 1000)
    assert (package.distance_meters, package.crosses_province) == (0, False)
    assert at(package.arrives_at) == MONDAY_AT_8 + timedelta(minutes=60 + 600)
    assert package.late_minutes == 180
    assert dict(package.cost_minor) == {"freight": 800, "handling": 140, "distance": 0, "lateness": 300}
    assert dict(plan.cost_minor) == {
        "freight": 800, "handling": 140, "distance": 0, "lateness": 300, "split": 0, "unfilled": 0,
    }  # fmt: skip
    assert (plan.total_minor, plan.bound_minor, plan.gap_minor) == (1240, 1240, 0)
    assert (plan.engine, plan.stop) == (pb.ENGINE_EXACT, pb.STOP_REASON_OPTIMAL)
    assert plan.runner_up == pb.RunnerUp(
        without_source_id="W-EAST", source_ids=["S-EAST"], total_minor=2282, extra_minor=1042, proven=True
    )
    assert [(line.line_id, line.ordered_units, line.planned_units) for line in plan.lines] == [("1", 2, 2)]
    assert "W-EAST" in plan.why
    assert "12.40 CNY" in plan.why
    assert list(plan.notes) == []


def test_a_plan_is_held_for_a_quarter_of_an_hour_unless_told_otherwise(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    assert plan.state == pb.PLAN_STATE_HELD
    assert (at(plan.created_at), at(plan.hold_expires_at)) == (MONDAY_AT_8, MONDAY_AT_8 + timedelta(minutes=15))
    assert service.levels("TEA") == {
        ("W-EAST", "TEA"): (10, 0, 0),
        ("S-EAST", "TEA"): (1, 2, 0),
        ("W-WEST", "TEA"): (50, 0, 0),
    }


def test_a_hold_stands_until_its_expiry_and_not_at_it(service: Running, clock: ManualClock) -> None:
    request = plan_request(order_of(("TEA", 2)))
    request.hold_for.FromTimedelta(timedelta(seconds=90))
    plan_id = service.plan(request).plan_id

    clock.advance(timedelta(seconds=90, microseconds=-1))
    assert service.state(plan_id) == "HELD"
    assert service.levels("TEA")["S-EAST", "TEA"] == (1, 2, 0)

    clock.advance(timedelta(microseconds=1))
    assert service.state(plan_id) == "EXPIRED"
    assert service.levels("TEA")["S-EAST", "TEA"] == (3, 0, 0)


def test_validate_only_answers_the_same_plan_and_writes_nothing(service: Running) -> None:
    order, before = order_of(("TEA", 2)), service.contents()
    draft = service.plan(plan_request(order, request_id="", validate_only=True))
    assert service.contents() == before
    assert (draft.state, draft.plan_id) == (pb.PLAN_STATE_DRAFT, "")
    assert not draft.HasField("created_at")
    assert not draft.HasField("hold_expires_at")

    held = service.plan(plan_request(order))
    assert list(held.packages) == list(draft.packages)
    assert held.total_minor == draft.total_minor == 800 + 50 + 2 * 10


def test_an_order_without_a_time_was_placed_now_and_lines_without_ids_are_numbered(
    service: Running, clock: ManualClock
) -> None:
    clock.advance(timedelta(hours=1))
    request = plan_request(order_of(("TEA", 1), ("CUP", 1)))
    request.order.ClearField("placed_at")
    for line in request.order.lines:
        line.line_id = ""
    plan = service.plan(request)
    [package] = plan.packages
    assert at(package.arrives_at) == MONDAY_AT_8 + timedelta(hours=1, minutes=30 + 600)
    assert [(packed.line_id, packed.sku) for packed in package.contents] == [("1", "TEA"), ("2", "CUP")]


def test_a_repeated_request_without_a_time_is_the_same_request_later(service: Running, clock: ManualClock) -> None:
    request = plan_request(order_of(("TEA", 1)))
    request.order.ClearField("placed_at")
    first = service.plan(request)
    clock.advance(timedelta(minutes=1))
    assert service.plan(request) == first


def test_lines_of_the_same_sku_share_the_stock_and_are_answered_each(service: Running) -> None:
    """Seven cups on two lines; the west has given its cups away, so that four lie in W-EAST and one in S-EAST."""
    service.plan(plan_request(order_of(("CUP", 20), order_id="O-west", destination=Address(region_id="WEST-CITY"))))
    plan = service.plan(plan_request(order_of(("CUP", 3), ("CUP", 4))))
    packed = {(package.source_id, one.line_id): one.units for package in plan.packages for one in package.contents}
    assert sum(units for (source_id, _), units in packed.items() if source_id == "W-EAST") == 4
    assert sum(units for (source_id, _), units in packed.items() if source_id == "S-EAST") == 1
    planned = {line.line_id: line.planned_units for line in plan.lines}
    assert planned == {
        line_id: sum(units for (_, of), units in packed.items() if of == line_id) for line_id in ("1", "2")
    }
    assert {line.line_id: line.planned_units + line.unfilled_units for line in plan.lines} == {"1": 3, "2": 4}
    assert plan.cost_minor["unfilled"] == 2 * 100_000
    assert service.levels("CUP") == {
        ("W-EAST", "CUP"): (0, 4, 0), ("S-EAST", "CUP"): (0, 1, 0), ("W-WEST", "CUP"): (0, 20, 0),
    }  # fmt: skip


def test_an_address_far_from_its_region_is_planned_and_the_plan_says_so(service: Running) -> None:
    def notes(latitude: float, longitude: float) -> list[str]:
        destination = Address(region_id="EAST-CITY", latitude=latitude, longitude=longitude)
        order = replace(order_of(("TEA", 2)), destination=destination)
        plan = service.plan(plan_request(order, validate_only=True))
        return [*plan.notes, *plan.notes_zh]

    assert notes(30.0, 105.0) == []  # 1,443 km
    assert notes(0.0, 0.0) == [
        "the address lies more than 12,800 km from the centre of EAST-CITY (East City): look at its coordinates",
        "地址距 EAST-CITY (East City) 的中心点超过 12,800 公里，请核对坐标",
    ]


def test_an_address_without_coordinates_lies_at_its_regions_centre_and_the_plan_says_so(service: Running) -> None:
    order = order_of(("TEA", 2))
    told = service.plan(plan_request(order, policy=NEAREST_COUNTS, validate_only=True))
    assumed = service.plan(
        plan_request(
            replace(order, destination=Address(region_id="EAST-CITY")), policy=NEAREST_COUNTS, validate_only=True
        )
    )
    assert list(assumed.notes) == ["the address has no coordinates: the centre of EAST-CITY (East City) stands in"]
    assert list(assumed.notes_zh) == ["地址没有坐标，以 EAST-CITY (East City) 的中心点代替"]
    assert list(assumed.packages) == list(told.packages)


def test_a_bundle_ships_whole_and_is_weighed_by_its_parts(service: Running) -> None:
    """A pot and two cups weigh 2,000 g and take the room of 2,000 g: 800 + 2 begun half kilograms x 100."""
    plan = service.plan(plan_request(order_of(("GIFT", 1))))
    [package] = plan.packages
    assert [(one.sku, one.units) for one in package.contents] == [("CUP", 2), ("POT", 1)]
    assert (package.weight_grams, package.billable_grams) == (2000, 2000)
    assert dict(package.cost_minor) == {"freight": 1000, "handling": 100 + 3 * 20, "distance": 0, "lateness": 0}
    assert [(line.sku, line.ordered_units, line.planned_units) for line in plan.lines] == [("GIFT", 1, 1)]
    assert service.levels("POT", "CUP")["W-EAST", "POT"] == (1, 1, 0)


def test_a_bundle_that_cannot_be_whole_is_left_out_whole(service: Running) -> None:
    """Eight gifts need eight pots; seven are on hand. The eighth gift's cups stay where they are."""
    plan = service.plan(plan_request(order_of(("GIFT", 8))))
    [line] = plan.lines
    assert (line.planned_units, line.unfilled_units) == (7, 1)
    packed: dict[str, int] = {}
    for package in plan.packages:
        for one in package.contents:
            packed[one.sku] = packed.get(one.sku, 0) + one.units
    assert packed == {"POT": 7, "CUP": 14}


@pytest.mark.parametrize(
    ("wanted", "policy", "code"),
    [
        (("RARE", 1), Policy(), pb.UNFILLED_CODE_NO_STOCK_ANYWHERE),
        (("TEA", 64), Policy(max_packages=20), pb.UNFILLED_CODE_NOT_ENOUGH_STOCK),
        (("TEA", 40), Policy(max_distance_meters=500_000), pb.UNFILLED_CODE_RULE_FORBIDS),
        (("SAFE", 1), Policy(), pb.UNFILLED_CODE_NO_SERVICE_TAKES_IT),
        (("POT", 7), Policy(max_packages=1), pb.UNFILLED_CODE_SPLIT_LIMIT),
        (("TEA", 1), Policy(unfilled_minor_per_unit=1), pb.UNFILLED_CODE_DEARER_THAN_UNFILLED),
    ],
)
def test_what_cannot_be_filled_is_a_plan_with_a_reason(
    service: Running, wanted: tuple[str, int], policy: Policy, code: int
) -> None:
    plan = service.plan(plan_request(order_of(wanted), policy=policy))
    [line] = plan.lines
    assert line.unfilled_units > 0
    assert [reason.code for reason in line.reasons] == [code]
    assert plan.state == pb.PLAN_STATE_HELD
    assert plan.cost_minor["unfilled"] == line.unfilled_units * policy.unfilled_minor_per_unit


def test_what_others_hold_is_told_from_what_nobody_has(service: Running) -> None:
    service.plan(plan_request(order_of(("POT", 7), order_id="O-first")))
    plan = service.plan(plan_request(order_of(("POT", 1), order_id="O-second")))
    [line] = plan.lines
    assert [reason.code for reason in line.reasons] == [pb.UNFILLED_CODE_STOCK_HELD]
    assert plan.why == "Nothing can be shipped: see the reasons of each line."


def test_the_policy_limits_packages_and_sources(service: Running) -> None:
    order = order_of(("POT", 7))
    free = service.plan(plan_request(order, policy=Policy(), validate_only=True))
    assert {package.source_id for package in free.packages} == {"W-EAST", "W-WEST"}
    assert free.cost_minor["split"] == 200
    one_source = service.plan(plan_request(order, policy=Policy(max_sources=1), validate_only=True))
    assert {package.source_id for package in one_source.packages} == {"W-WEST"}


def test_a_zero_in_the_policy_counts_and_an_absent_price_takes_the_default(service: Running) -> None:
    request = plan_request(order_of(("RARE", 3)), validate_only=True)
    assert service.plan(request).cost_minor["unfilled"] == 300_000
    request.policy.split_minor = 1
    assert service.plan(request).cost_minor["unfilled"] == 300_000
    request.policy.unfilled_minor_per_unit = 0
    assert service.plan(request).cost_minor["unfilled"] == 0


def test_a_line_of_one_order_may_be_named_by_its_caller(service: Running) -> None:
    order = replace(order_of(), lines=(OrderLine(line_id="shelf 7 / 茶", sku="TEA", quantity=1),))
    [package] = service.plan(plan_request(order)).packages
    assert [one.line_id for one in package.contents] == ["shelf 7 / 茶"]
