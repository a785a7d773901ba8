"""A store keeps its last units of an SKU on the shelf."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.problem import Stage
from solver.sourcing.rules.stores_keep_their_last_units import RULE
from tests.sourcing.rules.world import ASKED, S_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under, with_offer

KEEPING = under(ASKED, settings={"store_keeps_units": 4})


def test_a_store_gives_all_but_its_last_units_and_other_sources_give_everything() -> None:
    assert forbidden(RULE, KEEPING)["stock"] == [[NO_LIMIT, NO_LIMIT], [1, 1], [NO_LIMIT, NO_LIMIT]]
    assert forbids_nothing(RULE, ASKED)


def test_what_is_only_on_its_way_to_a_store_is_not_on_its_shelf() -> None:
    on_its_way = with_offer(KEEPING, "S", stage=Stage.IN_TRANSIT)
    assert forbidden(RULE, on_its_way)["stock"] == [[NO_LIMIT, NO_LIMIT]] * 3
    assert broken(RULE, on_its_way, (S_BY_V, {"A": 3})) == []


def test_a_plan_that_takes_the_last_units_of_a_store_breaks_the_rule() -> None:
    assert broken(RULE, KEEPING, (S_BY_V, {"A": 1, "B": 1}), (W_BY_V, {"A": 2, "B": 1})) == []
    assert broken(RULE, KEEPING, (S_BY_V, {"A": 1}), (S_BY_V, {"A": 1})) == [
        "store S would keep 3 of A, at least 4 asked"
    ]


def test_a_store_that_has_no_more_than_it_keeps_and_gives_nothing_is_sound() -> None:
    assert broken(RULE, with_offer(KEEPING, "S", available={"A": 2}), (W_BY_V, {"A": 3})) == []
