"""Forecasts on series whose future is known, and the choice among them."""

import numpy as np
import pytest

from solver.foresight.back_test import choose, origins, score
from solver.foresight.forecasters import METHODS, croston, holt_winters, moving_average, seasonal_naive, tsb
from solver.foresight.outlook import Outlook

WEEK = np.array([2.0, 4.0, 4.0, 4.0, 6.0, 12.0, 10.0])


@pytest.mark.parametrize("name", METHODS)
def test_every_method_goes_on_with_what_never_changed(name: str) -> None:
    correction = 1 - 0.05 / 2 if name == "croston" else 1  # of a bias that only gaps have
    assert METHODS[name](np.full(28, 3.0), 3, 7) == pytest.approx(np.full(3, 3.0 * correction))


@pytest.mark.parametrize("name", METHODS)
def test_every_method_expects_nothing_of_what_never_sold(name: str) -> None:
    assert METHODS[name](np.zeros(28), 3, 7).tolist() == [0.0, 0.0, 0.0]


def test_a_season_is_repeated() -> None:
    assert seasonal_naive(np.tile(WEEK, 3), 9, 7).tolist() == [*WEEK, 2.0, 4.0]


def test_the_moving_average_is_that_of_the_last_four_seasons() -> None:
    assert moving_average(np.concatenate([np.full(70, 9.0), np.full(28, 2.0)]), 1, 7).tolist() == [2.0]


def test_croston_expects_the_size_over_the_gap() -> None:
    every_fourth = np.tile([0.0, 0.0, 0.0, 8.0], 10)
    assert croston(every_fourth, 1, 1)[0] == pytest.approx(2.0, rel=0.26)


def test_what_is_no_longer_sold_fades_with_tsb_but_not_with_croston() -> None:
    series = np.concatenate([np.full(30, 5.0), np.zeros(60)])
    assert croston(series, 1, 1)[0] == 3.75  # 5 a period, as corrected
    assert tsb(series, 1, 1)[0] < 0.1


def test_holt_winters_of_the_extra_follows_a_season() -> None:
    pytest.importorskip("statsmodels", reason="the extra `forecast` is not installed")
    assert holt_winters(np.tile(WEEK, 6), 7, 7) == pytest.approx(WEEK, abs=0.5)


def test_folds_end_where_the_series_ends_and_leave_two_seasons() -> None:
    assert origins(periods=40, ahead=7, folds=4, season=7) == [19, 26, 33]
    assert origins(periods=10, ahead=7, folds=4, season=7) == []


def test_a_method_that_is_always_right_has_no_error_and_a_naive_one_step_scores_one() -> None:
    ramp = np.arange(20.0)
    exact = score(
        ramp, lambda series, ahead, _: len(series) + np.arange(float(ahead)), ahead=1, season=1, starts=[10, 15]
    )
    naive = score(ramp, seasonal_naive, ahead=1, season=1, starts=[10, 15])
    assert (exact.mase, exact.rmsse, exact.bias, exact.squares) == (0, 0, 0, 0)
    assert (naive.mase, naive.rmsse, naive.squares) == (1, 1, 1)
    assert naive.bias == pytest.approx(-1 / 12.5)


def test_the_season_is_chosen_where_there_is_one_and_a_level_where_there_is_none() -> None:
    assert choose(np.tile(WEEK, 8), ahead=7, season=7).method == "seasonal_naive"
    noise = np.random.default_rng(1).poisson(4.0, 70).astype(float)
    chosen = choose(noise, ahead=7, season=7)
    assert chosen.method != "seasonal_naive"
    assert chosen.scores[chosen.method].rmsse < chosen.scores["seasonal_naive"].rmsse


def test_on_a_short_series_the_mean_is_all_there_is() -> None:
    chosen = choose(np.array([1.0, 3.0]), ahead=2, season=7)
    assert (chosen.method, chosen.outlook, dict(chosen.scores)) == ("overall_mean", Outlook(mean=4, variance=4), {})


def test_an_outlook_of_poisson_is_known() -> None:
    outlook = Outlook(mean=2, variance=2)
    assert outlook.chance_above(0) == pytest.approx(1 - np.exp(-2))
    assert (outlook.chance_above(-1), outlook.quantile(0.95)) == (1.0, 5)


def test_an_outlook_that_spreads_more_needs_more_and_keeps_its_mean() -> None:
    wide = Outlook(mean=10, variance=40)
    assert wide.quantile(0.95) > Outlook(mean=10, variance=10).quantile(0.95)
    assert sum(wide.chance_above(units) for units in range(500)) == pytest.approx(10)  # the mean of what counts from 0


def test_of_what_never_sells_any_stock_is_enough() -> None:
    nothing = Outlook(mean=0, variance=0)
    assert (nothing.chance_above(0), nothing.quantile(0.99)) == (0.0, 0)
