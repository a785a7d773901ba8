"""A dealer (经销商) keeps what is reserved for his own trade. Where safety stock is stated too, the greater is kept."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.dealers_keep_their_reserve import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, W_BY_V, broken, forbidden, forbids_nothing, with_offer

DEALING = with_offer(ASKED, "D", reserve={"A": 4, "B": 7})


def test_a_dealer_gives_what_he_has_beyond_his_reserve() -> None:
    assert forbidden(RULE, DEALING)["stock"] == [[1, 0], [NO_LIMIT, NO_LIMIT], [NO_LIMIT, NO_LIMIT]]
    assert forbids_nothing(RULE, ASKED)


def test_a_plan_that_takes_from_the_reserve_breaks_the_rule() -> None:
    assert broken(RULE, DEALING, (D_BY_V, {"A": 1}), (W_BY_V, {"A": 2, "B": 2})) == []
    assert broken(RULE, DEALING, (D_BY_V, {"A": 1}), (D_BY_V, {"A": 1, "B": 1})) == [
        "D would keep 3 of A, reserved are 4",
        "D would keep 4 of B, reserved are 7",
    ]
