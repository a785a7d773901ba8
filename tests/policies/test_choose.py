"""The policy for an order: the most specific that is for it, in its version in force; whatever the sequence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.policies.choose import choose, in_force
from solver.policies.model import PolicyDocument, Scope
from solver.sourcing.policy import Policy

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
ORDER: dict[str, Any] = {
    "channel": "shop", "brand": "tea", "customer_tier": "gold", "scene": "promotion", "currency": "CNY", "at": NOON,
}  # fmt: skip


def document(policy_id: str, version: int = 1, *, named_only: bool = False, currency: str = "", **scope: Any) -> Any:
    policy = Policy(policy_id=policy_id, version=version)
    return PolicyDocument(
        policy_id=policy_id,
        version=version,
        policy=policy,
        currency=currency,
        scope=None if named_only else Scope(**scope),
    )


def chosen(*documents: PolicyDocument, **changes: Any) -> tuple[str, int] | None:
    found = choose(documents, **{**ORDER, **changes})
    return found.key if found else None


def test_no_policy_is_chosen_where_none_is_for_the_order() -> None:
    assert chosen() is None
    assert chosen(document("a", channels=("live",)), document("b", named_only=True)) is None


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ({"channels": ("live", "shop")}, "channel"),
        ({"brands": ("tea",)}, "brand"),
        ({"customer_tiers": ("gold",)}, "customer_tier"),
        ({"scenes": ("promotion",)}, "scene"),
    ],
)
def test_an_order_must_fit_every_list_that_is_not_empty(scope: dict[str, Any], said: str) -> None:
    assert chosen(document("a", **scope)) == ("a", 1)
    assert chosen(document("a", **scope), **{said: "another"}) is None
    assert chosen(document("a", **scope), **{said: ""}) is None


def test_more_conditions_are_more_specific_than_fewer() -> None:
    general, dated = document("a"), document("b", until_day=date(2026, 11, 12))
    two = document("c", channels=("shop",), brands=("tea",))
    one = document("d", scenes=("promotion",))
    assert chosen(general, dated, two, one) == ("c", 1)
    assert chosen(general, dated) == ("b", 1)


def test_of_equally_many_conditions_scene_comes_before_tier_brand_channel_and_last_day() -> None:
    ranked = [
        document("e", scenes=("promotion",)),
        document("d", customer_tiers=("gold",)),
        document("c", brands=("tea",)),
        document("b", channels=("shop",)),
        document("a", until_day=date(2026, 11, 12)),
    ]
    for position in range(len(ranked)):
        assert chosen(*ranked[position:]) == ranked[position].key


def test_a_first_day_alone_makes_a_policy_no_more_specific() -> None:
    assert chosen(document("a"), document("b", from_day=date(2026, 11, 1))) == ("a", 1)


def test_equally_specific_policies_are_told_apart_by_their_ids() -> None:
    assert chosen(document("b", channels=("shop",)), document("a", channels=("live", "shop"))) == ("a", 1)


def test_a_currency_must_be_the_orders_and_is_no_condition() -> None:
    assert chosen(document("a", currency="CNY")) == ("a", 1)
    assert chosen(document("a", currency="JPY")) is None
    assert chosen(document("a"), document("b", currency="CNY")) == ("a", 1)


def test_the_latest_version_replaces_the_others_also_where_it_is_for_fewer_orders() -> None:
    first, second = document("a", 1, channels=("shop",)), document("a", 2, channels=("live",))
    assert chosen(first) == ("a", 1)
    assert chosen(first, second) is None
    assert chosen(first, second, channel="live") == ("a", 2)
    assert chosen(first, document("a", 2, named_only=True)) is None


def test_a_version_counts_on_its_days_only_and_gives_way_to_the_one_before_after_them() -> None:
    always = document("a", 1)
    season = document("a", 2, from_day=date(2026, 11, 1), until_day=date(2026, 11, 11), time_zone="Asia/Shanghai")
    assert chosen(always, season) == ("a", 2)
    assert chosen(always, season, at=datetime(2026, 10, 31, 15, 59, tzinfo=UTC)) == ("a", 1)
    assert chosen(always, season, at=datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == ("a", 2)
    assert chosen(always, season, at=datetime(2026, 11, 11, 15, 59, tzinfo=UTC)) == ("a", 2)
    assert chosen(always, season, at=datetime(2026, 11, 11, 16, 0, tzinfo=UTC)) == ("a", 1)


def some(*words: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(words), max_size=2).map(lambda chosen: tuple(sorted(chosen)))


def days() -> st.SearchStrategy[date | None]:
    return st.none() | st.dates(date(2026, 11, 9), date(2026, 11, 13))


SCOPES = st.builds(
    Scope,
    channels=some("shop", "live"),
    brands=some("tea", "cup"),
    customer_tiers=some("gold", "staff"),
    scenes=some("promotion", "everyday"),
    from_day=days(),
    until_day=days(),
)
DOCUMENTS = st.lists(
    st.builds(
        lambda policy_id, version, scope, currency: PolicyDocument(
            policy_id=policy_id, version=version, policy=Policy(), scope=scope, currency=currency
        ),
        st.sampled_from("abcd"),
        st.integers(1, 4),
        st.none() | SCOPES,
        st.sampled_from(["", "CNY", "JPY"]),
    ),
    unique_by=lambda document: document.key,
    max_size=10,
)
ORDERS = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(["", "shop", "live"]),
        "brand": st.sampled_from(["", "tea", "cup"]),
        "customer_tier": st.sampled_from(["", "gold", "staff"]),
        "scene": st.sampled_from(["", "promotion", "everyday"]),
        "currency": st.sampled_from(["CNY", "JPY"]),
        "at": st.datetimes(datetime(2026, 11, 8), datetime(2026, 11, 14), timezones=st.just(UTC)),  # noqa: DTZ001
    }
)


def conditions(scope: Scope) -> int:
    return sum(map(bool, (scope.channels, scope.brands, scope.customer_tiers, scope.scenes, scope.until_day)))


def is_for(one: PolicyDocument, order: dict[str, Any]) -> bool:
    scope, day = one.scope, order["at"].date()
    return (
        scope is not None
        and one.currency in ("", order["currency"])
        and (not scope.channels or order["channel"] in scope.channels)
        and (not scope.brands or order["brand"] in scope.brands)
        and (not scope.customer_tiers or order["customer_tier"] in scope.customer_tiers)
        and (not scope.scenes or order["scene"] in scope.scenes)
        and (scope.from_day is None or scope.from_day <= day)
        and (scope.until_day is None or day <= scope.until_day)
    )


@given(documents=DOCUMENTS, order=ORDERS, shuffled=st.randoms(use_true_random=False))
def test_the_choice_fits_is_in_force_is_most_specific_and_does_not_depend_on_the_sequence(
    documents: list[PolicyDocument], order: dict[str, Any], shuffled: Any
) -> None:
    found = choose(documents, **order)
    again = list(documents)
    shuffled.shuffle(again)
    assert choose(again, **order) == found
    rivals = [one for one in in_force(documents, order["at"]).values() if is_for(one, order)]
    assert (found is None) == (not rivals)
    if found is not None:
        assert found in rivals
        assert found.scope is not None
        most = max(conditions(one.scope) for one in rivals if one.scope is not None)
        assert conditions(found.scope) == most


@given(documents=DOCUMENTS, at=ORDERS.map(lambda order: order["at"]))
def test_one_version_of_each_policy_is_in_force_and_no_later_one_is_valid(
    documents: list[PolicyDocument], at: datetime
) -> None:
    found = in_force(documents, at)
    valid = [one for one in documents if one.is_valid_at(at)]
    assert {policy_id: one.version for policy_id, one in found.items()} == {
        policy_id: max(one.version for one in valid if one.policy_id == policy_id)
        for policy_id in {one.policy_id for one in valid}
    }
