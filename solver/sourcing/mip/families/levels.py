"""The constraint family that keeps strict priorities."""

from solver.sourcing.mip.variables import Formulation


def better_levels_keep_their_value(formulation: Formulation, level: int, most: int) -> None:
    """A level that comes before the one being minimised does not exceed its least value by more than its tolerance."""
    terms = formulation.program.cost_terms(level)
    if terms:
        formulation.program.add_row(f"better_levels_keep_their_value[{level}]", terms, at_most=most)
