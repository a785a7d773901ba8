"""A version is live for a share of orders, for all, or rolled back in one call; the share follows from the ids."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict
from solver.policies.choose import in_force
from solver.policies.document import parse
from solver.policies.rollout import Rollout, RolloutCommand, RolloutStep, bucket_of
from solver.policies.store import PolicyStore
from solver.schema import STEPS
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.url import open_database

AT = datetime(2026, 3, 1, tzinfo=UTC)
ORDERS = [f"order-{number}" for number in range(10_000)]
_numbers = count(1)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, STEPS)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> PolicyStore:
    made = PolicyStore(database, ManualClock(AT))
    keep(made, 1)
    return made


def asked() -> Request:
    return request_for("RollOutPolicy", f"request {next(_numbers)}")


def keep(store: PolicyStore, version: int, days: str = "") -> None:
    text = (
        f"policy: mine\nversion: {version}\napplies_to: {{channels: [a]{days}}}\nprices: {{split_minor: {version}}}\n"
    )
    store.upsert(asked(), [parse(text, "p")])


def roll_out(store: PolicyStore, version: int, permille: int, reason: str = "") -> Rollout:
    command = RolloutCommand(policy_id="mine", version=version, permille=permille, reason=reason)
    return store.rollouts.roll_out(asked(), command, by="lin")


def roll_back(store: PolicyStore) -> Rollout:
    return store.rollouts.roll_back(asked(), "mine", by="lin")


def version_for(store: PolicyStore, order_id: str) -> int:
    return in_force(store.documents.values(), AT, order_id)["mine"].version


def counted(store: PolicyStore) -> dict[int, int]:
    versions = [version_for(store, order_id) for order_id in ORDERS[:2_000]]
    return {version: versions.count(version) for version in sorted(set(versions))}


def test_without_a_rollout_the_highest_version_is_live_for_all(store: PolicyStore) -> None:
    keep(store, 2)
    assert counted(store) == {2: 2_000}
    assert store.rollouts.every == {}


def test_a_share_is_told_by_the_orders_ids_and_grows_by_orders_that_join(store: PolicyStore) -> None:
    keep(store, 2)
    roll_out(store, 2, 50)
    few = {order_id for order_id in ORDERS if version_for(store, order_id) == 2}
    assert few == {order_id for order_id in ORDERS if bucket_of("mine", order_id) < 50}
    assert 400 < len(few) < 600
    roll_out(store, 2, 300)
    more = {order_id for order_id in ORDERS if version_for(store, order_id) == 2}
    assert few < more
    assert {bucket_of("mine", one) for one in ORDERS} == set(range(1_000))
    assert [bucket_of("mine", "order-1"), bucket_of("other", "order-1")] == [246, 252]


def test_versions_that_are_kept_after_the_first_rollout_wait_for_theirs(store: PolicyStore) -> None:
    assert roll_out(store, 1, 1_000).version == 1
    keep(store, 2)
    assert counted(store) == {1: 2_000}
    assert roll_out(store, 2, 1_000).before == (1,)
    assert counted(store) == {2: 2_000}


def test_one_call_takes_the_newest_back(store: PolicyStore) -> None:
    keep(store, 2)
    keep(store, 3)
    roll_out(store, 2, 1_000)
    roll_out(store, 3, 100)
    assert roll_back(store).canary_version == 0
    assert counted(store) == {2: 2_000}
    roll_out(store, 3, 1_000)
    assert (roll_back(store).version, counted(store)) == (2, {2: 2_000})
    assert roll_back(store).before == ()
    with pytest.raises(StateConflict) as refused:
        roll_back(store)
    assert refused.value.reason == "NOTHING_TO_ROLL_BACK"


def test_a_repeated_call_changes_nothing_more(store: PolicyStore) -> None:
    keep(store, 2)
    roll_out(store, 1, 1_000)
    roll_out(store, 2, 1_000)
    once = request_for("RollbackPolicy", "again")
    first = store.rollouts.roll_back(once, "mine", by="lin")
    assert store.rollouts.roll_back(once, "mine", by="lin") == first
    assert first.version == 1


def test_every_step_is_told_with_who_and_why(store: PolicyStore) -> None:
    keep(store, 2)
    roll_out(store, 2, 10, "try the split price")
    roll_back(store)
    first, second = store.rollouts.every["mine"].steps
    assert first == RolloutStep(
        at=AT, by="lin", version=1, canary_version=2, canary_permille=10, reason="try the split price"
    )
    assert second == RolloutStep(at=AT, by="lin", version=1, rolled_back=True)


def test_where_the_version_of_the_share_is_not_valid_the_other_one_counts(store: PolicyStore) -> None:
    keep(store, 2, ", from: 2026-11-01")
    roll_out(store, 2, 999)
    assert counted(store) == {1: 2_000}


def test_another_process_sees_it_and_it_is_there_after_reopening(database: Database, store: PolicyStore) -> None:
    keep(store, 2)
    roll_out(store, 2, 500)
    again = PolicyStore(database, ManualClock(AT))
    assert counted(again) == counted(store)
    assert again.documents[("mine", 2)].live_permille == 500
    assert again.documents[("mine", 1)].live_permille == 1_000
    keep(again, 2)  # the same again: what became of it is no content


def test_unsound_rollouts_are_refused(store: PolicyStore) -> None:
    with pytest.raises(NotFound, match=r"no version 7 of policy 'mine'; it has 1"):
        roll_out(store, 7, 10)
    for permille in (-1, 1_001):
        with pytest.raises(InvalidRequest, match="permille"):
            roll_out(store, 1, permille)
    with pytest.raises(InvalidRequest, match="one line"):
        roll_out(store, 1, 10, "two\nlines")
    with pytest.raises(StateConflict) as refused:
        roll_out(store, 1, 10)
    assert refused.value.reason == "LIVE_FOR_ALL"
    with pytest.raises(StateConflict):
        roll_back(store)
