"""What the service frees by other means than holds: changed plans and changed quotas serve backorders that wait."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from solver.client import Client
from solver.fulfilment.model import FulfilmentPlan
from solver.fulfilment.replanning.model import ReplanCommand
from solver.network.conditions import SourceCondition, SourceStatus
from solver.orders.model import Address
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.model import BackorderLimit, Claim
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import HOST, Running

CLOSED = SourceStatus(source_id="W-EAST", state=SourceCondition.CLOSED, expires_at=MONDAY_AT_8 + timedelta(hours=4))


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        connected.set_backorder_limits([BackorderLimit(site_id="W-EAST", sku="TEA", units=5)])
        yield connected
    assert service.discrepancies() == []


def tea(units: int) -> Claim:
    return Claim(site_id="W-EAST", sku="TEA", units=units)


def waits(client: Client, units: int, channel: str = "") -> None:
    """A confirmed backorder, by the name of `waiting`."""
    client.hold_stock("waiting", [tea(units)], channel=channel)
    client.confirm_hold("waiting")
    assert owed(client) == units


def owed(client: Client) -> int:
    return sum(one.awaited_units for one in client.commitments.get(hold_id="waiting").contents)


@pytest.fixture(params=["held", "confirmed"])
def plan(client: Client, request: pytest.FixtureRequest) -> FulfilmentPlan:
    """Four teas of the ten at the east warehouse; a cart has the other six."""
    made = client.plan(order_of(("TEA", 4)))
    assert made.plan.source_ids == ("W-EAST",)
    if request.param == "confirmed":
        client.confirm(made.plan_id)
    client.hold_stock("cart", [tea(6)])
    return made


def test_what_a_changed_plan_leaves_serves_who_waits(client: Client, plan: FulfilmentPlan) -> None:
    waits(client, 3)
    client.conditions.report_sources([CLOSED])
    (change,) = client.replanning.replan(ReplanCommand()).changes
    assert "W-EAST" not in client.get_plan(change.new_plan_id).plan.source_ids
    assert owed(client) == 0


def test_what_a_changed_plan_keeps_is_nobody_elses_meanwhile(client: Client, plan: FulfilmentPlan) -> None:
    waits(client, 3)
    door = Address(region_id="EAST-CITY", latitude=30.1, longitude=120.1)
    (change,) = client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,), destination=door)).changes
    assert client.get_plan(change.new_plan_id).plan.source_ids == ("W-EAST",)
    assert owed(client) == 3


def test_what_was_held_before_there_were_quotas_serves_whoever_waits(client: Client) -> None:
    client.channels.set_channels([Channel(channel_id="tmall"), Channel(channel_id="jd")])
    client.hold_stock("cart", [tea(10)], channel="tmall")
    waits(client, 3, "jd")
    client.channels.set_quotas([Quota(channel_id="tmall", sku="TEA", exclusive_units=53)])
    client.release_hold("cart")
    assert owed(client) == 0, "it is nobody's own"


def test_changed_quotas_and_channels_serve_who_may_take_more_by_them(client: Client) -> None:
    client.channels.set_channels([Channel(channel_id="tmall"), Channel(channel_id="jd")])
    client.channels.set_quotas([Quota(channel_id="tmall", sku="TEA", exclusive_units=63)])
    client.hold_stock("cart", [tea(10)], channel="tmall")
    waits(client, 3, "jd")
    client.release_hold("cart")
    assert owed(client) == 3
    client.channels.set_quotas([Quota(channel_id="tmall", sku="TEA", exclusive_units=61)])
    assert owed(client) == 1
    client.channels.set_channels([Channel(channel_id="jd", overflow=("tmall",))])
    assert owed(client) == 0
