"""The whole wave as one mixed-integer program, for solvers that know nothing of its structure.

A binary for every entry and for every state that an order may leave; a number for what goes beyond each limit that has
a price. Built as one model for all of them, so that no solver is given a better one.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, WaveCase

SOLVERS = {
    "HiGHS": mathopt.SolverType.HIGHS,
    "SCIP": mathopt.SolverType.GSCIP,
    "CP-SAT": mathopt.SolverType.CP_SAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """What a solver found: None: no plan, or no bound that says anything."""

    solver: str
    columns: int
    rows: int
    seconds: float
    total: float | None
    bound: float | None


def solved(case: WaveCase, solver: str, seconds: float) -> Rival:
    """The wave by a solver of SOLVERS within so many seconds, without the time that the model's building takes."""
    proto = model_of(case)
    model = mathopt.Model.from_model_proto(proto)
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), relative_gap_tolerance=0.0)
    if solver == "CP-SAT":
        parameters.threads = 2
    begun = time.perf_counter()
    total = bound = None
    try:
        result = mathopt.solve(model, SOLVERS[solver], params=parameters)
    except Exception:  # MathOpt raises ValueError, AttributeError and RuntimeError where a solver breaks down
        result = None
    if result is not None:
        total = result.objective_value() if result.has_primal_feasible_solution() else None
        proven = result.termination.objective_bounds.dual_bound
        bound = proven if np.isfinite(proven) else None
    return Rival(
        solver=solver,
        columns=len(proto.variables.ids),
        rows=len(proto.linear_constraints.ids),
        seconds=time.perf_counter() - begun,
        total=total,
        bound=bound,
    )


def model_of(case: WaveCase) -> model_pb2.ModelProto:
    """The whole program. For waves without opening costs, leasts and quotas, whose packages are one a share."""
    assert not case.opening_cost.any()
    assert not case.least.any()
    assert (case.entry_lane >= 0).all()
    entries, states = len(case.entry_cost), len(case.leave_cost)
    soft = np.flatnonzero(case.over_cost < NEVER)
    further = np.flatnonzero(case.share_cost > 0)
    columns = entries + states + len(soft) + len(further)
    row, column, value = _matrix(case, soft, further)
    low, high = _limits(case, len(further))
    may_leave = case.leave_cost < NEVER
    cost = np.concatenate(
        [case.entry_cost, np.where(may_leave, case.leave_cost, 0), case.over_cost[soft], case.share_cost[further]]
    )
    upper = np.concatenate([np.ones(entries), may_leave.astype(float), np.full(len(soft) + len(further), 1e9)])
    sequence = np.lexsort((column, row))
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend([0.0] * columns)
    proto.variables.upper_bounds.extend(upper.tolist())
    proto.variables.integers.extend([True] * columns)
    priced = np.flatnonzero(cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(cost[priced].astype(float).tolist())
    proto.linear_constraints.ids.extend(range(len(low)))
    proto.linear_constraints.lower_bounds.extend(low.tolist())
    proto.linear_constraints.upper_bounds.extend(high.tolist())
    proto.linear_constraint_matrix.row_ids.extend(row[sequence].tolist())
    proto.linear_constraint_matrix.column_ids.extend(column[sequence].tolist())
    proto.linear_constraint_matrix.coefficients.extend(value[sequence].astype(float).tolist())
    return proto


def _matrix(case: WaveCase, soft: Ints, further: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows: parts are shipped or left; one state is left; a row has one share; shares; resources; further shares."""
    entries, states, parts, orders = len(case.entry_cost), len(case.leave_cost), len(case.part_units), case.orders
    row_of = np.repeat(np.arange(len(case.row_source)), np.diff(case.entry_start))
    order_of_row = np.repeat(np.arange(orders), np.diff(case.row_start))
    order_of = order_of_row[row_of]
    order_of_state = np.repeat(np.arange(orders), np.diff(case.leave_start))
    state = np.arange(states) - case.leave_start[order_of_state]
    at_one, at_row, at_shares = parts, parts + orders, parts + orders + len(case.row_source)
    at_resource = at_shares + orders
    at_further = at_resource + case.resources
    pieces = [
        (at_one + order_of_state, entries + np.arange(states), np.ones(states, dtype=np.int64)),
        (at_row + row_of, np.arange(entries), np.ones(entries, dtype=np.int64)),
        (at_shares + order_of, np.arange(entries), np.ones(entries, dtype=np.int64)),
        (at_resource + soft, entries + states + np.arange(len(soft)), -np.ones(len(soft), dtype=np.int64)),
    ]
    counts = np.diff(case.part_start)
    for d in range(int(counts.max(initial=0))):
        units, has = _units(case, case.entry_state.astype(np.int64), order_of, d)
        pieces.append((case.part_start[order_of[has]] + d, np.flatnonzero(has), units[has]))
        stock = case.row_stock[case.stock_start[row_of[has]] + d]
        pieces.append((at_resource + stock.astype(np.int64), np.flatnonzero(has), units[has]))
        left, leaves = _units(case, state, order_of_state, d)
        pieces.append((case.part_start[order_of_state[leaves]] + d, entries + np.flatnonzero(leaves), left[leaves]))
    pieces += _of_sources(case, row_of, at_resource)
    served = np.flatnonzero(case.entry_service != NONE)
    pieces.append((at_resource + case.entry_service[served].astype(np.int64), served, np.ones_like(served)))
    number = np.full(orders, NONE)
    number[further] = np.arange(len(further))
    many = np.flatnonzero(number[order_of] != NONE)
    pieces.append((at_further + number[order_of[many]], many, np.ones_like(many)))
    extra = entries + states + len(soft) + np.arange(len(further))
    pieces.append((at_further + np.arange(len(further)), extra, -np.ones(len(further), dtype=np.int64)))
    row, column, value = (np.concatenate([piece[k] for piece in pieces]).astype(np.int64) for k in range(3))
    return row, column, value


def _units(case: WaveCase, states: Ints, order_of: Ints, d: int) -> tuple[Ints, NDArray[np.bool_]]:
    """The units of part d of each state's order, and where there are any."""
    has = np.diff(case.part_start)[order_of] > d
    part = np.where(has, case.part_start[order_of] + d, 0)
    units = np.where(has, states // case.part_stride[part] % (case.part_units[part] + 1), 0)
    return units, units > 0


def _of_sources(case: WaveCase, row_of: Ints, at_resource: int) -> list[tuple[Ints, Ints, Ints]]:
    assert (case.source_units == NONE).all()
    assert (case.source_minutes == NONE).all()
    assert (case.source_value == NONE).all()
    resource = case.source_orders[case.row_source[row_of]].astype(np.int64)
    counted = np.flatnonzero(resource != NONE)
    return [(at_resource + resource[counted], counted, np.ones_like(counted))]


def _limits(case: WaveCase, further: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    wanted, one = case.part_units.astype(float), np.ones(case.orders)
    most = [
        np.ones(len(case.row_source)),
        case.most_shares.astype(float),
        case.capacity.astype(float),
        np.ones(further),
    ]
    below = [np.full(len(limit), -np.inf) for limit in most]
    return np.concatenate([wanted, one, *below]), np.concatenate([wanted, one, *most])
