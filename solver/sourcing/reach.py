"""Units out of reach: what every plan leaves because it may not have more packages, whichever sources these come from.

Where no source has enough, an order is gathered from many, and a plan may split only so often. Which sources together
have most of what is asked, is found before anything is said about packages: of so many offers, every set is looked at.
Leaving a unit usually costs far more than shipping it, so the best plan leaves exactly what such a set lacks. That is
taken off the order, which can then be filled, and plans that leave more are shown to cost more.

The argument. The offers of a plan are part of some set of as many offers as packages are allowed, and the plan leaves
what that set lacks, or more. So it either leaves exactly one of the cheapest `lacks`, and then all its offers are in
sets that lack just that; or what it leaves costs at least `next_cost`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from solver.sourcing.case import Case, Finding, Flags, Ints
from solver.sourcing.exact.arrays import MOST_STATES, arrays_of, prepared
from solver.sourcing.exact.beyond import with_unfilled, without
from solver.sourcing.exact.filling import to_be_filled
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.whole import Worth

_MOST_CELLS = 1_500_000  # sets of offers, times parts, that are looked at together
_MOST_LACKS = 4  # the order is searched without each of them
_MOST_PARTS = 60  # of more, sets and worth take longer than they tell
_MARGIN = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lack:
    """What some sets of offers lack, and the offers in any of them."""

    units: Ints  # [K]: of each line
    offers: Flags  # [N]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """The cheapest lacks; what leaving costs in all other plans, at the first level; and there, what these cost."""

    lacks: tuple[Lack, ...]
    least_cost: int
    next_cost: int
    others_bound: int


def search_in_reach(
    case: Case, search: Callable[[Case, int, tuple[int, ...] | None], Finding], most: tuple[int, ...] | None = None
) -> Finding:
    """The best plan of a case; without the units that are out of reach where these are certain.

    `search` is also told how many searches are still to come, this one included. `most` as in `exact.search`.
    """
    reach = reach_of(case)
    if reach is None:
        return search(case, 1, most)
    found, reason = _nothing(case, reach), ""
    bound: tuple[int, ...] = (reach.others_bound, *(0,) * (case.levels - 1))
    for at, lack in enumerate(reach.lacks):
        left = tuple((case.unfilled_cost @ lack.units).tolist())
        one = found if most is not None and left[: len(most)] > most else None
        if one is None:
            rest = most and tuple(amount - less for amount, less in zip(most, left, strict=False))
            one = search(_filled(case, lack), len(reach.lacks) - at, rest)
            one = with_unfilled(one, case, lack.units)
        bound, reason = min(bound, one.bound), reason or one.reason
        found = min(found, one, key=lambda finding: finding.cost)
    bound = min(bound, found.cost)
    if most is not None and (found.cost[: len(most)] <= most or (not reason and bound[: len(most)] > most)):
        return replace(found, bound=bound, reason="")
    if bound == found.cost:
        return replace(found, bound=bound, reason="")
    if reason:
        return replace(found, bound=bound, reason=reason)
    return _better(found, bound, search(case, 1, most))


def _better(found: Finding, bound: tuple[int, ...], other: Finding) -> Finding:
    """The better of two findings about one case, with the higher bound."""
    best = min(found, other, key=lambda finding: finding.cost)
    bound = min(max(bound, other.bound), best.cost)
    return replace(best, bound=bound, reason="" if bound == best.cost else other.reason or GaveUp.SEARCH_BUDGET)


def _nothing(case: Case, reach: Reach) -> Finding:
    cost = tuple((case.unfilled_cost @ case.line_quantity).tolist())
    bound = (reach.least_cost, *(0,) * (case.levels - 1))
    return Finding(shipments=(), unfilled=case.line_quantity.copy(), cost=cost, bound=bound)


def _filled(case: Case, lack: Lack) -> Case:
    """The case without what is lacking, from the offers that leave no more."""
    carries = case.carries & lack.offers[case.lane_offer][:, None]
    return without(replace(case, carries=carries), lack.units)


def reach_of(case: Case) -> Reach | None:
    """What is out of reach of a large order; None where that is nothing, or not certain, or every unit is counted."""
    if case.complete or len(case.demand) > _MOST_PARTS or float(np.prod(case.demand + 1.0)) <= MOST_STATES:
        return None
    line = _line_of_part(case)
    price = np.where(line >= 0, case.unfilled_cost[0, line], 0)
    demand = np.where(price > 0, case.demand, 0)
    offers = _offers(case)
    stock = np.minimum(_carried(case)[offers], demand)
    most = int(min(case.most_packages, len(offers)))
    if len(np.unique(case.offer_source[offers])) == len(offers):
        most = int(min(most, case.most_sources))
    if most < 1 or most == len(offers) or not demand.any():
        return None
    sets = _cheapest_sets(stock, demand, price, most)
    if sets is None:
        return None
    members, left, next_cost = sets
    lacks, which = np.unique(left, axis=0, return_inverse=True)
    least_cost = int(lacks[0] @ price)
    if len(lacks) > _MOST_LACKS or not least_cost:
        return None
    others_bound = _others_bound(case, next_cost, price)
    if others_bound is None:
        return None
    return Reach(
        lacks=tuple(
            Lack(units=_of_lines(case, line, units), offers=_named(case, offers, members[which.ravel() == at]))
            for at, units in enumerate(lacks)
        ),
        least_cost=least_cost,
        next_cost=next_cost,
        others_bound=others_bound,
    )


def _line_of_part(case: Case) -> Ints:
    """The line that asks for a part alone, unit by unit, and is the part's only one; -1 where there is none, [D]."""
    lines = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
    is_unit = lines & (case.line_units == 1) & (lines.sum(axis=1) == 1)[:, None] & ~case.complete_lines[:, None]
    alone = is_unit.any(axis=0) & (lines.sum(axis=0) == 1)
    line: Ints = np.where(alone, is_unit.argmax(axis=0), -1)
    return line


