"""What a wrong order gets: every wrong field by name, and nothing written."""

from collections.abc import Callable

import pytest

from solver.api.server import Limits
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.scenario.load import load
from tests.made_world import made_world, order_of
from tests.running import Running, plan_request, refusal

INFINITY, NAN = float("inf"), float("nan")
Spoil = Callable[[pb.PlanFulfillmentRequest], object]


def set_field(path: str, value: object) -> Spoil:
    """Sets one field; the last name of the path belongs to a message on the way there."""

    def spoil(request: pb.PlanFulfillmentRequest) -> None:
        *way, name = path.split(".")
        message: object = request
        for step in way:
            message = getattr(message, step) if not step.isdecimal() else message[int(step)]  # type: ignore[index]  # a list
        setattr(message, name, value)

    return spoil


def seconds(field: str, value: int, nanos: int = 0) -> Spoil:
    def spoil(request: pb.PlanFulfillmentRequest) -> None:
        holder = request if field == "hold_for" else request.order
        getattr(holder, field).seconds = value
        getattr(holder, field).nanos = nanos

    return spoil


@pytest.mark.parametrize(
    ("spoil", "field", "told"),
    [
        (set_field("order.order_id", ""), "order.order_id", "''"),
        (set_field("order.order_id", "x" * 129), "order.order_id", "xxx"),
        (set_field("order.currency", "yuan"), "order.currency", "'yuan'"),
        (set_field("order.currency", "USD"), "order.currency", "'USD': the tariffs are in CNY"),
        (set_field("order.lines.0.sku", "NONE"), "order.lines[0].sku", "'NONE': there is no such"),
        (set_field("order.lines.0.quantity", 0), "order.lines[0].quantity", "0: must lie between 1"),
        (set_field("order.lines.1.quantity", -3), "order.lines[1].quantity", "-3"),
        (set_field("order.lines.1.quantity", 2**63 - 1), "order.lines[1].quantity", str(2**63 - 1)),
        (set_field("order.lines.0.unit_price_minor", -1), "order.lines[0].unit_price_minor", "-1"),
        (set_field("order.lines.1.line_id", "1"), "order.lines[1]", "'1': stands twice"),
        (set_field("order.lines.1.line_id", " 2"), "order.lines[1].line_id", "' 2'"),
        (set_field("order.destination.region_id", "MOON"), "order.destination.region_id", "'MOON'"),
        (set_field("order.destination.latitude", 90.1), "order.destination.latitude", "90.1"),
        (set_field("order.destination.latitude", NAN), "order.destination.latitude", "nan"),
        (set_field("order.destination.longitude", -180.1), "order.destination.longitude", "-180.1"),
        (set_field("order.destination.longitude", INFINITY), "order.destination.longitude", "inf"),
        (lambda request: request.order.destination.ClearField("longitude"), "order.destination", "or neither"),
        (lambda request: request.order.destination.ClearField("latitude"), "order.destination", "or neither"),
        (lambda request: request.order.ClearField("destination"), "order.destination", "missing"),
        (lambda request: request.order.ClearField("lines"), "order.lines", "0 lines"),
        (lambda request: request.order.lines.extend([request.order.lines[0]] * 99), "order.lines", "101 lines"),
        (seconds("placed_at", 253_402_300_799), "order.placed_at", "9999-12-31T23:59:59"),
        (seconds("placed_at", 2**62), "order.placed_at", str(2**62)),
        (seconds("placed_at", 0, -1), "order.placed_at", "0 s"),
        (seconds("placed_at", -1), "order.placed_at", "1969-12-31T23:59:59"),
        (seconds("promised_at", -62_135_596_800), "order.promised_at", "0001-01-01"),
        (seconds("hold_for", 0), "hold_for", "'0 s'"),
        (seconds("hold_for", -60), "hold_for", "'-60 s': give more than 0 and up to 7 days"),
        (seconds("hold_for", 0, 1), "hold_for", "'0 s'"),
        (seconds("hold_for", 7 * 86_400 + 1), "hold_for", "'604,801 s'"),
        (seconds("hold_for", 2**62), "hold_for", "give a shorter duration"),
        (set_field("policy.split_minor", -1), "policy.split_minor", "-1"),
        (set_field("policy.unfilled_minor_per_unit", 10**9 + 1), "policy.unfilled_minor_per_unit", "1000000001"),
        (set_field("policy.max_packages", 0), "policy.max_packages", "0: must lie between 1 and 20"),
        (set_field("policy.max_packages", 21), "policy.max_packages", "21"),
        (set_field("policy.max_sources", -1), "policy.max_sources", "-1"),
        (set_field("policy.time_limit_ms", 0), "policy.time_limit_ms", "0"),
        (set_field("policy.time_limit_ms", 60_001), "policy.time_limit_ms", "60001"),
        (set_field("policy.max_distance_meters", -1), "policy.max_distance_meters", "-1"),
    ],
)
@pytest.mark.parametrize("validate_only", [False, True])
def test_a_wrong_field_is_named_with_its_value_and_nothing_is_written(
    service: Running, spoil: Spoil, field: str, told: str, validate_only: bool
) -> None:
    before = service.contents()
    request = plan_request(order_of(("TEA", 1), ("CUP", 1)), validate_only=validate_only)
    spoil(request)
    refused = refusal(lambda: service.plan(request))
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert field in refused.fields
    assert told in refused.fields[field]
    assert field in refused.text
    assert service.contents() == before


