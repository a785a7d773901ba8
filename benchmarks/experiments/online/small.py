"""E1: five sources, ten cities, twenty items, 10,000 periods."""

from functools import partial

from benchmarks.experiments.online.comparing import HEADINGS, MYOPIC, Setting, compare, decision_times, rows
from benchmarks.experiments.online.policies import (
    EARLY,
    EXPECTED,
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

INSTANCES, SEQUENCES = 6, 1
REFRESHES = (5, 20, 50, 100)


def policies(refreshes: int, futures: Futures = SAMPLED, blind: Futures = SAMPLED_EARLY) -> dict[str, Policy]:
    """The family, from nothing known to everything expected known."""
    return {
        "closest source": closest,
        MYOPIC: myopic,
        "expected future, once": Priced(refreshes=1, futures=EXPECTED, forecast=true_rates),
        "expected future, 20 times": Priced(refreshes=min(20, refreshes), futures=EXPECTED, forecast=true_rates),
        "expected future, 100 times": Priced(refreshes=refreshes, futures=EXPECTED, forecast=true_rates),
        "8 sampled futures, 100 times": Priced(refreshes=refreshes, futures=futures, forecast=true_rates),
        "8 sampled futures, no forecast": Priced(refreshes=refreshes, futures=blind, learns=True, early=EARLY),
    }


def run(*, quick: bool) -> Found:
    """The table, and the cost by how often prices are re-solved."""
    size = shorter(E1, 400) if quick else E1
    setting = Setting(
        make=partial(instance, size), instances=2 if quick else INSTANCES, sequences=1 if quick else SEQUENCES
    )
    compared = compare(setting, policies(10, QUICK, QUICK) if quick else policies(100))
    text = table(HEADINGS, rows(compared))
    figures = {name: sum(compared.ratios(name)) / setting.instances for name in compared.came}
    if quick:
        return Found(text=text, figures=figures)
    text += f"\n\n{INSTANCES} instances x {SEQUENCES} sequences. {decision_times(instance(E1, 1))}"
    return Found(text=text, plots={"online_small.svg": _by_refreshes(setting)}, figures=figures)


def _by_refreshes(setting: Setting) -> str:
    few = Setting(make=setting.make, instances=2, sequences=1)
    curves: dict[str, list[tuple[float, float]]] = {"expected future": [], "8 sampled futures": []}
    for count in REFRESHES:
        found = compare(
            few,
            {
                "expected future": Priced(refreshes=count, futures=EXPECTED, forecast=true_rates),
                "8 sampled futures": Priced(refreshes=count, futures=SAMPLED, forecast=true_rates),
            },
        )
        for name, points in curves.items():
            points.append((float(count), 100 * (sum(found.ratios(name)) / few.instances - 1)))
    return lines("Re-solving prices", "times re-solved in 10,000 periods", "% above hindsight", curves)
