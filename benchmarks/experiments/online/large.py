"""E2: ten sources, ninety-nine cities, a hundred items, orders of up to ten items, 100,000 periods."""

from dataclasses import replace
from functools import partial

from benchmarks.experiments.online.comparing import HEADINGS, MYOPIC, Setting, compare, decision_times, rows
from benchmarks.experiments.online.policies import LATER, Policy, Priced, closest, myopic, true_rates
from benchmarks.experiments.online.world import E2, instance, shorter
from benchmarks.experiments.page import Found, table
from solver.foresight.ascent import Climb
from solver.foresight.far_sight import Futures

REFRESHES = 50
FEW = Climb(passes=100, step=2.0, last_share=0.02)
ONE = Futures(count=0, first=FEW, later=replace(LATER, passes=20))
SAMPLED = Futures(count=2, first=FEW, later=replace(LATER, passes=12))
HINDSIGHT = Climb(passes=300, step=3.0, last_share=0.01)


def policies(refreshes: int) -> dict[str, Policy]:
    """Prices of one expected future, and of two sampled ones."""
    return {
        "closest source": closest,
        MYOPIC: myopic,
        "expected future, once": Priced(refreshes=1, futures=ONE, forecast=true_rates),
        "expected future, 20 times": Priced(refreshes=min(20, refreshes), futures=ONE, forecast=true_rates),
        f"2 sampled futures, {refreshes} times": Priced(refreshes=refreshes, futures=SAMPLED, forecast=true_rates),
    }


def run(*, quick: bool) -> Found:
    """One instance, one sequence."""
    size = replace(shorter(E2, 200), cities=6, items=12, largest_order=6, kinds_per_size=2) if quick else E2
    refreshes = 5 if quick else REFRESHES
    compared = compare(
        Setting(make=partial(instance, size), instances=1, sequences=1, hindsight=HINDSIGHT), policies(refreshes)
    )
    text = table(HEADINGS, rows(compared))
    figures = {name: compared.ratios(name)[0] for name in compared.came}
    if quick:
        return Found(text=text, figures=figures)
    return Found(text=f"{text}\n\nOne instance, one sequence. {decision_times(instance(E2, 1))}", figures=figures)
