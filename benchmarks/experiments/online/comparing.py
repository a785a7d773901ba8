"""Policies side by side on the same instances and sequences, beside the hindsight bound."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np
from scipy.stats import t as student

from benchmarks.experiments.online.policies import HINDSIGHT, Came, Policy, Table
from benchmarks.experiments.online.running import decide
from benchmarks.experiments.online.world import Instance, arrivals
from solver.foresight.ascent import Climb
from solver.foresight.kinds import Floats

MYOPIC = "exact, but myopic"
_CONFIDENCE = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Instances from `first` on, with so many sequences each; `parts` are the rates of equal parts of the horizon."""

    make: Callable[[int], Instance]
    instances: int
    sequences: int
    parts: Callable[[Instance], Sequence[Floats]] = lambda made: [made.rates]
    first: int = 1
    hindsight: Climb = HINDSIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Runs of every policy, and the bounds: by instance, then by sequence."""

    came: Mapping[str, list[list[Came]]]
    bounds: list[list[float]]

    def ratios(self, name: str) -> list[float]:
        """Cost by hindsight bound, the mean of each instance."""
        return [
            fmean(one.cost / bound for one, bound in zip(of, known, strict=True))
            for of, known in zip(self.came[name], self.bounds, strict=True)
        ]

    def closed(self, name: str) -> list[float]:
        """The share of the gap between myopic and hindsight that is closed, of each instance."""
        return [
            (sum(one.cost for one in blind) - sum(one.cost for one in of))
            / (sum(one.cost for one in blind) - sum(known))
            for of, blind, known in zip(self.came[name], self.came[MYOPIC], self.bounds, strict=True)
        ]


def compare(setting: Setting, policies: Mapping[str, Policy]) -> Compared:
    """Run all; the same sequences and seeds for every policy."""
    came: dict[str, list[list[Came]]] = {name: [] for name in policies}
    bounds: list[list[float]] = []
    for instance in range(setting.first, setting.first + setting.instances):
        made = setting.make(instance)
        table = Table.of(made)
        sequences = [
            arrivals(made, setting.parts(made), 1000 * instance + number) for number in range(1, setting.sequences + 1)
        ]
        bounds.append([table.bound(sequence, setting.hindsight) for sequence in sequences])
        for name, policy in policies.items():
            came[name].append([policy(table, sequence, number) for number, sequence in enumerate(sequences)])
    return Compared(came=came, bounds=bounds)


HEADINGS = (
    "policy", "cost / hindsight", "± (95 %)", "worst instance", "gap closed", "packages an order", "split", "not served"
)  # fmt: skip


def rows(compared: Compared) -> list[tuple[str, ...]]:
    """A row for every policy; the interval is Student's over instances."""
    return [_row(name, compared) for name in compared.came]


def _row(name: str, compared: Compared) -> tuple[str, ...]:
    ratios = compared.ratios(name)
    every = [one for of in compared.came[name] for one in of]
    orders, multi = sum(one.orders for one in every), sum(one.multi for one in every)
    return (
        name,
        f"{fmean(ratios):.4f}",
        f"{margin(ratios):.4f}",
        f"{max(ratios):.4f}",
        f"{fmean(compared.closed(name)):.1%}",
        f"{sum(one.packages for one in every) / orders:.3f}",
        f"{sum(one.split for one in every) / max(1, multi):.1%}",
        f"{sum(one.unserved for one in every) / len(every):,.0f}",
    )


def margin(values: Sequence[float]) -> float:
    """Half of the 95 % confidence interval of their mean; 0 for a single value, which tells none."""
    if len(values) < 2:
        return 0.0
    return float(student.ppf(_CONFIDENCE, len(values) - 1)) * stdev(values) / math.sqrt(len(values))


def decision_times(made: Instance, orders: int = 5_000) -> str:
    """Median and 99th percentile of one decision's time, its call from Python included, in microseconds."""
    table = Table.of(made)
    kinds = [int(kind) for kind in arrivals(made, [made.rates], 1)[: 2 * orders] if kind >= 0][:orders]
    prices, chosen = np.ones(made.stock.shape), np.zeros(made.kinds.items.shape[1], dtype=np.int64)
    decide(table.arrays, kinds[0], made.stock, prices, chosen)  # compiles
    taken = []
    for kind in kinds:
        begun = time.perf_counter()
        decide(table.arrays, kind, made.stock, prices, chosen)
        taken.append(1e6 * (time.perf_counter() - begun))
    low, high = np.percentile(taken, [50, 99])
    return f"One decision takes {low:.0f} µs (median), {high:.0f} µs (99th percentile)."
