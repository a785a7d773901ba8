"""What a unit of stock left behind is worth: the dual prices of a linear program over the orders still to come.

Kinds of orders k are expected `demand[k]` times. A method serves a kind: it says which source gives each item (all
units of an item come from one source), and costs its packages and its units. With z[m] the times a method is used:

    minimise  sum over m of cost[m] * z[m]
    every kind is served:               sum of z[m] over the methods of k  =  demand[k]
    sources give only what they have:   sum of units[m, n, i] * z[m]  <=  stock[n, i]

The price of (n, i) is what the least cost would rise by, were there a unit less. Whoever adds the prices to the costs
of an order decides as if it knew the orders to come. Methods are found as they are needed (column generation): under
the prices of the moment, the cheapest method of every kind, over all sets of at most `most_packages` sources.

A source with endless stock (`numpy.inf`) has no price: let there be one that stands for what nobody ships, with the
cost of a lost unit. It must serve every kind.

    pricer = Pricer(kinds, costs)
    priced = pricer.solve(stock, demand)                       # one expected future: priced.prices [N, M]
    prices = pricer.over_futures(stock, demand, 8, generator)  # mean over eight sampled Poisson futures

A pricer keeps the methods that it found, so that solving again, on less stock and for fewer orders to come, is quick.
`priced.bound` is a lower bound on the cost of serving exactly `demand`: that of hindsight, with what was ordered.
After Bertsimas and Tsitsiklis, Introduction to Linear Optimization, 6.1; mean prices over sampled futures after Talluri
and van Ryzin (1999), A randomized linear programming method for computing network bid prices.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from solver.errors import BrokenInvariant
from solver.foresight.kinds import Costs, Flags, Floats, Kinds
from solver.foresight.methods import NO_SOURCE, Cheapest, Methods

_CALM = 0.85  # methods are also looked for nearer to the prices of the best bound so far, which wander less
_KEPT, _KEPT_PER_KIND = 2_000, 8  # of more methods, those that look worst are forgotten


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """Prices of a unit by source and item, 0 where it is worth nothing left behind; the program's cost, and a bound."""

    prices: Floats  # [N, M]
    cost: float
    bound: float


