"""One plan for each order out of several, as a mixed-integer program; HiGHS solves it."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from ortools.math_opt import model_pb2

from solver.sourcing.case import Ints

_NEAR_ENOUGH = 2e-6  # relative gap
_UNLIMITED = 1e12


class Choices(NamedTuple):
    """Columns are plans, one of each order is taken. Rows are resources, used by plans up to what there is of them.

    What goes beyond costs `over_cost` a unit, what is short of `least` `under_cost`; any use at all costs `fixed_cost`.
    """

    order: Ints  # [columns], from 0 on, each with one column at least
    cost: Ints  # [columns]
    row: Ints  # [entries of the matrix]
    column: Ints
    amount: Ints
    capacity: Ints  # [rows]
    least: Ints
    over_cost: Ints  # -1: never
    under_cost: Ints
    fixed_cost: Ints


def chosen(choices: Choices, *, start: Ints, seconds: float | None, nodes: int) -> Ints | None:
    """The columns taken, by order; None where nothing was found within the limits. `start` are columns known to do."""
    from ortools.math_opt.python import mathopt  # late: see solver.late

    model = mathopt.Model.from_model_proto(_as_proto(choices))
    variables = list(model.variables())[: len(choices.order)]
    taken = np.zeros(len(variables))
    taken[start] = 1.0
    hint = mathopt.SolutionHint(variable_values=dict(zip(variables, taken.tolist(), strict=True)))
    parameters = mathopt.SolveParameters(
        node_limit=nodes,
        relative_gap_tolerance=_NEAR_ENOUGH,
        time_limit=None if seconds is None else timedelta(seconds=seconds),
    )
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
    values = np.array([by_id[variable] for variable in variables])
    sequence = np.lexsort((-values, choices.order))
    _, first = np.unique(choices.order[sequence], return_index=True)
    return sequence[first]


def _as_proto(c: Choices) -> model_pb2.ModelProto:
    orders, rows, columns = int(c.order.max()) + 1, len(c.capacity), len(c.order)
    soft, short, fixed = (np.flatnonzero(kind > 0) for kind in (c.over_cost, c.least * c.under_cost, c.fixed_cost))
    over_at = columns + np.arange(len(soft))
    short_at = columns + len(soft) + np.arange(len(short))
    fixed_at = columns + len(soft) + len(short) + np.arange(len(fixed))
    count = columns + len(soft) + len(short) + len(fixed)
    most = np.zeros(rows)  # that all columns could use
    np.add.at(most, c.row, c.amount)
    row = [c.order, orders + c.row, orders + soft, orders + rows + np.searchsorted(short, c.row)]
    column = [np.arange(columns), c.column, over_at, c.column]
    value = [np.ones(columns), c.amount.astype(float), -np.ones(len(soft)), c.amount.astype(float)]
    under = np.isin(c.row, short)
    row[3], column[3], value[3] = row[3][under], column[3][under], value[3][under]
    row += [orders + rows + np.arange(len(short)), orders + fixed]
    column += [short_at, fixed_at]
    capacity = np.where(c.fixed_cost > 0, 0.0, np.minimum(c.capacity, _UNLIMITED).astype(float))
    value += [np.ones(len(short)), -np.minimum(most, c.capacity)[fixed].astype(float)]
    upper = np.concatenate([np.ones(columns), np.full(len(soft) + len(short), _UNLIMITED), np.ones(len(fixed))])
    cost = np.concatenate([c.cost, c.over_cost[soft], c.under_cost[short], c.fixed_cost[fixed]]).astype(float)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend([0.0] * count)
    proto.variables.upper_bounds.extend(upper.tolist())
    proto.variables.integers.extend([True] * columns + [False] * (len(soft) + len(short)) + [True] * len(fixed))
    priced = np.flatnonzero(cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(cost[priced].tolist())
    proto.linear_constraints.ids.extend(range(orders + rows + len(short)))
    least = c.least[short].astype(float)
    proto.linear_constraints.lower_bounds.extend([1.0] * orders + [-np.inf] * rows + least.tolist())
    proto.linear_constraints.upper_bounds.extend([1.0] * orders + capacity.tolist() + [np.inf] * len(short))
    rows_of, columns_of, values = (np.concatenate(one) for one in (row, column, value))
    sequence = np.lexsort((columns_of, rows_of))
    proto.linear_constraint_matrix.row_ids.extend(rows_of[sequence].tolist())
    proto.linear_constraint_matrix.column_ids.extend(columns_of[sequence].tolist())
    proto.linear_constraint_matrix.coefficients.extend(values[sequence].tolist())
    return proto
