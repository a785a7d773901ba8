"""Combinations looked at together, each of which may nest the others."""

from collections.abc import Sequence

from solver.catalog.combinations.checks import check_combination
from solver.catalog.combinations.flat import Goods
from solver.catalog.combinations.model import Combination
from solver.errors import FieldViolation, Violations


def faults_of(combinations: Sequence[Combination], goods: Goods) -> list[FieldViolation]:
    """All that is wrong with them; fields begin with `[0]` for the first one."""
    violations = Violations()
    known = {one.combination_id: one for one in combinations}
    for position, one in enumerate(combinations):
        check_combination(one, known, goods, f"[{position}]", violations)
    return violations.found
