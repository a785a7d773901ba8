"""The reference engine: a case as a mixed-integer program, solved by OR-Tools level by level."""

from solver.sourcing.mip.engine import MipReason as MipReason
from solver.sourcing.mip.engine import solve_by_mip as solve_by_mip
