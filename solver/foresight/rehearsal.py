"""Which share of the prices of stock to trust: whole futures are gone through in small, once with each share.

Prices help where stock lies out of balance. Where it is in balance they may do harm: they take what is a little
scarce for dear. So before prices are used, the orders expected are drawn, served one by one at a share of the prices,
and what that costs is compared; the share that serves them cheapest is used, 0 where none beats doing without.
"""

from collections.abc import Sequence

import numpy as np

from solver.foresight.kinds import Costs, Floats, Ints, Kinds
from solver.foresight.methods import NO_SOURCE, Cheapest
from solver.foresight.prices import Pricer

SHARES = (0.0, 0.6, 1.0)  # the first of equals is taken
MOST_ORDERS = 300  # of a rehearsed future; where more are expected, stock is cut down alike
RE_SOLVES = 3  # prices are solved anew so often on the way
FUTURES = 2


def trusted_share(
    kinds: Kinds,
    costs: Costs,
    stock: Floats,
    demand: Floats,
    generator: np.random.Generator,
    *,
    shares: Sequence[float] = SHARES,
) -> float:
    """The share of the prices under which drawn futures cost least; all shares are rehearsed on the same futures."""
    expected = float(demand.sum())
    if expected <= 0:
        return shares[0]
    scale = min(1.0, MOST_ORDERS / expected)
    small = np.where(np.isinf(stock), stock, np.floor(stock * scale + generator.random(stock.shape)))
    cheapest = Cheapest(kinds, costs, None)
    pricer = Pricer(kinds, costs, tolerance=1e-2, most_rounds=8)
    total = np.zeros(len(shares))
    for _ in range(FUTURES):
        arrivals = generator.choice(len(kinds), generator.poisson(expected * scale), p=demand / expected)
        for number, share in enumerate(shares):
            total[number] += _served(kinds, cheapest, pricer, small.copy(), arrivals, demand / expected, share)
    return float(shares[int(total.argmin())])


def _served(
    kinds: Kinds, cheapest: Cheapest, pricer: Pricer, stock: Floats, arrivals: Ints, rates: Floats, share: float
) -> float:
    """What serving the arrivals one by one costs, prices not counted; the stock is counted down."""
    prices = np.zeros(stock.shape)
    every = max(1, -(-len(arrivals) // RE_SOLVES))
    cost = 0.0
    for done, kind in enumerate(arrivals.tolist()):
        if share and done % every == 0:
            prices = share * pricer.solve(stock, rates * (len(arrivals) - done)).prices
        givers = cheapest.one(kind, prices, stock)
        padded = np.full((1, kinds.items.shape[1]), NO_SOURCE)
        padded[0, : len(givers)] = givers
        cost += float(cheapest.cost(np.array([kind]), padded)[0])
        own = kinds.items[kind, : len(givers)]
        np.subtract.at(stock, (givers, own), kinds.units[kind, : len(givers)])
    return cost
