"""Policies narrowed to an option and bound to a promise: which lists win, and that plans may be asked for so."""

from datetime import timedelta
from typing import Any

import pytest

from solver.errors import Violations
from solver.fulfilment.promising.model import DeliveryOption
from solver.fulfilment.promising.policy import hasty, keeping, narrowed
from solver.network.model import SourceKind
from solver.sourcing.policy import COST, LATEST_ARRIVAL, Level, Policy
from solver.sourcing.validate import MOST_LEVELS, check_policy, measures

STORES_AND_DEALERS = DeliveryOption(option_id="o", only_kinds=(SourceKind.STORE, SourceKind.DEALER))
KINDS = "source_kinds_are_allowed"


@pytest.mark.parametrize(
    ("policy", "only_kinds"),
    [
        ({}, ("store", "dealer")),
        ({"words": {"only_kinds": ("dealer", "warehouse")}}, ("dealer",)),
        ({"words": {"blocked_kinds": ("dealer",)}}, ("store",)),
        ({"words": {"only_kinds": ("warehouse",)}, "off": (KINDS,)}, ("store", "dealer")),
        ({"words": {"blocked_kinds": ("dealer",)}, "soft": {KINDS: 5}}, ("store", "dealer")),
        ({"words": {"blocked_kinds": ("dealer",)}, "relax": {KINDS: 1}}, ("store", "dealer")),
    ],
)
def test_a_strict_list_is_kept_and_one_that_is_not_gives_way(policy: dict[str, Any], only_kinds: tuple[str]) -> None:
    found = narrowed(Policy(**policy), STORES_AND_DEALERS)
    assert found == Policy(words={"only_kinds": only_kinds})


@pytest.mark.parametrize("words", [{"only_kinds": ("warehouse",)}, {"blocked_kinds": ("store", "dealer")}])
def test_an_option_of_which_nothing_is_allowed_is_none(words: dict[str, tuple[str, ...]]) -> None:
    assert narrowed(Policy(words=words), STORES_AND_DEALERS) is None


def test_an_option_narrows_only_what_it_names() -> None:
    policy = Policy(words={"only_carriers": ("c", "d"), "blocked_kinds": ("dealer",)}, max_packages=2)
    option = DeliveryOption(option_id="o", only_carriers=("c",), only_services=("s",))
    words = {"only_carriers": ("c",), "only_services": ("s",), "blocked_kinds": ("dealer",)}
    assert narrowed(policy, option) == Policy(words=words, max_packages=2)
    assert narrowed(policy, DeliveryOption(option_id="any")) == policy


def test_haste_puts_filling_first_and_leaves_the_arrival_to_the_promise() -> None:
    levels = (Level(measure="packages", tolerance=1), Level(measure=LATEST_ARRIVAL), Level(measure="unfilled_units"))
    found = hasty(Policy(levels=levels)).levels
    assert found == (Level(measure="unfilled_units"), Level(measure="packages", tolerance=1))


def test_a_policy_under_a_promise_is_strict_about_it_and_bears_no_name() -> None:
    name = "packages_arrive_by_the_promise"
    settings = {"promise_grace_minutes": 60, "max_minutes_to_door": 100, "split_tolerance": 3}
    policy = Policy(policy_id="mine", version=2, settings=settings, soft={name: 3}, relax={name: 1, KINDS: 2})
    assert keeping(policy, timedelta(minutes=14, seconds=1)) == Policy(
        settings={"arrive_by_promise": 1, "max_minutes_to_door": 115, "split_tolerance": 3}, relax={KINDS: 2}
    )
    assert keeping(Policy(off=(name,)), timedelta(0)) == Policy(settings={"arrive_by_promise": 1})


def test_a_plan_may_be_asked_for_under_what_a_promise_gives() -> None:
    named = [measure for measure in measures() if measure not in ("unfilled_units", LATEST_ARRIVAL, COST)]
    policy = Policy(
        levels=tuple(Level(measure=measure) for measure in named[:MOST_LEVELS]),
        settings={"max_minutes_to_door": 1_000_000_000},
        relax={"packages_arrive_by_the_promise": 1, KINDS: 2},
        soft={"services_are_allowed": 5},
    )
    option = DeliveryOption(option_id="o", only_kinds=(SourceKind.STORE,), only_services=("ground",))
    left = narrowed(hasty(policy), option)
    assert left is not None
    violations = Violations()
    check_policy(keeping(left, timedelta(days=7)), "policy", violations)
    assert violations.found == []
