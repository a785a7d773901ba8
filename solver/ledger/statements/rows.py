"""One line's cells as a row of the statement, or as faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from solver.ledger.statements.cells import minor_of, moment_of
from solver.ledger.statements.currencies import CURRENCIES
from solver.ledger.statements.form import Flow, FlowRule, Form
from solver.ledger.statements.lines import Line
from solver.ledger.statements.model import Report, StatementRow
from solver.ledger.statements.totals import Totals

_REFUNDS = "refund"


class _Wrong(Exception):
    """A cell that cannot be read."""

    def __init__(self, column: str, value: str, remedy: str) -> None:
        super().__init__(remedy)
        self.column, self.value, self.remedy = column, value, remedy


@dataclass(slots=True)
class RowReader:
    """Reads line after line; what columns carry down is remembered."""

    form: Form
    header: tuple[str, ...]
    totals: Totals
    report: Report
    _carried: dict[str, str] = field(default_factory=dict)
    _needed: int = field(init=False)
    _summed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """How many cells a line must have: empty names at the header's end are none."""
        self._needed = len(self.header)
        while self._needed and not self.header[self._needed - 1]:
            self._needed -= 1
        summary = self.form.summary
        self._summed = frozenset(summary.sums.values()) - {"*"} if summary else frozenset()

    def is_summary(self, line: Line) -> bool:
        """Whether the line sums up the others."""
        if self.form.summary is None:
            return False
        first = self._clean(line.cells[0])
        return self.form.summary.fits(self._named(line.cells) if self.form.summary.when else {}, first)

    def hear_summary(self, line: Line, lines: Iterator[Line]) -> None:
        """Remember what the summary says; its values may stand on the next line."""
        summary = self.form.summary
        assert summary is not None
        named: Mapping[str, str] = self._named(line.cells)
        if summary.own_names:
            values = next(lines, None)
            if values is None:
                self.report.fault(line.number, "", "no values", "the file was cut off: fetch it again")
                return
            named = dict(zip(map(self._clean, line.cells), map(self._clean, values.cells), strict=False))
        self._carry(dict(named))
        self.totals.summed = line.number, named

    def row(self, line: Line) -> StatementRow | None:
        """The row, or None where nothing moved or something is wrong, which is then reported."""
        written = len(line.cells)
        if written < self._needed or any(map(str.strip, line.cells[len(self.header) :])):
            self.report.fault(
                line.number,
                "",
                f"{written} cells",
                f"the columns are {self._needed}: cells are shifted, or the line was not written to its end",
            )
            return None
        cells = self._named(line.cells)
        self._carry(cells)
        try:
            return self._row(line.number, cells)
        except _Wrong as wrong:
            self.report.fault(line.number, wrong.column, wrong.value, wrong.remedy)
            return None

    def _row(self, number: int, cells: dict[str, str]) -> StatementRow | None:
        form = self.form
        rule = next((rule for rule in form.flows if rule.fits(cells)), None)
        if rule is None:
            told = {column: cells.get(column, "") for one in form.flows for column in one.when}
            column = next(iter(told), form.at)
            raise _Wrong(column, str(told or ""), "no rule of the form knows such a row; add one under `flows`")
        currency = self._currency(cells)
        amount_minor, refunded_minor = self._amount(cells, rule, currency)
        self.totals.count(cells, abs(amount_minor), refunded_minor)
        for column in self._summed:
            self.totals.add(column, self._minor(cells, column, currency))
        if rule.flow is Flow.NONE:
            why = rule.kind or "nothing moved"
            self.report.left_out[why] = self.report.left_out.get(why, 0) + 1
            return None
        at, on = self._moment(cells)
        fee_minor = self._fee(cells, rule, currency)
        row = StatementRow(
            line=number,
            at=at,
            on=on,
            amount_minor=amount_minor,
            currency=currency,
            kind=rule.kind,
            fee_minor=fee_minor,
            refunded_minor=refunded_minor,
            keys=self._keys(cells),
            party=cells.get(form.party, "") if form.party else "",
            channel=form.channel or form.form_id,
            memo=cells.get(form.memo, "") if form.memo else "",
        )
        self._check_net(cells, row)
        if row.amount_minor == 0 and row.fee_minor == 0:
            self.report.left_out["amount of nothing"] = self.report.left_out.get("amount of nothing", 0) + 1
            return None
        self.totals.take(row)
        return row

    def _currency(self, cells: Mapping[str, str]) -> str:
        form = self.form
        if not form.currency_column:
            return form.currency
        written = cells[form.currency_column]
        currency = form.currencies.get(written, written) or form.currency
        if currency not in CURRENCIES:
            raise _Wrong(form.currency_column, written, "is no known currency; name it under `currencies` of the form")
        return currency

    def _amount(self, cells: Mapping[str, str], rule: FlowRule, currency: str) -> tuple[int, int]:
        """The signed amount, and what of it was given back."""
        form = self.form
        if form.amount_in:
            both = self._minor(cells, form.amount_in, currency), self._minor(cells, form.amount_out, currency)
            if both[0] and both[1]:
                raise _Wrong(
                    form.amount_out, cells[form.amount_out], "comes in and goes out in one row: cells are shifted"
                )
            return both[0] - both[1], 0
        refunded_minor = amount_minor = 0
        for column in (rule.amount,) if rule.amount else form.amounts:
            if form.amount_form is not None and cells[column] not in form.empty:
                found = form.amount_form.fullmatch(cells[column])
                if found is None:
                    raise _Wrong(
                        column, cells[column], "is no amount as this statement writes them: cells are shifted?"
                    )
                groups = found.groupdict()
                amount_minor += self._read(column, groups["amount"], currency)
                if groups.get("refunded"):
                    refunded_minor += self._read(column, groups["refunded"], currency)
            else:
                amount_minor += self._minor(cells, column, currency)
        if rule.flow in (Flow.SIGNED, Flow.NONE):
            return amount_minor, refunded_minor
        if amount_minor < 0:
            raise _Wrong(
                form.amounts[0], cells[form.amounts[0]], "is below 0 where the row itself says which way it goes"
            )
        return (amount_minor if rule.flow is Flow.IN else -amount_minor), refunded_minor

    def _fee(self, cells: Mapping[str, str], rule: FlowRule, currency: str) -> int:
        """What was held back; only of a refund does a platform give some of it back."""
        form = self.form
        if not form.fee:
            return 0
        fee = self._minor(cells, form.fee, currency, rounds=form.fee_rounds)
        fee = -fee if form.fee_is_negative else fee
        if fee < 0 and not rule.kind.startswith(_REFUNDS):
            raise _Wrong(form.fee, cells[form.fee], "is a fee below 0 on a row that gives nothing back")
        return fee

    def _check_net(self, cells: Mapping[str, str], row: StatementRow) -> None:
        net = self.form.net
        if (
            net
            and cells[net] not in self.form.empty
            and (says := self._read(net, cells[net], row.currency)) != row.net_minor
        ):
            raise _Wrong(net, cells[net], f"is not the amount less the fee ({row.net_minor}, not {says} minor units)")

    def _moment(self, cells: Mapping[str, str]) -> tuple[datetime, date]:
        form = self.form
        written = cells[form.at] or cells.get(form.at_else, "")
        try:
            return moment_of(written, form.time_forms, form.zone)
        except ValueError as error:
            raise _Wrong(form.at, written, f"{error}: cells are shifted?") from None

    def _minor(self, cells: Mapping[str, str], column: str, currency: str, *, rounds: bool = False) -> int:
        written = cells.get(column, "")
        return 0 if written in self.form.empty else self._read(column, written, currency, rounds=rounds)

    def _read(self, column: str, written: str, currency: str, *, rounds: bool = False) -> int:
        try:
            return minor_of(written, currency, decimal=self.form.decimal, rounds=rounds)
        except ValueError as error:
            raise _Wrong(column, written, f"{error}: cells are shifted?") from None

    def _keys(self, cells: Mapping[str, str]) -> dict[str, str]:
        empty = self.form.empty_keys
        return {name: key for name, column in self.form.keys.items() if (key := cells.get(column, "")) not in empty}

    def _carry(self, cells: dict[str, str]) -> None:
        for column in self.form.carried:
            if cells.get(column):
                self._carried[column] = cells[column]
            else:
                cells[column] = self._carried.get(column, "")

    def _named(self, cells: list[str]) -> dict[str, str]:
        return {name: self._clean(cell) for name, cell in zip(self.header, cells, strict=False) if name}

    def _clean(self, cell: str) -> str:
        return cell.strip(self.form.strip + " \t\r\n\u3000")
