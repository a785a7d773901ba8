"""E1: five sources, ten cities, twenty items, 10,000 periods."""

from functools import partial

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.online.comparing import (
    HEADINGS,
    MYOPIC,
    Setting,
    above,
    by_policy,
    compare,
    decision_times,
    rows,
    told_extent,
)
from benchmarks.experiments.online.policies import (
    EARLY,
    EXPECTED,
    KEPT,
    MORE_OFTEN,
    QUICK,
    SAMPLED,
    SAMPLED_EARLY,
    Policy,
    Priced,
    closest,
    myopic,
    true_rates,
)
from benchmarks.experiments.online.world import E1, instance, shorter
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.svg import lines
from solver.foresight.far_sight import Futures

REFRESHES = (5, 20, 50, 100)


def policies(
    refreshes: int, futures: Futures = SAMPLED, blind: Futures = SAMPLED_EARLY, kept: Futures = KEPT
) -> dict[str, Policy]:
    """The family, from nothing known to everything expected known."""
    return {
        "closest source": closest,
        MYOPIC: myopic,
        "expected future, once": Priced(refreshes=1, futures=EXPECTED, forecast=true_rates),
        "expected future, 20 times": Priced(refreshes=min(20, refreshes), futures=EXPECTED, forecast=true_rates),
        "expected future, 100 times": Priced(refreshes=refreshes, futures=EXPECTED, forecast=true_rates),
        "8 sampled futures, 100 times": Priced(refreshes=refreshes, futures=futures, forecast=true_rates),
        MORE_OFTEN: Priced(refreshes=5 * refreshes, of_rest=0.02, futures=kept, forecast=true_rates),
        "8 sampled futures, no forecast": Priced(refreshes=refreshes, futures=blind, learns=True, early=EARLY),
    }


def run(extent: Extent) -> Found:
    """The table, and the cost by how often prices are re-solved."""
    setting = Setting(
        make=partial(instance, shorter(E1, 400) if extent.is_quick else E1),
        instances=extent.pick(2, 30, 30),
        sequences=extent.pick(1, 1, 30),
    )
    compared = compare(setting, policies(10, QUICK, QUICK, QUICK) if extent.is_quick else policies(100), extent)
    figures = {name: sum(compared.ratios(name)) / setting.instances for name in compared.came}
    text = table(HEADINGS, rows(compared))
    plots = {"online_small.svg": by_policy("E1: orders one by one, a small network", {"": compared})}
    if not extent.is_quick:
        text += f"\n\n{told_extent(setting)} {decision_times(instance(E1, 1))}"
        plots["online_small_refreshes.svg"] = _by_refreshes(setting, extent)
    return Found(text=text, plots=plots, figures=figures)


def _by_refreshes(setting: Setting, extent: Extent) -> str:
    few = Setting(make=setting.make, instances=6, sequences=1)
    curves: dict[str, list[tuple[float, float]]] = {"expected future": [], "8 sampled futures": []}
    for count in REFRESHES:
        found = compare(
            few,
            {
                "expected future": Priced(refreshes=count, futures=EXPECTED, forecast=true_rates),
                "8 sampled futures": Priced(refreshes=count, futures=SAMPLED, forecast=true_rates),
            },
            extent,
        )
        for name, points in curves.items():
            points.append((float(count), above(found, name).mean))
    return lines("Re-solving prices", "times re-solved in 10,000 periods", "% above hindsight", curves)
