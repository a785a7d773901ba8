"""The exact engine: the best plan of a case, with proof, or the reason why it gives up."""

from dataclasses import dataclass, replace
from math import inf
from time import perf_counter
from typing import Literal

import numpy as np

from solver.sourcing.case import Case, Finding, Ints, Shipment
from solver.sourcing.cost import cost_of
from solver.sourcing.exact.arrays import MOST_STATES, NEVER, Arrays, arrays_of, prepared
from solver.sourcing.exact.beyond import units_beyond_stock, with_unfilled, without
from solver.sourcing.exact.branch import Effort, Solution, prove
from solver.sourcing.exact.bulk import best_loads
from solver.sourcing.exact.filling import to_be_filled
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.levels import Scale
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.tables import PriceTables
from solver.sourcing.exact.ways import DEFAULT, Way
from solver.sourcing.exact.whole import Worth, may_be_whole

_FEW_SPLITS = 1 << 25  # up to here, counting every unit is fast enough
_MOST_ROUNDS = 8  # counting more packages than this costs more than it bounds
MOST_LOADS = 100_000_000 if IS_COMPILED else 20_000  # nodes of the search over loads that take some seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much work the search may do before it gives up."""

    states: int = MOST_STATES
    splits: int = 1 << 29
    nodes: int = 20_000_000 if IS_COMPILED else 1_000_000
    loads: int = 2_000_000 if IS_COMPILED else 20_000  # nodes of the search over loads, which has larger ones
    until: float = inf  # the moment of `time.perf_counter` after which nothing large is begun


def search(
    case: Case, *, limits: Limits | None = None, way: Way = DEFAULT, most: tuple[int, ...] | None = None
) -> Finding:
    """The best plan of a case. It is proven, or the finding's reason is a GaveUp: its plan is then a poor one.

    Of plans that cost the same, the same case always gives the same one. With `most`, a cost of the first levels, it
    may as well be any plan of at most that, or one of no use with a bound above that.
    """
    limits = limits or Limits()
    if not case.carries.any():
        return _nothing(case, "")
    beyond = units_beyond_stock(case)
    if beyond.any():
        cost = tuple((case.unfilled_cost @ beyond).tolist())
        if most is not None:
            if cost[: len(most)] > most:
                return replace(_nothing(case, ""), bound=cost)
            most = tuple(amount - less for amount, less in zip(most, cost, strict=False))
        return with_unfilled(_searched(without(case, beyond), limits, way, most), case, beyond)
    return _searched(case, limits, way, most)


def _searched(case: Case, limits: Limits, way: Way, most: tuple[int, ...] | None) -> Finding:
    ready = prepared(case)
    if isinstance(ready, GaveUp):
        return _filled(case, limits, way, ready)
    question = _Question(case=case, tables=ready[0], scale=ready[1], way=way, limits=limits, most=most)
    units = np.ones(len(case.demand), dtype=np.int64)
    if question.splits(units) <= _FEW_SPLITS and question.may_search(units):
        return _by_loads(question, units, question.answered(*question.solved(units)))
    return _reduced(question, units)


