"""The Python client against a running server."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import grpc
import pytest
from google.protobuf.message import Message

import solver.client
from solver.api.server import Server
from solver.app import Application
from solver.client import (
    Address,
    BatchCommand,
    CallFailed,
    Client,
    Engine,
    Level,
    Movement,
    OptimizeCommand,
    PlanState,
    Policy,
    ReplanCommand,
    Term,
)
from solver.client.channel import call
from solver.client.patience import MOST_ATTEMPTS
from solver.clock import ManualClock
from solver.errors import LostRace
from solver.fulfilment.made_plans import MadePlans
from solver.fulfilment.model import FulfilmentPlan
from solver.fulfilment.planner import Planner
from solver.fulfilment.rounds import Outcome, Wish
from solver.gen.xunyuan.sourcing.v1.batch_pb2 import PlanBatchRequest, PlanBatchResponse
from solver.gen.xunyuan.sourcing.v1.replan_pb2 import ReplanOrdersResponse
from solver.policies.library import shipped_policies
from solver.scenario.load import load
from solver.scenario.model import Scenario
from solver.sourcing.plan import ReasonCode
from tests.api.test_optimize import by_tariff
from tests.made_world import MATERIALS, MONDAY_AT_8, STOCK, made_world, order_of
from tests.running import HOST, Running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def running(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    started = Running(tmp_path / "data", clock)
    yield started
    started.close()


@pytest.fixture
def client(running: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{running.server.port}") as connected:
        yield connected


@pytest.fixture
def loaded(client: Client) -> Client:
    client.load(made_world())
    return client


def test_a_client_and_the_command_line_start_without_the_search() -> None:
    script = "import sys, solver.client, solver.cli.main; print({'numba', 'ortools', 'scipy'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_what_takes_long_has_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    deadlines: list[float] = []

    def note(method: object, request: object, *, timeout_seconds: float) -> Message:
        deadlines.append(timeout_seconds)
        return PlanBatchResponse() if isinstance(request, PlanBatchRequest) else ReplanOrdersResponse()

    monkeypatch.setattr("solver.client.batches.call", note)
    monkeypatch.setattr("solver.client.replanning.call", note)
    with Client(f"{HOST}:1") as connected:
        connected.batches.plan(BatchCommand(orders=()))
        connected.replanning.replan(ReplanCommand())
        connected.replanning.replan(ReplanCommand(), timeout_seconds=300)
    assert deadlines == [60, 60, 300]


def test_an_order_is_planned_confirmed_and_booked(loaded: Client) -> None:
    standing = loaded.plan(order_of(("TEA", 2)))
    assert (standing.state, standing.created_at) == (PlanState.HELD, MONDAY_AT_8)
    assert standing.hold_expires_at == MONDAY_AT_8 + timedelta(minutes=15)
    assert standing.plan.cost_minor == {
        Term.FREIGHT: 800, Term.HANDLING: 70, Term.DISTANCE: 0, Term.LATENESS: 0, Term.SPLIT: 0, Term.UNFILLED: 0,
    }  # fmt: skip
    assert loaded.get_plan(standing.plan_id) == standing

    confirmed, voucher_id = loaded.confirm(standing.plan_id)
    assert confirmed == replace(standing, state=PlanState.CONFIRMED)
    [voucher] = loaded.vouchers(standing.plan_id)
    assert (voucher.voucher_id, voucher.subject) == (voucher_id, standing.plan_id)
    assert {row.account: row.balance_minor for row in loaded.trial_balance("CNY")} == {
        "freight_expense": 800, "handling_expense": 70, "payable_carrier/truck-co": -800, "payable_source/S-EAST": -70,
    }  # fmt: skip
    assert loaded.trial_balance("USD") == ()
    assert loaded.audit_books() == ()


def test_a_plan_is_released_and_a_draft_never_held(loaded: Client) -> None:
    before = list(loaded.stock_levels())
    draft = loaded.plan(order_of(("TEA", 2)), validate_only=True)
    assert (draft.state, draft.plan_id, draft.created_at) == (PlanState.DRAFT, "", None)
    standing = loaded.plan(order_of(("TEA", 2)), hold_for=timedelta(hours=2), policy=Policy(split_minor=1))
    assert standing.hold_expires_at == MONDAY_AT_8 + timedelta(hours=2)
    assert loaded.release(standing.plan_id).state is PlanState.RELEASED
    assert list(loaded.stock_levels()) == before


def test_policies_are_kept_read_and_planned_under(loaded: Client) -> None:
    text = "policy: near\nversion: 4\npriorities: [{measure: distance_meters, tolerance: 1 km}]\n"
    [kept] = loaded.upsert_policies([text])
    assert (kept.key, kept.text, kept.scope) == (("near", 4), text, None)
    assert kept.policy == Policy(
        levels=(Level(measure="distance_meters", tolerance=1_000),), policy_id="near", version=4
    )
    assert loaded.get_policy("near") == loaded.get_policy("near", 4) == kept
    assert [one.key for one in loaded.policies()] == sorted([kept.key, *(one.key for one in shipped_policies())])
    ways: list[dict[str, Any]] = [{"policy_id": "near"}, {"policy_id": "near", "policy_version": 4}]
    for asked in (*ways, {"policy": kept.policy}):
        plan = loaded.plan(order_of(("TEA", 2)), validate_only=True, **asked).plan
        assert (plan.policy_id, plan.policy_version, plan.source_ids) == ("near", 4, ("W-EAST",))


def test_a_given_request_id_makes_a_call_repeatable(loaded: Client) -> None:
    first = loaded.plan(order_of(("TEA", 1)), request_id="mine")
    assert loaded.plan(order_of(("TEA", 1)), request_id="mine") == first
    assert loaded.confirm(first.plan_id, request_id="c") == loaded.confirm(first.plan_id, request_id="c")
    receipt = [Movement(site_id="S-EAST", sku="TEA", units=5)]
    assert loaded.receive_stock(receipt, "po 1", request_id="r") == loaded.receive_stock(
        receipt, "po 1", request_id="r"
    )
    [level] = loaded.stock_levels(["TEA"], ["S-EAST"])
    assert (level.on_hand, level.committed, level.available) == (8, 1, 7)


def test_without_one_every_call_is_a_call_of_its_own(loaded: Client) -> None:
    correction = [Movement(site_id="S-EAST", sku="TEA", units=-1)]
    assert loaded.adjust_stock(correction, "count") != loaded.adjust_stock(correction, "count")
    [level] = loaded.stock_levels(["TEA"], ["S-EAST"])
    assert level.on_hand == 1


def test_levels_are_walked_page_by_page(client: Client) -> None:
    materials = tuple(replace(MATERIALS[0], sku=f"SKU-{number:04}") for number in range(1205))
    stock = tuple(replace(STOCK[0], sku=material.sku, units=1) for material in materials)
    client.load(made_world(materials=materials, sales_items=(), stock=stock))
    assert [level.sku for level in client.stock_levels()] == [material.sku for material in materials]


def test_loading_twice_changes_nothing_and_tells_its_progress(client: Client, running: Running) -> None:
    told: list[tuple[str, int]] = []
    client.load(made_world(), progress=lambda noun, rows: told.append((noun, rows)))
    assert told == [
        ("regions", 4), ("carriers", 2), ("services", 2), ("sources", 3), ("materials", 5), ("sales_items", 1),
        ("stock", 9),
    ]  # fmt: skip
    before = running.contents()
    client.load(made_world())
    assert running.contents() == before
    with pytest.raises(CallFailed) as refused:
        client.load(made_world(stock=STOCK[:2]))
    assert refused.value.reason == "REQUEST_ID_REUSED"
    assert running.contents() == before


def test_a_world_that_the_service_loaded_is_not_loaded_again_by_a_client(client: Client, running: Running) -> None:
    load(running.application, made_world())
    before = running.contents()
    client.load(made_world())
    assert running.contents() == before


def test_a_world_loaded_by_the_client_is_the_one_loaded_in_process(loaded: Client, running: Running) -> None:
    network = running.application.network.network
    world = made_world()
    assert set(network.sources.values()) == set(world.sources)
    assert set(network.services.values()) == set(world.services)
    assert set(network.regions.values()) == set(world.regions)
    assert set(running.application.catalog.catalog.materials.values()) == {
        replace(one, version=1) for one in world.materials
    }


def test_the_optimiser_alone_gives_plans(client: Client) -> None:
    command = by_tariff(order_of(("TEA", 2), order_id="a"), order_of(("RARE", 1), order_id="b"), engine=Engine.GREEDY)
    first, second = client.optimize(command)
    assert (first.order_id, first.engine, first.total_minor) == ("a", Engine.GREEDY, 870)
    assert [reason.code for reason in second.lines[0].reasons] == [ReasonCode.NO_STOCK_ANYWHERE]


def test_a_refusal_is_typed_with_every_wrong_field(loaded: Client) -> None:
    wrong = order_of(("NONE", 1), ("TEA", -2), destination=Address(region_id="MOON"))
    with pytest.raises(CallFailed) as refused:
        loaded.plan(wrong)
    error = refused.value
    assert (error.code, error.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert [(one.field, one.value) for one in error.violations] == [
        ("order.lines[0].sku", "'NONE'"),
        ("order.lines[1].quantity", "-2"),
        ("order.destination.region_id", "'MOON'"),
    ]
    assert error.violations[1].remedy == "must lie between 1 and 1,000,000"
    assert str(error).startswith("INVALID_ARGUMENT: the request to plan is not valid: order.lines[0].sku: 'NONE'")


def test_a_refusal_carries_its_metadata(loaded: Client) -> None:
    plan_id = loaded.plan(order_of(("TEA", 1))).plan_id
    with pytest.raises(CallFailed) as refused:
        loaded.plan(order_of(("TEA", 1)))
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "ORDER_ALREADY_PLANNED")
    assert refused.value.metadata == {"order_id": "O-1", "plan_id": plan_id, "state": "held"}


def test_a_lost_race_is_tried_again_by_the_client(
    loaded: Client, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    fulfilled = Planner.fulfilled

    def lost_twice(planner: Planner, wish: Wish, outcome: Outcome | None) -> FulfilmentPlan:
        calls.append(wish.request.request_id)
        if len(calls) < 3:
            raise LostRace("others were faster")
        return fulfilled(planner, wish, outcome)

    monkeypatch.setattr(Planner, "joins", lambda *_: False)
    monkeypatch.setattr(Planner, "fulfilled", lost_twice)
    assert loaded.plan(order_of(("TEA", 1)), request_id="stubborn").state is PlanState.HELD
    assert calls == ["stubborn"] * 3


def test_a_race_lost_every_time_is_told(loaded: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def always_lost(planner: Planner, wish: Wish, outcome: Outcome | None) -> NoReturn:
        calls.append(wish.request.request_id)
        raise LostRace("others were faster")

    monkeypatch.setattr(Planner, "joins", lambda *_: False)
    monkeypatch.setattr(Planner, "fulfilled", always_lost)
    with pytest.raises(CallFailed) as refused:
        loaded.plan(order_of(("TEA", 1)))
    assert (refused.value.code, refused.value.reason) == ("ABORTED", "LOST_RACE")
    assert len(calls) == MOST_ATTEMPTS


def test_nobody_there_is_told_soon(free_port: int) -> None:
    with Client(f"{HOST}:{free_port}") as client, pytest.raises(CallFailed) as refused:
        client.audit_books()
    assert (refused.value.code, refused.value.reason, refused.value.violations) == ("UNAVAILABLE", "UNAVAILABLE", ())


def test_a_service_that_comes_up_in_between_is_reached_at_last(
    free_port: int, tmp_path: Path, clock: ManualClock
) -> None:
    application = Application.open(tmp_path / "late", clock)
    servers: list[Server] = []

    def start() -> None:
        servers.append(Server(application, f"{HOST}:{free_port}"))
        servers[0].start()

    starting = threading.Timer(0.5, start)
    starting.start()
    try:
        with Client(f"{HOST}:{free_port}") as client:
            answer = _until_there(client)
        assert answer == ()
    finally:
        starting.join()
        servers[0].stop(0)
        application.close()


def _until_there(client: Client) -> tuple[str, ...]:
    ends_at = time.monotonic() + 30
    while time.monotonic() < ends_at:
        with contextlib.suppress(CallFailed):
            return client.audit_books()
    raise TimeoutError("the service was never reached")


@pytest.mark.parametrize(("seconds", "bulk"), [(3.0, 7.0), (None, None)])
def test_every_call_has_a_deadline(
    running: Running, monkeypatch: pytest.MonkeyPatch, seconds: float | None, bulk: float | None
) -> None:
    given: dict[str, float] = {}

    def noting(method: Any, request: Any, *, timeout_seconds: float) -> Any:
        given[type(request).__name__] = timeout_seconds
        return call(method, request, timeout_seconds=timeout_seconds)

    monkeypatch.setattr(solver.client.client, "call", noting)
    limits: dict[str, Any] = {} if seconds is None or bulk is None else {"plan_seconds": seconds, "bulk_seconds": bulk}
    with Client(f"{HOST}:{running.server.port}", **limits) as client:
        client.load(made_world())
        client.release(client.plan(order_of(("TEA", 1))).plan_id)
        client.confirm(client.plan(order_of(("TEA", 1))).plan_id)
        client.vouchers("any")
        client.trial_balance()
        client.audit_books()
        list(client.stock_levels())
        client.adjust_stock([Movement(site_id="S-EAST", sku="TEA", units=1)], "count")
        client.optimize(by_tariff(order_of(("TEA", 1))))
    quick = {"PlanFulfillmentRequest", "ReleasePlanRequest", "ConfirmPlanRequest", "ListVouchersRequest"}
    assert {name for name, limit in given.items() if limit == (seconds or 10.0)} == quick
    assert {limit for name, limit in given.items() if name not in quick} == {bulk or 60.0}
    assert len(given) == 4 + 6 + 6


def test_a_deadline_that_passes_is_told(loaded: Client, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()
    monkeypatch.setattr(MadePlans, "get", lambda *_: may_end.wait(30))
    try:
        with Client(f"{HOST}:{running.server.port}", plan_seconds=0.1) as hasty, pytest.raises(CallFailed) as refused:
            hasty.get_plan("any")
        assert refused.value.code == grpc.StatusCode.DEADLINE_EXCEEDED.name
    finally:
        may_end.set()


def test_an_empty_scenario_loads_nothing(client: Client, running: Running) -> None:
    before = running.contents()
    client.load(Scenario(name="nothing", title="", currency="CNY"))
    assert running.contents() == before


def test_the_optimisers_question_needs_orders(client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        client.optimize(OptimizeCommand(orders=(), sources=(), stock=(), materials=()))
    assert {one.field for one in refused.value.violations} == {"lanes", "sources", "orders"}
