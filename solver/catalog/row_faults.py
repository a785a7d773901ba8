"""What is wrong with the rows of an import, by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from solver.errors import FieldViolation

_AT = re.compile(r"[a-z_]+\[(\d+)\]\.?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """One broken rule: the row, from 0, the path within it, what stood there, and what to do about it."""

    row: int
    field: str
    value: str
    remedy: str


def by_row(violations: Sequence[FieldViolation]) -> list[RowFault]:
    """Violations of a list of rows, in the order of the rows; what is wrong with the list itself is row 0's."""
    faults = []
    for violation in violations:
        found = _AT.fullmatch(violation.field)
        row, field = (int(found[1]), found[2]) if found else (0, violation.field)
        faults.append(RowFault(row=row, field=field, value=violation.value, remedy=violation.remedy))
    return sorted(faults, key=lambda fault: fault.row)
