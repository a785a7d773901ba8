"""Strict priorities that only count, settled one after the other: how many packages, how many sources.

Joined to one number with money, a package more is worth millions, and a bound that misses half a package says nothing
about money. Once a count is known it is a limit, and its priority has nothing more to say. That holds where the first
priority is to fill the order and it can be filled: then nothing else is left of a plan than its packages. Where the
next priority prices these alone, it is settled as well (`choices.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto

from solver.sourcing.case import Case, Finding
from solver.sourcing.choices import choices_at, is_priced_by_package
from solver.sourcing.cost import cost_of
from solver.sourcing.exact.beyond import units_beyond_stock, with_unfilled, without
from solver.sourcing.exact.filling import to_be_filled
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.levels import in_order, without_others


class _Count(Enum):
    PACKAGES = auto()
    SOURCES = auto()


def may_be_counted(case: Case) -> bool:
    """True when the priority after filling the order is a count, and others come after it."""
    return case.levels > 2 and _counted(case, 1) is not None and to_be_filled(case) is not None


def search_by_counts(case: Case, search: Callable[[Case], Finding]) -> Finding | None:
    """The best plan of a case that may be counted, if all that is in stock ships; None where no such plan is found.

    Without proof, the finding has `search`'s reason and a bound by the counts that are known.
    """
    beyond = units_beyond_stock(case)
    found = _by_counts(without(case, beyond), search)
    return None if found is None else with_unfilled(found, case, beyond)


def _by_counts(case: Case, search: Callable[[Case], Finding]) -> Finding | None:
    filled, levels, best = to_be_filled(case), list(range(1, case.levels)), None
    packages = 0
    while filled is not None and len(levels) > 1 and (count := _counted(case, levels[0])) is not None:
        found = search(without_others(filled, (0, levels[0])))
        if found.reason or found.unfilled.any():
            return _unproven(best, found)
        filled = _limited(filled, count, found)
        packages = len(found.shipments) if count is _Count.PACKAGES else packages
        del levels[0]
        best = _as_asked(case, found, levels, ())
    if filled is None or best is None:
        return None
    last = _by_choice(case, filled, levels, packages, search) if packages and len(levels) > 1 else None
    if last is None:
        found = search(in_order(filled, (0, *levels)))
        if found.unfilled.any():
            return _unproven(best, found)
        last = _as_asked(case, found, levels, found.bound[1:] if found.bound[0] == 0 else ())
    return last if last.cost <= best.cost else replace(best, bound=last.bound, reason=last.reason)


def _by_choice(
    case: Case, filled: Case, levels: Sequence[int], packages: int, search: Callable[[Case], Finding]
) -> Finding | None:
    """The best plan of so many packages by lanes that come to the least at the next level; None where none is found.

    Other packages on the same lanes may come to more at that level; where these are cheaper, nothing is known.
    """
    if not is_priced_by_package(filled, levels[0]):
        return None
    least = search(without_others(filled, (0, levels[0])))
    if least.reason or least.unfilled.any():
        return None
    price, best, bound, reason = least.cost[1], None, None, ""
    for lanes in choices_at(filled, levels[0], packages, price) or ():
        some = replace(filled, carries=filled.carries & lanes[:, None])
        found = search(in_order(some, (0, *levels[1:])))
        if found.unfilled.any():
            if found.reason:
                return None
            continue  # these lanes cannot carry it all
        asked = _as_asked(case, found, levels[1:], found.bound[1:] if found.bound[0] == 0 else ())
        if asked.cost[levels[0]] != price:
            return None
        best = asked if best is None else min(best, asked, key=lambda one: one.cost)
        bound, reason = asked.bound if bound is None else min(bound, asked.bound), reason or asked.reason
    return None if best is None or bound is None else replace(best, bound=bound, reason=reason)


def _unproven(best: Finding | None, given_up: Finding) -> Finding | None:
    """The best plan so far, with why the search for a better one found no other: it is not the last word."""
    return None if best is None else replace(best, reason=given_up.reason or GaveUp.SEARCH_BUDGET)


def _as_asked(case: Case, found: Finding, levels: Sequence[int], bound: Sequence[int]) -> Finding:
    """A finding that fills the order as one about all levels. Those before `levels` are known, these have a bound."""
    cost = cost_of(case, found.shipments, found.unfilled)
    known = case.levels - len(levels)
    proven = (*cost[:known], *bound, *(0 for _ in levels[len(bound) :]))
    return replace(found, cost=cost, bound=proven)


def _limited(case: Case, count: _Count, found: Finding) -> Case:
    """No more of what is counted than were found to be the least."""
    if count is _Count.PACKAGES:
        return replace(case, most_packages=len(found.shipments))
    sources = {int(case.offer_source[case.lane_offer[one.lane]]) for one in found.shipments}
    return replace(case, most_sources=len(sources))


def _counted(case: Case, level: int) -> _Count | None:
    """What the level counts, where it costs the same for each and nothing else."""
    others = (case.kind_cost, case.unit_cost, case.stair_cost, case.unfilled_cost)
    if any(costs[level].any() for costs in others) or any(tariff.cards[level] for tariff in case.tariffs):
        return None
    packages = {*case.package_cost[level].tolist()}
    sources = {*case.source_cost[level, case.offer_source[case.lane_offer]].tolist()}
    further_package, further_source = int(case.further_package_cost[level]), int(case.further_source_cost[level])
    if len(packages) != 1 or len(sources) != 1:
        return None
    costs_package, costs_source = max(packages) + further_package > 0, max(sources) + further_source > 0
    if costs_package == costs_source:
        return None
    return _Count.PACKAGES if costs_package else _Count.SOURCES
