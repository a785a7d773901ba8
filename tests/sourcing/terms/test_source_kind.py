from typing import Any

from solver.network.model import SourceKind
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

KINDS: dict[str, Any] = {"s1": {"kind": SourceKind.WAREHOUSE}, "s2": {"kind": SourceKind.STORE}}
SETTINGS = {"unpreferred_kind_minor": 400}
STORES_FIRST = {"preferred_kinds": ("store", "front_warehouse")}


def test_packages_from_other_kinds_count_and_pay() -> None:
    problem = asked(**KINDS, settings=SETTINGS, words=STORES_FIRST)
    charge = priced("source_kind", problem)
    assert charge is not None
    assert numbers(measured("source_kind", problem).package) == [1, 0]
    assert numbers(charge.package) == [400, 0]


def test_without_a_preference_all_are_alike() -> None:
    problem = asked(**KINDS, settings=SETTINGS)
    assert priced("source_kind", problem) is None
    assert numbers(measured("source_kind", problem).package) == [0, 0]
    assert recounted("source_kind", problem, in_two_packages(problem))[0].total == 0


def test_a_preference_without_a_price_only_measures() -> None:
    problem = asked(**KINDS, words=STORES_FIRST)
    assert priced("source_kind", problem) is None
    assert numbers(measured("source_kind", problem).package) == [1, 0]


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**KINDS, settings=SETTINGS, words=STORES_FIRST)
    plan = in_two_packages(problem)
    assert package_costs("source_kind", plan) == [400, 0]
    assert recounted("source_kind", problem, plan) == (Recount(packages=(1, 0)), Recount(packages=(400, 0)))
