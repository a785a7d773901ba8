from dataclasses import replace
from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.made import PATIENT
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

NEAR = "sources_are_near_enough"
SOFT = replace(PATIENT, max_distance_meters=1_000, soft={NEAR: 450})
FAR: dict[str, Any] = {"lane2": {"distance_meters": 1_001}}


def test_a_package_that_breaks_a_soft_rule_pays_its_price() -> None:
    problem = asked(**FAR, policy=SOFT)
    charge = priced("soft_rules", problem)
    assert charge is not None
    assert numbers(measured("soft_rules", problem).package) == [0, 1]
    assert numbers(charge.package) == [0, 450]


def test_what_is_strict_or_off_is_not_priced() -> None:
    assert priced("soft_rules", asked(**FAR, policy=replace(SOFT, soft={}))) is None
    charge = priced("soft_rules", asked(**FAR, policy=replace(SOFT, off=(NEAR,))))
    assert charge is not None
    assert numbers(charge.package) == [0, 0]


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**FAR, policy=SOFT)
    plan = in_two_packages(problem)
    assert package_costs("soft_rules", plan) == [0, 450]
    assert recounted("soft_rules", problem, plan) == (Recount(packages=(0, 1)), Recount(packages=(0, 450)))
