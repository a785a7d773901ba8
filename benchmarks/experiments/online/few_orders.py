"""E3: E1 with 1,000 and with 200 periods: a few units of an item at a source."""

from functools import partial

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.online.comparing import HEADINGS, MYOPIC, Setting, by_policy, compare, rows, told_extent
from benchmarks.experiments.online.policies import (
    EXPECTED,
    KEPT,
    MORE_OFTEN,
    QUICK,
    SAMPLED,
    Policy,
    Priced,
    closest,
    myopic,
    true_rates,
)
from benchmarks.experiments.online.world import E1, instance, shorter
from benchmarks.experiments.page import Found, table
from solver.foresight.far_sight import Futures

PERIODS, QUICK_PERIODS = (1_000, 200), (100,)


def policies(refreshes: int, futures: Futures = SAMPLED, kept: Futures = KEPT) -> dict[str, Policy]:
    """Prices re-solved half as often, and as often as that; and more often towards the end."""
    return {
        "closest source": closest,
        MYOPIC: myopic,
        "expected future, 50 times": Priced(refreshes=refreshes // 2, futures=EXPECTED, forecast=true_rates),
        "8 sampled futures, 50 times": Priced(refreshes=refreshes // 2, futures=futures, forecast=true_rates),
        "8 sampled futures, 100 times": Priced(refreshes=refreshes, futures=futures, forecast=true_rates),
        MORE_OFTEN: Priced(refreshes=5 * refreshes, of_rest=0.02, futures=kept, forecast=true_rates),
    }


def run(extent: Extent) -> Found:
    """A table for each number of periods."""
    texts, figures, found = [], {}, {}
    for periods in QUICK_PERIODS if extent.is_quick else PERIODS:
        refreshes = min(periods, 10 if extent.is_quick else 100)
        setting = Setting(
            make=partial(instance, shorter(E1, periods)),
            instances=extent.pick(2, 20, 30),
            sequences=extent.pick(1, 1, 30),
        )
        compared = compare(
            setting, policies(refreshes, QUICK, QUICK) if extent.is_quick else policies(refreshes), extent
        )
        texts.append(f"**{periods:,} periods**. {told_extent(setting)}\n\n{table(HEADINGS, rows(compared))}")
        found[f"{periods:,} periods"] = compared
        for name in compared.came:
            figures[f"{periods}: {name}"] = sum(compared.ratios(name)) / setting.instances
    plot = by_policy("E3: few orders, few units", found)
    return Found(text="\n\n".join(texts), plots={"online_few_orders.svg": plot}, figures=figures)
