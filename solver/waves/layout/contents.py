"""Single packages of an order: what each would cost on every lane, for every content, without prices of the wave.

Letters in shapes: M states, L lanes (source by source, as in `exact.arrays`), D parts.
"""

from functools import lru_cache

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.exact.states import States

FAR = 2**60  # the cost of what cannot be; a few of them add up within 64 bits


def digits_of(c: Arrays) -> Ints:
    """How many units of each part every state has, [M, D]."""
    digits: Ints = np.arange(c.states)[:, None] // c.stride % c.radix
    return digits


def package_costs(c: Arrays, st: States, digits: Ints) -> Ints:
    """What one package of every state costs on every lane, [M, L]; FAR where it cannot be. Stairs are left out."""
    caps = np.where(c.carries, c.blocks[c.lane_offer], 0)
    can = np.ones((len(digits), len(caps)), dtype=np.bool_)
    for part in range(len(c.radix)):
        can &= digits[:, part, None] <= caps[:, part]
    for amount, most in ((st.units, c.most_units), (st.grams, c.most_grams), (st.mm3, c.most_mm3)):
        can &= amount[:, None] <= most
    column = np.maximum(st.column[c.tariff_group[c.lane_tariff]].T, c.tariff_column[c.lane_tariff])
    price = c.prices[c.lane_tariff, column]
    cost = c.package_cost + st.kinds[:, None] * c.kind_cost + digits @ c.block_cost.T
    can[0] = False
    return np.where(can & (price < FAR), cost + np.minimum(price, FAR), FAR)


def stair_costs(c: Arrays, digits: Ints) -> Ints | None:
    """What every state costs each offer for being many, [N, M]; None where there are no stairs."""
    if not len(c.stair_part):
        return None
    offers = np.repeat(np.arange(len(c.blocks)), np.diff(c.stair_start))
    cost = np.zeros((len(c.blocks), len(digits)), dtype=np.int64)
    for offer, part, after, each in zip(offers, c.stair_part, c.stair_after, c.stair_cost, strict=True):
        cost[offer] += np.maximum(0, digits[:, part] * c.block_units[part] - after) * each
    return cost


def states_of_shares(c: Arrays, digits: Ints, whole_lines: Flags) -> Flags:
    """Which states a single source may ship, [M]: of these lines' parts, [K, D], all or nothing."""
    allowed = np.ones(len(digits), dtype=np.bool_)
    for parts in whole_lines:
        all_of, none_of = (digits == c.radix - 1)[:, parts].all(axis=1), (digits == 0)[:, parts].all(axis=1)
        allowed &= all_of | none_of
    allowed[0] = False
    return allowed


@lru_cache(maxsize=512)
def pairs(radix: tuple[int, ...]) -> tuple[Ints, Ints]:
    """Every two states, none of them nothing, that add up within the order."""
    ones, twos = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    stride = 1
    for size in radix:
        one, two = (axis.ravel() for axis in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
        within = one + two < size
        ones = (ones[:, None] + one[within] * stride).ravel()
        twos = (twos[:, None] + two[within] * stride).ravel()
        stride *= size
    some = (ones > 0) & (twos > 0)
    return ones[some], twos[some]
