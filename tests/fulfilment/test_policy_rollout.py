"""Orders of a share are planned under its version, each plan says which, and each version's plans are counted."""

from collections.abc import Iterator
from itertools import count

import pytest

from solver.api.server import Limits
from solver.client import Client
from solver.clock import ManualClock
from solver.fulfilment.policy_tallies import PolicyTally
from solver.policies.rollout import bucket_of
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, Running

TEXT = "policy: trial\nversion: {}\napplies_to: {{channels: [web]}}\nprices: {{split_minor: {}}}\n"
_numbers = count(1)


@pytest.fixture
def client(store_url: str) -> Iterator[Client]:
    running = Running(store_url, ManualClock(MONDAY_AT_8), Limits())
    load(running.application, made_world())
    with Client(f"{HOST}:{running.server.port}") as connected:
        connected.upsert_policies([TEXT.format(1, 200), TEXT.format(2, 900)])
        yield connected
    running.close()


def test_every_plan_says_which_version_decided_it_and_counts_for_it(client: Client) -> None:
    client.rollouts.roll_out("trial", 2, 300, reason="dearer splits")
    minor = {1: 0, 2: 0}
    plans = {1: 0, 2: 0}
    for number in range(20):
        order = order_of(("CUP", 1), order_id=f"O-{number}", channel="web")
        standing = client.plan(order)
        version = 2 if bucket_of("trial", order.order_id) < 300 else 1
        assert (standing.plan.policy_id, standing.plan.policy_version) == ("trial", version)
        minor[version] += standing.plan.total_minor
        plans[version] += 1
    assert min(plans.values()) > 0
    [rollout], tallies = client.rollouts.every("trial")
    assert (rollout.version, rollout.canary_version, rollout.canary_permille) == (1, 2, 300)
    assert rollout.steps[0].by == "local"
    assert tallies == tuple(
        PolicyTally(
            policy_id="trial",
            version=version,
            currency="CNY",
            plans=plans[version],
            packages=plans[version],
            late_packages=0,
            unfilled_units=0,
            total_minor=minor[version],
        )
        for version in (1, 2)
    )
    client.rollouts.roll_back("trial", reason="too dear")
    in_share = next(f"P-{number}" for number in count() if bucket_of("trial", f"P-{number}") < 300)
    assert client.plan(order_of(("CUP", 1), order_id=in_share, channel="web")).plan.policy_version == 1
    assert client.get_policy("trial", 2).live_permille == 0


def test_a_version_that_is_named_is_taken_whether_live_or_not(client: Client) -> None:
    client.rollouts.roll_out("trial", 1, 1_000)
    named = client.plan(order_of(("CUP", 1), order_id="A"), policy_id="trial", policy_version=2)
    latest = client.plan(order_of(("CUP", 1), order_id="B"), policy_id="trial")
    assert (named.plan.policy_version, latest.plan.policy_version) == (2, 1)
