"""What is not there yet ships only where the policy allows: stock on its way, backorders, pre-sales."""

import numpy as np
import pytest

from solver.sourcing.problem import Stage
from solver.sourcing.rules.stock_stages_are_allowed import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    broken,
    forbidden,
    forbids_nothing,
    under,
    with_offer,
)

STAGED = with_offer(
    with_offer(with_offer(ASKED, "D", stage=Stage.IN_TRANSIT), "S", stage=Stage.BACKORDER), "W", stage=Stage.PRE_SALE
)


@pytest.mark.parametrize(
    ("setting", "closed"),
    [
        ("allow_in_transit", [True, False, False, False]),
        ("allow_backorder", [False, True, False, False]),
        ("allow_pre_sale", [False, False, True, True]),
    ],
)
def test_each_setting_closes_the_lanes_of_its_own_stage(setting: str, closed: list[bool]) -> None:
    assert forbidden(RULE, under(STAGED, settings={setting: 0}))["closed_lanes"] == closed


def test_what_is_offered_is_allowed_unless_the_policy_says_otherwise() -> None:
    assert forbids_nothing(RULE, STAGED)
    nothing_later = dict.fromkeys(("allow_in_transit", "allow_backorder", "allow_pre_sale"), 0)
    assert not np.any(forbidden(RULE, under(ASKED, settings=nothing_later))["closed_lanes"])


def test_a_package_of_a_stage_that_is_not_allowed_breaks_the_rule() -> None:
    asked = under(STAGED, settings={"allow_backorder": 0})
    assert broken(RULE, asked, (D_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == []
    assert broken(RULE, asked, (S_BY_V, {"A": 3})) == ["the package from S is of backorder stock, which is not allowed"]
