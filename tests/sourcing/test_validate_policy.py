"""A policy is checked as a whole: every wrong name and number is told, with what to do about it."""

from dataclasses import replace
from typing import Any

import pytest

from solver.errors import Violations
from solver.sourcing.dimensions import all_rules
from solver.sourcing.policy import DEFAULT_POLICY, Level, Policy
from solver.sourcing.validate import MOST_LEVELS, check_policy
from solver.validation import unknown

STRICT = next(rule.name for rule in all_rules() if not rule.may_be_soft)


def wrong(**changes: Any) -> dict[str, str]:
    """Field -> what stood there and what to do, of the default policy so changed."""
    violations = Violations()
    check_policy(replace(DEFAULT_POLICY, **changes), "policy", violations)
    return {one.field: f"{one.value}: {one.remedy}" for one in violations.found}


def test_the_default_and_a_policy_with_everything_in_it_are_sound() -> None:
    assert wrong() == {}
    full = Policy(
        settings={"lateness_minor_per_day": 500, "split_minor_per_source": 1_000_000_000},
        off=("handling", "packages_stay_within_the_limit"),
        soft={"sources_are_near_enough": 0},
        relax={"sources_are_near_enough": 1, "sources_stay_within_the_limit": 20},
        levels=(Level(measure="unfilled_units"), Level(measure="distance_meters", tolerance=50_000)),
        policy_id="full",
        version=3,
    )
    violations = Violations()
    check_policy(full, "policy", violations)
    assert violations.found == []


@pytest.mark.parametrize(
    ("name", "value", "between"),
    [
        ("max_packages", 0, "1 and 20"),
        ("max_packages", 21, "1 and 20"),
        ("max_sources", -1, "0 and 20"),
        ("split_minor", -1, "0 and 1,000,000,000"),
        ("unfilled_minor_per_unit", 1_000_000_001, "0 and 1,000,000,000"),
        ("max_distance_meters", 20_100_001, "0 and 20,100,000"),
        ("time_limit_ms", 0, "1 and 60,000"),
        ("version", -1, "0 and 1,000,000,000"),
    ],
)
def test_a_number_out_of_its_range_is_told_with_the_range(name: str, value: int, between: str) -> None:
    assert wrong(**{name: value}) == {f"policy.{name}": f"{value}: must lie between {between}"}


def test_an_unknown_setting_is_told_with_the_one_that_was_meant() -> None:
    assert wrong(settings={"lateness_minor_per_dya": 1}) == {
        "policy.settings[lateness_minor_per_dya]": "'lateness_minor_per_dya': there is no such setting; "
        "did you mean lateness_minor_per_day?"
    }


def test_a_name_like_no_other_is_sent_to_the_page_that_lists_them() -> None:
    assert unknown("xyz", ["split", "freight"], "term") == "there is no such term; docs/dimensions.md has them all"


def test_a_field_of_the_policy_itself_is_not_given_again_among_the_settings() -> None:
    assert wrong(settings={"split_minor": 5}) == {
        "policy.settings[split_minor]": "5: is a field of the policy itself; give it as `split_minor`"
    }


def test_a_setting_out_of_its_range_is_told() -> None:
    assert wrong(settings={"lateness_minor_per_day": -1}) == {
        "policy.settings[lateness_minor_per_day]": "-1: must lie between 0 and 1,000,000,000"
    }


def test_a_word_that_is_none_of_the_choices_is_told() -> None:
    told = wrong(words={"preferred_kinds": ("store", "shop", "stores"), "preferred_carriers": ("whoever",)})
    kinds = "warehouse, store, dealer, regional_warehouse, front_warehouse, drop_shipper"
    assert told == {
        "policy.words[preferred_kinds][1]": f"'shop': there is no such word; choose among {kinds}",
        "policy.words[preferred_kinds][2]": "'stores': there is no such word; did you mean store?",
    }


