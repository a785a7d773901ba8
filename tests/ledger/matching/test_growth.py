"""How much is compared as the records of one party grow: in step with their number, however alike they are."""

import random
import sys
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest

from solver.late import import_late
from solver.ledger.matching.days import ByDay
from solver.ledger.matching.model import Item
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.rules import FeeRule, MatchRules
from solver.ledger.matching.sums import case_of

START = date(2020, 1, 1)
RULES = MatchRules(fees=(FeeRule(name="card", rate=Fraction(25, 1000)),))


def record(name: str, day: int, minor: int) -> Item:
    return Item(item_id=name, on=START + timedelta(days=day), amount_minor=minor, currency="CNY", party="shop")


def side_of(name: str, many: int, days: int, prices: int, seed: int) -> list[Item]:
    """Records of one party without keys, of few prices, as evenly over the days as chance has it."""
    rng = random.Random(f"{name}-{seed}")
    return [
        record(f"{name}{k}", rng.randrange(days), 10_000 + 137 * rng.randrange(prices))  # sums seldom are prices
        for k in range(many)
    ]


def calls_for(ours: list[Item], theirs: list[Item]) -> int:
    """How many functions are called to match them: every comparison of two records is at least one."""
    counts: Counter[str] = Counter()
    import_late()
    sys.setprofile(lambda _frame, event, _what: counts.update((event,)))
    try:
        reconcile(ours, theirs, RULES)
    finally:
        sys.setprofile(None)
    return counts["call"] + counts["c_call"]


@pytest.mark.parametrize("prices", [3, 40])
def test_twice_the_records_over_twice_the_days_take_about_twice_the_calls(prices: int, seed: int) -> None:
    calls = []
    for many in (250, 500):
        ours, theirs = (side_of(name, many, many // 4, prices, seed) for name in "AB")
        calls.append(calls_for(ours, theirs))
    assert calls[1] <= 2.5 * calls[0], calls


def test_twice_the_records_of_one_price_in_one_fortnight_take_about_twice_the_calls(seed: int) -> None:
    calls = []
    for many in (500, 1_000):
        ours, theirs = (side_of(name, many, 14, 1, seed) for name in "AB")
        calls.append(calls_for(ours, theirs))
    assert calls[1] <= 2.5 * calls[0], calls


def test_runs_are_all_that_have_a_sum_the_latest_first(seed: int) -> None:
    rng = random.Random(seed)
    atoms = [[record(f"A{k:03}", k // 3, rng.choice((-200, 100, 200, 300)))] for k in range(120)]
    targets = [record(f"T{day}", day, 600) for day in range(40)]
    wanted = [{600: "equal", 700: "fee:card"} for _ in targets]
    case = case_of(targets, atoms, wanted, (-10, 3))
    found = 0
    for target, one in enumerate(targets):
        near = [k for k, atom in enumerate(atoms) if -10 <= (atom[0].on - one.on).days <= 3]
        by_hand = [
            range(first, last + 1)
            for last in reversed(near)
            for first in near
            if first < last and sum(atom[0].amount_minor for atom in atoms[first : last + 1]) in wanted[target]
        ]
        assert case.may[target] == range(near[0], near[-1] + 1)
        assert list(case.runs(target)) == by_hand
        found += len(by_hand)
    assert found > 100


def test_the_nearest_in_time_are_those_of_all_in_reach_by_distance_then_id(seed: int) -> None:
    rng = random.Random(seed)
    items = [record(f"A{k:03}", rng.randrange(40), 100) for k in range(60)]
    rng.shuffle(items)
    by_day = ByDay(items)
    for day in range(-5, 45):
        at = (START + timedelta(days=day)).toordinal()
        apart = sorted(
            (abs(item.on.toordinal() - at), item.item_id) for item in items if -6 <= item.on.toordinal() - at <= 2
        )
        for most in (1, 4, 100):
            assert [item.item_id for item in by_day.nearest(at, 6, 2, most)] == [one for _, one in apart[:most]]


def test_targets_out_of_reach_of_each_other_are_blocks_of_their_own() -> None:
    ours = [record(f"A{day}-{k}", day, amount) for day in (0, 100) for k, amount in enumerate((1_001, 2_003))]
    theirs = [record(f"B{day}", day + 1, 3_004) for day in (0, 100)]
    found = reconcile(ours, theirs, RULES)
    assert [(match.ours, match.theirs) for match in found.matches] == [
        (("A0-0", "A0-1"), ("B0",)),
        (("A100-0", "A100-1"), ("B100",)),
    ]
    assert not found.differences
