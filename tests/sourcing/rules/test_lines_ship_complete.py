"""A line that must ship complete ships whole or not at all."""

from solver.sourcing.rules.lines_ship_complete import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under, with_line

COMPLETE = with_line(ASKED, "2", ships_complete=True)


def test_only_lines_that_say_so_ship_whole_unless_the_policy_asks_it_of_all() -> None:
    assert forbidden(RULE, COMPLETE)["complete_lines"] == [False, True]
    every = under(ASKED, settings={"ship_lines_complete": 1})
    assert forbidden(RULE, every)["complete_lines"] == [True, True]
    assert forbids_nothing(RULE, ASKED)


def test_a_line_shipped_in_part_breaks_the_rule_and_one_left_whole_does_not() -> None:
    assert broken(RULE, COMPLETE, (D_BY_V, {"A": 1})) == []
    assert broken(RULE, COMPLETE, (D_BY_V, {"B": 1}), (W_BY_V, {"B": 1})) == []
    assert broken(RULE, COMPLETE, (D_BY_V, {"A": 1, "B": 1})) == [
        "line 2 ships complete or not at all, 1 units are left"
    ]
