"""Forecasts judged on the past, and the one chosen for a series: rolling origin, against seasonal naive.

From each origin a method sees what was before and forecasts `ahead` periods. MASE and RMSSE divide the mean absolute
and the root mean square error by those of one-season naive steps within the first training part (Hyndman and Koehler
2006; Makridakis et al. 2022): below 1 beats them. Bias is the mean error (forecast less what came) as a share of mean
demand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from solver.foresight.forecasters import METHODS, Method
from solver.foresight.kinds import Floats
from solver.foresight.outlook import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a method did on one series. `squares` is the mean square error of the sum over the periods ahead."""

    mase: float
    rmsse: float
    bias: float
    squares: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The method chosen for a series, what it says, and how every method did."""

    method: str
    outlook: Outlook
    scores: Mapping[str, Score]


def origins(periods: int, ahead: int, folds: int, season: int) -> list[int]:
    """How many periods each fold trains on: the last ends `ahead` before the end, the first has two seasons."""
    latest = periods - ahead
    least = max(2 * season, ahead, 2)
    return sorted({latest - fold * ahead for fold in range(folds) if latest - fold * ahead >= least})


def score(series: Floats, method: Method, *, ahead: int, season: int, starts: Sequence[int]) -> Score:
    """How the method did from these origins; where naive steps made no error, errors are not divided."""
    train = series[: starts[0]]
    steps = train[season:] - train[:-season]
    scale, square_scale = float(np.abs(steps).mean()) or 1.0, float((steps**2).mean()) or 1.0
    errors = np.array([method(series[:start], ahead, season) - series[start : start + ahead] for start in starts])
    level = float(np.mean([series[start : start + ahead].mean() for start in starts])) or 1.0
    return Score(
        mase=float(np.abs(errors).mean()) / scale,
        rmsse=sqrt(float((errors**2).mean()) / square_scale),
        bias=float(errors.mean()) / level,
        squares=float((errors.sum(axis=1) ** 2).mean()),
    )


def choose(
    series: Floats, *, ahead: int, season: int, folds: int = 4, methods: Mapping[str, Method] = METHODS
) -> Choice:
    """The method with the least RMSSE in the back-test, the first of equals; on a short series the overall mean.

    The outlook spreads as the method's own errors over as many periods ahead, or as Poisson's where that is wider.
    """
    starts = origins(len(series), ahead, folds, season)
    scores = {
        name: score(series, method, ahead=ahead, season=season, starts=starts)
        for name, method in methods.items()
        if starts
    }
    name = min(scores, key=lambda one: scores[one].rmsse) if scores else "overall_mean"
    mean = float(methods[name](series, ahead, season).sum()) if len(series) else 0.0
    return Choice(
        method=name,
        outlook=Outlook(mean=mean, variance=max(mean, scores[name].squares if name in scores else mean)),
        scores=scores,
    )
