"""A package holds no more units than its service and the policy allow."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.packages_hold_at_most_the_limit import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under, with_lane

FEW = with_lane(ASKED, W_BY_X, max_units=2)


def test_units_of_a_package_are_limited_by_service_and_by_policy_whichever_is_less() -> None:
    assert forbidden(RULE, FEW)["package_most_units"] == [NO_LIMIT, NO_LIMIT, NO_LIMIT, 2]
    both = under(FEW, settings={"max_units_per_package": 3})
    assert forbidden(RULE, both)["package_most_units"] == [3, 3, 3, 2]
    assert forbids_nothing(RULE, ASKED)


def test_a_package_with_too_many_units_breaks_each_limit_that_it_exceeds() -> None:
    both = under(FEW, settings={"max_units_per_package": 3})
    assert broken(RULE, both, (W_BY_X, {"A": 1, "B": 1}), (D_BY_V, {"A": 2, "B": 1})) == []
    assert broken(RULE, FEW, (W_BY_X, {"A": 3})) == ["3 units in one package from W, at most 2 allowed"]
    assert broken(RULE, both, (W_BY_X, {"A": 3, "B": 1})) == [
        "4 units in one package from W, at most 2 allowed",
        "4 units in one package from W, at most 3 allowed",
    ]
