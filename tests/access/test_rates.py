from contextlib import suppress

import pytest

from solver.access.rates import MOST_REMEMBERED, Rates
from solver.errors import InvalidRequest, TooBusy


class Time:
    """Stands still until it is turned."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_it_holds_and_fills_with_time() -> None:
    time = Time()
    rates = Rates("calls", "second", 1.0, time)
    for _ in range(4):
        rates.take("shop", 1, 4)
    with pytest.raises(TooBusy) as raised:
        rates.take("shop", 1, 4)
    assert raised.value.retry_seconds == 0.25
    assert str(raised.value) == "shop may have 4 calls a second; try again in 0.25 s"
    time.now += 0.25
    rates.take("shop", 1, 4)
    time.now += 3600
    for _ in range(4):
        rates.take("shop", 1, 4)
    with pytest.raises(TooBusy):
        rates.take("shop", 1, 4)


def test_callers_have_buckets_of_their_own_and_no_number_does_not_limit() -> None:
    rates = Rates("calls", "second", 1.0, Time())
    rates.take("shop", 1, 1)
    rates.take("desk", 1, 1)
    for _ in range(1000):
        rates.take("free", 1, 0)


def test_another_number_counts_from_the_next_call() -> None:
    rates = Rates("holds", "minute", 60.0, Time())
    rates.take("shop", 1, 1)
    rates.take("shop", 5, 10)
    with pytest.raises(TooBusy) as raised:
        rates.take("shop", 6, 10)
    assert raised.value.retry_seconds == 6.0


def test_more_than_ever_fits_is_refused_for_good() -> None:
    with pytest.raises(InvalidRequest) as raised:
        Rates("holds", "minute", 60.0, Time()).take("shop", 11, 10)
    assert [str(one) for one in raised.value.violations] == [
        "holds: 11 holds: ask for at most 10 at once, which is what this caller may within a minute"
    ]


def test_callers_whose_buckets_are_full_again_are_forgotten_and_the_others_are_not() -> None:
    time = Time()
    rates = Rates("holds", "minute", 60.0, time)
    for number in range(MOST_REMEMBERED - 1):
        rates.take(f"caller {number}", 1, 1)
    time.now += 60
    rates.take("shop", 1, 1)
    assert len(rates) == MOST_REMEMBERED
    rates.take("desk", 1, 1)
    assert len(rates) == 2
    with pytest.raises(TooBusy):
        rates.take("shop", 1, 1)


def allowed_in_a_minute(processes: int) -> int:
    """One caller asks each of so many processes eight times a second for more than he gets."""
    time = Time()
    servers = [Rates("calls", "second", 1.0, time, processes=processes) for _ in range(processes)]
    allowed = 0
    for _ in range(480):
        for one in servers:
            for _ in range(12):
                with suppress(TooBusy):
                    one.take("shop", 1, 10)
                    allowed += 1
        time.now += 0.125
    return allowed


@pytest.mark.parametrize("processes", [2, 4, 10])
def test_several_processes_allow_together_what_is_stated(processes: int) -> None:
    """But for what is left over in each bucket, less than one call."""
    alone = allowed_in_a_minute(1)
    assert alone == 608  # a full bucket of ten, and ten a second for 59.875 s
    assert alone - processes <= allowed_in_a_minute(processes) <= alone


@pytest.mark.parametrize(("most", "processes"), [(1, 4), (10, 4), (3, 2)])
def test_a_share_of_less_than_one_call_lets_one_through_now_and_then(most: int, processes: int) -> None:
    time = Time()
    rates = Rates("calls", "second", 1.0, time, processes=processes)
    rates.take("shop", 1, most)
    while True:
        try:
            rates.take("shop", 1, most)
        except TooBusy as busy:
            waited = busy.retry_seconds
            break
    time.now += waited
    rates.take("shop", 1, most)
    assert waited <= processes / most


def test_a_request_as_large_as_the_whole_rate_is_let_in_and_owed() -> None:
    time = Time()
    rates = Rates("holds", "minute", 60.0, time, processes=2)
    rates.take("shop", 10, 10)  # of which this process has five
    with pytest.raises(TooBusy) as raised:
        rates.take("shop", 1, 10)
    assert raised.value.retry_seconds == 72.0  # five are owed, one is wanted, and five come back in a minute
    time.now += 72
    rates.take("shop", 1, 10)
