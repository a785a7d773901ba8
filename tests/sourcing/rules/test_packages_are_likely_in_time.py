"""Every package has a fair chance of being at the door by the promise."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from solver.network.transit import TransitTimes
from solver.sourcing.problem import Problem
from solver.sourcing.rules.packages_are_likely_in_time import RULE
from tests.sourcing.made import PROMISED_AT
from tests.sourcing.rules.world import ASKED, W_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under, with_lane

TIMES = TransitTimes(quantiles_minutes=(60, 1_440, 2_820), sample_count=100)  # half arrive within a day


def counted(number: int, hours: int) -> Problem:
    """Handed over so many hours before the promise."""
    return with_lane(ASKED, number, transit_times=TIMES, hand_over_at=PROMISED_AT - timedelta(hours=hours))


@pytest.mark.parametrize(("asked_permille", "is_closed"), [(500, False), (501, True)])
def test_lanes_that_are_in_time_too_seldom_are_closed(asked_permille: int, is_closed: bool) -> None:
    asked = under(counted(W_BY_V, 24), settings={"min_on_time_permille": asked_permille})
    assert forbidden(RULE, asked)["closed_lanes"] == [False, False, is_closed, False]


def test_where_the_chance_is_not_known_nothing_is_forbidden() -> None:
    sure = {"min_on_time_permille": 1000}
    assert not np.any(forbidden(RULE, under(ASKED, settings=sure))["closed_lanes"])
    unsaid = with_lane(counted(W_BY_V, 24), W_BY_V, hand_over_at=None)
    assert not np.any(forbidden(RULE, under(unsaid, settings=sure))["closed_lanes"])
    assert broken(RULE, under(unsaid, settings=sure), (W_BY_V, {"A": 3})) == []


def test_without_a_promise_or_a_limit_there_is_no_rule() -> None:
    assert forbids_nothing(RULE, counted(W_BY_V, 1))
    assert forbids_nothing(RULE, replace(under(ASKED, settings={"min_on_time_permille": 900}), promised_at=None))


def test_a_package_with_too_small_a_chance_breaks_the_rule() -> None:
    asked = under(counted(W_BY_V, 24), settings={"min_on_time_permille": 501})
    assert broken(RULE, asked, (W_BY_X, {"A": 3})) == []
    assert broken(RULE, asked, (W_BY_V, {"A": 3})) == [
        "the package from W is in time 500 times of 1000, at least 501 asked"
    ]
