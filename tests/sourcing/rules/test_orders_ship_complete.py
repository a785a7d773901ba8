"""An order that must ship complete ships whole or not at all."""

from dataclasses import replace

import pytest

from solver.sourcing.problem import Problem
from solver.sourcing.rules.orders_ship_complete import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under

COMPLETE = replace(ASKED, ships_complete=True)


@pytest.mark.parametrize("asked", [COMPLETE, under(ASKED, settings={"ship_complete": 1})])
def test_an_order_that_says_so_and_under_the_setting_every_order_ships_whole(asked: Problem) -> None:
    assert forbidden(RULE, asked)["complete"]
    assert forbids_nothing(RULE, ASKED)


def test_a_whole_order_and_none_of_it_are_sound_and_a_part_is_not() -> None:
    assert broken(RULE, COMPLETE, (D_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == []
    assert broken(RULE, COMPLETE) == []
    assert broken(RULE, ASKED, (D_BY_V, {"A": 3})) == []
    assert broken(RULE, COMPLETE, (D_BY_V, {"A": 3})) == ["the order ships complete or not at all, 2 units are left"]
