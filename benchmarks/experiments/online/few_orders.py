"""E3: E1 with 1,000 and with 200 periods: a few units of an item at a source."""

from functools import partial

from benchmarks.experiments.online.comparing import HEADINGS, MYOPIC, Setting, compare, rows
from benchmarks.experiments.online.policies import EXPECTED, QUICK, SAMPLED, Policy, Priced, closest, myopic, true_rates
from benchmarks.experiments.online.world import E1, instance, shorter
from benchmarks.experiments.page import Found, table
from solver.foresight.far_sight import Futures

PERIODS, QUICK_PERIODS = (1_000, 200), (100,)
INSTANCES, SEQUENCES = 4, 1


def policies(refreshes: int, futures: Futures = SAMPLED) -> dict[str, Policy]:
    """Prices re-solved half as often, and as often as that."""
    return {
        "closest source": closest,
        MYOPIC: myopic,
        "expected future, 50 times": Priced(refreshes=refreshes // 2, futures=EXPECTED, forecast=true_rates),
        "8 sampled futures, 50 times": Priced(refreshes=refreshes // 2, futures=futures, forecast=true_rates),
        "8 sampled futures, 100 times": Priced(refreshes=refreshes, futures=futures, forecast=true_rates),
    }


def run(*, quick: bool) -> Found:
    """A table for each number of periods."""
    texts, figures = [], {}
    for periods in QUICK_PERIODS if quick else PERIODS:
        refreshes = min(periods, 10 if quick else 100)
        setting = Setting(
            make=partial(instance, shorter(E1, periods)),
            instances=2 if quick else INSTANCES,
            sequences=1 if quick else SEQUENCES,
        )
        compared = compare(setting, policies(refreshes, QUICK if quick else SAMPLED))
        texts.append(f"**{periods:,} periods**\n\n{table(HEADINGS, rows(compared))}")
        for name in compared.came:
            figures[f"{periods}: {name}"] = sum(compared.ratios(name)) / setting.instances
    return Found(text="\n\n".join(texts), figures=figures)
