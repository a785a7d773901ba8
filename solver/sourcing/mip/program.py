"""A mixed-integer program as columns and rows, and its solution by OR-Tools.

Rows are gathered in plain lists and handed to MathOpt as one ModelProto, which builds about twenty times faster than
adding variables and constraints one at a time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ortools.math_opt import model_pb2
from ortools.math_opt.solvers.gscip import gscip_pb2

_BOUND_SLACK = 0.01  # the bound of a floating-point solver is trusted to this fraction of a unit,
_RELATIVE_SLACK = 1e-9  # and to this fraction of the largest cost of a column
_PROOF_GAP = 0.5  # all costs are whole numbers: a smaller gap is none
_ROW_SLACK = 1e-9  # relative; at SCIP's own 1e-6 a level of some millions would be exceeded by whole units
_MOST_ROW_SLACK = 1e-6  # SCIP's own
_ROUNDING = 10 * 2.0**-52  # relative; a slack below what sums of large values are off by takes plans for none
_MOST_BELIEVED = 50_000_000  # with larger values, as grams of a package, bounds have been seen that were none
_UNLIMITED = math.inf


class Outcome(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    NOTHING = "nothing"  # the time ran out before any plan was found
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Values by column (empty when nothing was found) and the proven lower bound, in the unit of the level."""

    outcome: Outcome
    values: tuple[float, ...]
    bound: int

    def units(self, column: int) -> int:
        """The whole number that a column stands at."""
        return round(self.values[column])


@dataclass(slots=True)
class Program:
    """Minimise a level's cost over columns, subject to rows. Built one constraint family at a time."""

    names: list[str] = field(default_factory=list)
    upper_bounds: list[float] = field(default_factory=list)
    integers: list[bool] = field(default_factory=list)
    costs: list[tuple[int, ...]] = field(default_factory=list)  # by column, then by level; empty: no cost at any
    row_names: list[str] = field(default_factory=list)
    row_lower_bounds: list[float] = field(default_factory=list)
    row_upper_bounds: list[float] = field(default_factory=list)
    row_ids: list[int] = field(default_factory=list)
    column_ids: list[int] = field(default_factory=list)
    coefficients: list[float] = field(default_factory=list)

    def add_column(self, name: str, *, upper_bound: float, cost: Sequence[int] = (), integer: bool = True) -> int:
        """A variable between 0 and `upper_bound`, with its cost at every level; returns its number."""
        self.names.append(name)
        self.upper_bounds.append(float(upper_bound))
        self.integers.append(integer)
        self.costs.append(tuple(cost) if any(cost) else ())
        return len(self.names) - 1

    def add_row(
        self, name: str, terms: dict[int, float], *, at_least: float = -_UNLIMITED, at_most: float = _UNLIMITED
    ) -> None:
        """A constraint at_least <= sum(coefficient * column) <= at_most; `terms` maps column to coefficient."""
        row = len(self.row_names)
        self.row_names.append(name)
        self.row_lower_bounds.append(float(at_least))
        self.row_upper_bounds.append(float(at_most))
        for column in sorted(terms):
            self.row_ids.append(row)
            self.column_ids.append(column)
            self.coefficients.append(float(terms[column]))

    def cost_terms(self, level: int) -> dict[int, float]:
        """What each column that costs anything at the level costs there."""
        return {column: float(cost[level]) for column, cost in enumerate(self.costs) if cost and cost[level]}

    def solve(self, *, level: int = 0, start: Sequence[float] = (), time_limit_seconds: float) -> Solution:
        """Minimise the level's cost, perhaps from a known point (values by column).

        The bound is a whole number, since every cost is; 0 where values are too large for one to be believed.
        """
        from ortools.math_opt.python import mathopt  # late: see solver.late

        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=time_limit_seconds),
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=_PROOF_GAP,
            gscip=gscip_pb2.GScipParameters(
                real_params={"numerics/feastol": self._row_slack()},
                int_params={"propagating/probing/maxprerounds": 0},  # in SCIP 10 it may cut off every best solution
            ),
        )
        model = mathopt.Model.from_model_proto(self._as_proto(level))
        variables = list(model.variables())
        hints = [mathopt.SolutionHint(variable_values=dict(zip(variables, start, strict=True)))] if start else []
        try:
            result = mathopt.solve(
                model,
                mathopt.SolverType.GSCIP,
                params=parameters,
                model_params=mathopt.ModelSolveParameters(solution_hints=hints),
            )
        except Exception:  # MathOpt raises ValueError, AttributeError and RuntimeError where a solver breaks down
            return Solution(outcome=Outcome.FAILED, values=(), bound=0)
        dual_bound = result.termination.objective_bounds.dual_bound
        # No cost is negative, so 0 is a bound too; a search cut short may report less.
        slack = max(_BOUND_SLACK, _RELATIVE_SLACK * max(self.cost_terms(level).values(), default=0.0))
        is_believed = math.isfinite(dual_bound) and self._largest() <= _MOST_BELIEVED
        bound = max(0, math.ceil(dual_bound - slack)) if is_believed else 0
        if not result.has_primal_feasible_solution():
            out_of_time = result.termination.reason == mathopt.TerminationReason.NO_SOLUTION_FOUND
            outcome = Outcome.NOTHING if out_of_time else Outcome.FAILED
            return Solution(outcome=outcome, values=(), bound=bound if out_of_time else 0)
        by_id = result.variable_values()
        values = tuple(
            float(round(by_id[variable])) if whole else by_id[variable]
            for variable, whole in zip(variables, self.integers, strict=True)
        )
        proven = result.termination.reason == mathopt.TerminationReason.OPTIMAL
        return Solution(outcome=Outcome.OPTIMAL if proven else Outcome.FEASIBLE, values=values, bound=bound)

    def _largest(self) -> float:
        return max(self.upper_bounds, default=0.0)

    def _row_slack(self) -> float:
        return min(max(_ROW_SLACK, _ROUNDING * self._largest()), _MOST_ROW_SLACK)

    def _as_proto(self, level: int) -> model_pb2.ModelProto:
        columns, rows = len(self.names), len(self.row_names)
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(columns))
        proto.variables.lower_bounds.extend([0.0] * columns)
        proto.variables.upper_bounds.extend(self.upper_bounds)
        proto.variables.integers.extend(self.integers)
        objective = self.cost_terms(level)
        proto.objective.linear_coefficients.ids.extend(objective.keys())
        proto.objective.linear_coefficients.values.extend(objective.values())
        proto.linear_constraints.ids.extend(range(rows))
        proto.linear_constraints.lower_bounds.extend(self.row_lower_bounds)
        proto.linear_constraints.upper_bounds.extend(self.row_upper_bounds)
        proto.linear_constraint_matrix.row_ids.extend(self.row_ids)
        proto.linear_constraint_matrix.column_ids.extend(self.column_ids)
        proto.linear_constraint_matrix.coefficients.extend(self.coefficients)
        return proto
