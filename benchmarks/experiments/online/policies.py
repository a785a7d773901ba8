"""The policies that are compared: each turns a sequence of arrivals into costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.experiments.online.running import COST, MULTI, ORDERS, PACKAGES, SPLIT, UNSERVED, Arrays, arrays_of, run
from benchmarks.experiments.online.world import Instance
from solver.foresight.ascent import Ascent, Climb
from solver.foresight.far_sight import FarSight, Futures, Possible, refreshes
from solver.foresight.kinds import Floats, Ints
from solver.foresight.learning import Learner

FIRST = Climb(passes=300, step=3.0, last_share=0.01, exact_every=6)
LATER = Climb(passes=30, step=0.3, last_share=0.1, exact_every=6)
EXPECTED = Futures(count=0, first=FIRST, later=Climb(passes=60, step=0.5, last_share=0.02))
SAMPLED = Futures(count=8, first=FIRST, later=LATER)
KEPT = Futures(count=4, first=FIRST, later=LATER, kept=0.7)
SAMPLED_EARLY = replace(SAMPLED, first=replace(FIRST, passes=150, step=2.0), early=6)
QUICK = Futures(
    count=2, first=Climb(passes=60, step=3.0, last_share=0.02), later=Climb(passes=15, step=0.5, last_share=0.1)
)
HINDSIGHT = Climb(passes=1500, step=3.0, last_share=0.002)
MORE_OFTEN = "4 sampled futures, kept, more often towards the end"
EARLY = (5, 10, 20, 30, 45, 60, 80)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """An instance with everything that its policies share."""

    made: Instance
    arrays: Arrays
    ascent: Ascent

    @classmethod
    def of(cls, made: Instance) -> "Table":
        return cls(made=made, arrays=arrays_of(made), ascent=Ascent(made.kinds, made.costs))

    def counts(self, sequence: Ints) -> Floats:
        """How often each kind comes, [K]."""
        return np.bincount(sequence[sequence >= 0], minlength=len(self.made.kinds)).astype(np.float64)

    def bound(self, sequence: Ints, climb: Climb = HINDSIGHT) -> float:
        """What no policy costs less than, with the orders known: the dual's value, after so long a climb."""
        start = np.zeros(self.made.stock.shape)
        return self.ascent.climb(start, self.made.stock, self.counts(sequence), climb)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What a policy came to on one sequence."""

    cost: float
    orders: int
    packages: int
    multi: int
    split: int
    unserved: int


Policy = Callable[[Table, Ints, int], Came]  # the number is the seed of the policy's own chance


def closest(table: Table, sequence: Ints, seed: int) -> Came:  # noqa: ARG001 - leaves nothing to chance
    """Every item from the closest source that has it."""
    stock, sums = table.made.stock.copy(), np.zeros(6)
    run(table.arrays, sequence, stock, np.zeros(stock.shape), sums, closest=True)
    return _came(sums)


def myopic(table: Table, sequence: Ints, seed: int) -> Came:  # noqa: ARG001 - leaves nothing to chance
    """Every order as cheaply as the stock of the moment allows."""
    stock, sums = table.made.stock.copy(), np.zeros(6)
    run(table.arrays, sequence, stock, np.zeros(stock.shape), sums)
    return _came(sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Stock priced by what is expected, re-solved so many times.

    `forecast` gives the rates that are believed (None: nothing is known); `learns` corrects them by what comes;
    `minds_drift` goes over to what the forecast says is still due where its sets of items stay away. With `of_rest`
    they are re-solved whenever that share of the periods left went by; the last steps are as if `refreshes` times.
    """

    refreshes: int
    futures: Futures = SAMPLED
    forecast: Callable[[Table], Floats] | None = None
    learns: bool = False
    minds_drift: bool = False
    early: Sequence[int] = ()
    of_rest: float = 0.0

    def __call__(self, table: Table, sequence: Ints, seed: int) -> Came:
        """One run."""
        made = table.made
        stock, sums = made.stock.copy(), np.zeros(6)
        believed = self.forecast(table) if self.forecast else None
        learner = Learner(made.kinds, believed)
        sight = FarSight(table.ascent, self.futures, np.random.default_rng(seed))
        begin = 0
        for end in self._ends(len(sequence)):
            demand = self._demand(learner, believed, len(sequence), begin)
            possible = self._possible(learner, len(sequence) - begin)
            prices = np.zeros(stock.shape) if demand is None else sight.refresh(stock, demand, possible)
            block = sequence[begin:end]
            run(table.arrays, block, stock, prices, sums)
            learner.see(table.counts(block), end - begin)
            begin = end
        return _came(sums)

    def _ends(self, periods: int) -> list[int]:
        blocks = [periods * (number + 1) // self.refreshes for number in range(self.refreshes)]
        if self.of_rest:
            blocks = refreshes(periods, self.of_rest, max(1, periods // self.refreshes))
        return [end for end in self.early if end < blocks[0]] + blocks

    def _possible(self, learner: Learner, periods: int) -> Possible | None:
        if not self.learns or (self.minds_drift and learner.drifts):
            return None

        def drawn(generator: np.random.Generator) -> Floats:
            rates = learner.possible_rates(generator)
            assert rates is not None, "asked for only where something was seen or forecast"
            return rates * periods

        return drawn

    def _demand(self, learner: Learner, believed: Floats | None, periods: int, begin: int) -> Floats | None:
        if self.minds_drift and learner.drifts:
            return learner.still_due(periods)
        rates = learner.rates() if self.learns else believed
        return None if rates is None else rates * (periods - begin)


def true_rates(table: Table) -> Floats:
    """The right forecast."""
    return table.made.rates


def _came(sums: Floats) -> Came:
    return Came(
        cost=float(sums[COST]),
        orders=int(sums[ORDERS]),
        packages=int(sums[PACKAGES]),
        multi=int(sums[MULTI]),
        split=int(sums[SPLIT]),
        unserved=int(sums[UNSERVED]),
    )