def test_all_wrong_fields_are_told_in_one_error(service: Running) -> None:
    before = service.contents()
    request = plan_request(order_of(("NONE", 1), ("CUP", -1), ("TEA", 2)))
    request.order.lines[2].unit_price_minor = -5
    request.order.currency = "USD"
    request.order.destination.latitude = 91
    request.order.destination.region_id = "MOON"
    request.policy.split_minor = -5
    request.hold_for.seconds = -1
    refused = refusal(lambda: service.plan(request))
    assert list(refused.fields) == [
        "order.currency",
        "order.lines[0].sku",
        "order.lines[1].quantity",
        "order.lines[2].unit_price_minor",
        "order.destination.region_id",
        "order.destination.latitude",
        "policy.split_minor",
        "hold_for",
    ]
    assert service.contents() == before


def test_an_empty_request_is_told_what_to_give(service: Running) -> None:
    refused = refusal(lambda: service.plan(pb.PlanFulfillmentRequest()))
    assert refused.code == "INVALID_ARGUMENT"
    assert set(refused.fields) == {"order"}


def test_a_request_above_the_size_limit_is_refused_before_it_is_read(empty: Running) -> None:
    request = plan_request(order_of(("TEA", 1)))
    request.order.destination.text = "x" * Limits().request_bytes
    before = empty.contents()
    assert refusal(lambda: empty.plan(request)).code == "RESOURCE_EXHAUSTED"
    assert empty.contents() == before


def test_on_an_empty_database_everything_named_is_unknown(empty: Running) -> None:
    refused = refusal(lambda: empty.plan(plan_request(order_of(("TEA", 1)))))
    assert set(refused.fields) == {"order.lines[0].sku", "order.destination.region_id"}


def test_the_largest_order_that_is_allowed_is_answered(service: Running) -> None:
    request = plan_request(order_of(*[("TEA", 1_000_000)] * 100))
    request.policy.unfilled_minor_per_unit = 10**9
    plan = service.plan(request)
    assert sum(line.planned_units for line in plan.lines) == 63
    assert plan.cost_minor["unfilled"] == (100_000_000 - 63) * 10**9


def test_an_order_of_the_last_year_that_is_allowed_is_answered(service: Running) -> None:
    request = plan_request(order_of(("TEA", 1)))
    request.order.placed_at.FromJsonString("2199-12-31T23:59:59.999999Z")
    [package] = service.plan(request).packages
    assert package.arrives_at.ToJsonString() == "2200-01-01T12:30:00Z"


def test_a_world_without_services_ships_nothing_and_says_why(empty: Running) -> None:
    load(empty.application, made_world(services=()))
    plan = empty.plan(plan_request(order_of(("TEA", 1), currency="USD")))
    assert (list(plan.packages), plan.lines[0].unfilled_units) == ([], 1)
    assert "no lane" in plan.lines[0].reasons[0].text
