"""Staged relaxation: the policies that are tried in turn, and what each has given up."""

from solver.sourcing.policy import Policy
from solver.sourcing.relaxation import dropped, stages

STAGED = Policy(
    off=("packages_stay_in_the_country",),
    relax={"sources_are_near_enough": 2, "packages_stay_in_the_province": 1, "carriers_are_allowed": 4},
)


def test_a_policy_that_relaxes_nothing_is_tried_alone() -> None:
    assert stages(Policy()) == (Policy(),)


def test_each_stage_drops_its_rules_and_those_of_all_stages_before() -> None:
    assert [policy.off for policy in stages(STAGED)] == [
        ("packages_stay_in_the_country",),
        ("packages_stay_in_the_country", "packages_stay_in_the_province"),
        ("packages_stay_in_the_country", "packages_stay_in_the_province", "sources_are_near_enough"),
        (
            "packages_stay_in_the_country",
            "carriers_are_allowed",
            "packages_stay_in_the_province",
            "sources_are_near_enough",
        ),
    ]


def test_the_first_policy_is_the_one_asked_and_nothing_but_the_rules_changes() -> None:
    first, *later = stages(STAGED)
    assert first is STAGED
    assert {(policy.relax == STAGED.relax, policy.max_packages, policy.split_minor) for policy in later} == {
        (True, STAGED.max_packages, STAGED.split_minor)
    }


def test_dropped_names_the_rules_up_to_a_stage() -> None:
    assert dropped(STAGED, 0) == ()
    assert dropped(STAGED, 1) == ("packages_stay_in_the_province",)
    assert dropped(STAGED, 3) == ("packages_stay_in_the_province", "sources_are_near_enough")


def test_a_rule_that_is_soft_or_off_needs_no_stage() -> None:
    policy = Policy(
        off=("carriers_are_allowed",),
        soft={"sources_are_near_enough": 500},
        relax={"carriers_are_allowed": 1, "sources_are_near_enough": 2},
    )
    assert stages(policy) == (policy,)
    assert dropped(policy, 2) == ()


def test_rules_of_one_stage_go_together() -> None:
    policy = Policy(relax={"sources_are_near_enough": 3, "carriers_are_allowed": 3})
    assert [one.off for one in stages(policy)] == [(), ("carriers_are_allowed", "sources_are_near_enough")]
