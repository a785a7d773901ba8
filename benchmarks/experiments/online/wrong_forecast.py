"""E4: E1 with a forecast that is wrong: in its rates, in its level, or about when what comes.

Noise: the rate of every set of items is multiplied by a log-normal factor of mean 1 and sigma 0.6. Level: all rates are
30 % too high. Switches: single items in the first half of the horizon and several in the second, or the reverse; or the
regions' shares are exchanged (the largest for the smallest) in the second half; the forecast is right over the whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.online.comparing import HEADINGS, MYOPIC, Setting, above, compare, rows, told_extent
from benchmarks.experiments.online.policies import QUICK, SAMPLED, Policy, Priced, Table, myopic, true_rates
from benchmarks.experiments.online.world import E1, Instance, instance, shorter
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.svg import dots
from solver.foresight.far_sight import Futures
from solver.foresight.kinds import Floats

SIGMA, LEVEL = 0.6, 1.3
Forecast = Callable[[Table], Floats]


def noisy(of: Table) -> Floats:
    """Every set of items by a factor of its own, the same for one instance."""
    kinds, rates = of.made.kinds, of.made.rates
    _, sets = np.unique(kinds.items, axis=0, return_inverse=True)
    rng = np.random.default_rng(round(1e9 * float(rates[0])))
    factor: Floats = np.exp(SIGMA * rng.standard_normal(int(sets.max()) + 1) - SIGMA**2 / 2)
    return rates * factor[sets.ravel()]


def too_high(of: Table) -> Floats:
    """All rates by the same factor."""
    return LEVEL * of.made.rates


def singles_first(made: Instance) -> Sequence[Floats]:
    """Single items, then several."""
    single = made.kinds.units.sum(axis=1) == 1
    one, several = made.rates * single, made.rates * ~single
    often = min(2.0, 1 / max(one.sum(), several.sum()))  # at most one order a period
    return often * one, often * several


def singles_last(made: Instance) -> Sequence[Floats]:
    """Several items, then single ones."""
    first, second = singles_first(made)
    return second, first


def regions_exchanged(made: Instance) -> Sequence[Floats]:
    """The largest region has the share of the smallest in the second half, and so on."""
    kinds = made.kinds
    regions = int(kinds.region.max()) + 1
    by_set = made.rates.reshape(-1, regions)
    return made.rates, by_set[:, ::-1].reshape(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverHorizon:
    """The forecast that is right over the whole horizon."""

    parts: Callable[[Instance], Sequence[Floats]]

    def __call__(self, of: Table) -> Floats:
        """The mean of the parts' rates."""
        mean: Floats = np.mean(self.parts(of.made), axis=0)
        return mean


SWITCHES: Mapping[str, Callable[[Instance], Sequence[Floats]]] = {
    "single items first": singles_first,
    "single items last": singles_last,
    "regions exchanged": regions_exchanged,
}


def policies(refreshes: int, forecast: Forecast, futures: Futures = SAMPLED) -> dict[str, Policy]:
    """From trusting the forecast to minding all that speaks against it."""
    return {
        MYOPIC: myopic,
        "forecast trusted": Priced(refreshes=refreshes, futures=futures, forecast=forecast),
        "corrected by what comes": Priced(refreshes=refreshes, futures=futures, forecast=forecast, learns=True),
        "corrected, minding drift": Priced(
            refreshes=refreshes, futures=futures, forecast=forecast, learns=True, minds_drift=True
        ),
    }


def cases(setting: Setting) -> dict[str, tuple[Setting, Forecast]]:
    """What comes, and what is believed, by name."""
    wrong: dict[str, tuple[Setting, Forecast]] = {
        "right": (setting, true_rates),
        "noise of sigma 0.6": (setting, noisy),
        "30 % too high": (setting, too_high),
    }
    for name, parts in SWITCHES.items():
        wrong[name] = (replace(setting, parts=parts), OverHorizon(parts=parts))
    return wrong


def run(extent: Extent) -> Found:
    """A table for each way of being wrong."""
    setting = Setting(
        make=partial(instance, shorter(E1, 400) if extent.is_quick else E1),
        instances=extent.pick(1, 8, 30),
        sequences=extent.pick(1, 1, 2),
    )
    texts, figures, found = [told_extent(setting)], {}, {}
    for name, (case, forecast) in cases(setting).items():
        family = policies(8, forecast, QUICK) if extent.is_quick else policies(50, forecast)
        compared = found[name] = compare(case, family, extent)
        texts.append(f"**{name}**\n\n{table(HEADINGS, rows(compared))}")
        for policy in compared.came:
            figures[f"{name}: {policy}"] = sum(compared.ratios(policy)) / setting.instances
    by_case = {name: {policy: above(of, policy) for policy in of.came} for name, of in found.items()}
    plot = dots(
        "E4: a forecast that is wrong",
        "% above the hindsight bound, logarithmic, with 95 % intervals",
        by_case,
        is_log=True,
    )
    return Found(text="\n\n".join(texts), plots={"online_wrong_forecast.svg": plot}, figures=figures)
