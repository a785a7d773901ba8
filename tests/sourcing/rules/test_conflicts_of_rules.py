"""Why an order cannot be filled: the rules that conflict, found with the reference program; and what relaxing gives."""

from dataclasses import replace

from solver.sourcing.dimensions import all_rules
from solver.sourcing.explanation.conflict import smallest_conflict
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.relaxation import stages
from tests.sourcing.rules.world import ASKED, decided, under, with_offer

NAMES = tuple(rule.name for rule in all_rules())
ONLY_W_HANDS_OVER_TO_X = under(
    with_offer(ASKED, "D", reserve={"A": 5, "B": 5}),
    words={"only_carriers": ("C-X",), "blocked_sources": ("W",)},
    settings={"max_units_per_store": 1, "max_units_per_package": 4},
)


def fills(asked: Problem, policy: Policy) -> bool:
    return not decided(replace(asked, policy=policy)).unfilled.any()


def test_two_rules_that_leave_no_way_together_are_named_and_no_others() -> None:
    asked = ONLY_W_HANDS_OVER_TO_X
    found = smallest_conflict(asked.policy, NAMES, lambda policy: fills(asked, policy))
    assert found is not None
    assert (found.rules, found.is_smallest) == (("carriers_are_allowed", "sources_are_allowed"), True)


def test_an_order_short_of_goods_blames_no_rule() -> None:
    asked = with_offer(with_offer(ONLY_W_HANDS_OVER_TO_X, "D", available={}), "S", available={})
    short = with_offer(asked, "W", available={"A": 3, "B": 1})
    found = smallest_conflict(short.policy, NAMES, lambda policy: fills(short, policy))
    assert found is not None
    assert (found.rules, found.is_smallest) == ((), True)


def test_relaxing_by_stages_fills_the_order_at_the_first_stage_that_frees_a_way() -> None:
    relax = {"packages_hold_at_most_the_limit": 1, "carriers_are_allowed": 2, "sources_are_allowed": 3}
    policy = replace(ONLY_W_HANDS_OVER_TO_X.policy, relax=relax)
    freed = replace(ONLY_W_HANDS_OVER_TO_X, policy=replace(policy, off=("dealers_keep_their_reserve",)))
    assert [fills(freed, stage) for stage in stages(freed.policy)] == [False, False, True, True]
