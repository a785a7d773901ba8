"""Transit times: the chance of being on time, its inverse, fits, sums and joint chances, all in whole numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.network.transit import (
    TransitPool,
    TransitTimes,
    after,
    arrival_permille,
    fit_pooled,
    fit_transit_times,
    joint_permille,
)

QUARTERS = TransitTimes(quantiles_minutes=(100, 200, 200, 500, 1_000), sample_count=40)  # 0, 25, 50, 75, 100 %
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

any_times = st.lists(st.integers(0, 5_000), min_size=2, max_size=120).map(
    lambda minutes: TransitTimes(quantiles_minutes=tuple(sorted(minutes)), sample_count=30)
)


@pytest.mark.parametrize(
    ("minutes_allowed", "permille"),
    [
        (-1, 0),
        (99, 0),
        (100, 0),  # the fastest of all: no share is known to be as fast
        (150, 125),
        (199, 247),  # 247.5, rounded down
        (200, 500),  # half took at most so long, a quarter exactly so long
        (201, 500),  # 500.83
        (350, 625),
        (500, 750),
        (999, 999),  # 999.5
        (1_000, 1_000),
        (100_000, 1_000),
    ],
)
def test_the_chance_is_read_between_the_quantiles_and_rounded_down(minutes_allowed: int, permille: int) -> None:
    assert QUARTERS.on_time_permille(minutes_allowed) == permille


@pytest.mark.parametrize(
    ("permille", "minutes"),
    [(0, 100), (125, 150), (126, 151), (250, 200), (400, 200), (500, 200), (501, 202), (750, 500), (1_000, 1_000)],
)
def test_a_quantile_is_the_fewest_minutes_that_give_the_chance(permille: int, minutes: int) -> None:
    assert QUARTERS.quantile_minutes(permille) == minutes


@pytest.mark.parametrize("permille", [-1, 1_001])
def test_a_chance_outside_0_to_1000_has_no_quantile(permille: int) -> None:
    with pytest.raises(ValueError, match=f"{permille} permille"):
        QUARTERS.quantile_minutes(permille)


def test_times_that_never_varied_are_certain_from_that_minute_on() -> None:
    always = fit_transit_times([700] * 30)
    assert [always.on_time_permille(minutes) for minutes in (699, 700)] == [0, 1_000]
    assert always.quantile_minutes(950) == 700


@given(times=any_times, permille=st.integers(1, 1_000))
def test_a_quantile_reaches_its_chance_and_a_minute_less_does_not(times: TransitTimes, permille: int) -> None:
    minutes = times.quantile_minutes(permille)
    assert times.on_time_permille(minutes) >= permille
    assert times.on_time_permille(minutes - 1) < permille


@given(times=any_times, minutes=st.integers(-10, 6_000), more=st.integers(0, 1_000))
def test_more_time_never_lowers_the_chance(times: TransitTimes, minutes: int, more: int) -> None:
    assert 0 <= times.on_time_permille(minutes) <= times.on_time_permille(minutes + more) <= 1_000


def test_of_ninety_nine_times_each_is_the_quantile_of_its_rank() -> None:
    times = fit_transit_times(reversed(range(1, 100)))
    assert times.quantiles_minutes == (1, *range(1, 100), 99)
    assert (times.sample_count, times.pooled_from) == (99, TransitPool.ZONE)


def test_of_four_times_quantiles_lie_between_and_never_beyond_what_was_seen() -> None:
    # The k-th of 4 is the quantile k / 5: 20 % is 10, 40 % is 20, 60 % is 60, 80 % is 100.
    quantiles = fit_transit_times([100, 20, 10, 60]).quantiles_minutes
    assert [quantiles[at] for at in (0, 19, 20, 30, 40, 51, 60, 80, 81, 100)] == [
        10,
        10,
        10,
        15,
        20,
        42,
        60,
        100,
        100,
        100,
    ]


def test_without_a_time_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="no times"):
        fit_transit_times([])


def test_the_narrowest_pool_with_enough_times_is_taken_and_named() -> None:
    def pooled(zone: int, carrier: int) -> TransitTimes | None:
        return fit_pooled([(TransitPool.ZONE, [1] * zone), (TransitPool.CARRIER, [2] * carrier)])

    assert pooled(30, 90) == TransitTimes(quantiles_minutes=(1,) * 101, sample_count=30)
    assert pooled(29, 30) == TransitTimes(
        quantiles_minutes=(2,) * 101, sample_count=30, pooled_from=TransitPool.CARRIER
    )
    assert pooled(29, 29) is None


def test_a_lead_before_the_transit_moves_every_quantile_when_it_never_varies() -> None:
    transit = fit_transit_times(range(0, 1_980, 20))
    both = after(fit_transit_times([60] * 99, TransitPool.SOURCE), transit)
    assert [both.quantile_minutes(permille) for permille in (0, 20, 250, 500, 980, 1_000)] == [
        60 + transit.quantile_minutes(permille) for permille in (0, 20, 250, 500, 980, 1_000)
    ]
    assert both.quantile_minutes(500) == 60 + 980
    assert (both.sample_count, both.pooled_from) == (99, TransitPool.SOURCE)


def test_two_times_spread_evenly_sum_to_a_triangle() -> None:
    # Of two even spreads from 0 to 1,000 the sum is at most x <= 1,000 with chance x * x / 2,000,000.
    lead = TransitTimes(quantiles_minutes=(0, 1_000), sample_count=50)
    transit = TransitTimes(quantiles_minutes=(0, 1_000), sample_count=0, pooled_from=TransitPool.ASSUMED)
    both = after(lead, transit)
    assert [both.on_time_permille(minutes) for minutes in (500, 1_000, 1_500, 1_999, 2_000)] == [
        125,
        500,
        875,
        999,
        1_000,
    ]
    assert (both.sample_count, both.pooled_from) == (0, TransitPool.ASSUMED)


@given(lead=any_times, transit=any_times)
def test_a_sum_lies_between_the_two_fastest_and_the_two_slowest(lead: TransitTimes, transit: TransitTimes) -> None:
    both = after(lead, transit)
    assert both == after(transit, lead)
    fastest = lead.quantile_minutes(0) + transit.quantile_minutes(0)
    slowest = lead.quantile_minutes(1_000) + transit.quantile_minutes(1_000)
    assert fastest <= both.quantile_minutes(0) <= both.quantile_minutes(1_000) <= slowest


@pytest.mark.parametrize(
    ("allowed", "permille"),
    [
        (timedelta(minutes=500), 750),
        (timedelta(minutes=500) - timedelta(seconds=1), 749),  # 499 whole minutes: 749.2
        (timedelta(minutes=-5), 0),
    ],
)
def test_a_package_has_the_whole_minutes_until_the_deadline(allowed: timedelta, permille: int) -> None:
    assert arrival_permille(QUARTERS, begins_at=NOON, deadline=NOON + allowed) == permille


def test_where_nobody_counted_the_chance_is_unknown_not_certain() -> None:
    assert arrival_permille(None, begins_at=NOON, deadline=NOON + timedelta(days=300)) is None


@pytest.mark.parametrize(
    ("permilles", "joint"),
    [
        ([], 1_000),
        ([937], 937),
        ([900, 900], 810),
        ([950, 990], 941),  # 940.5, half up
        ([949, 990], 940),  # 939.51
        ([999] * 3, 997),  # 997.003
        ([1_000, 1_000], 1_000),
        ([1, 1], 0),
        ([900, None], None),
        ([0, None], 0),
    ],
)
def test_packages_are_all_on_time_with_the_product_of_their_chances(
    permilles: list[int | None], joint: int | None
) -> None:
    assert joint_permille(permilles) == joint
