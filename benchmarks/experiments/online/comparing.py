"""Policies side by side on the same instances and sequences, beside the hindsight bound."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

import numpy as np

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.online.policies import HINDSIGHT, Came, Policy, Table
from benchmarks.experiments.online.running import decide
from benchmarks.experiments.online.world import Instance, arrivals
from benchmarks.experiments.svg import Spread, dots
from solver.foresight.ascent import Climb
from solver.foresight.kinds import Floats

MYOPIC = "exact, but myopic"


def throughout(made: Instance) -> Sequence[Floats]:
    """The same rates over the whole horizon."""
    return [made.rates]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Instances from `first` on, with so many sequences each; `parts` are the rates of equal parts of the horizon."""

    make: Callable[[int], Instance]
    instances: int
    sequences: int
    parts: Callable[[Instance], Sequence[Floats]] = throughout
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


def compare(setting: Setting, policies: Mapping[str, Policy], extent: Extent) -> Compared:
    """Run all; the same sequences and seeds for every policy. Instances are what processes share."""
    numbers = range(setting.first, setting.first + setting.instances)
    runs = extent.over(partial(_on_instance, setting, policies), numbers)
    return Compared(
        came={name: [of[name] for _, of in runs] for name in policies}, bounds=[bounds for bounds, _ in runs]
    )


def _on_instance(
    setting: Setting, policies: Mapping[str, Policy], instance: int
) -> tuple[list[float], dict[str, list[Came]]]:
    made = setting.make(instance)
    table = Table.of(made)
    sequences = [
        arrivals(made, setting.parts(made), 1000 * instance + number) for number in range(1, setting.sequences + 1)
    ]
    came = {
        name: [policy(table, sequence, number) for number, sequence in enumerate(sequences)]
        for name, policy in policies.items()
    }
    return [table.bound(sequence, setting.hindsight) for sequence in sequences], came


HEADINGS = (
    "policy", "cost / hindsight", "± (95 %)", "worst instance", "gap closed", "packages an order", "split", "not served"
)  # fmt: skip


def rows(compared: Compared) -> list[tuple[str, ...]]:
    """A row for every policy; the interval is Student's over instances."""
    return [_row(name, compared) for name in compared.came]


def above(compared: Compared, name: str) -> Spread:
    """By how many percent of it a policy lies above the hindsight bound."""
    ratios = compared.ratios(name)
    return Spread(mean=100 * (fmean(ratios) - 1), margin=100 * margin(ratios))


def by_policy(title: str, of: Mapping[str, Compared]) -> str:
    """A plot with a row for every policy, and a mark in it for every one that is compared, by name."""
    names = dict.fromkeys(name for compared in of.values() for name in compared.came)
    spreads = {
        name: {one: above(compared, name) for one, compared in of.items() if name in compared.came} for name in names
    }
    return dots(title, "% above the hindsight bound, logarithmic, with 95 % intervals", spreads, is_log=True)


def told_extent(setting: Setting) -> str:
    """How many runs stand behind the figures."""
    return f"{setting.instances} instances x {setting.sequences} sequences of orders each."


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
