"""What resources contribute to the Lagrangian function, and what using them beyond their limits costs."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.waves.case import NONE, PRICES_PER_MINOR, Numbers, WaveCase

_DEAREST = 2**40  # thousandths: no price rises above it


class Resources(NamedTuple):
    """The resources of a wave, as seen by prices. Q resources, S sources."""

    capacity: Ints  # [Q]
    least: Ints  # [Q]
    lowest: Ints  # [Q]: the lowest price that makes sense, thousandths
    highest: Ints  # [Q]
    owner: Ints  # [Q]: the only source that uses it, if that has an opening cost; else NONE
    opening: Ints  # [S]: thousandths


def resources_of(case: WaveCase) -> Resources:
    """The resources of a wave."""
    highest = np.where(case.over_cost >= _DEAREST // PRICES_PER_MINOR, _DEAREST, case.over_cost * PRICES_PER_MINOR)
    return Resources(
        capacity=case.capacity,
        least=case.least,
        lowest=np.where(case.least > 0, -np.minimum(case.under_cost * PRICES_PER_MINOR, _DEAREST), 0),
        highest=np.where(case.capacity >= NO_LIMIT, 0, highest),
        owner=_owners(case),
        opening=case.opening_cost * PRICES_PER_MINOR,
    )


def _owners(case: WaveCase) -> Ints:
    """The source of every resource that no other source uses and whose source has an opening cost."""
    owner = np.full(case.resources, NONE, np.int64)
    if not (case.opening_cost > 0).any():
        return owner
    first, last = np.full(case.resources, len(case.opening_cost)), np.full(case.resources, -1)
    for resource, source in _users(case):
        there = resource != NONE
        np.minimum.at(first, resource[there], source[there])
        np.maximum.at(last, resource[there], source[there])
    alone = first == last
    owner[alone] = last[alone]
    owner[alone] = np.where(case.opening_cost[owner[alone]] > 0, owner[alone], NONE)
    return owner


def _users(case: WaveCase) -> list[tuple[Numbers, Ints]]:
    """Pairs of a resource and a source that uses it, but for services, which sources share."""
    sources = np.arange(len(case.opening_cost))
    limits = (case.source_orders, case.source_units, case.source_minutes, case.source_value)
    by_stock = np.repeat(case.row_source.astype(np.int64), np.diff(case.stock_start))
    return [(case.row_stock, by_stock), *((limit, sources) for limit in limits)]


def of_resources(r: Resources, prices: Ints) -> int:
    """What the Lagrangian function has beside the orders' plans, in thousandths: exact, a Python number.

    Each source opens where what its own resources would fetch is more than its opening costs.
    """
    fetched = _fetched(r, prices)
    common = (r.owner == NONE) | (prices < 0)  # what is short of its least costs whether the source opens or not
    total = -sum(fetched[common].tolist())
    own = _by_source(r, fetched)
    total += sum(min(0, cost - worth) for cost, worth in zip(r.opening.tolist(), own.tolist(), strict=True) if cost)
    return int(total)


def supplied(r: Resources, prices: Ints) -> Ints:
    """[Q]: the supply that the Lagrangian function counts on; use beyond it makes the resource dearer."""
    supply = r.capacity
    owned = r.owner != NONE
    if owned.any():
        opens = _by_source(r, _fetched(r, prices)) > r.opening
        supply = np.where(owned & ~opens[r.owner], 0, supply)
    is_short = (prices < 0) | ((prices == 0) & (r.least > supply))  # of a least that cannot be reached
    return np.where(is_short, r.least, supply)


def _fetched(r: Resources, prices: Ints) -> Ints:
    priced = prices != 0
    fetched = np.zeros(len(prices), np.int64)
    fetched[priced] = prices[priced] * np.where(prices > 0, r.capacity, r.least)[priced]
    return fetched


def _by_source(r: Resources, fetched: Ints) -> Ints:
    own = np.zeros(len(r.opening), np.int64)
    owned = (r.owner != NONE) & (fetched > 0)
    np.add.at(own, r.owner[owned], fetched[owned])
    return own
