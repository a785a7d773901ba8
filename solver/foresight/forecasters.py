"""Simple forecasts of a series of counts: each says the mean of the next periods from what was before.

A series is units by period (days, weeks), oldest first. Smoothing constants are chosen by the squared errors of
one-step forecasts within the series itself. Croston's method is in the bias-corrected form of Syntetos and Boylan
(2005); TSB is that of Teunter, Syntetos and Babai (2011), which lets what is no longer sold fade.
"""

from collections.abc import Callable

import numpy as np

from solver.errors import XunyuanError
from solver.foresight.kinds import Floats

Method = Callable[[Floats, int, int], Floats]
"""The series, how many periods ahead, how many periods a season has; the means of these periods."""

_CONSTANTS = (0.05, 0.1, 0.2, 0.3, 0.5)
_FADING = (0.02, 0.05, 0.1, 0.2)
_RECENT = 4


def seasonal_naive(series: Floats, ahead: int, season: int) -> Floats:
    """What was a season ago; the yardstick."""
    last = series[-season:]
    return np.resize(last, ahead).astype(np.float64)


def moving_average(series: Floats, ahead: int, season: int) -> Floats:
    """The mean of the last seasons, four of them or four periods."""
    return np.full(ahead, series[-_RECENT * season :].mean())


def overall_mean(series: Floats, ahead: int, season: int) -> Floats:  # noqa: ARG001 - as all methods
    """The mean of all that was."""
    return np.full(ahead, series.mean())


def smoothing(series: Floats, ahead: int, season: int) -> Floats:  # noqa: ARG001 - as all methods
    """Simple exponential smoothing."""
    level = min((_smoothed(series, constant) for constant in _CONSTANTS), key=lambda one: one[1])[0]
    return np.full(ahead, level)


def seasonal_smoothing(series: Floats, ahead: int, season: int) -> Floats:
    """The smoothed level times the share of each period in a season; without a season as `smoothing`."""
    if season < 2 or len(series) < 2 * season or not series.any():
        return smoothing(series, ahead, season)
    whole = series[len(series) % season :].reshape(-1, season)
    shares = (whole.sum(axis=0) + whole.mean()) / (whole.sum() + season * whole.mean()) * season  # shrunk to even
    phase = np.arange(len(series)) - len(series) % season
    level = smoothing(series / shares[phase % season], 1, 1)[0]
    return np.asarray(level * shares[np.arange(ahead) % season])


def croston(series: Floats, ahead: int, season: int) -> Floats:  # noqa: ARG001 - as all methods
    """Sizes and gaps between sales, smoothed apart."""
    return np.full(ahead, min((_croston(series, one) for one in _CONSTANTS), key=lambda one: one[1])[0])


def tsb(series: Floats, ahead: int, season: int) -> Floats:  # noqa: ARG001 - as all methods
    """Sizes and the probability of a sale, smoothed apart."""
    fits = (_tsb(series, size, fading) for size in (0.1, 0.2) for fading in _FADING)
    return np.full(ahead, min(fits, key=lambda one: one[1])[0])


def holt_winters(series: Floats, ahead: int, season: int) -> Floats:
    """Level, damped trend and season by statsmodels. XunyuanError where the extra `forecast` is not installed."""
    try:
        from statsmodels.tsa.holtwinters import ExponentialSmoothing  # type: ignore[import-untyped]  # no stubs
    except ImportError as missing:
        raise XunyuanError("this forecast needs statsmodels: install the extra `forecast`") from missing
    seasonal = "add" if season > 1 and len(series) >= 2 * season + 1 else None
    model = ExponentialSmoothing(
        series, trend="add", damped_trend=True, seasonal=seasonal, seasonal_periods=season if seasonal else None,
        initialization_method="estimated",
    )  # fmt: skip
    means: Floats = np.maximum(np.asarray(model.fit().forecast(ahead)), 0.0)
    return means


METHODS: dict[str, Method] = {
    "seasonal_naive": seasonal_naive,
    "moving_average": moving_average,
    "overall_mean": overall_mean,
    "smoothing": smoothing,
    "seasonal_smoothing": seasonal_smoothing,
    "croston": croston,
    "tsb": tsb,
}
WITH_EXTRA: dict[str, Method] = {**METHODS, "holt_winters": holt_winters}


def _smoothed(series: Floats, constant: float) -> tuple[float, float]:
    """The last level, and the sum of squared errors on the way."""
    level, squares = float(series[0]), 0.0
    for units in series[1:].tolist():
        error = units - level
        squares += error * error
        level += constant * error
    return level, squares


def _croston(series: Floats, constant: float) -> tuple[float, float]:
    sold = np.flatnonzero(series)
    if not len(sold):
        return 0.0, 0.0
    size, gap = float(series[sold[0]]), float(sold[0] + 1)
    since, squares = 0, 0.0
    for units in series[sold[0] + 1 :].tolist():
        since += 1
        squares += (units - (1 - constant / 2) * size / gap) ** 2
        if units:
            size += constant * (units - size)
            gap += constant * (since - gap)
            since = 0
    return (1 - constant / 2) * size / gap, squares


def _tsb(series: Floats, constant: float, fading: float) -> tuple[float, float]:
    sold = np.flatnonzero(series)
    if not len(sold):
        return 0.0, 0.0
    size, chance, squares = float(series[sold[0]]), 1.0 / float(sold[0] + 1), 0.0
    for units in series[sold[0] + 1 :].tolist():
        squares += (units - chance * size) ** 2
        chance += fading * ((units > 0) - chance)
        if units:
            size += constant * (units - size)
    return chance * size, squares
