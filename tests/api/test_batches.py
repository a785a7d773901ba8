"""Many orders planned and held together, over the wire."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from solver.client import CallFailed, Client
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.batching.operation_model import OperationState
from solver.fulfilment.model import PlanState
from solver.orders.model import Order
from solver.sourcing.plan import Engine
from solver.waves.limits import WaveLimits
from solver.waves.wave import SourceTerms, WaveTerms
from tests.made_world import order_of
from tests.running import HOST, Running


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


def orders_of_tea(*units: int) -> tuple[Order, ...]:
    return tuple(order_of(("TEA", count), order_id=f"O-{number}") for number, count in enumerate(units))


def books_are_sound(service: Running) -> None:
    application = service.application
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()


def test_orders_that_do_not_contend_get_the_plans_that_each_gets_alone(service: Running, client: Client) -> None:
    orders = orders_of_tea(1, 2)
    alone = [client.plan(order, validate_only=True).plan for order in orders]
    batch = client.batches.plan(BatchCommand(orders=orders))
    assert [one.plan.packages for one in batch.plans] == [plan.packages for plan in alone]
    assert {one.state for one in batch.plans} == {PlanState.HELD}
    assert (batch.wave.total_minor, batch.wave.gap_minor) == (sum(plan.total_minor for plan in alone), 0)
    books_are_sound(service)


def test_orders_that_contend_share_the_stock_and_none_is_sold_twice(service: Running, client: Client) -> None:
    """The store has 3 teas, and each of the orders would take 2 of them; alone they would all be first."""
    batch = client.batches.plan(BatchCommand(orders=orders_of_tea(2, 2, 2, 3)))
    taken: Counter[str] = Counter()
    for one in batch.plans:
        assert (one.plan.engine, one.plan.unfilled_units) == (Engine.BATCH, 0)
        for package in one.plan.packages:
            taken[package.source_id] += sum(packed.units for packed in package.contents)
    assert taken == {"S-EAST": 3, "W-EAST": 6}
    assert batch.wave.bound_minor <= batch.wave.total_minor == sum(one.plan.total_minor for one in batch.plans)
    books_are_sound(service)


def test_a_repeat_has_its_first_answer_and_holds_nothing_more(service: Running, client: Client) -> None:
    command = BatchCommand(orders=orders_of_tea(2, 2))
    first = client.batches.plan(command, request_id="once")
    again = client.batches.plan(command, request_id="once")
    assert again == first
    with pytest.raises(CallFailed) as failed:
        client.batches.plan(BatchCommand(orders=orders_of_tea(1)), request_id="once")
    assert failed.value.reason == "REQUEST_ID_REUSED"


def test_one_unsound_order_is_named_and_by_choice_the_rest_is_planned(client: Client) -> None:
    orders = (*orders_of_tea(1, 1), order_of(("NOTHING", 1), order_id="O-9"))
    with pytest.raises(CallFailed) as failed:
        client.batches.plan(BatchCommand(orders=orders))
    assert [violation.field for violation in failed.value.violations] == ["orders[2].lines[0].sku"]
    batch = client.batches.plan(BatchCommand(orders=orders, skip_unsound_orders=True))
    assert [one.plan.order_id for one in batch.plans] == ["O-0", "O-1"]
    (refused,) = batch.wave.refused
    assert (refused.order_id, refused.field) == ("O-9", "orders[2].lines[0].sku")


def test_an_order_that_has_a_plan_makes_the_batch_fail_or_is_left_out(client: Client) -> None:
    client.plan(order_of(("TEA", 1), order_id="O-0"))
    with pytest.raises(CallFailed) as failed:
        client.batches.plan(BatchCommand(orders=orders_of_tea(1, 1)))
    assert failed.value.reason == "ORDER_ALREADY_PLANNED"
    batch = client.batches.plan(BatchCommand(orders=orders_of_tea(1, 1), skip_unsound_orders=True))
    assert [one.plan.order_id for one in batch.plans] == ["O-1"]
    assert [one.order_id for one in batch.wave.refused] == ["O-0"]


def test_a_draft_holds_nothing(client: Client) -> None:
    batch = client.batches.plan(BatchCommand(orders=orders_of_tea(2, 2), validate_only=True))
    assert {one.state for one in batch.plans} == {PlanState.DRAFT}
    again = client.batches.plan(BatchCommand(orders=orders_of_tea(2, 2)))
    assert [one.plan.packages for one in again.plans] == [one.plan.packages for one in batch.plans]


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (BatchCommand(orders=()), "orders"),
        (BatchCommand(orders=(order_of(("TEA", 1)), order_of(("CUP", 1)))), "orders[1]"),
        (
            BatchCommand(orders=orders_of_tea(1), wave=WaveTerms(sources=(SourceTerms(source_id="nowhere"),))),
            "wave.sources[0].source_id",
        ),
    ],
)
def test_an_unsound_batch_is_refused_with_the_field(client: Client, command: BatchCommand, field: str) -> None:
    with pytest.raises(CallFailed) as failed:
        client.batches.plan(command)
    assert field in {violation.field for violation in failed.value.violations}


@pytest.mark.parametrize(("limit", "value"), [("time_limit_seconds", 1e18), ("branches", -1)])
def test_a_limit_beyond_reason_is_refused_with_the_field(client: Client, limit: str, value: float) -> None:
    stated: dict[str, Any] = {limit: value}
    limits = replace(WaveLimits(), **stated)
    for plan in (client.batches.plan, client.batches.start):
        with pytest.raises(CallFailed) as failed:
            plan(BatchCommand(orders=orders_of_tea(1), wave_limits=limits))
        assert {one.field for one in failed.value.violations} == {f"wave_limits.{limit}"}


def test_a_started_batch_ends_with_its_plans(service: Running, client: Client) -> None:
    started = client.batches.start(BatchCommand(orders=orders_of_tea(2, 2, 2)), request_id="long")
    assert (started.state, started.orders) == (OperationState.RUNNING, 3)
    assert client.batches.start(BatchCommand(orders=orders_of_tea(2, 2, 2)), request_id="long").operation_id == (
        started.operation_id
    )
    ended = service.application.operations.wait(started.operation_id, 30.0)
    assert ended.state is OperationState.SUCCEEDED, ended
    operation, wave = client.batches.get(started.operation_id)
    assert operation.state is OperationState.SUCCEEDED
    assert wave is not None
    plans = list(client.batches.plans(started.operation_id))
    assert sorted(one.plan.order_id for one in plans) == ["O-0", "O-1", "O-2"]
    assert wave.total_minor == sum(one.plan.total_minor for one in plans)
    books_are_sound(service)


def test_a_batch_that_fails_says_why(service: Running, client: Client) -> None:
    client.plan(order_of(("TEA", 1), order_id="O-0"))
    with pytest.raises(CallFailed) as failed:
        client.batches.start(BatchCommand(orders=orders_of_tea(1)))
    assert failed.value.reason == "ORDER_ALREADY_PLANNED"
    with pytest.raises(CallFailed, match="there is no batch"):
        client.batches.get("batch-nobody")


def test_a_cost_of_opening_is_paid_once_and_may_close_a_source(client: Client) -> None:
    terms = WaveTerms(sources=(SourceTerms(source_id="S-EAST", opening_cost_minor=10_000),))
    batch = client.batches.plan(BatchCommand(orders=orders_of_tea(1, 1), wave=terms))
    assert {one.plan.source_ids for one in batch.plans} == {("W-EAST",)}
    assert list(batch.wave.opened) == []


def test_what_cannot_be_filled_is_an_answer_with_reasons(client: Client) -> None:
    batch = client.batches.plan(BatchCommand(orders=orders_of_tea(40, 40)))
    assert sum(one.plan.unfilled_units for one in batch.plans) == 80 - 63
    reasons = [reason for one in batch.plans for line in one.plan.lines for reason in line.reasons]
    assert reasons
