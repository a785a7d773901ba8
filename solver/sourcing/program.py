"""A mixed-integer program as columns and rows, and its solution by OR-Tools.

Rows are gathered in plain lists and handed to MathOpt as one ModelProto, which builds about twenty times faster than
adding variables and constraints one at a time.
"""

import math
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

_BOUND_SLACK = 0.01  # the bound of a floating-point solver is trusted to this fraction of a minor unit
_PROOF_GAP = 0.5  # all costs are whole minor units: a smaller gap is none
_UNLIMITED = math.inf


class Outcome(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    NOTHING = "nothing"  # the time ran out before any plan was found
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Values by column (empty when nothing was found) and the proven lower bound in minor units."""

    outcome: Outcome
    values: tuple[float, ...]
    bound_minor: int

    def units(self, column: int) -> int:
        """The whole number that a column stands at."""
        return round(self.values[column])


@dataclass(slots=True)
class Program:
    """Minimise cost over columns, subject to rows. Built by the formulation, one constraint family at a time."""

    names: list[str] = field(default_factory=list)
    upper_bounds: list[float] = field(default_factory=list)
    integers: list[bool] = field(default_factory=list)
    costs_minor: list[int] = field(default_factory=list)
    row_names: list[str] = field(default_factory=list)
    row_lower_bounds: list[float] = field(default_factory=list)
    row_upper_bounds: list[float] = field(default_factory=list)
    row_ids: list[int] = field(default_factory=list)
    column_ids: list[int] = field(default_factory=list)
    coefficients: list[float] = field(default_factory=list)

    def add_column(self, name: str, *, upper_bound: float, cost_minor: int = 0, integer: bool = True) -> int:
        """A variable between 0 and `upper_bound`; returns its number."""
        self.names.append(name)
        self.upper_bounds.append(float(upper_bound))
        self.integers.append(integer)
        self.costs_minor.append(cost_minor)
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

    def solve(self, *, time_limit_seconds: float) -> Solution:
        """Minimise. The bound is a whole number of minor units, since every cost is."""
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=time_limit_seconds),
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=_PROOF_GAP,
        )
        model = mathopt.Model.from_model_proto(self._as_proto())
        try:
            result = mathopt.solve(model, mathopt.SolverType.GSCIP, params=parameters)
        except Exception:  # MathOpt raises ValueError, AttributeError and RuntimeError where a solver breaks down
            return Solution(outcome=Outcome.FAILED, values=(), bound_minor=0)
        bound = result.termination.objective_bounds.dual_bound
        # No cost is negative, so 0 is a bound too; a search cut short may report less.
        bound_minor = max(0, math.ceil(bound - _BOUND_SLACK)) if math.isfinite(bound) else 0
        if not result.has_primal_feasible_solution():
            out_of_time = result.termination.reason == mathopt.TerminationReason.NO_SOLUTION_FOUND
            outcome = Outcome.NOTHING if out_of_time else Outcome.FAILED
            return Solution(outcome=outcome, values=(), bound_minor=bound_minor)
        by_id = result.variable_values()
        values = tuple(by_id[variable] for variable in model.variables())
        proven = result.termination.reason == mathopt.TerminationReason.OPTIMAL
        return Solution(outcome=Outcome.OPTIMAL if proven else Outcome.FEASIBLE, values=values, bound_minor=bound_minor)

    def _as_proto(self) -> model_pb2.ModelProto:
        columns, rows = len(self.names), len(self.row_names)
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(columns))
        proto.variables.lower_bounds.extend([0.0] * columns)
        proto.variables.upper_bounds.extend(self.upper_bounds)
        proto.variables.integers.extend(self.integers)
        costly = [column for column in range(columns) if self.costs_minor[column]]
        proto.objective.linear_coefficients.ids.extend(costly)
        proto.objective.linear_coefficients.values.extend(float(self.costs_minor[column]) for column in costly)
        proto.linear_constraints.ids.extend(range(rows))
        proto.linear_constraints.lower_bounds.extend(self.row_lower_bounds)
        proto.linear_constraints.upper_bounds.extend(self.row_upper_bounds)
        proto.linear_constraint_matrix.row_ids.extend(self.row_ids)
        proto.linear_constraint_matrix.column_ids.extend(self.column_ids)
        proto.linear_constraint_matrix.coefficients.extend(self.coefficients)
        return proto
