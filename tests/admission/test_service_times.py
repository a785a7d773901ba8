"""What is learnt of how long calls take."""

import pytest

from solver.admission.service_times import UNKNOWN_SECONDS, ServiceTimes

METHOD = "/some.Service/Work"


def learnt(*seconds: float) -> ServiceTimes:
    times = ServiceTimes(doubt_seconds=2.0)
    for moment, one in enumerate(seconds):
        times.note(METHOD, one, float(moment))
    return times


def test_of_an_unknown_method_next_to_nothing_is_assumed() -> None:
    times = learnt()
    assert (times.mean_seconds(METHOD), times.quick_seconds(METHOD)) == (UNKNOWN_SECONDS, 0.0)
    assert times.is_doubtful(METHOD, 0.0)


def test_the_mean_follows_the_newest_calls() -> None:
    assert learnt(1.0).mean_seconds(METHOD) == 1.0
    assert learnt(1.0, 2.0).mean_seconds(METHOD) == pytest.approx(1.1)
    assert learnt(1.0, *[2.0] * 100).mean_seconds(METHOD) == pytest.approx(2.0, abs=1e-3)


def test_the_quick_time_falls_at_once_and_rises_slowly() -> None:
    assert learnt(1.0, 0.25).quick_seconds(METHOD) == 0.25
    assert learnt(1.0, 2.0).quick_seconds(METHOD) == pytest.approx(1.05)
    assert learnt(1.0, *[2.0] * 200).quick_seconds(METHOD) == pytest.approx(2.0, abs=1e-3)


def test_what_was_learnt_long_ago_is_doubted() -> None:
    times = learnt(1.0)
    assert (times.is_doubtful(METHOD, 1.9), times.is_doubtful(METHOD, 2.0)) == (False, True)
