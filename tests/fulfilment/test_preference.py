"""Under which policy an order is decided."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from solver.errors import Violations
from solver.fulfilment.preference import Kept, preferred
from solver.policies.model import PolicyDocument, Scope
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from tests.made_world import order_of

ORDER = order_of(("TEA", 1), channel="shop", brand="tea", customer_tier="gold", scene="promotion")


@dataclass(frozen=True)
class Asked:
    """What a command says of its policy."""

    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0


def document(policy_id: str, version: int = 1, **changes: Any) -> PolicyDocument:
    policy = Policy(policy_id=policy_id, version=version, split_minor=version)
    return PolicyDocument(policy_id=policy_id, version=version, policy=policy, **changes)


def kept(*documents: PolicyDocument) -> Kept:
    return {one.key: one for one in documents}


def asked(documents: Kept, **asks: Any) -> tuple[list[tuple[str, int]], dict[str, str]]:
    """Ids and versions of the policies for ORDER, and what is wrong."""
    violations = Violations()
    policies = preferred(Asked(**asks), [ORDER], documents, violations)
    told = {one.field: f"{one.value}: {one.remedy}" for one in violations.found}
    return [(policy.policy_id, policy.version) for policy in policies], told


def test_a_given_policy_is_taken_as_it_is() -> None:
    given = Policy(split_minor=77)
    documents = kept(document("a", scope=Scope()))
    assert preferred(Asked(policy=given), [ORDER, ORDER], documents, Violations()) == (given, given)


def test_without_a_word_the_kept_policy_that_is_for_the_order_is_taken_and_else_the_default() -> None:
    documents = kept(document("a", scope=Scope(channels=("shop",))), document("b", scope=Scope(channels=("live",))))
    assert asked(documents) == ([("a", 1)], {})
    violations = Violations()
    orders = [ORDER, replace(ORDER, channel="live"), replace(ORDER, channel="")]
    first, second, third = preferred(Asked(), orders, documents, violations)
    assert (first.policy_id, second.policy_id, third) == ("a", "b", DEFAULT_POLICY)
    assert violations.found == []


@pytest.mark.parametrize("name", ["channel", "brand", "customer_tier", "scene"])
def test_each_word_of_the_order_counts(name: str) -> None:
    lists = {"channel": "channels", "brand": "brands", "customer_tier": "customer_tiers", "scene": "scenes"}
    scope: dict[str, Any] = {lists[name]: (getattr(ORDER, name),)}
    documents = kept(document("a", scope=Scope(**scope)))
    assert asked(documents) == ([("a", 1)], {})
    changed: dict[str, Any] = {name: "other"}
    assert preferred(Asked(), [replace(ORDER, **changed)], documents, Violations()) == (DEFAULT_POLICY,)


def test_a_named_policy_is_taken_whatever_orders_it_is_for_in_its_latest_valid_version() -> None:
    documents = kept(
        document("a", 1, scope=Scope(channels=("live",))),
        document("a", 2),
        document("a", 3, scope=Scope(from_day=date(2026, 3, 3))),
    )
    assert asked(documents, policy_id="a") == ([("a", 2)], {})
    assert asked(documents, policy_id="a", policy_version=1) == ([("a", 1)], {})
    assert asked(documents, policy_id="a", policy_version=3) == ([("a", 3)], {})


def test_a_name_that_is_not_kept_is_told_with_the_one_that_was_meant() -> None:
    documents = kept(document("cheapest"), document("cheapest", 4))
    assert asked(documents, policy_id="cheepest")[1] == {
        "policy_id": "'cheepest': there is no such policy; did you mean cheapest?"
    }
    assert asked(documents, policy_id="zzz")[1] == {"policy_id": "'zzz': there is no such policy; load it first"}
    assert asked(documents, policy_id="cheapest", policy_version=2)[1] == {
        "policy_version": "2: there is no such version; cheapest has 1, 4"
    }


def test_a_named_policy_must_be_valid_and_in_the_orders_currency() -> None:
    documents = kept(
        document("early", scope=Scope(until_day=date(2026, 3, 1))),
        document("yen", currency="JPY"),
    )
    assert asked(documents, policy_id="early")[1] == {"policy_id": "'early': has no version for 2026-03-02; name one"}
    assert asked(documents, policy_id="early", policy_version=1) == ([("early", 1)], {})
    assert asked(documents, policy_id="yen")[1] == {"policy_id": "'yen': is for orders in JPY, and this one is in CNY"}


def test_one_way_of_asking_is_enough() -> None:
    documents = kept(document("a"))
    assert asked(documents, policy=Policy(), policy_id="a")[1] == {
        "policy_id": "'a': give `policy` or `policy_id`, not both"
    }
    assert asked(documents, policy_version=2)[1] == {"policy_version": "2: say with `policy_id` of which policy"}


def test_a_given_policy_bears_a_kept_name_only_if_it_is_that_policy() -> None:
    documents = kept(document("a"))
    assert asked(documents, policy=documents["a", 1].policy) == ([("a", 1)], {})
    every: list[dict[str, Any]] = [{"split_minor": 99}, {"version": 2}, {"policy_id": "b"}, {"policy_id": ""}]
    for changes in every:
        told = asked(documents, policy=replace(documents["a", 1].policy, **changes))[1]
        assert set(told) == {"policy.policy_id"}


def test_a_given_policy_is_checked() -> None:
    assert set(asked({}, policy=Policy(max_packages=0, off=("nothing",)))[1]) == {
        "policy.max_packages",
        "policy.off[0]",
    }


def test_an_order_of_no_sound_time_is_left_to_be_refused_by_itself() -> None:
    documents = kept(document("a", scope=Scope(time_zone="Asia/Shanghai", until_day=date(2026, 3, 2))))
    for at in (datetime.max.replace(tzinfo=UTC), datetime(2026, 3, 2)):  # noqa: DTZ001
        order = replace(ORDER, placed_at=at)
        violations = Violations()
        assert preferred(Asked(), [order], documents, violations) == (DEFAULT_POLICY,)
        assert preferred(Asked(policy_id="a"), [order], documents, violations) == (documents["a", 1].policy,)
        assert violations.found == []


@pytest.mark.parametrize("from_day", [None, date(2026, 3, 2)], ids=["no days", "days"])
@pytest.mark.parametrize("permille", [None, 500], ids=["no shares", "shares"])
def test_each_of_many_orders_is_decided_under_the_policy_that_it_gets_alone(
    seed: int, from_day: date | None, permille: int | None
) -> None:
    rng = random.Random(seed)
    documents = kept(
        document("a", scope=Scope(channels=("shop",), from_day=from_day)),
        document("a", 2, scope=Scope(), live_permille=permille),
        document("b", scope=Scope(customer_tiers=("gold",), brands=("tea",)), currency="CNY"),
        document("c", scope=Scope(scenes=("promotion",), from_day=from_day)),
    )
    orders = [
        replace(
            ORDER,
            order_id=str(number),
            channel=rng.choice(("shop", "live")),
            brand=rng.choice(("tea", "")),
            customer_tier=rng.choice(("gold", "")),
            scene=rng.choice(("promotion", "")),
            currency=rng.choice(("CNY", "USD")),
            placed_at=rng.choice((datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))),
        )
        for number in range(60)
    ]
    alone = [preferred(Asked(), [order], documents, Violations())[0] for order in orders]
    assert list(preferred(Asked(), orders, documents, Violations())) == alone
    assert len(set(map(id, alone))) > 2