def _carried(case: Case) -> Ints:
    """The stock of each offer as far as some lane of it carries it, [N, D]."""
    can = np.zeros(case.stock.shape, dtype=bool)
    np.logical_or.at(can, case.lane_offer, case.carries)
    stock: Ints = np.where(can, case.stock, 0)
    return stock


def _offers(case: Case) -> Ints:
    """Those that have anything."""
    offers: Ints = np.flatnonzero(_carried(case).any(axis=1))
    return offers


def _cheapest_sets(stock: Ints, demand: Ints, price: Ints, most: int) -> tuple[Flags, Ints, int] | None:
    """The sets of so many offers that lack least: their members [n, O], what they lack [n, D]; and what any other
    plan at least leaves, in its price. None where there are too many sets, or one is seen to lack nothing.

    Depth by depth through offers in a fixed sequence. What the later ones have most of bounds what is lacking.
    """
    offers, unit = len(stock), int(price[price > 0].min())
    order = np.argsort(-(stock @ price), kind="stable")
    stock = stock[order]
    after, worth = _most_after(stock, most), _most_after((stock @ price)[:, None], most)[:, :, 0]
    least = _by_turns(stock, demand, price, most)
    if not least:
        return None
    need, members = demand[None, :], np.zeros((1, offers), dtype=bool)
    last = np.array([-1])
    for depth in range(most):
        further = most - depth - 1
        grown: list[tuple[Ints, Flags, Ints]] = []
        rows = 0
        for offer in range(depth, offers - further):
            old = np.flatnonzero(last < offer)
            left = np.maximum(0, need[old] - stock[offer])
            lacking = np.maximum(0, left - after[offer + 1, further]) @ price
            lacking = np.maximum(lacking, left @ price - worth[offer + 1, further])
            kept = lacking < least + unit
            held = members[old[kept]]
            held[:, offer] = True
            grown.append((left[kept], held, np.full(len(held), offer)))
            rows += len(held)
            if rows * len(demand) > _MOST_CELLS:
                return None
        need, members, last = (np.concatenate([one[k] for one in grown]) for k in range(3))
    cost = need @ price
    least = int(cost.min())
    best = cost == least
    others = cost[~best]
    in_turn = np.zeros_like(members)
    in_turn[:, order] = members
    return in_turn[best], need[best], min(least + unit, int(others.min(initial=least + unit)))


def _most_after(stock: Ints, most: int) -> Ints:
    """The most that so many of the offers from each on have of each part, [O + 1, most + 1, D]."""
    offers, parts = stock.shape
    total = np.zeros((offers + 1, most + 1, parts), dtype=np.int64)
    for offer in range(offers):
        top = -np.sort(-stock[offer:], axis=0)[:most]
        sums = np.cumsum(top, axis=0)
        total[offer, 1 : len(sums) + 1] = sums
        total[offer, len(sums) + 1 :] = sums[-1]
    return total


def _by_turns(stock: Ints, demand: Ints, price: Ints, most: int) -> int:
    """What is lacking where each offer in turn is the one that has most of what is still needed."""
    need, left = demand, np.ones(len(stock), dtype=bool)
    for _ in range(most):
        given = np.minimum(stock, need) * left[:, None]
        offer = int(np.argmax(given @ price))
        need, left[offer] = need - given[offer], False
    return int(need @ price)


def _others_bound(case: Case, next_cost: int, price: Ints) -> int | None:
    """What a plan costs at the first level that leaves units for at least `next_cost`; None where that is not known."""
    if case.levels > 1:
        return next_cost if to_be_filled(case) is not None else None
    ready = prepared(case)
    if isinstance(ready, GaveUp):
        return next_cost
    worth = Worth.of(case, arrays_of(case, *ready, np.ones_like(case.demand)))
    asked = price > 0
    beyond = float(((price - worth.prices)[asked] / price[asked]).min(initial=1.0))  # of the price of what is left
    least = float(worth.prices @ worth.units) + max(0.0, beyond) * next_cost
    return max(next_cost, int(least * (1 - _MARGIN)) - 1 - worth.spared)


def _of_lines(case: Case, line: Ints, units: Ints) -> Ints:
    """Units of parts as units of lines."""
    of_line = np.zeros_like(case.line_quantity)
    of_line[line[units > 0]] = units[units > 0]
    return of_line


def _named(case: Case, offers: Ints, members: Flags) -> Flags:
    """The offers in any of the sets, among all of the case."""
    named = np.zeros(len(case.offer_source), dtype=bool)
    named[offers[members.any(axis=0)]] = True
    return named