def _filled(case: Case, limits: Limits, way: Way, reason: GaveUp) -> Finding:
    """A case that is not ready for that reason: nothing, or where levels were too many, a plan that fills it."""
    whole = to_be_filled(case) if reason is GaveUp.LEVELS_OVERFLOW else None
    finding = _nothing(case, reason) if whole is None else _searched(whole, limits, way, None)
    return _nothing(case, reason) if finding.unfilled.any() else finding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    """A case made ready, with how to search it."""

    case: Case
    tables: PriceTables
    scale: Scale
    way: Way
    limits: Limits
    most: tuple[int, ...] | None  # of the first levels, where dearer plans are not asked for

    @property
    def enough(self) -> int:
        """Any plan below this will do, and none that costs it or more is asked for."""
        return NEVER if self.most is None else self.scale.beyond(self.most)

    def splits(self, block_units: Ints) -> float:
        """In how many ways some of the order can be parted in two; a float, as they may be very many."""
        asked = (self.case.demand // block_units).astype(float)
        with np.errstate(over="ignore"):  # infinitely many are too many as well
            return float(np.prod((asked + 1) * (asked + 2) / 2))

    def may_search(self, block_units: Ints) -> bool:
        """True when the order in these blocks is within the limits."""
        with np.errstate(over="ignore"):
            states = float(np.prod((self.case.demand // block_units + 1).astype(float)))
        return states <= self.limits.states and self.splits(block_units) <= self.limits.splits

    def solved(self, block_units: Ints, known: int = NEVER) -> tuple[Arrays, Solution | GaveUp]:
        """The case in these blocks, and its best plan below the known cost."""
        c = arrays_of(self.case, self.tables, self.scale, block_units)
        effort = Effort(nodes=self.limits.nodes, until=self.limits.until)
        return c, solve(c, self.way, effort, shares_parts=_shares_parts(self.case), known=known)

    def answered(self, c: Arrays, solution: Solution | GaveUp, reason: str = "", bound: int | None = None) -> Finding:
        """A solution as a finding, by default with its own bound."""
        if isinstance(solution, GaveUp):
            return _nothing(self.case, solution)
        bound = solution.bound if bound is None else bound
        return Finding(
            shipments=_shipments(c, solution),
            unfilled=_unfilled(self.case, c, self.way, solution.left),
            cost=self.scale.parted(solution.total),
            bound=self.scale.parted(bound),
            reason="" if bound == solution.total else reason or GaveUp.SEARCH_BUDGET,
        )


def _reduced(question: _Question, units: Ints) -> Finding:
    """Large quantities: the best plan that splits none; then by loads; then in units where a better one may."""
    case = question.case
    whole = may_be_whole(case)
    blocks = np.where(whole, case.demand, units)
    if not question.may_search(blocks):
        return _by_loads(question, units, _nothing(case, GaveUp.TOO_MANY_STATES))
    c, coarse = question.solved(blocks)
    if isinstance(coarse, GaveUp):
        return _by_loads(question, units, _nothing(case, coarse))
    worth = Worth.of(case, arrays_of(case, question.tables, question.scale, units))
    kept = whole & worth.never_split(coarse.total)
    if (kept == whole).all():
        return _by_loads(question, units, question.answered(c, coarse))
    bound = min(coarse.total, worth.bound)
    finding = _by_loads(question, units, question.answered(c, coarse, GaveUp.TOO_MANY_STATES, bound))
    blocks = np.where(kept, case.demand, units)
    has_time = finding.reason and perf_counter() < question.limits.until
    return _in_units(question, blocks, finding) if has_time and question.may_search(blocks) else finding


def _in_units(question: _Question, blocks: Ints, finding: Finding) -> Finding:
    """A finding without proof: searched again in these blocks, in which a better plan must be if there is one."""
    scale = question.scale
    known, proven = (int(scale.joined(np.array(costs))) for costs in (finding.cost, finding.bound))
    fine, solution = question.solved(blocks, known=known)
    if isinstance(solution, GaveUp):
        return replace(finding, reason=solution)
    if solution.total < known:
        return question.answered(fine, solution, bound=max(proven, solution.bound))
    proven = max(proven, min(known, solution.bound))
    return replace(finding, bound=scale.parted(proven), reason="" if proven == known else GaveUp.SEARCH_BUDGET)


def _by_loads(question: _Question, units: Ints, finding: Finding) -> Finding:
    """A finding, where it lacks proof searched again by what packages are opened as."""
    case, scale = question.case, question.scale
    if not finding.reason or not question.limits.loads:
        return finding
    c = arrays_of(case, question.tables, scale, units)
    known, bound = (int(scale.joined(np.array(costs))) for costs in (finding.cost, finding.bound))
    if question.most is not None and known < question.enough:
        return replace(finding, reason="")
    known, limits = min(known, question.enough), question.limits
    loaded = best_loads(case, c, known=known, bound=bound, nodes=limits.loads, until=limits.until)
    if loaded is None:
        return finding
    reason = "" if loaded.bound == loaded.total else finding.reason
    if loaded.total == known:
        return replace(finding, bound=scale.parted(loaded.bound), reason=reason)
    lines = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
    unfilled = (lines * loaded.left).sum(axis=1)
    cost = cost_of(case, loaded.shipments, unfilled)
    return Finding(
        shipments=loaded.shipments,
        unfilled=unfilled,
        cost=cost,
        bound=scale.parted(loaded.bound) if reason else cost,
        reason=reason,
    )


def solve(c: Arrays, way: Way, effort: Effort, *, shares_parts: bool, known: int = NEVER) -> Solution | GaveUp:
    """The relaxed problem, then what its coupling rules ask for: counting, or branch and bound below the known cost."""
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
    return prove(c, way, relaxed, by_source=by_source, rounds=rounds, effort=effort, known=known)


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


def _nothing(case: Case, reason: GaveUp | Literal[""]) -> Finding:
    """Nothing ships; without a reason there is no other plan."""
    cost = tuple((case.unfilled_cost @ case.line_quantity).tolist())
    return Finding(
        shipments=(),
        unfilled=case.line_quantity.copy(),
        cost=cost,
        bound=(0,) * case.levels if reason else cost,
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
