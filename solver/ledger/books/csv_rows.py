"""Rows of a CSV text with their lines; what a reader of CSV cannot read is told by its line like all else."""

import csv
import io
from collections.abc import Iterator

from solver.errors import FieldViolation, InvalidRequest


def rows_of(text: str, origin: str) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row ends, and its cells; empty rows are left out. Raises InvalidRequest."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            violation = FieldViolation(field=f"{origin}:{rows.line_num}", value="", remedy=f"is no CSV: {error}")
            raise InvalidRequest(origin, [violation]) from error
        if row:
            yield rows.line_num, row
