"""A statement's rows, one at a time, in bounded memory; every fault with its line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from solver.errors import InvalidRequest
from solver.ledger.statements.encoding import look_at
from solver.ledger.statements.form import Form
from solver.ledger.statements.lines import MOST_ROWS, Endless, Line, lines_of
from solver.ledger.statements.model import Report, StatementRow
from solver.ledger.statements.rows import RowReader
from solver.ledger.statements.totals import Totals

_MOST_PREAMBLE_LINES = 200


@dataclass(slots=True)
class Statement:
    """A file and the form it is in. Going through `rows` fills `report`; nothing is kept of a row but a digest."""

    path: Path
    form: Form
    encoding: str = ""  # empty: found out
    report: Report = field(init=False)
    _seen: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self.report = Report(form_id=self.form.form_id)

    def rows(self) -> Iterator[StatementRow]:
        """Every row that can be read. What is wrong with the others, or with the whole, is in `report` at the end.

        Raises NotFound and Unreadable as `look_at` does.
        """
        self.report, self._seen = Report(form_id=self.form.form_id), {}
        looked = look_at(self.path, (self.encoding,) if self.encoding else self.form.encodings)
        self.report.encoding, self.report.digest = looked.encoding, looked.digest
        lines = lines_of(self.path, looked.encoding, self.form.delimiter)
        totals = Totals(self.form)
        try:
            header = _header(lines, self.form, totals, self.report)
            if header is not None:
                yield from self._body(lines, header, totals)
                totals.judge(self.report)
        except Endless as error:
            self.report.fault(error.number, "", "unreadable", str(error))

    def _body(self, lines: Iterator[Line], header: Sequence[str], totals: Totals) -> Iterator[StatementRow]:
        reader = RowReader(self.form, tuple(header), totals, self.report)
        for line in lines:
            if not any(map(str.strip, line.cells)):
                continue
            if reader.is_summary(line):
                reader.hear_summary(line, lines)
                continue
            row = reader.row(line)
            if row is None:
                continue
            if self.report.rows >= MOST_ROWS:
                self.report.fault(line.number, "", "more rows", f"split the file: at most {MOST_ROWS:,} rows are read")
                return
            yield self._counted(row)

    def _counted(self, row: StatementRow) -> StatementRow:
        """The row with its place among those that say the very same, and counted in the report."""
        report = self.report
        report.count(row)
        said = hash(row.said())
        occurrence = self._seen[said] = self._seen.get(said, 0) + 1
        return row if occurrence == 1 else row.again(occurrence)


def check(statement: Statement, each: Callable[[StatementRow], None] = lambda _: None) -> Report:
    """Go through the whole file once, and tell what is wrong with it."""
    for row in statement.rows():
        each(row)
    return statement.report


def read_all(statement: Statement, *, anyway: bool = False) -> tuple[StatementRow, ...]:
    """Every row, or none: raises InvalidRequest with all faults where there is any.

    `anyway` takes the rows that can be read all the same, where a person has seen the faults.
    """
    rows = tuple(statement.rows())
    refuse_faults(statement.report, anyway=anyway)
    return rows


def refuse_faults(report: Report, *, anyway: bool = False) -> None:
    """Raise InvalidRequest with everything that is wrong."""
    if report.faults and not anyway:
        raise InvalidRequest("the statement", report.faults)


def _header(lines: Iterator[Line], form: Form, totals: Totals, report: Report) -> Sequence[str] | None:
    """The names of the columns; what stands before them may say totals."""
    nearest: tuple[int, int, frozenset[str]] | None = None
    for line in lines:
        names = [cell.strip(form.strip + " \t\ufeff") for cell in line.cells]
        there = form.columns & set(names)
        if len(there) == len(form.columns):
            _refuse_twice(names, form, line.number, report)
            return None if report.faults else names
        if there and (nearest is None or len(there) > nearest[0]):
            nearest = len(there), line.number, form.columns - there
        totals.hear(line.number, line.text)
        if line.number >= _MOST_PREAMBLE_LINES:
            break
    if nearest is None:
        remedy = f"no line names the columns of `{form.form_id}`: another form, or read in a wrong encoding?"
        report.fault(1, "", f"read as {report.encoding}", remedy)
    else:
        missing = ", ".join(sorted(nearest[2]))
        report.fault(nearest[1], "", missing, f"these columns of `{form.form_id}` are missing")
    return None


def _refuse_twice(names: Sequence[str], form: Form, number: int, report: Report) -> None:
    for name in sorted(form.columns):
        if names.count(name) > 1:
            report.fault(number, name, name, "stands twice among the columns")
