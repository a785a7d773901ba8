"""A store picks only so many units for an order."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.stores_give_at_most_the_limit import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, broken, forbidden, forbids_nothing, under

LIMITED = under(ASKED, settings={"max_units_per_store": 2})


def test_units_from_stores_are_limited_and_those_from_other_sources_are_not() -> None:
    assert forbidden(RULE, LIMITED)["source_most_units"] == [NO_LIMIT, 2, NO_LIMIT]
    assert forbids_nothing(RULE, ASKED)


def test_packages_of_one_store_count_together() -> None:
    assert broken(RULE, LIMITED, (S_BY_V, {"A": 1, "B": 1}), (D_BY_V, {"A": 2, "B": 1})) == []
    assert broken(RULE, LIMITED, (S_BY_V, {"A": 2}), (S_BY_V, {"B": 1})) == ["store S gives 3 units, at most 2 allowed"]
