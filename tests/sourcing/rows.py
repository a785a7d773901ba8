"""Reads a program's rows without a solver: which points does a constraint family allow?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from solver.sourcing.mip.program import Program
from solver.sourcing.mip.variables import Formulation

_ROUNDING = 1e-9


def family_of(row_name: str) -> str:
    """The constraint family of a row: its name up to the indices."""
    return row_name.split("[")[0]


def families_of(program: Program) -> set[str]:
    return {family_of(name) for name in program.row_names}


def allows(formulation: Formulation, family: str, point: Mapping[str, float]) -> bool:
    """True when every row of the family holds at the point, which gives values by column name and else zeros."""
    program = formulation.program
    assert family in families_of(program), f"no row of {family}"
    return family not in _broken(program, _values(program, point))


def broken_families(program: Program, values: Sequence[float]) -> set[str]:
    """Every family of which a row is broken at these values by column; `bounds` where a column leaves its bounds."""
    inside = all(
        -_ROUNDING <= value <= upper + _ROUNDING for value, upper in zip(values, program.upper_bounds, strict=True)
    )
    return _broken(program, values) | (set() if inside else {"bounds"})


def cost(program: Program, values: Sequence[float], *, level: int) -> float:
    return sum(each * values[column] for column, each in program.cost_terms(level).items())


def _values(program: Program, point: Mapping[str, float]) -> list[float]:
    assert point.keys() <= set(program.names), point.keys() - set(program.names)
    return [float(point.get(name, 0)) for name in program.names]


def _broken(program: Program, values: Sequence[float]) -> set[str]:
    sums: dict[int, float] = defaultdict(float)
    for row, column, coefficient in zip(program.row_ids, program.column_ids, program.coefficients, strict=True):
        sums[row] += coefficient * values[column]
    return {
        family_of(name)
        for row, name in enumerate(program.row_names)
        if not program.row_lower_bounds[row] - _ROUNDING <= sums[row] <= program.row_upper_bounds[row] + _ROUNDING
    }
