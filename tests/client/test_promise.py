"""A promise as a Python caller sees it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.client import CallFailed, Client, DeliveryFee, DeliveryOption, PlanState, Policy, SourceKind
from solver.clock import ManualClock
from tests.made_world import MONDAY_AT_8, order_of
from tests.promised_world import promised_world
from tests.running import HOST, Running


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    with Client(f"{HOST}:{running.server.port}", plan_seconds=60.0) as connected:
        connected.load(promised_world())
        yield connected
    running.close()


def test_a_caller_chooses_a_delivery_and_orders_it(client: Client) -> None:
    basket = order_of(("TEA", 2))
    promise = client.promise(
        basket,
        options=(DeliveryOption(option_id="today", only_kinds=(SourceKind.STORE,)),),
        fees=(DeliveryFee(option_id="today", fee_minor=600),),
    )
    [today] = promise.options
    assert today.earliest is not None
    assert today.cheapest is not None
    assert promise.valid_until == MONDAY_AT_8 + timedelta(minutes=15)
    assert today.earliest.promised_at == MONDAY_AT_8 + timedelta(hours=2, minutes=15)
    assert (today.earliest.fee_minor, today.earliest.total_minor, today.cheapest.total_minor) == (600, 1570, 870)
    assert (today.earliest.source_kinds, today.earliest.on_time_permille) == ((SourceKind.STORE,), None)
    assert today.earliest.policy.words == {"only_kinds": ("store",)}

    order = replace(basket, promised_at=today.earliest.promised_at)
    standing = client.plan(order, policy=today.earliest.policy)
    assert standing.state is PlanState.HELD
    [package] = standing.plan.packages
    assert (package.service_id, package.arrives_at) == ("ride", MONDAY_AT_8 + timedelta(hours=2))


def test_a_policy_may_be_given_or_named(client: Client) -> None:
    given = client.promise(order_of(("TEA", 2)), policy=Policy(words={"blocked_services": ("ride",)}))
    assert [option.option_id for option in given.options if option.earliest is None] == ["service:ride"]
    named = client.promise(order_of(("TEA", 2)), policy_id="fastest", policy_version=1)
    cheapest = named.options[0].cheapest
    assert cheapest is not None
    assert cheapest.promised_at == MONDAY_AT_8 + timedelta(hours=2, minutes=15)


def test_a_basket_that_bears_a_promise_is_refused(client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        client.promise(order_of(("TEA", 2), promised_at=MONDAY_AT_8))
    assert [violation.field for violation in refused.value.violations] == ["order.promised_at"]
