"""What a statement says of itself (how many rows, what they sum to), held against its rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.ledger.statements.cells import minor_of
from solver.ledger.statements.form import Form, said
from solver.ledger.statements.model import Report, StatementRow
from solver.money import format_minor


@dataclass(slots=True)
class _Count:
    """What one total says, and what the rows come to."""

    line: int
    what: str
    when: Mapping[str, str]
    is_less_refunded: bool = False
    rows_said: int | None = None
    sum_said: int | None = None
    rows: int = 0
    sum_minor: int = 0


@dataclass(slots=True)
class Totals:
    """Gathers a statement's own totals, and the rows they are about."""

    form: Form
    counts: list[_Count] = field(default_factory=list)
    column_sums: dict[str, int] = field(default_factory=dict)
    moved_minor: int = 0
    rows: int = 0
    summed: tuple[int, Mapping[str, str]] | None = None  # the summary's line, and what it says by name

    def hear(self, number: int, text: str) -> None:
        """A line before the columns may say a total, and more than one."""
        for total in self.form.totals:
            if (found := total.line.search(text)) is None:
                continue
            groups = found.groupdict()
            rows, money = groups.get("rows"), groups.get("sum")
            self.counts.append(
                _Count(
                    line=number,
                    what=found.group(0),
                    when=total.when,
                    is_less_refunded=total.less_refunded,
                    rows_said=None if rows is None else int(rows),
                    sum_said=None if money is None else minor_of(money, self.form.currency),
                )
            )

    def count(self, cells: Mapping[str, str], amount_minor: int, refunded_minor: int) -> None:
        """A row that is one of the statement's, whether it moved anything or not; the amount as written."""
        self.rows += 1
        for one in self.counts:
            if all(said(cells.get(column, ""), value) for column, value in one.when.items()):
                one.rows += 1
                one.sum_minor += amount_minor - (refunded_minor if one.is_less_refunded else 0)

    def take(self, row: StatementRow) -> None:
        """A row that moved the account."""
        self.moved_minor += row.amount_minor

    def add(self, column: str, minor: int) -> None:
        """What a column says, for a summary that sums it up."""
        self.column_sums[column] = self.column_sums.get(column, 0) + minor

    def judge(self, report: Report) -> None:
        """Report every total that the rows do not come to."""
        for one in self.counts:
            if one.rows_said is not None and one.rows_said != one.rows:
                report.fault(
                    one.line, "", one.what, f"the file has {one.rows:,} such rows: a part is missing or too much"
                )
            if one.sum_said is not None and one.sum_said != one.sum_minor:
                come_to = format_minor(one.sum_minor, self.form.currency)
                report.fault(one.line, "", one.what, f"its rows come to {come_to}: a part is missing or was changed")
        self._judge_summary(report)

    def _judge_summary(self, report: Report) -> None:
        summary = self.form.summary
        if summary is None:
            return
        if self.summed is None:
            if summary.required:
                report.fault(0, "", "no closing line", "the file was cut off: fetch it again")
            return
        line, cells = self.summed
        if summary.rows and (written := cells.get(summary.rows, "")) and int(_digits(written)) != self.rows:
            report.fault(line, summary.rows, written, f"the file has {self.rows:,} rows: a part is missing or too much")
        for name, column in summary.sums.items():
            written = cells.get(name, "")
            try:
                says = minor_of(written, self.form.currency, decimal=self.form.decimal)
            except ValueError as error:
                report.fault(line, name, written, str(error))
                continue
            comes_to = self.moved_minor if column == "*" else self.column_sums.get(column, 0)
            if says != comes_to:
                told = format_minor(comes_to, self.form.currency)
                report.fault(line, name, written, f"the rows come to {told}: a part is missing or was changed")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text) or "-1"
