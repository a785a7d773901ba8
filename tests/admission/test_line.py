"""Who is let in, who waits for whom, and who is turned away."""

import random

import pytest

from solver.admission.line import FairLine
from solver.admission.model import Cause, LineLimits, WaitingCall
from solver.admission.service_times import ServiceTimes

FOR_EVER = float("inf")
METHOD = "/some.Service/Work"


def line(
    *,
    workers: int = 1,
    waiting_calls: int = 100,
    seconds: float = 0.1,
    shares: dict[str, float] | None = None,
    waiting_seconds: float = 1000.0,
) -> FairLine:
    """A line whose only method takes so long."""
    times = ServiceTimes()
    times.note(METHOD, seconds, 0.0)
    limits = LineLimits(workers=workers, waiting_calls=waiting_calls, waiting_seconds=waiting_seconds)
    return FairLine(limits, times, shares or {})


def call(caller_id: str = "a", *, ends_at: float = FOR_EVER, method: str = METHOD) -> WaitingCall:
    return WaitingCall(caller_id=caller_id, method=method, ends_at=ends_at, since=0.0)


def joined(a_line: FairLine, *callers: str) -> None:
    for caller_id in callers:
        assert a_line.join(call(caller_id), 0.0) == ()


def order_of(a_line: FairLine, now: float = 0.0) -> str:
    """The callers in the order in which they are taken."""
    taken = []
    while (found := a_line.next(now)[0]) is not None:
        taken.append(found.caller_id)
    return "".join(taken)


def test_a_call_runs_at_once_where_a_worker_is_free_and_waits_where_none_is() -> None:
    a_line = line(workers=2)
    first, second, third = call(), call(), call()
    for one in (first, second, third):
        assert a_line.join(one, 0.0) == ()
    assert (a_line.running, len(a_line), third.is_waiting) == (2, 1, True)
    a_line.done(first)
    assert a_line.next(0.0) == (third, ())
    assert (a_line.running, len(a_line), third.is_waiting) == (2, 0, False)
    assert a_line.next(0.0) == (None, ())


def test_a_flood_of_one_caller_does_not_keep_the_others_waiting() -> None:
    a_line = line()
    joined(a_line, "x", *"aaaaaa", "b", "c", "b")
    assert order_of(a_line) == "abcabaaaa"


def test_a_caller_with_a_greater_share_gets_as_many_times_as_much() -> None:
    a_line = line(shares={"b": 3.0})
    joined(a_line, "x", *"aaaa", *"bbbbbbbbbbbb")
    order = order_of(a_line)
    assert (order[:8].count("b"), order[:8].count("a")) == (6, 2)
    assert order.count("b") == 12


def test_fair_is_by_what_calls_cost_not_by_their_number() -> None:
    times = ServiceTimes()
    times.note("/long", 0.3, 0.0)
    times.note("/short", 0.1, 0.0)
    a_line = FairLine(LineLimits(workers=1, waiting_calls=100, waiting_seconds=1000.0), times)
    assert a_line.join(call("x", method="/short"), 0.0) == ()
    for _ in range(3):
        assert a_line.join(call("l", method="/long"), 0.0) == ()
    for _ in range(9):
        assert a_line.join(call("s", method="/short"), 0.0) == ()
    assert order_of(a_line) == "lssslssslsss"


def test_a_caller_who_sends_one_long_call_after_the_other_gets_no_more_than_a_share() -> None:
    times = ServiceTimes()
    times.note("/long", 1.0, 0.0)
    times.note("/short", 0.1, 0.0)
    a_line = FairLine(LineLimits(workers=1, waiting_calls=1000, waiting_seconds=1e9), times)
    assert a_line.join(call("x", method="/short"), 0.0) == ()
    for _ in range(100):
        assert a_line.join(call("s", method="/short"), 0.0) == ()
    assert a_line.join(call("l", method="/long"), 0.0) == ()
    order = ""
    while len(order) < 40:
        found, _ = a_line.next(0.0)
        assert found is not None
        order += found.caller_id
        if found.caller_id == "l":
            assert a_line.join(call("l", method="/long"), 0.0) == ()
    assert order.count("l") == 4


def test_a_full_line_turns_away_whoever_has_most_in_it() -> None:
    a_line = line(waiting_calls=4)
    joined(a_line, "x", *"aaa", "b")
    [away] = a_line.join(call("a"), 0.0)
    assert (away.call.caller_id, away.cause, away.call.is_waiting) == ("a", Cause.FULL, False)
    newcomer = call("b")
    [away] = a_line.join(newcomer, 0.0)
    assert (away.call.caller_id, away.cause, newcomer.is_waiting, len(a_line)) == ("a", Cause.FULL, True, 4)
    assert order_of(a_line) == "abab"


def test_a_full_line_of_equal_callers_turns_the_newcomer_away() -> None:
    a_line = line(waiting_calls=2)
    joined(a_line, "x", "a", "b")
    newcomer = call("c")
    assert [one.call for one in a_line.join(newcomer, 0.0)] == [newcomer]
    assert order_of(a_line) == "ab"


