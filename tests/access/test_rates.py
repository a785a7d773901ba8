import pytest

from solver.access.rates import Rates
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
