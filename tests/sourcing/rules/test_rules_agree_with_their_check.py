"""Every rule forbids exactly what its check finds broken, on random problems and random plans."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from solver.network.model import SourceKind
from solver.network.transit import TransitTimes
from solver.sourcing.case import Ints
from solver.sourcing.concerns import concerns_of
from solver.sourcing.dimensions import all_rules
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.plan import PackedUnits, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Line, LinePart, Lot, Offer, Problem, Stage
from solver.sourcing.rule import Restriction, Rule
from tests.sourcing.made import PLACED_AT, PROMISED_AT, flat, lane, problem
from tests.sourcing.rules.world import plan_of

PLANS = 800
TAGS = ("hazmat", "food", "cold_chain", "flagship")


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rule_forbids_exactly_what_its_check_finds_broken(rule: Rule, seed: int) -> None:
    seen = Counter[bool]()
    for number, (facts, plan) in enumerate(drawn(seed)):
        asked = facts.problem
        found = rule.restrict(facts, asked.policy)
        keeps = found is None or allows(found, facts, plan)
        assert keeps == (not list(rule.broken(Finished.of(asked, plan)))), f"seed {seed}, plan {number} of {PLANS}"
        seen[keeps] += 1
    assert min(seen[True], seen[False]) > 0, "let random_problem draw what the rule reads, so that some plans break it"


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.may_be_soft], ids=lambda rule: rule.name)
def test_a_rule_that_may_be_soft_only_closes_lanes(rule: Rule, seed: int) -> None:
    found = [one for facts, _ in drawn(seed) if (one := rule.restrict(facts, facts.problem.policy)) is not None]
    stated = {
        field.name
        for one in found
        for field in fields(one)
        if (value := getattr(one, field.name)) is not None and value is not False
    }
    assert stated == {"closed_lanes"}


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.asked_by], ids=lambda rule: rule.name)
def test_no_plan_breaks_a_rule_that_its_policy_does_not_ask_for(rule: Rule, seed: int) -> None:
    seen = Counter[bool]()
    for number, (facts, plan) in enumerate(drawn(seed)):
        asked = facts.problem
        silent = replace(asked, policy=_silent(asked.policy, rule))
        assert list(rule.broken(Finished.of(silent, plan))) == [], f"seed {seed}, plan {number} of {PLANS}"
        assert rule not in concerns_of(silent.policy).rules
        if any(rule.broken(Finished.of(asked, plan))):
            assert rule in concerns_of(asked.policy).rules
        seen[rule in concerns_of(asked.policy).rules] += 1
    assert seen[True] > 0


def _silent(policy: Policy, rule: Rule) -> Policy:
    """The policy without anything that asks for the rule."""
    names = {setting.name for setting in rule.asked_by}
    core = {field.name for field in fields(Policy)}
    of_policy: dict[str, Any] = dict.fromkeys(names & core, 0)
    return replace(
        policy,
        **of_policy,
        settings={**policy.settings, **dict.fromkeys(names - core, 0)},
        words={name: words for name, words in policy.words.items() if name not in names},
    )


@cache
def drawn(seed: int) -> list[tuple[Facts, Plan]]:
    """Random problems, each with a random plan."""
    pairs = []
    for number in range(PLANS):
        rng = random.Random(f"{seed}/{number}")
        asked = random_problem(rng)
        pairs.append((Facts(asked), random_plan(rng, asked)))
    return pairs


def allows(found: Restriction, facts: Facts, plan: Plan) -> bool:
    """What a restriction means, written anew: true where the plan does nothing that it forbids."""
    packed = [(_lane_number(facts, package.lane_id), _units(facts, package.contents)) for package in plan.packages]
    return (
        _packages_allowed(found, packed)
        and _totals_allowed(found, facts, plan, packed)
        and _lines_allowed(found, facts, plan)
    )


def _packages_allowed(found: Restriction, packed: list[tuple[int, Ints]]) -> bool:
    for number, units in packed:
        if found.closed_lanes is not None and found.closed_lanes[number]:
            return False
        if found.closed_parts is not None and (found.closed_parts[number] & (units > 0)).any():
            return False
        if found.apart is not None and found.apart[units > 0][:, units > 0].any():
            return False
    return True


def _totals_allowed(found: Restriction, facts: Facts, plan: Plan, packed: list[tuple[int, Ints]]) -> bool:
    grams, mm3 = facts.of_items("weight_grams"), facts.of_items("volume_mm3")
    limits = [
        (found.package_most_grams, [(number, int(units @ grams)) for number, units in packed]),
        (found.package_most_mm3, [(number, int(units @ mm3)) for number, units in packed]),
        (found.package_most_units, [(number, int(units.sum())) for number, units in packed]),
        (found.source_most_units, _by(facts.lane_source, packed, lambda number, units: int(units.sum()))),
        (
            found.source_most_minutes,
            _by(facts.lane_source, packed, lambda number, units: _minutes(facts, number, units)),
        ),
        (found.service_most_packages, _by(facts.lane_service, packed, lambda number, units: 1)),
    ]
    if any(most is not None and amount > most[place] for most, amounts in limits for place, amount in amounts):
        return False
    if found.most_packages is not None and len(packed) > found.most_packages:
        return False
    if found.most_sources is not None and len(plan.source_ids) > found.most_sources:
        return False
    taken = np.zeros((len(facts.offers), len(facts.skus)), dtype=np.int64)
    for number, units in packed:
        taken[facts.lane_offer[number]] += units
    return found.stock is None or not ((taken > 0) & (taken > found.stock)).any()


def _lines_allowed(found: Restriction, facts: Facts, plan: Plan) -> bool:
    unfilled = [answer.unfilled_units for answer in plan.lines]
    if found.complete and plan.packages and any(unfilled):
        return False
    for position, wanted in enumerate(facts.lines):
        in_part = 0 < unfilled[position] < wanted.quantity
        if found.complete_lines is not None and found.complete_lines[position] and in_part:
            return False
        sources = {
            package.source_id
            for package in plan.packages
            if wanted.line_id in {packed.line_id for packed in package.contents}
        }
        if found.together is not None and found.together[position] and len(sources) > 1:
            return False
    return True


def _by(group: Ints, packed: list[tuple[int, Ints]], amount: Callable[[int, Ints], int]) -> list[tuple[int, int]]:
    totals = Counter[int]()
    for number, units in packed:
        totals[int(group[number])] += amount(number, units)
    return list(totals.items())


def _minutes(facts: Facts, number: int, units: Ints) -> int:
    one = facts.offers[int(facts.lane_offer[number])]
    return one.minutes_per_package + one.minutes_per_unit * int(units.sum())


def _lane_number(facts: Facts, lane_id: tuple[str, str, str, str]) -> int:
    return [way.lane_id for way in facts.lanes].index(lane_id)


def _units(facts: Facts, contents: tuple[PackedUnits, ...]) -> Ints:
    units = np.zeros(len(facts.skus), dtype=np.int64)
    for packed in contents:
        units[facts.part_of[packed.sku]] += packed.units
    return units


def random_plan(rng: random.Random, asked: Problem) -> Plan:
    """The order, or some of it, in up to four packages on any lanes, whether or not the stock is there."""
    left = dict(asked.demand_units)
    packages: list[tuple[int, dict[str, int]]] = []
    whole = rng.random() < 0.5
    for number in range(rng.randint(0, 4)):
        is_last = whole and number == 3
        units = {sku: units if is_last or rng.random() < 0.4 else rng.randint(0, units) for sku, units in left.items()}
        if any(units.values()):
            packages.append((rng.randrange(len(asked.lanes)), {sku: count for sku, count in units.items() if count}))
        left = {sku: count - units[sku] for sku, count in left.items()}
    return plan_of(asked, *packages)


def random_problem(rng: random.Random) -> Problem:
    """Two to three sources and everything that a rule may ask about them, stated or not."""
    sources = [f"S{number}" for number in range(rng.randint(1, 3))]
    made = problem(
        lines=_lines(rng),
        grams={"A": 400, "B": 1000, "C": 50},
        mm3={"A": 1_000, "B": 5_000, "C": 0},
        offers=tuple(_offer(rng, source_id) for source_id in sources),
        lanes=(),
        policy=_policy(rng),
        promised_at=rng.choice([None, PROMISED_AT, PROMISED_AT]),
    )
    ways = [
        replace(
            lane(source_id, flat(500), service_id=service, distance_meters=rng.choice([500, 90_000])),
            arrives_at=PLACED_AT + timedelta(hours=rng.choice([1, 29, 30, 31, 60])),
            hand_over_at=rng.choice([None, PLACED_AT + timedelta(hours=1)]),
            transit_minutes=rng.choice([0, 60, 2_000]),
            transit_times=rng.choice([None, TransitTimes(quantiles_minutes=(60, 1_500, 4_000), sample_count=30)]),
            max_weight_grams=rng.choice([0, 0, 1_500]),
            max_volume_mm3=rng.choice([0, 0, 6_000]),
            max_units=rng.choice([0, 0, 3]),
            max_side_mm=rng.choice([0, 0, 300]),
            refuses_tags=rng.choice([(), ("hazmat",), ("food", "cold_chain")]),
            crosses_border=rng.random() < 0.3,
            crosses_province=rng.random() < 0.3,
            packages_left=rng.choice([None, None, 0, 1, 2]),
            grams_left=rng.choice([None, None, 0, 1_500, 100_000]),
        )
        for source_id in sources
        for service in ("V", "X")
    ]
    ways.append(replace(ways[0], via_source_id="HUB"))
    items = {
        sku: replace(item, longest_side_mm=rng.choice([0, 200, 400]), tags=_some(rng, TAGS[:3]))
        for sku, item in made.items.items()
    }
    return replace(
        made,
        items=items,
        lanes=tuple(ways),
        placed_at=PLACED_AT,
        customer_tier=rng.choice(["", "gold", "silver"]),
        channel=rng.choice(["", "tmall", "jd"]),
        ships_complete=rng.random() < 0.3,
    )


def _lines(rng: random.Random) -> tuple[Line, ...]:
    parts = rng.choice([({"A": 1}, {"B": 1}), ({"A": 1, "C": 2}, {"B": 1}), ({"A": 1}, {"B": 2, "C": 1})])
    return tuple(
        Line(
            line_id=str(number + 1),
            sku=f"ITEM-{number}",
            quantity=rng.randint(1, 3),
            parts=tuple(LinePart(sku=sku, units=units) for sku, units in wanted.items()),
            unit_price_minor=rng.choice([0, 1_000]),
            ships_complete=rng.random() < 0.3,
            ships_together=rng.random() < 0.3,
        )
        for number, wanted in enumerate(parts)
    )


def _offer(rng: random.Random, source_id: str) -> Offer:
    def units() -> dict[str, int]:
        return {sku: rng.randint(0, 6) for sku in ("A", "B", "C")}

    available = units()
    return Offer(
        source_id=source_id,
        available=available,
        on_hand=available,
        stage=rng.choice([Stage.ON_HAND, Stage.ON_HAND, *Stage]),
        kind=rng.choice(list(SourceKind)),
        tags=_some(rng, TAGS),
        is_active=rng.random() < 0.8,
        minutes_per_package=rng.choice([0, 5]),
        minutes_per_unit=rng.choice([0, 2]),
        safety=rng.choice([{}, units()]),
        reserve=rng.choice([{}, units()]),
        lots={
            sku: tuple(
                Lot(units=rng.randint(1, 3), days_to_expiry=rng.choice([-1, 5, 90])) for _ in range(rng.randint(0, 2))
            )
            for sku in rng.choice([(), ("A", "B")])
        },
        load_basis_points=rng.choice([0, 9_000, 12_000]),
        orders_left=rng.choice([None, None, 0, 1]),
        units_left=rng.choice([None, 0, 3, 6]),
        minutes_left=rng.choice([None, 0, 15]),
        rejects=rng.choice([0, 2, 3]),
        quota_orders_left=rng.choice([None, 0, 1]),
    )


def _policy(rng: random.Random) -> Policy:
    settings = {
        "max_units_per_package": (0, 4),
        "ship_complete": (0, 1),
        "ship_lines_complete": (0, 1),
        "ship_lines_together": (0, 1),
        "ship_bundles_together": (0, 1),
        "min_value_to_split_minor": (0, 2_500),
        "max_rejects": (0, 3),
        "safety_all_or_nothing": (0, 1),
        "store_keeps_units": (0, 2),
        "max_units_per_store": (0, 3),
        "max_store_distance_meters": (0, 10_000),
        "max_load_basis_points": (0, 10_000),
        "arrive_by_promise": (0, 1),
        "promise_grace_minutes": (0, 60),
        "max_minutes_to_door": (0, 120),
        "min_on_time_permille": (0, 600),
        "max_transit_minutes": (0, 1_000),
        "allow_in_transit": (0, 1),
        "allow_backorder": (0, 1),
        "allow_pre_sale": (0, 1),
        "min_days_to_expiry": (0, 30),
        "forbid_cross_border": (0, 1),
        "forbid_cross_province": (0, 1),
        "forbid_transfers": (0, 1),
    }
    words = {
        "needs_tag": ("cold_chain", "hazmat|flagship"),
        "apart_tags": ("hazmat|food", "cold_chain", "food|food"),
        "only_sources": ("S0", "S1"),
        "blocked_sources": ("S1",),
        "only_kinds": ("store", "warehouse"),
        "blocked_kinds": ("dealer",),
        "only_tags": ("food", "flagship"),
        "blocked_tags": ("hazmat",),
        "only_carriers": ("C-V",),
        "blocked_carriers": ("C-X",),
        "only_services": ("X",),
        "blocked_services": ("V",),
        "tier_sources": ("gold|flagship", "silver|flagship", "gold|food"),
        "channel_sources": ("tmall|cold_chain", "hazmat"),
    }
    return Policy(
        max_packages=rng.choice([2, 5]),
        max_sources=rng.choice([0, 1]),
        max_distance_meters=rng.choice([0, 1_000]),
        settings={name: rng.choice(values) for name, values in settings.items()},
        words={name: _some(rng, values) for name, values in words.items()},
    )


def _some(rng: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rng.sample(words, k=rng.randint(0, len(words))))
