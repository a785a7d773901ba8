"""What holds of every plan, whatever the policy; and how the best plan answers to more stock and to stricter rules."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.network.lanes import Lane
from solver.sourcing.dimensions import all_terms
from solver.sourcing.dimensions import settings as all_settings
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer, Problem, Stage
from tests.sourcing.anything import any_problem
from tests.sourcing.comparison import decided, least_of, values_of
from tests.sourcing.least import without

SEEDS = st.integers(0, 10**9)
# Their cost depends on what else there is: the cheapest offer, the most perishable lot, the last rank of the list.
RELATIVE_TERMS = (
    "best_stocked",
    "fair_share",
    "landed_cost",
    "margin",
    "markdown",
    "source_load",
    "source_priority",
    "stock_age",
    "unit_priority",
)
RELATIVE_MEASURES = {term.measure for term in all_terms() if term.name in RELATIVE_TERMS}
RELATIVE_RULES = ("sources_stay_within_their_quota", "stock_keeps_long_enough")
# Rules that a number makes stricter: the higher, or the lower, the fewer plans there are.
STRICTER_BY_LESS = {
    "max_distance_meters",
    "max_load_basis_points",
    "max_minutes_to_door",
    "max_packages",
    "max_rejects",
    "max_sources",
    "max_store_distance_meters",
    "max_transit_minutes",
    "max_units_per_package",
    "max_units_per_store",
}
STRICTER_BY_MORE = {
    "arrive_by_promise",
    "forbid_cross_border",
    "forbid_cross_province",
    "forbid_transfers",
    "min_on_time_permille",
    "min_value_to_split_minor",
    "safety_all_or_nothing",
    "ship_bundles_together",
    "ship_complete",
    "ship_lines_complete",
    "ship_lines_together",
    "store_keeps_units",
}


def best(asked: Problem) -> Plan:
    plan = decided(asked, Engine.EXACT)
    assert plan.is_proven
    return plan


def absolute(seed: int) -> Problem:
    """A problem whose policy knows no quotas, ages of stock, load or relaxation, and no tolerance."""
    asked = untolerant(without(any_problem(seed), stage=0))
    policy = asked.policy
    kept = tuple(level for level in policy.levels if level.measure not in RELATIVE_MEASURES)
    off = tuple(dict.fromkeys((*policy.off, *RELATIVE_TERMS, *RELATIVE_RULES)))
    soft = {name: price for name, price in policy.soft.items() if name not in off}
    return replace(asked, policy=replace(policy, levels=kept, off=off, soft=soft))


def untolerant(asked: Problem) -> Problem:
    levels = tuple(replace(level, tolerance=0) for level in asked.policy.levels)
    return replace(asked, policy=replace(asked.policy, levels=levels))


@settings(max_examples=60)
@given(seed=SEEDS)
def test_of_each_line_what_is_planned_backordered_and_unfilled_is_what_was_ordered(seed: int) -> None:
    asked = any_problem(seed)
    plan = best(asked)
    for line, answer in zip(asked.lines, plan.lines, strict=True):
        counts = (answer.planned_units, answer.backordered_units, answer.unfilled_units)
        assert min(counts) >= 0
        assert sum(counts) == answer.ordered_units == line.quantity
        for part in line.parts:
            shipped = sum(
                packed.units
                for package in plan.packages
                for packed in package.contents
                if (packed.line_id, packed.sku) == (line.line_id, part.sku)
            )
            assert shipped == part.units * (line.quantity - answer.unfilled_units)


@settings(max_examples=60)
@given(seed=SEEDS)
def test_a_source_gives_at_most_what_is_available_above_its_safety_stock_summed_over_lines(seed: int) -> None:
    asked = any_problem(seed)
    offers = tuple(replace(offer, safety=dict.fromkeys(offer.available, 1)) for offer in asked.offers)
    off = tuple(name for name in asked.policy.off if name != "safety_stock_is_kept")
    relax = {name: stage for name, stage in asked.policy.relax.items() if name != "safety_stock_is_kept"}
    plan = best(replace(asked, offers=offers, policy=replace(asked.policy, off=off, relax=relax)))
    given_away = Counter[tuple[str, str, str]]()
    for package in plan.packages:
        for packed in package.contents:
            given_away[package.source_id, package.offer_id, packed.sku] += packed.units
    for offer in offers:
        for sku, available in offer.available.items():
            assert given_away[*offer.key, sku] <= max(0, available - 1)


@settings(max_examples=60)
@given(seed=SEEDS)
def test_the_sequence_of_lines_offers_and_lanes_never_changes_the_objective(seed: int) -> None:
    asked = without(any_problem(seed), stage=0)
    rng = random.Random(seed)
    shuffled = replace(
        asked,
        lines=tuple(rng.sample(asked.lines, len(asked.lines))),
        offers=tuple(rng.sample(asked.offers, len(asked.offers))),
        lanes=tuple(rng.sample(asked.lanes, len(asked.lanes))),
    )
    assert least_of(best(shuffled)) == least_of(best(asked))


@settings(max_examples=60)
@given(seed=SEEDS)
def test_what_no_package_uses_costs_nothing(seed: int) -> None:
    """Without the lanes that the best plan leaves alone the same plan is there, at the same cost, and is the best."""
    asked = untolerant(without(any_problem(seed), stage=0))
    plan = best(asked)
    used = {package.lane_id for package in plan.packages}
    alone = best(replace(asked, lanes=tuple(lane for lane in asked.lanes if lane.lane_id in used)))
    assert values_of(alone) == values_of(plan)


@settings(max_examples=60)
@given(seed=SEEDS, data=st.data())
def test_more_stock_never_worsens_the_best_plan(seed: int, data: st.DataObject) -> None:
    asked = absolute(seed)
    chosen = data.draw(st.sampled_from(asked.offers))
    more = {sku: units + data.draw(st.integers(0, 3)) for sku, units in chosen.available.items()}
    offers = tuple(replace(offer, available=more) if offer is chosen else offer for offer in asked.offers)
    assert least_of(best(replace(asked, offers=offers))) <= least_of(best(asked))


@settings(max_examples=60)
@given(seed=SEEDS, other_seed=SEEDS)
def test_a_source_more_never_worsens_the_best_plan(seed: int, other_seed: int) -> None:
    asked = absolute(seed)
    other = any_problem(other_seed)
    added = replace(other.offers[0], source_id="MORE", offer_id="", stage=Stage.ON_HAND)
    lanes = tuple(
        replace(lane, source_id="MORE", offer_id="", packages_left=None, grams_left=None)
        for lane in other.lanes
        if (lane.source_id, lane.offer_id) == other.offers[0].key
    )
    assert least_of(best(with_source(asked, added, lanes))) <= least_of(best(asked))


def with_source(asked: Problem, offer: Offer, lanes: tuple[Lane, ...]) -> Problem:
    return replace(asked, offers=(*asked.offers, offer), lanes=(*asked.lanes, *lanes))


@settings(max_examples=60)
@given(seed=SEEDS, data=st.data())
def test_a_cheaper_rate_never_worsens_the_best_plan(seed: int, data: st.DataObject) -> None:
    asked = absolute(seed)
    assume(asked.lanes)
    chosen = data.draw(st.sampled_from(asked.lanes))
    rebate_minor = data.draw(st.integers(1, 300))
    bands = tuple(replace(band, base_minor=max(0, band.base_minor - rebate_minor)) for band in chosen.card.bands)
    cheaper = replace(chosen, card=replace(chosen.card, bands=bands))
    lanes = tuple(cheaper if lane is chosen else lane for lane in asked.lanes)
    assert least_of(best(replace(asked, lanes=lanes))) <= least_of(best(asked))


@settings(max_examples=120)
@given(seed=SEEDS, data=st.data())
def test_tightening_a_hard_rule_never_improves_the_best_plan(seed: int, data: st.DataObject) -> None:
    asked = untolerant(without(any_problem(seed), stage=0))
    policy = replace(asked.policy, soft={})
    name = data.draw(st.sampled_from(sorted(STRICTER_BY_LESS | STRICTER_BY_MORE)))
    setting = all_settings()[name]
    before = setting.of(policy)
    if name in STRICTER_BY_LESS:
        after = data.draw(st.integers(1, before - 1 if before else 3)) if before != 1 else 1
    else:
        after = min(setting.most, before + data.draw(st.integers(1, 3)))
    loose, tight = (replace(asked, policy=with_number(policy, name, value)) for value in (before, after))
    assert least_of(best(tight)) >= least_of(best(loose))


def with_number(policy: Policy, name: str, value: int) -> Policy:
    core: dict[str, Any] = {name: value}
    if all_settings()[name].is_core:
        return replace(policy, **core)
    return replace(policy, settings={**policy.settings, name: value})
