"""StockValueService: how values are reckoned, how they stand, and what they are, over the wire."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.client import CallFailed, Client, StockValue, StockValuing
from solver.clock import ManualClock
from solver.policies.model import PolicyDocument
from solver.scenario.load import load
from tests.fulfilment.valuing.conftest import MINDS, out_of_balance
from tests.fulfilment.valuing.test_valuing import A_DAY_AHEAD, east_and_west, named
from tests.running import HOST, Running

FAR = replace(MINDS, policy_id="far", version=1)


@pytest.fixture
def running(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    made = Running(tmp_path / "data", clock)
    load(made.application, out_of_balance())
    made.application.policies.upsert(named("UpsertPolicies"), [PolicyDocument(policy_id="far", version=1, policy=FAR)])
    yield made
    made.close()


@pytest.fixture
def client(running: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{running.server.port}") as connected:
        yield connected


def test_values_are_shown_with_their_version_and_age(running: Running, client: Client, clock: ManualClock) -> None:
    east_and_west(running.application, clock)
    before = {one.policy_id: one for one in client.stock_values.policies()}
    assert (before["far"].version, before["far"].reckoned_at, before["far"].places) == (0, None, 0)
    running.application.planner.valuing.look()
    reckoned_at = clock.now()
    clock.advance(timedelta(seconds=90))
    after = {one.policy_id: one for one in client.stock_values.policies()}["far"]
    assert (after.version, after.reckoned_at, after.age_seconds, after.orders_seen) == (1, reckoned_at, 90, 8)
    assert after.trusted_permille > 0
    values = list(client.stock_values.values("far"))
    assert len(values) == after.places
    assert all(isinstance(one, StockValue) and one.value_minor > 0 for one in values)
    assert values == list(client.stock_values.values("far", 1))
    assert list(client.stock_values.values("far", 2)) == []


def test_the_switch_is_set_over_the_wire_and_holds(client: Client) -> None:
    assert client.stock_values.settings() == StockValuing()
    assert client.stock_values.set(replace(A_DAY_AHEAD, is_on=False)) == replace(A_DAY_AHEAD, is_on=False)
    assert client.stock_values.settings() == StockValuing(is_on=False, ahead_days=1)


def test_settings_that_are_not_sound_are_named(client: Client) -> None:
    with pytest.raises(CallFailed) as failed:
        client.stock_values.set(StockValuing(refresh_minutes=0, moved_permille=2_000))
    fields = [violation.field for violation in failed.value.violations]
    assert fields == ["valuing.refresh_minutes", "valuing.moved_permille"]
    assert client.stock_values.settings() == StockValuing()
