"""The reference engine: the mixed-integer program, level by level, by OR-Tools."""

import time
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Finding, Ints, Shipment
from solver.sourcing.cost import cost_of
from solver.sourcing.mip.candidates import Candidate, candidates, package_slots, usable_lanes
from solver.sourcing.mip.families.levels import better_levels_keep_their_value
from solver.sourcing.mip.formulation import formulate
from solver.sourcing.mip.program import Outcome, Solution
from solver.sourcing.mip.variables import Formulation
from solver.sourcing.plan import Stop

_SECONDS_PER_COLUMN = 20e-6  # of units, with its rows, in writing the program; reading it takes the solver as long
_MOST_WRITING = 0.25  # of the time allowed


class MipReason(StrEnum):
    """Why the program's finding lacks its proof."""

    TIME_LIMIT = "time_limit"  # a plan was found, but not proven at every level
    NO_SOLUTION_IN_TIME = "no_solution_in_time"  # nothing was found: the finding ships nothing
    SOLVER_FAILED = "solver_failed"  # the solver broke down; what was found before stands
    SOLVER_INEXACT = "solver_inexact"  # in whole numbers its answer is no plan, or not known to be as good as it says


def solve_by_mip(
    case: Case, *, tolerances: tuple[int, ...] = (), time_limit_seconds: float, must_ship: int | None = None
) -> tuple[Finding, Stop]:
    """Minimise the levels one after the other; each may then exceed its least value by its tolerance (else by 0).

    A level that is not proven within its share of the time (half of what is left; the last has all of it) keeps the
    best value found, or what its bound and tolerance allow, and the later levels are still improved. The stop is
    OPTIMAL where every level was proven.

    The finding's cost is recomputed in whole numbers from its packages; `bound[p]` is the proven least value of level
    p, so with a tolerance the cost may lie above it. After a level that was not proven the bounds are 0: a plan that
    were better there could cost anything later.

    With `must_ship` only plans are looked at in which this source ships something; where none is found, the finding has
    no shipments. Neither has it where the program is so large that the time would go by in writing it.
    """
    until = time.perf_counter() + time_limit_seconds
    usable = _usable(case, must_ship)
    if _seconds_to_write(case, usable) > time_limit_seconds * _MOST_WRITING:
        return _nothing_in_time(case, must_ship), Stop.TIME_LIMIT
    search = _Search(case=case, usable=usable, tolerances=tolerances, until=until, must_ship=must_ship)
    for level in range(case.levels):
        search.minimise(level)
        if search.reason in (MipReason.SOLVER_FAILED, MipReason.NO_SOLUTION_IN_TIME):
            break
    return search.finding(), search.stop()