def test_unknown_words_and_unsound_words_are_told() -> None:
    told = wrong(words={"no_such_words": ("a", "a", "")})
    assert set(told) == {
        "policy.words[no_such_words]",
        "policy.words[no_such_words][1]",
        "policy.words[no_such_words][2]",
    }
    assert told["policy.words[no_such_words]"].startswith("'no_such_words': there is no such list of words")


def test_what_is_switched_off_must_exist_and_be_named_once() -> None:
    assert wrong(off=("handling", "freigth", "handling")) == {
        "policy.off[1]": "'freigth': there is no such term or rule; did you mean freight?",
        "policy.off[2]": "'handling': stands twice; name it once",
    }


def test_only_rules_that_allow_it_may_be_soft() -> None:
    told = wrong(soft={STRICT: 5, "sources_are_near": 5})
    assert told[f"policy.soft[{STRICT}]"].startswith(f"'{STRICT}': this rule is always strict; these may be soft: ")
    assert "sources_are_near_enough" in told[f"policy.soft[{STRICT}]"]
    assert told["policy.soft[sources_are_near]"] == (
        "'sources_are_near': there is no such rule; did you mean sources_are_near_enough?"
    )


def test_the_price_of_a_soft_rule_is_not_negative() -> None:
    assert wrong(soft={"sources_are_near_enough": -1}) == {
        "policy.soft[sources_are_near_enough]": "-1: must lie between 0 and 1,000,000,000"
    }


def test_a_stage_of_relaxation_counts_from_one_and_its_rule_exists() -> None:
    assert wrong(relax={"sources_are_near_enough": 0, "no_rule": 1}) == {
        "policy.relax[sources_are_near_enough]": "0: must lie between 1 and 20",
        "policy.relax[no_rule]": "'no_rule': there is no such rule; docs/dimensions.md has them all",
    }


def test_a_rule_that_is_off_is_neither_soft_nor_relaxed() -> None:
    name = "sources_are_near_enough"
    assert wrong(off=(name,), soft={name: 1}, relax={name: 1}) == {
        f"policy.soft[{name}]": f"'{name}': is switched off; say one or the other",
        f"policy.relax[{name}]": f"'{name}': is switched off; say one or the other",
    }


def test_priorities_are_measures_named_once_with_tolerances_from_zero() -> None:
    levels = (
        Level(measure="package"),
        Level(measure="packages", tolerance=-1),
        Level(measure="packages"),
    )
    assert wrong(levels=levels) == {
        "policy.levels[0].measure": "'package': there is no such measure; did you mean packages?",
        "policy.levels[1].tolerance": "-1: must lie between 0 and 1,000,000,000,000",
        "policy.levels[2]": "'packages': stands twice; name it once",
    }


def test_money_decides_last_and_has_no_tolerance() -> None:
    assert wrong(levels=(Level(measure="cost_minor"), Level(measure="packages"))) == {
        "policy.levels[0].measure": "'cost_minor': money decides last; put it at the end or leave it out"
    }
    assert wrong(levels=(Level(measure="packages"), Level(measure="cost_minor", tolerance=5))) == {
        "policy.levels[1].tolerance": "5: nothing comes after money that could use a tolerance; leave it out"
    }
    assert wrong(levels=(Level(measure="packages"), Level(measure="cost_minor"))) == {}


def test_the_last_arrival_is_a_priority_though_no_term_measures_it() -> None:
    assert wrong(levels=(Level(measure="latest_arrival_minutes", tolerance=60),)) == {}


def test_there_are_only_so_many_levels() -> None:
    told = wrong(levels=tuple(Level(measure=f"m{number}") for number in range(MOST_LEVELS + 1)))
    assert told["policy.levels"] == "'11 levels': give at most 10"


def test_a_policys_name_is_printable() -> None:
    assert wrong(policy_id="a\nb") == {"policy.policy_id": "'a\\nb': give 1 to 128 printable characters"}
