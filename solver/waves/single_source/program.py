"""Restricted choices as a mixed-integer program: some orders take new options, all others stay where they are.

The costs handed to the solver are what each option costs more than its order's cheapest one, scaled to floats of a
moderate size: the answer is used only for which options it takes, and its cost is counted anew in whole numbers.
"""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2

from solver.sourcing.case import Ints

_SCALE = 1e9  # of the dearest column, at most
_LINKED = 3000  # with fewer options each is also linked to its source: closer, but more rows


class Restricted(NamedTuple):
    """Free orders (numbered from 0) and the options that each may take; sources (numbered from 0) with their room."""

    order: Ints  # [k]
    source: Ints  # [k]
    cost: Ints  # [k]
    weight: Ints  # [k]
    room: Ints  # [s]
    opening_cost: Ints  # [s]: 0 where others keep the source open


class Solved(NamedTuple):
    """Which options to take, one of each order, [k]; and whether HiGHS calls that the best."""

    taken: NDArray[np.bool_]
    is_best: bool


def solved(program: Restricted, *, start: NDArray[np.bool_], seconds: float, nodes: int) -> Solved | None:
    """The best choice found; None where HiGHS found nothing within its limits."""
    from ortools.math_opt.python import mathopt  # late: see solver.late

    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds), node_limit=nodes, relative_gap_tolerance=1e-7
    )
    model = mathopt.Model.from_model_proto(_as_proto(program))
    variables = list(model.variables())
    options = variables[: len(program.order)]
    values = dict(zip(options, start.astype(float).tolist(), strict=True))
    used = np.bincount(program.source[start], minlength=len(program.room)) > 0
    values |= dict(zip(variables[len(options) :], used.astype(float).tolist(), strict=True))
    hint = mathopt.SolutionHint(variable_values=values)
    try:
        result = mathopt.solve(
            model,
            mathopt.SolverType.HIGHS,
            params=parameters,
            model_params=mathopt.ModelSolveParameters(solution_hints=[hint]),
        )
    except Exception:  # MathOpt raises ValueError, AttributeError and RuntimeError where a solver breaks down
        return None
    if not result.has_primal_feasible_solution():
        return None
    by_id = result.variable_values()
    taken = np.array([by_id[option] > 0.5 for option in options])
    return Solved(taken=taken, is_best=result.termination.reason == mathopt.TerminationReason.OPTIMAL)


def _as_proto(program: Restricted) -> model_pb2.ModelProto:
    options, sources, orders = len(program.order), len(program.room), int(program.order.max()) + 1
    columns = options + sources
    least = np.full(orders, np.iinfo(np.int64).max)
    np.minimum.at(least, program.order, program.cost)
    cost = np.concatenate((program.cost - least[program.order], program.opening_cost)).astype(float)
    cost = np.round(cost * min(1.0, _SCALE / max(cost.max(), 1.0)))
    row, column, value = _matrix(program, orders)
    rows = int(row.max()) + 1
    links = rows - orders - sources
    lower = [1.0] * orders + [-np.inf] * (rows - orders)
    upper = [1.0] * orders + [0.0] * (sources + links)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend([0.0] * columns)
    proto.variables.upper_bounds.extend([1.0] * columns)
    proto.variables.integers.extend([True] * columns)
    priced = np.flatnonzero(cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(cost[priced].tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(lower)
    proto.linear_constraints.upper_bounds.extend(upper)
    sequence = np.lexsort((column, row))
    proto.linear_constraint_matrix.row_ids.extend(row[sequence].tolist())
    proto.linear_constraint_matrix.column_ids.extend(column[sequence].tolist())
    proto.linear_constraint_matrix.coefficients.extend(value[sequence].tolist())
    return proto


def _matrix(program: Restricted, orders: int) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """One option for each order; no more than the room of an open source; and links of options to their sources."""
    options, sources = np.arange(len(program.order)), np.arange(len(program.room))
    opening = options.size + sources
    row = [program.order, orders + program.source, orders + sources]
    column = [options, options, opening]
    value = [np.ones(options.size), program.weight.astype(float), -program.room.astype(float)]
    linked = options[program.opening_cost[program.source] > 0]
    if 0 < linked.size <= _LINKED:
        link = orders + sources.size + np.arange(linked.size)
        row += [link, link]
        column += [linked, opening[program.source[linked]]]
        value += [np.ones(linked.size), -np.ones(linked.size)]
    return np.concatenate(row), np.concatenate(column), np.concatenate(value)