@dataclass(slots=True, kw_only=True)
class _Search:
    """The best plan so far, at first the one that ships nothing, and what is proven."""

    case: Case
    usable: tuple[Candidate, ...]
    tolerances: tuple[int, ...]
    until: float
    must_ship: int | None = None
    formulation: Formulation = field(init=False)
    shipments: tuple[Shipment, ...] = ()
    unfilled: Ints = field(init=False)
    cost: tuple[int, ...] = field(init=False)
    bound: list[int] = field(init=False)
    most: list[int] = field(default_factory=list)  # what the levels settled so far may come to
    start: tuple[float, ...] = ()  # the best plan as values by column
    reason: MipReason | None = None

    def __post_init__(self) -> None:
        self.formulation = formulate(self.case, self.usable)
        self.unfilled = self.case.line_quantity.copy()
        self.cost = cost_of(self.case, (), self.unfilled)
        if self.must_ship is not None:
            self.cost = _no_answer(self.case)
            _let_it_ship(self.formulation, self.must_ship)
        self.bound = [0] * self.case.levels

    def minimise(self, level: int) -> None:
        """Settle one level, and keep it for those that follow. No cost is negative, so a cost of 0 is proven."""
        if self.cost[level]:
            self._solve(level)
        tolerance = self.tolerances[level] if level < len(self.tolerances) else 0
        self.most.append(max(self.cost[level], self.bound[level] + tolerance))
        better_levels_keep_their_value(self.formulation, level, self.most[level])

    def _solve(self, level: int) -> None:
        left = self.until - time.perf_counter()
        share = left if level == self.case.levels - 1 else left / 2
        if share <= 0:
            self._stop_for(MipReason.TIME_LIMIT if level else MipReason.NO_SOLUTION_IN_TIME)
            return
        solution = self.formulation.program.solve(level=level, start=self.start, time_limit_seconds=share)
        was_proven = self.reason is None
        self._take(level, solution)
        if was_proven and self.reason is not MipReason.SOLVER_INEXACT:
            self.bound[level] = min(solution.bound, self.cost[level])
        if self.bound[level] < self.cost[level]:
            is_optimal = solution.outcome is Outcome.OPTIMAL and was_proven
            self._stop_for(MipReason.SOLVER_INEXACT if is_optimal else MipReason.TIME_LIMIT)

    def _take(self, level: int, solution: Solution) -> None:
        """Keep the solution where it is a plan that the levels before allow, and better than the best so far."""
        if not solution.values:
            nothing = MipReason.TIME_LIMIT if level else MipReason.NO_SOLUTION_IN_TIME
            self._stop_for(MipReason.SOLVER_FAILED if solution.outcome is Outcome.FAILED else nothing)
            return
        shipments, unfilled = self.formulation.shipments(solution), self.formulation.unfilled(solution)
        try:
            cost = cost_of(self.case, shipments, unfilled)
        except ValueError:
            self._stop_for(MipReason.SOLVER_INEXACT)
            return
        kept = all(now <= most for now, most in zip(cost, self.most, strict=False))
        if not kept or not _is_filled(self.case, shipments, unfilled):
            self._stop_for(MipReason.SOLVER_INEXACT)
        elif cost[level:] < self.cost[level:]:
            self.shipments, self.unfilled, self.cost, self.start = shipments, unfilled, cost, solution.values
            if any(now < bound for now, bound in zip(cost, self.bound, strict=True)):
                self._stop_for(MipReason.SOLVER_INEXACT)  # it is better than what was called the least value
                self.bound = [0] * self.case.levels

    def _stop_for(self, reason: MipReason) -> None:
        """Note why the proof is lost; the first reason stands, unless it was time and this is worse."""
        if self.reason in (None, MipReason.TIME_LIMIT):
            self.reason = reason

    def finding(self) -> Finding:
        """The best plan with what is proven."""
        return Finding(
            shipments=self.shipments,
            unfilled=self.unfilled,
            cost=self.cost,
            bound=tuple(self.bound),
            reason=self.reason or "",
        )

    def stop(self) -> Stop:
        """How the search ended."""
        match self.reason:
            case None:
                return Stop.OPTIMAL
            case MipReason.TIME_LIMIT | MipReason.NO_SOLUTION_IN_TIME:
                return Stop.TIME_LIMIT
            case _:
                return Stop.SOLVER_FAILED


def _seconds_to_write(case: Case, usable: tuple[Candidate, ...]) -> float:
    columns = sum(int(np.count_nonzero(one.reach)) * package_slots(case, one) for one in usable)
    return columns * _SECONDS_PER_COLUMN


def _nothing_in_time(case: Case, must_ship: int | None) -> Finding:
    nothing = case.line_quantity.copy()
    cost = cost_of(case, (), nothing) if must_ship is None else _no_answer(case)
    reason = MipReason.NO_SOLUTION_IN_TIME
    return Finding(shipments=(), unfilled=nothing, cost=cost, bound=(0,) * case.levels, reason=reason)


def _no_answer(case: Case) -> tuple[int, ...]:
    """Where a source must ship, shipping nothing is none."""
    return (NO_LIMIT,) * case.levels


def _usable(case: Case, must_ship: int | None) -> tuple[Candidate, ...]:
    """The candidates, and every lane of the source that must ship, superfluous or not."""
    kept = candidates(case)
    if must_ship is None:
        return kept
    source, lanes = case.offer_source[case.lane_offer], {one.lane for one in kept}
    return tuple(one for one in usable_lanes(case) if one.lane in lanes or source[one.lane] == must_ship)


def _let_it_ship(formulation: Formulation, source: int) -> None:
    columns = [column for slot in formulation.slots if slot.source == source for column in slot.ship_units.values()]
    formulation.program.add_row("the_source_ships", dict.fromkeys(columns, 1.0), at_least=1)


def _is_filled(case: Case, shipments: tuple[Shipment, ...], unfilled: Ints) -> bool:
    """Whether, in whole numbers, lines are filled and no package exceeds its lane's limits or its offer's stock."""
    taken = np.zeros_like(case.stock)
    for shipment in shipments:
        lane, units = shipment.lane, shipment.units
        taken[case.lane_offer[lane]] += units
        if (
            units @ case.unit_grams > case.package_most_grams[lane]
            or units @ case.unit_mm3 > case.package_most_mm3[lane]
            or units.sum() > case.package_most_units[lane]
        ):
            return False
    shipped = taken.sum(axis=0) == (case.line_quantity - unfilled) @ case.line_units
    return bool(shipped.all() and (taken <= case.stock).all())
