"""Questions of the explanation in brief: one answer for several of them, and none begun without time."""

from dataclasses import replace

import pytest

from solver.sourcing.explain import explained
from solver.sourcing.explanation.asking import Decide, TimeIsUp, in_time, without_rules, without_source
from solver.sourcing.explanation.remembering import Remembering
from solver.sourcing.plan import Plan, ReasonCode
from solver.sourcing.policy import Level, Policy
from solver.sourcing.problem import Problem
from tests.sourcing.explanation.asked import decided
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem

PACKAGES, NEAR = "packages_stay_within_the_limit", "sources_are_near_enough"
# Two packages fill two of three units; S3 is too far away, and too dear to be missed.
THREE_PLACES = problem(
    lines=(line("1", 3, {"A": 1}),),
    grams={"A": 500},
    offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1}), offer("S3", {"A": 1}), offer("S4", {"A": 1})),
    lanes=(
        lane("S1", flat(100)),
        lane("S2", flat(100)),
        lane("S3", flat(300)),
        lane("S4", flat(9_000), distance_meters=9_000),
    ),
    policy=replace(PATIENT, max_packages=2, max_distance_meters=6_000),
)


def counting(asked: list[Problem]) -> Decide:
    def decide(problem: Problem) -> Plan:
        asked.append(problem)
        return decided(problem)

    return decide


def test_the_best_plan_without_two_rules_that_breaks_one_is_the_best_without_that_one() -> None:
    asked: list[Problem] = []
    decide = Remembering(counting(asked))
    freed = decide(without_rules(THREE_PLACES, [PACKAGES, NEAR]))
    assert freed.source_ids == ("S1", "S2", "S3")
    assert decide(without_rules(THREE_PLACES, [PACKAGES])) is freed
    assert len(asked) == 1
    assert decide(without_rules(THREE_PLACES, [NEAR])).source_ids == ("S1", "S2")
    assert len(asked) == 2


POLICY = THREE_PLACES.policy
STAGED = replace(POLICY, relax={NEAR: 1})
TOLERANT = replace(POLICY, levels=(Level(measure="unfilled_units", tolerance=1),))
SOFT = replace(POLICY, soft={NEAR: 5})


@pytest.mark.parametrize(
    "changed",
    [
        without_source(THREE_PLACES, "S3"),
        *(replace(THREE_PLACES, policy=policy) for policy in (replace(POLICY, split_minor=1), STAGED, TOLERANT, SOFT)),
    ],
    ids=["another offer", "another price", "stages", "a tolerance", "a soft rule"],
)
def test_a_question_that_differs_in_more_than_rules_is_asked(changed: Problem) -> None:
    asked: list[Problem] = []
    decide = Remembering(counting(asked))
    decide(without_rules(THREE_PLACES, [PACKAGES, NEAR]))
    decide(without_rules(changed, [PACKAGES]))
    assert len(asked) == 2


@pytest.mark.parametrize("policy", [STAGED, TOLERANT, SOFT], ids=["stages", "a tolerance", "a soft rule"])
def test_nothing_is_remembered_under_stages_tolerances_and_prices_of_rules(policy: Policy) -> None:
    asked: list[Problem] = []
    decide = Remembering(counting(asked))
    changed = replace(THREE_PLACES, policy=policy)
    decide(without_rules(changed, [PACKAGES, NEAR]))
    decide(without_rules(changed, [PACKAGES]))
    assert len(asked) == 2


def test_without_time_only_the_runner_up_is_asked_for_and_the_rest_is_called_unknown() -> None:
    asked: list[Problem] = []
    plan = explained(THREE_PLACES, decided(THREE_PLACES), decide=counting(asked), seconds_left=lambda: 0.0)
    assert [[offer.source_id for offer in one.offers] for one in asked] == [["S2", "S3", "S4"]]
    assert plan.runner_up is not None
    assert plan.runner_up.source_ids == ("S2", "S3")
    assert plan.binding_rules == ()
    assert {PACKAGES, NEAR} <= {*plan.may_bind_rules}
    assert [reason.code for reason in plan.lines[0].reasons] == [ReasonCode.NOT_PROVEN]


def test_with_time_the_same_questions_are_answered() -> None:
    asked: list[Problem] = []
    plan = explained(THREE_PLACES, decided(THREE_PLACES), decide=counting(asked), seconds_left=lambda: 60.0)
    assert (plan.binding_rules, plan.may_bind_rules) == ((PACKAGES,), ())
    assert [reason.code for reason in plan.lines[0].reasons] == [ReasonCode.SPLIT_LIMIT]
    without = [{*one.policy.off} for one in asked]
    assert without.count({PACKAGES}) == 0  # told by the plan without all rules


def test_a_question_within_its_time_is_asked_and_one_after_it_raises() -> None:
    left = [1.0]
    decide = in_time(decided, lambda: left[0])
    assert decide(THREE_PLACES).source_ids == ("S1", "S2")
    left[0] = 0.0
    with pytest.raises(TimeIsUp):
        decide(THREE_PLACES)
