"""The exact engine: the best plan of a case, with proof, or the reason why it gives up."""

from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Case, Finding, Ints, Shipment
from solver.sourcing.exact.arrays import MOST_STATES, Arrays, arrays_of, prepared
from solver.sourcing.exact.branch import Solution, prove
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.levels import Scale
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.tables import PriceTables
from solver.sourcing.exact.ways import DEFAULT, Way

_MOST_ROUNDS = 8  # counting more packages than this costs more than it bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much work the search may do before it gives up."""

    states: int = MOST_STATES
    nodes: int = 200_000


def search(case: Case, *, limits: Limits | None = None, way: Way = DEFAULT) -> Finding:
    """The best plan of a case. It is proven, or the finding's reason is a GaveUp and it ships nothing.

    Of plans that cost the same, the same case always gives the same one.
    """
    limits = limits or Limits()
    ready = prepared(case)
    if isinstance(ready, GaveUp):
        return _nothing(case, ready)
    tables, scale = ready
    ones = np.ones(len(case.demand), dtype=np.int64)
    if _states(case, ones) > limits.states:
        return _nothing(case, GaveUp.TOO_MANY_STATES)
    return _searched(case, tables, scale, ones, limits, way)


def _states(case: Case, block_units: Ints) -> float:
    return float(np.prod((case.demand // block_units + 1).astype(float)))


def _searched(case: Case, tables: PriceTables, scale: Scale, block_units: Ints, limits: Limits, way: Way) -> Finding:
    c = arrays_of(case, tables, scale, block_units)
    solution = solve(c, way, limits.nodes, shares_parts=_shares_parts(case))
    if isinstance(solution, GaveUp):
        return _nothing(case, solution)
    return Finding(
        shipments=_shipments(c, solution),
        unfilled=_unfilled(case, c, way, solution.left),
        cost=scale.parted(solution.total),
        bound=scale.parted(solution.bound),
        reason="" if solution.bound == solution.total else GaveUp.SEARCH_BUDGET,
    )


def solve(c: Arrays, way: Way, nodes: int, *, shares_parts: bool) -> Solution | GaveUp:
    """The relaxed problem, then what its coupling rules ask for: counting, or branch and bound."""
    by_source = bool((c.source_cost > 0).any())
    rounds = 0
    relaxed = way.relax(c, by_source, 0)
    if not relaxed.is_feasible and min(c.most_packages, c.most_sources) > 0:
        by_source, rounds = _counting(c, relaxed, by_source=by_source)
        if rounds:
            relaxed = way.relax(c, by_source, rounds)
    if relaxed.is_feasible:
        return Solution(
            total=int(relaxed.total),
            bound=int(relaxed.total),
            left=int(relaxed.left),
            lanes=relaxed.lanes,
            contents=relaxed.contents,
        )
    if shares_parts:
        return GaveUp.TOGETHER_SHARES_PARTS
    return prove(c, way, relaxed, by_source=by_source, rounds=rounds, nodes=nodes)


def _counting(c: Arrays, relaxed: Relaxed, *, by_source: bool) -> tuple[bool, int]:
    """Whether to go by source, and for how many rounds, so that the limit which the plan broke is kept."""
    sources = len(np.unique(c.offer_source[c.lane_offer[relaxed.lanes]]))
    rounds = 0
    if sources > c.most_sources:
        by_source, rounds = True, min(c.most_sources, c.most_packages)
    elif len(relaxed.lanes) > c.most_packages:
        rounds = c.most_packages
    return by_source, rounds if rounds <= _MOST_ROUNDS else 0


def _shares_parts(case: Case) -> bool:
    """True when a line that must leave from one source has a part in common with another line."""
    wanted = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
    return bool((wanted[case.together] & (wanted.sum(axis=0) > 1)).any())


def _nothing(case: Case, reason: GaveUp) -> Finding:
    return Finding(
        shipments=(),
        unfilled=case.line_quantity.copy(),
        cost=tuple((case.unfilled_cost @ case.line_quantity).tolist()),
        bound=(0,) * case.levels,
        reason=reason,
    )


def _shipments(c: Arrays, solution: Solution) -> tuple[Shipment, ...]:
    """The packages by lane, then contents."""
    lanes = c.lane_number[solution.lanes]
    return tuple(
        Shipment(lane=int(lanes[i]), units=solution.contents[i] // c.stride % c.radix * c.block_units)
        for i in np.lexsort((solution.contents, lanes))
    )


def _unfilled(case: Case, c: Arrays, way: Way, left: int) -> Ints:
    """Which units of each line make up what is left, most cheaply; the later lines first where it is the same."""
    unfilled = np.zeros_like(case.line_quantity)
    for k in reversed(range(len(unfilled))):
        if not left:
            break
        before = way.leaving_cost(c, k)
        step, most = int(c.line_state[k]), int(c.line_times[k])
        times = np.arange(min(most, left // step) + 1 if step else 1)
        costs = before[left - times * step] + times * int(c.line_cost[k])
        chosen = len(times) - 1 - int(np.argmin(costs[::-1]))
        unfilled[k] = chosen * (case.line_quantity[k] // most if most else 0)
        left -= chosen * step
    return unfilled
