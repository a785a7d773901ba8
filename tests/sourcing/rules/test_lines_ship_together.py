"""All that ships of a line that stays together leaves from one source."""

from dataclasses import replace

from solver.sourcing.rules.lines_ship_together import RULE
from tests.sourcing.made import line
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    under,
    with_line,
)

TOGETHER = with_line(ASKED, "2", ships_together=True)
BUNDLED = replace(ASKED, lines=(line("1", 1, {"A": 1, "B": 2}), line("2", 2, {"B": 1})))


def test_only_lines_that_say_so_stay_together_unless_the_policy_asks_it_of_all() -> None:
    assert forbidden(RULE, TOGETHER)["together"] == [False, True]
    every = under(ASKED, settings={"ship_lines_together": 1})
    assert forbidden(RULE, every)["together"] == [True, True]
    assert forbids_nothing(RULE, ASKED)


def test_the_policy_may_keep_bundles_together_and_no_other_lines() -> None:
    bundles = under(BUNDLED, settings={"ship_bundles_together": 1})
    assert forbidden(RULE, bundles)["together"] == [True, False]
    assert forbids_nothing(RULE, under(ASKED, settings={"ship_bundles_together": 1}))
    assert broken(RULE, bundles, (W_BY_X, {"A": 1}), (S_BY_V, {"B": 2})) == [
        "line 1 leaves from S, W, one source allowed"
    ]


def test_two_packages_of_one_source_are_together_and_those_of_two_are_not() -> None:
    assert broken(RULE, TOGETHER, (W_BY_V, {"B": 1}), (W_BY_X, {"B": 1}), (D_BY_V, {"A": 3})) == []
    assert broken(RULE, TOGETHER, (W_BY_V, {"B": 1}), (D_BY_V, {"B": 1})) == [
        "line 2 leaves from D, W, one source allowed"
    ]
