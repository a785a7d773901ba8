"""E2: ten sources, ninety-nine cities, a hundred items, orders of up to ten items, 100,000 periods."""

from dataclasses import replace
from functools import partial

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.online.comparing import (
    HEADINGS,
    MYOPIC,
    Setting,
    by_policy,
    compare,
    decision_times,
    rows,
    told_extent,
)
from benchmarks.experiments.online.policies import Policy, Priced, closest, myopic, true_rates
from benchmarks.experiments.online.world import E2, instance, shorter
from benchmarks.experiments.page import Found, table
from solver.foresight.ascent import Climb
from solver.foresight.far_sight import Futures

FEW = Climb(passes=100, step=2.0, last_share=0.02, exact_every=10)
LATER = Climb(passes=20, step=0.3, last_share=0.1, exact_every=10)
EXPECTED = Futures(count=0, first=FEW, later=LATER)
LEAST_STEPS = 1_000  # in the horizon, of the shortest
SAMPLED = Futures(count=1, first=FEW, later=LATER, kept=0.8)
HINDSIGHT = Climb(passes=600, step=3.0, last_share=0.002, exact_every=10)


def policies(refreshes: int) -> dict[str, Policy]:
    """Prices of one expected future, and of a sampled one whose prices are kept in part; at most so many refreshes."""
    return {
        "closest source": closest,
        MYOPIC: myopic,
        "expected future, once": Priced(refreshes=1, futures=EXPECTED, forecast=true_rates),
        "expected future, 20 times": Priced(refreshes=min(20, refreshes), futures=EXPECTED, forecast=true_rates),
        "a sampled future, kept, more often towards the end": Priced(
            refreshes=refreshes, of_rest=0.02, futures=SAMPLED, forecast=true_rates
        ),
    }


def run(extent: Extent) -> Found:
    """Instances of one sequence each."""
    size = replace(shorter(E2, 200), cities=6, items=12, largest_order=6, kinds_per_size=2) if extent.is_quick else E2
    setting = Setting(make=partial(instance, size), instances=extent.pick(1, 6, 30), sequences=1, hindsight=HINDSIGHT)
    compared = compare(setting, policies(5 if extent.is_quick else LEAST_STEPS), extent)
    text = table(HEADINGS, rows(compared))
    figures = {name: compared.ratios(name)[0] for name in compared.came}
    plots = {"online_large.svg": by_policy("E2: orders one by one, a large network", {"": compared})}
    if not extent.is_quick:
        text += f"\n\n{told_extent(setting)} {decision_times(instance(E2, 1))}"
    return Found(text=text, plots=plots, figures=figures)