class Pricer:
    """Solves the program for one set of kinds and costs, again and again."""

    def __init__(
        self,
        kinds: Kinds,
        costs: Costs,
        *,
        most_packages: int | None = None,
        tolerance: float = 1e-5,
        most_rounds: int = 200,
    ) -> None:
        """At most `tolerance`, a share of the cost, lies between `cost` and `bound`, unless there were `most_rounds`.

        `most_packages` None: as many as a kind has items. All sets of so many sources are gone through, unless there
        are very many (`methods.MOST_SETS`): then good ones are looked for, and `bound` is minus infinity.
        """
        self._kinds, self._tolerance, self._most_rounds = kinds, tolerance, most_rounds
        self._cheapest = Cheapest(kinds, costs, most_packages)
        self._methods = Methods()
        self._prices: Floats | None = None

    def solve(self, stock: Floats, demand: Floats) -> Priced:
        """`stock` [N, M], of which a row may be endless; `demand` [K] orders of each kind, not below 0.

        Raises ValueError where a kind that is ordered can be served by no endless source.
        """
        wanted = demand > 0
        prices = np.zeros(stock.shape)
        if not wanted.any():
            return Priced(prices=prices, cost=0.0, bound=0.0)
        endless = np.isinf(stock)
        self._look(np.where(endless, 0.0, np.inf), wanted)  # what needs no stock
        self._look(np.zeros(stock.shape) if self._prices is None else np.where(endless, 0.0, self._prices), wanted)
        finite = np.where(endless, 0.0, stock)
        bound, centre = -np.inf, np.zeros(stock.shape) if self._prices is None else self._prices
        for _ in range(self._most_rounds):
            prices, of_kinds, cost = self._program(stock, demand)
            found = 0
            for share in (_CALM, 0.0):
                at = share * centre + (1 - share) * prices
                least, new = self._look(at, wanted)
                found += new
                here = float(demand[wanted] @ least[wanted] - (at * finite).sum())
                if here > bound:
                    bound, centre = here, at
            gain = min(cost - bound, float(demand[wanted] @ np.maximum(of_kinds - least, 0.0)[wanted]))
            if gain <= self._tolerance * max(abs(cost), 1.0) or not found:
                break
        if not self._cheapest.is_exhaustive:
            bound = -np.inf
        self._forget(prices, of_kinds)
        self._prices = prices
        return Priced(prices=prices, cost=cost, bound=bound)

    def over_futures(
        self, stock: Floats, demand: Floats, futures: int, generator: np.random.Generator, *, spread: float = 0.0
    ) -> Floats:
        """Mean prices over so many futures, in each of which a kind comes Poisson(`demand`) times, [N, M].

        `spread` is the standard deviation of a future's level, which multiplies all of `demand` (a gamma variate of
        mean 1); 0: the level is known.
        """
        total = np.zeros(stock.shape)
        for _ in range(futures):
            level = generator.gamma(1 / spread**2, spread**2) if spread > 0 else 1.0
            total += self.solve(stock, generator.poisson(demand * level).astype(np.float64)).prices
        return total / futures

    def _look(self, prices: Floats, wanted: Flags) -> tuple[Floats, int]:
        """Add the cheapest method of every wanted kind; what they cost, prices included, [K]; how many were new."""
        least, assigned = self._cheapest.under(prices)
        if np.isinf(least[wanted]).any():
            raise ValueError("a kind of order can be served by no source of endless stock")
        kinds = np.flatnonzero(wanted)
        return least, self._methods.add(kinds, assigned[kinds], self._cheapest.cost(kinds, assigned[kinds]))

    def _program(self, stock: Floats, demand: Floats) -> tuple[Floats, Floats, float]:
        """Prices by source and item, the value of serving each kind once more, and the cost, over the methods known."""
        from scipy.optimize import linprog  # late: see solver.late

        methods = self._methods
        count = len(methods.kind)
        served = csr_array((np.ones(count), (methods.kind, np.arange(count))), shape=(len(demand), count))
        uses = self._uses(stock.shape)
        limited = np.isfinite(stock).ravel() & (np.diff(uses.indptr) > 0)  # of others there is enough
        answer = linprog(  # type: ignore[call-overload]  # the stubs know no sparse rows
            methods.cost,
            A_ub=uses[np.flatnonzero(limited)],
            b_ub=stock.ravel()[limited],
            A_eq=served,
            b_eq=demand,
            method="highs",
        )
        if answer.status != 0:
            raise BrokenInvariant(f"the linear program of prices was not solved: {answer.message}")
        prices = np.zeros(stock.size)
        prices[limited] = np.maximum(-answer.ineqlin.marginals, 0.0)
        return prices.reshape(stock.shape), answer.eqlin.marginals, float(answer.fun)

    def _uses(self, shape: tuple[int, ...]) -> csr_array:
        """Units that each method takes of each source's items, [N * M, P]."""
        assigned = self._methods.assigned
        method, place = np.nonzero(assigned != NO_SOURCE)
        kind = self._methods.kind[method]
        rows = assigned[method, place] * shape[1] + self._kinds.items[kind, place]
        units = self._kinds.units[kind, place].astype(np.float64)
        return csr_array((units, (rows, method)), shape=(shape[0] * shape[1], len(assigned)))

    def _forget(self, prices: Floats, of_kinds: Floats) -> None:
        methods = self._methods
        most = max(_KEPT, _KEPT_PER_KIND * len(self._kinds))
        if len(methods.kind) > most:
            reduced = methods.cost + self._uses(prices.shape).T @ prices.ravel() - of_kinds[methods.kind]
            kept = np.zeros(len(reduced), dtype=bool)
            kept[np.argsort(reduced, kind="stable")[:most]] = True
            methods.keep(kept)
