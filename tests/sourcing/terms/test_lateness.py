"""Lateness falls on packages: begun minutes are counted, begun hours and days are paid."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from solver.sourcing.facts import Facts
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.terms.lateness import TERM
from tests.sourcing.made import PATIENT, PROMISED_AT, flat, lane, line, offer, problem


def asked(after_promise: timedelta, policy: Policy = PATIENT, promised_at: datetime | None = PROMISED_AT) -> Problem:
    way = replace(lane("S1", flat(600)), arrives_at=PROMISED_AT + after_promise)
    return problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}),),
        lanes=(way,),
        policy=policy,
        promised_at=promised_at,
    )


def minutes(one: Problem) -> list[int]:
    package = TERM.measured(Facts(one)).package
    assert package is not None
    return list(package.tolist())


@pytest.mark.parametrize(
    ("after_promise", "late"),
    [
        (timedelta(days=-1), 0),
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(minutes=1), 1),
        (timedelta(minutes=1, microseconds=1), 2),
        (timedelta(hours=25), 1_500),
    ],
)
def test_begun_minutes_after_the_promise_count_whole(after_promise: timedelta, late: int) -> None:
    assert minutes(asked(after_promise)) == [late]


def test_without_a_promise_nothing_is_late() -> None:
    one = asked(timedelta(days=9), promised_at=None)
    assert minutes(one) == [0]
    assert TERM.priced(Facts(one), replace(PATIENT, lateness_minor_per_hour=50)) is None


def test_lateness_is_counted_across_time_zones() -> None:
    in_shanghai = PROMISED_AT.astimezone(timezone(timedelta(hours=8)))
    assert minutes(asked(timedelta(minutes=5), promised_at=in_shanghai)) == [5]


@pytest.mark.parametrize(
    ("late", "per_hour", "per_day", "minor"),
    [(0, 50, 0, 0), (1, 50, 0, 50), (60, 50, 0, 50), (61, 50, 0, 100), (1_500, 50, 0, 1_250), (1_441, 0, 700, 1_400)],
)
def test_begun_hours_and_days_are_paid_whole(late: int, per_hour: int, per_day: int, minor: int) -> None:
    policy = replace(PATIENT, lateness_minor_per_hour=per_hour, settings={"lateness_minor_per_day": per_day})
    one = asked(timedelta(minutes=late), policy)
    charge = TERM.priced(Facts(one), policy)
    assert charge is not None
    assert charge.package is not None
    assert charge.package.tolist() == [minor]
