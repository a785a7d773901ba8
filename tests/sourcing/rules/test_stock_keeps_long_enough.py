"""Nothing ships that expires too soon. Stock without lots is of no known age, and not restricted."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.problem import Lot
from solver.sourcing.rules.stock_keeps_long_enough import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    under,
    with_offer,
)

AGED = with_offer(
    ASKED,
    "W",
    lots={
        "A": (Lot(units=2, days_to_expiry=30), Lot(units=1, days_to_expiry=29), Lot(units=2, days_to_expiry=-1)),
        "B": (),
    },
)
MONTH = under(AGED, settings={"min_days_to_expiry": 30})


def test_only_lots_that_keep_long_enough_count() -> None:
    unlimited = [NO_LIMIT, NO_LIMIT]
    assert forbidden(RULE, MONTH)["stock"] == [unlimited, unlimited, [2, NO_LIMIT]]
    assert forbids_nothing(RULE, under(ASKED, settings={"min_days_to_expiry": 30}))


def test_without_a_setting_only_what_has_expired_stays() -> None:
    assert forbidden(RULE, AGED)["stock"][2] == [3, NO_LIMIT]


def test_packages_of_one_source_count_together_against_the_lots_that_keep() -> None:
    assert broken(RULE, MONTH, (W_BY_V, {"A": 1, "B": 2}), (W_BY_X, {"A": 1}), (D_BY_V, {"A": 1})) == []
    assert broken(RULE, MONTH, (W_BY_V, {"A": 2}), (W_BY_X, {"A": 1})) == ["W gives 3 of A, only 2 keep 30 days"]