def test_the_delay_told_is_the_time_until_the_line_has_drained() -> None:
    a_line = line(workers=2, waiting_calls=4, seconds=1.0)
    joined(a_line, "x", "x", *"aaaa")
    [away] = a_line.join(call("a"), 0.0)
    assert away.retry_seconds == pytest.approx((4 * 1.0 + 2 * 1.0 / 2) / 2)


def test_a_call_that_cannot_be_answered_in_time_is_turned_away_at_once() -> None:
    a_line = line(workers=2, seconds=1.0)
    joined(a_line, "x", "x", *"aaaa")
    # Before it: half of what runs (1 s of 2) and 4 s of work for two workers, with a margin of a quarter; then itself.
    in_time = (1.0 + 4.0) / 2 * 1.25 + 1.0
    [away] = a_line.join(call("a", ends_at=in_time - 0.01), 0.0)
    assert (away.cause, len(a_line)) == (Cause.LATE, 4)
    assert a_line.join(call("a", ends_at=in_time + 0.01), 0.0) == ()


def test_another_callers_backlog_keeps_a_call_from_being_in_time_only_as_far_as_it_comes_before_it() -> None:
    a_line = line(seconds=1.0)
    joined(a_line, "x", *"aaaaaaaaaa")
    # Half of what runs, one call of the other caller, then itself.
    in_time = (0.5 + 1.0) * 1.25 + 1.0
    assert a_line.join(call("b", ends_at=in_time + 0.01), 0.0) == ()
    [away] = a_line.join(call("c", ends_at=in_time - 0.01), 0.0)
    assert away.cause is Cause.LATE


def test_nobody_is_let_in_to_wait_longer_than_the_line_allows() -> None:
    a_line = line(seconds=1.0, waiting_seconds=5.0)
    joined(a_line, "x", *"aaaa")
    [away] = a_line.join(call("a"), 0.0)
    assert (away.cause, len(a_line)) == (Cause.LATE, 4)


def test_who_waited_until_it_was_too_late_is_turned_away_without_work() -> None:
    a_line = line(seconds=1.0)
    late, in_time = call("a", ends_at=5.0), call("b", ends_at=8.0)
    joined(a_line, "x")
    assert (a_line.join(late, 0.0), a_line.join(in_time, 0.0)) == ((), ())
    found, away = a_line.next(4.5)
    assert (found, [(one.call, one.cause) for one in away]) == (in_time, [(late, Cause.LATE)])


def test_a_free_worker_turns_away_what_is_known_to_take_longer_unless_that_was_learnt_too_long_ago() -> None:
    a_line = line(seconds=1.0)
    hurried = call(ends_at=1.3)
    [away] = a_line.join(hurried, 0.9)
    assert (away.cause, a_line.running) == (Cause.LATE, 0)
    assert a_line.join(call(ends_at=1.3), 1.1) == ()
    assert a_line.running == 1


def test_a_method_that_was_never_measured_is_let_in() -> None:
    a_line = FairLine(LineLimits(workers=1, waiting_calls=10), ServiceTimes())
    assert a_line.join(call(ends_at=0.0), 0.0) == ()


def test_an_emptied_line_remembers_nothing_of_those_who_stood_in_it() -> None:
    a_line = line()
    joined(a_line, "x", *"aaaa")
    assert order_of(a_line) == "aaaa"
    for _ in range(5):
        a_line.done(call())
    joined(a_line, "x", "a", "b")
    assert (order_of(a_line), len(a_line)) == ("ab", 0)
    assert a_line._parties == {}


def test_whatever_happens_every_call_is_taken_or_turned_away_once(seed: int) -> None:
    rng = random.Random(seed)
    a_line = line(workers=3, waiting_calls=20, seconds=0.05, waiting_seconds=2.0)
    sent: list[WaitingCall] = []
    running: list[WaitingCall] = []
    ended: list[WaitingCall] = []
    now = 0.0
    for _ in range(3_000):
        now += rng.random() * 0.02
        if rng.random() < 0.6:
            one = call(rng.choice("aaaabbc"), ends_at=now + rng.choice([0.1, 1.0, FOR_EVER]))
            sent.append(one)
            away = a_line.join(one, now)
            ended += [other.call for other in away]
            if not one.is_waiting and all(other.call is not one for other in away):
                running.append(one)
        elif running:
            over = running.pop(rng.randrange(len(running)))
            a_line.done(over)
            ended.append(over)
            following, away = a_line.next(now)
            ended += [other.call for other in away]
            running += [] if following is None else [following]
        assert a_line.running == len(running) <= 3
        assert len(a_line) <= 20
    waiting = [one for one in sent if one.is_waiting]
    assert len(waiting) == len(a_line)
    assert sorted(map(id, [*running, *ended, *waiting])) == sorted(map(id, sent))
