"""From a problem or a case to its program."""

from solver.sourcing.brief import brief
from solver.sourcing.case import Case
from solver.sourcing.mip.candidates import candidates
from solver.sourcing.mip.formulation import formulate
from solver.sourcing.mip.variables import Formulation
from solver.sourcing.problem import Problem


def formulated(asked: Problem | Case) -> Formulation:
    """The program over the lanes worth deciding about."""
    case = asked if isinstance(asked, Case) else brief(asked).case
    return formulate(case, candidates(case))
