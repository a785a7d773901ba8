"""The shipped policies: each decides the same order in its own way, for the reason that its title gives."""

from dataclasses import replace
from pathlib import Path

import pytest

from solver.network.model import SourceKind
from solver.policies import library
from solver.policies.library import shipped_policies
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Lot, Offer, Problem
from solver.sourcing.solve import solve
from tests.sourcing.made import flat, lane, line, offer, problem

SHIPPED = {document.policy_id: document for document in shipped_policies()}
Lots = dict[str, tuple[Lot, ...]]
BOTH = {"A": 2, "B": 2}
FRESH: Lots = {sku: (Lot(units=2, days_to_expiry=300),) for sku in BOTH}
OLD: Lots = {sku: (Lot(units=2, days_to_expiry=30, markdown_minor=2_000),) for sku in BOTH}


def of(source: Offer, kind: SourceKind = SourceKind.WAREHOUSE, *, lots: Lots, excess: int) -> Offer:
    return replace(source, kind=kind, lots=lots, share_excess_basis_points=excess)


# One A and one B. Two near warehouses have one each and are the cheapest together; the store is near; the hub is far,
# but cheap for one package, and fast by air.
ASKED: Problem = problem(
    lines=(line("1", 1, {"A": 1}), line("2", 1, {"B": 1})),
    grams={"A": 100, "B": 100},
    offers=(
        of(offer("near-a", {"A": 2}), lots=FRESH, excess=500),
        of(offer("near-b", {"B": 2}), lots=FRESH, excess=800),
        of(offer("store", BOTH), SourceKind.STORE, lots=FRESH, excess=0),
        of(offer("hub", BOTH), lots=OLD, excess=150),
    ),
    lanes=(
        lane("near-a", flat(300), distance_meters=1_000, arrives_after_hours=20),
        lane("near-b", flat(300), distance_meters=2_000, arrives_after_hours=10),
        lane("store", flat(1_500), distance_meters=10_000, arrives_after_hours=30),
        lane("hub", flat(900), distance_meters=500_000, arrives_after_hours=40),
        lane("hub", flat(5_000), service_id="AIR", distance_meters=500_000, arrives_after_hours=8),
    ),
)


def decided(policy_id: str, asked: Problem = ASKED) -> Plan:
    return solve(replace(asked, policy=replace(SHIPPED[policy_id].policy, time_limit_ms=60_000)))


@pytest.mark.parametrize(
    ("policy_id", "ships", "total_minor"),
    [
        ("cheapest", [("near-a", "V"), ("near-b", "V")], 600),
        ("complete-then-nearest", [("store", "V")], 1_500),
        ("fastest", [("hub", "AIR")], 5_000),
        ("fewest-packages", [("hub", "V")], 900),
        ("store-first", [("store", "V")], 1_500),
        ("clear-old-stock", [("hub", "V")], 900 + 2 * 30),
        ("dealers-fair-share", [("store", "V")], 1_500),
    ],
)
def test_each_decides_the_same_order_in_its_own_way(
    policy_id: str, ships: list[tuple[str, str]], total_minor: int
) -> None:
    plan = decided(policy_id)
    assert [(package.source_id, package.service_id) for package in plan.packages] == ships
    assert (plan.total_minor, plan.unfilled_units) == (total_minor, 0)
    assert (plan.policy_id, plan.policy_version) == (policy_id, 1)


def test_shares_count_to_the_percent() -> None:
    offers = tuple(
        replace(one, share_excess_basis_points=100) if one.source_id == "hub" else one for one in ASKED.offers
    )
    [package] = decided("dealers-fair-share", replace(ASKED, offers=offers)).packages
    assert package.source_id == "hub"


def test_a_store_gives_its_last_units_only_where_nobody_else_has_any() -> None:
    last = tuple(replace(one, available={"A": 1, "B": 1}) for one in ASKED.offers)
    assert "store" not in decided("store-first", replace(ASKED, offers=last)).source_ids
    alone = tuple(one for one in last if one.source_id == "store")
    lanes = tuple(one for one in ASKED.lanes if one.source_id == "store")
    plan = decided("store-first", replace(ASKED, offers=alone, lanes=lanes))
    assert (plan.source_ids, plan.unfilled_units) == (("store",), 0)
    assert plan.relaxed_rules == ("stores_keep_their_last_units",)


def test_stock_with_less_than_a_week_to_live_is_not_cleared() -> None:
    dying = {sku: (Lot(units=2, days_to_expiry=6, markdown_minor=2_000),) for sku in BOTH}
    offers = tuple(replace(one, lots=dying) if one.source_id == "hub" else one for one in ASKED.offers)
    assert "hub" not in decided("clear-old-stock", replace(ASKED, offers=offers)).source_ids


def test_each_is_named_like_its_file_titled_in_both_languages_and_used_by_name_only() -> None:
    folder = Path(library.__file__).parent / "shipped"
    assert sorted(SHIPPED) == sorted(path.stem for path in folder.iterdir())
    for document in SHIPPED.values():
        assert (document.version, document.scope, document.currency) == (1, None, "")
        assert document.title
        assert document.title_zh


def test_all_of_them_are_explained() -> None:
    explained = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")
    assert [policy_id for policy_id in SHIPPED if f"### `{policy_id}`" not in explained] == []


def test_none_of_them_is_the_default_by_another_name() -> None:
    nameless = [replace(one.policy, policy_id="", version=0) for one in SHIPPED.values()]
    assert Policy() not in nameless
    assert len({repr(policy) for policy in nameless}) == len(SHIPPED)
