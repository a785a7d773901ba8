"""No package arrives after the promise, give or take a stated grace."""

from dataclasses import replace
from datetime import timedelta

import pytest

from solver.sourcing.rules.packages_arrive_by_the_promise import RULE
from tests.sourcing.made import PROMISED_AT
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, broken, forbidden, forbids_nothing, under, with_lane

LATE = with_lane(ASKED, S_BY_V, arrives_at=PROMISED_AT + timedelta(minutes=30))
STRICT = under(LATE, settings={"arrive_by_promise": 1})


def test_lanes_that_arrive_after_the_promise_are_closed() -> None:
    assert forbidden(RULE, STRICT)["closed_lanes"] == [False, True, False, False]
    assert forbids_nothing(RULE, LATE)
    assert forbids_nothing(RULE, replace(STRICT, promised_at=None))


@pytest.mark.parametrize(("grace", "is_closed"), [(29, True), (30, False)])
def test_a_grace_allows_exactly_so_many_minutes(grace: int, is_closed: bool) -> None:
    asked = under(LATE, settings={"arrive_by_promise": 1, "promise_grace_minutes": grace})
    assert forbidden(RULE, asked)["closed_lanes"] == [False, is_closed, False, False]
    assert bool(broken(RULE, asked, (S_BY_V, {"A": 3}))) == is_closed


def test_a_late_package_breaks_the_rule_only_where_it_is_asked_for() -> None:
    assert broken(RULE, STRICT, (D_BY_V, {"A": 3})) == []
    assert broken(RULE, LATE, (S_BY_V, {"A": 3})) == []
    assert broken(RULE, STRICT, (S_BY_V, {"A": 3})) == ["the package from S arrives 0:30:00 after the promise"]
