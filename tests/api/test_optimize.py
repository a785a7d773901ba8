"""OptimizeFulfillment: a whole problem in, plans out, nothing stored."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToJson, Parse

from solver.cli.main import main
from solver.fulfilment.command import OptimizeCommand, PricedLane, StockAmount
from solver.gen.xunyuan.sourcing.v1 import plan_pb2
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2 as pb
from solver.network.calendar import Calendar
from solver.network.model import Band, RateCard, Source, SourceKind
from solver.orders.model import Address
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Stage
from solver.wire.codec import to_proto
from tests.made_world import GIFT, MATERIALS, MONDAY_AT_8, REGIONS, SERVICES, SOURCES, STOCK, order_of
from tests.running import SECONDS, Running, plan_request, refusal

AMOUNTS = tuple(StockAmount(source_id=one.source_id, sku=one.sku, available_units=one.units) for one in STOCK)


def flat(minor: int) -> RateCard:
    return RateCard(bands=(Band(up_to_grams=None, base_minor=minor),))


def by_tariff(*orders: Any, **changes: Any) -> OptimizeCommand:
    parts: dict[str, Any] = {
        "orders": orders, "sources": SOURCES, "stock": AMOUNTS, "materials": MATERIALS, "sales_items": (GIFT,),
        "services": SERVICES, "regions": REGIONS,
    }  # fmt: skip
    return OptimizeCommand(**{**parts, **changes})


def by_lane(*orders: Any, lanes: tuple[PricedLane, ...], **changes: Any) -> OptimizeCommand:
    return by_tariff(*orders, lanes=lanes, services=(), regions=(), **changes)


def optimize(service: Running, command: OptimizeCommand) -> list[plan_pb2.Plan]:
    request = to_proto(command, pb.OptimizeFulfillmentRequest)
    return list(service.sourcing.OptimizeFulfillment(request, timeout=SECONDS).plans)


def test_with_tariffs_it_answers_what_planning_answers_and_stores_nothing(service: Running) -> None:
    orders = [order_of(("TEA", 2), ("GIFT", 1), order_id="a"), order_of(("POT", 7), order_id="b")]
    before = service.contents()
    alone = [optimize(service, by_tariff(order))[0] for order in orders]
    drafts = [service.plan(plan_request(order, validate_only=True)) for order in orders]
    for plan, draft in zip(alone, drafts, strict=True):
        assert plan.decision_micros > 0
        draft.decision_micros = plan.decision_micros
        assert plan == draft
    assert service.contents() == before


def test_it_needs_nothing_that_is_stored(empty: Running) -> None:
    [plan] = optimize(empty, by_tariff(order_of(("TEA", 2))))
    assert (plan.packages[0].source_id, plan.total_minor) == ("S-EAST", 870)
    assert plan.state == plan_pb2.PLAN_STATE_DRAFT


def test_orders_count_the_stock_down_one_after_the_other(empty: Running) -> None:
    """The store has three teas and is 70 cheaper: the first order empties it, the second finds one, the third none."""
    plans = optimize(empty, by_tariff(*(order_of(("TEA", 2), order_id=str(number)) for number in range(3))))
    assert [plan.order_id for plan in plans] == ["0", "1", "2"]
    assert [[package.source_id for package in plan.packages] for plan in plans] == [["S-EAST"], ["W-EAST"], ["W-EAST"]]

    plans = optimize(empty, by_tariff(*(order_of(("POT", 4), order_id=str(number)) for number in range(2))))
    assert [plan.lines[0].planned_units for plan in plans] == [4, 3]
    assert plans[1].lines[0].reasons[0].code == plan_pb2.UNFILLED_CODE_NOT_ENOUGH_STOCK


def test_explicit_lanes_need_neither_regions_nor_coordinates(empty: Running) -> None:
    """Two teas on lanes at 500 and 300: the west is cheaper by its handling, which is none."""
    lanes = (
        PricedLane(source_id="W-EAST", service_id="bike", card=flat(500), transit_minutes=30),
        PricedLane(source_id="W-WEST", service_id="bike", card=flat(300), transit_minutes=90, carrier_id="bikes"),
    )
    order = order_of(("TEA", 2), destination=Address(region_id="anywhere"))
    [plan] = optimize(empty, by_lane(order, lanes=lanes))
    [package] = plan.packages
    assert (package.source_id, package.service_id, package.carrier_id) == ("W-WEST", "bike", "bikes")
    assert package.arrives_at.ToDatetime() == (MONDAY_AT_8 + timedelta(minutes=90)).replace(tzinfo=None)
    assert (plan.total_minor, plan.gap_minor) == (300, 0)
    assert plan.runner_up.total_minor == 500 + 100 + 2 * 20


def test_calendars_are_followed_by_lanes_and_by_tariffs_alike_and_must_be_given(empty: Running) -> None:
    monday = Calendar(calendar_id="X", closed_days=(date(2026, 3, 2),))
    sources = tuple(replace(source, calendar_id="X") for source in SOURCES)
    lanes = (PricedLane(source_id="W-WEST", service_id="bike", card=flat(300), transit_minutes=90),)
    order = order_of(("TEA", 1))
    [by_card] = optimize(empty, by_lane(order, lanes=lanes, sources=sources, calendars=(monday,)))
    assert by_card.packages[0].arrives_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
    [by_zone] = optimize(empty, by_tariff(order, sources=sources, calendars=(monday,)))
    assert by_zone.packages[0].source_id == "S-EAST"
    # The store opens on Tuesday at 02:00 UTC, takes half an hour, and the parcel ten hours.
    assert by_zone.packages[0].arrives_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 3, 12, 30, tzinfo=UTC)
    refused = refusal(lambda: optimize(empty, by_tariff(order, sources=sources)))
    assert set(refused.fields) == {f"sources[{number}].calendar_id" for number in range(3)}


def test_a_lane_for_one_order_takes_the_place_of_the_lane_for_all(empty: Running) -> None:
    lanes = (
        PricedLane(source_id="W-WEST", service_id="bike", order_id="special", card=flat(100)),
        PricedLane(source_id="W-WEST", service_id="bike", card=flat(300)),
    )
    orders = (order_of(("TEA", 1), order_id="special"), order_of(("TEA", 1), order_id="usual"))
    for given in (lanes, lanes[::-1]):
        plans = optimize(empty, by_lane(*orders, lanes=given))
        assert [plan.total_minor for plan in plans] == [100, 300]


def test_a_lane_beyond_the_policys_distance_ships_nothing_and_the_reason_names_the_rule(empty: Running) -> None:
    lanes = (PricedLane(source_id="W-WEST", service_id="bike", card=flat(300), distance_meters=5001),)
    command = by_lane(order_of(("TEA", 1)), lanes=lanes, policy=Policy(max_distance_meters=5000))
    [plan] = optimize(empty, command)
    [reason] = plan.lines[0].reasons
    assert reason.code == plan_pb2.UNFILLED_CODE_RULE_FORBIDS
    assert reason.text == "more of these units would ship without the rule 'sources are near enough'"
    assert dict(plan.excluded) == {"sources_are_near_enough": 1}


def transport_instance() -> OptimizeCommand:
    """A set to cover at fixed transport costs, whatever is in the package.

    One order asks for items A, B and C. Store one has A and B, store two B and C, store three A and C; their lanes cost
    7, 8 and 9. Every two stores cover all three items, no single one does: the optimum is 7 + 8 = 15.
    """
    items = tuple(replace(MATERIALS[0], sku=sku) for sku in "ABC")
    stores = tuple(
        Source(source_id=name, name=name, kind=SourceKind.STORE, region_id="", latitude=0, longitude=0)
        for name in ("one", "two", "three")
    )
    stock = tuple(
        StockAmount(source_id=store, sku=sku, available_units=1)
        for store, skus in (("one", "AB"), ("two", "BC"), ("three", "AC"))
        for sku in skus
    )
    lanes = tuple(
        PricedLane(source_id=store, service_id="van", card=flat(minor))
        for store, minor in (("one", 7), ("two", 8), ("three", 9))
    )
    return OptimizeCommand(
        orders=(order_of(("A", 1), ("B", 1), ("C", 1)),),
        sources=stores,
        stock=stock,
        materials=items,
        lanes=lanes,
        policy=Policy(split_minor=0),
    )


def test_a_covering_instance_is_solved_to_its_known_optimum(empty: Running) -> None:
    command = transport_instance()
    [plan] = optimize(empty, command)
    assert ([package.source_id for package in plan.packages], plan.total_minor) == (["one", "two"], 15)
    assert (plan.stop, plan.bound_minor) == (plan_pb2.STOP_REASON_OPTIMAL, 15)

    fourth = Source(source_id="four", name="four", kind=SourceKind.STORE, region_id="", latitude=0, longitude=0)
    tempting = replace(
        command,
        sources=(*command.sources, fourth),
        stock=(*command.stock, StockAmount(source_id="four", sku="C", available_units=1)),
        lanes=(*command.lanes, PricedLane(source_id="four", service_id="van", card=flat(6))),
    )
    [plan] = optimize(empty, tempting)
    assert (sorted(package.source_id for package in plan.packages), plan.total_minor) == (["four", "one"], 13)


def test_no_engine_is_cheaper_than_the_proven_optimum_and_each_says_what_it_is(empty: Running) -> None:
    orders = [
        order_of(("POT", 7)),
        order_of(("TEA", 12), ("CUP", 5)),
        order_of(("GIFT", 3), ("TEA", 11), ("CUP", 3)),
        order_of(("SAFE", 1), ("TEA", 60)),
    ]
    for order in orders:
        plans = {
            engine: optimize(empty, by_tariff(order, engine=engine))[0]
            for engine in (Engine.MIP, Engine.GREEDY, Engine.NEAREST)
        }
        best = plans[Engine.MIP]
        assert (best.engine, best.stop, best.gap_minor) == (plan_pb2.ENGINE_MIP, plan_pb2.STOP_REASON_OPTIMAL, 0)
        for engine, number in ((Engine.GREEDY, plan_pb2.ENGINE_GREEDY), (Engine.NEAREST, plan_pb2.ENGINE_NEAREST)):
            plan = plans[engine]
            assert (plan.engine, plan.stop) == (number, plan_pb2.STOP_REASON_HEURISTIC)
            assert plan.total_minor >= best.total_minor
            assert plan.bound_minor <= best.total_minor


LANE = PricedLane(source_id="W-EAST", service_id="bike", card=flat(500))
TEA = order_of(("TEA", 1))


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (by_tariff(TEA, lanes=(LANE,)), {"lanes"}),
        (by_tariff(TEA, services=()), {"lanes"}),
        (by_tariff(), {"orders"}),
        (by_tariff(TEA, TEA), {"orders[1]"}),
        (by_tariff(TEA, sources=()), {"sources", *(f"stock[{number}].source_id" for number in range(len(STOCK)))}),
        (by_tariff(replace(TEA, currency="USD")), {"orders[0].currency"}),
        (by_tariff(TEA, services=(SERVICES[0], replace(SERVICES[1], currency="USD"))), {"services"}),
        (by_lane(TEA, replace(TEA, order_id="b", currency="USD"), lanes=(LANE,)), {"orders"}),
        (by_tariff(TEA, stock=(*AMOUNTS, AMOUNTS[0])), {f"stock[{len(AMOUNTS)}]"}),
        (by_tariff(TEA, stock=(replace(AMOUNTS[0], available_units=-1),)), {"stock[0].available_units"}),
        (by_tariff(TEA, stock=(replace(AMOUNTS[0], on_hand_units=9),)), {"stock[0].on_hand_units"}),
        (by_tariff(TEA, stock=(StockAmount(source_id="X", sku="Y", available_units=1),)), {
            "stock[0].source_id", "stock[0].sku",
        }),
        (by_tariff(order_of(("NONE", 0))), {"orders[0].lines[0].sku", "orders[0].lines[0].quantity"}),
        (by_tariff(TEA, regions=REGIONS[1:]), {"regions[0].parent_id", "services[0].region_zones[0].origin_region_id",
                                              "services[0].region_zones[0].destination_region_id"}),
        (by_tariff(TEA, materials=(*MATERIALS, MATERIALS[0])), {f"materials[{len(MATERIALS)}]"}),
        (by_tariff(TEA, policy=Policy(max_packages=99)), {"policy.max_packages"}),
        (by_lane(TEA, lanes=(LANE, LANE)), {"lanes[1]"}),
        (by_lane(TEA, lanes=(replace(LANE, source_id="X", order_id="Y", service_id=""),)), {
            "lanes[0].source_id", "lanes[0].order_id", "lanes[0].service_id",
        }),
        (by_lane(TEA, lanes=(replace(LANE, distance_meters=-1, transit_minutes=-1, card=RateCard(bands=())),)), {
            "lanes[0].distance_meters", "lanes[0].transit_minutes", "lanes[0].card.bands",
        }),
        (by_lane(replace(TEA, destination=Address(region_id="", latitude=1.0)), lanes=(LANE,)), {
            "orders[0].destination",
        }),
    ],
)  # fmt: skip
def test_a_wrong_problem_is_refused_with_every_wrong_field(
    empty: Running, command: OptimizeCommand, fields: set[str]
) -> None:
    refused = refusal(lambda: optimize(empty, command))
    assert (refused.code, set(refused.fields)) == ("INVALID_ARGUMENT", fields)


def test_an_unknown_engine_is_told_what_engines_there_are(empty: Running) -> None:
    request = to_proto(by_tariff(TEA), pb.OptimizeFulfillmentRequest)
    request.engine = 42  # type: ignore[assignment]  # unknown
    refused = refusal(lambda: empty.sourcing.OptimizeFulfillment(request, timeout=SECONDS))
    engines = "ENGINE_EXACT, ENGINE_MIP, ENGINE_BATCH, ENGINE_GREEDY, ENGINE_NEAREST, ENGINE_MANUAL"
    assert refused.fields == {"engine": f"42: give one of {engines}"}
    request.engine = plan_pb2.ENGINE_UNSPECIFIED
    assert empty.sourcing.OptimizeFulfillment(request, timeout=SECONDS).plans[0].engine == plan_pb2.ENGINE_EXACT


def test_what_a_person_decides_is_no_engine(empty: Running) -> None:
    request = to_proto(by_tariff(TEA, engine=Engine.MANUAL), pb.OptimizeFulfillmentRequest)
    refused = refusal(lambda: empty.sourcing.OptimizeFulfillment(request, timeout=SECONDS))
    remedy = "that is what a person decided; name an engine that decides, or leave it out"
    assert refused.fields == {"engine": f"'manual': {remedy}"}


def test_the_engine_batch_decides_orders_together_and_says_what_they_come_to(empty: Running) -> None:
    answer = empty.sourcing.OptimizeFulfillment(
        to_proto(by_tariff(TEA, engine=Engine.BATCH), pb.OptimizeFulfillmentRequest), timeout=SECONDS
    )
    [plan] = answer.plans
    assert (plan.engine, answer.wave.engine) == (plan_pb2.ENGINE_BATCH, plan_pb2.ENGINE_BATCH)
    assert (answer.wave.total_minor, answer.wave.bound_minor) == (plan.total_minor, plan.total_minor)
    assert (answer.wave.gap_minor, dict(answer.wave.cost_minor)["orders"]) == (0, plan.total_minor)


def test_an_empty_problem_is_refused(empty: Running) -> None:
    refused = refusal(lambda: optimize(empty, OptimizeCommand(orders=(), sources=(), stock=(), materials=())))
    assert set(refused.fields) == {"lanes", "sources", "orders"}


@pytest.mark.parametrize("by", ["lanes", "tariff"])
def test_the_same_file_gives_the_same_plans_through_the_command_and_through_the_service(
    empty: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    """The file is the JSON form of the request, so that protobuf's own reader takes it as well."""
    orders = (order_of(("TEA", 2), ("CUP", 5)), order_of(("POT", 7), order_id="b"))
    lanes = (
        replace(LANE, package_minor=70, unit_minor={"TEA": 3}),
        PricedLane(source_id="W-WEST", service_id="bike", transit_minutes=90, unit_minor={"POT": 11}),
    )
    later = StockAmount(source_id="S-EAST", sku="POT", available_units=3, stage=Stage.BACKORDER)
    stock = (*AMOUNTS, later)
    command = by_tariff(*orders, stock=stock) if by == "tariff" else by_lane(*orders, lanes=lanes, stock=stock)
    path = tmp_path / "problem.json"
    path.write_text(MessageToJson(to_proto(command, pb.OptimizeFulfillmentRequest)))

    assert main(["solve", str(path), "--json"]) == 0
    shown = Parse(capsys.readouterr().out, pb.OptimizeFulfillmentResponse())
    request = Parse(path.read_text(), pb.OptimizeFulfillmentRequest())
    answered = empty.sourcing.OptimizeFulfillment(request, timeout=SECONDS)
    assert [plan.order_id for plan in answered.plans] == ["O-1", "b"]
    assert all(plan.packages for plan in answered.plans)
    for plan, other in zip(shown.plans, answered.plans, strict=True):
        plan.decision_micros = other.decision_micros
    assert shown == answered
