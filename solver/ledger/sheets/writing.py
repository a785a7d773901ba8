"""Sheets as a workbook. Totals are formulas that carry their figure, for readers that calculate nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from solver.errors import Violations
from solver.ledger.sheets.model import Cell, CellKind, Column, Sheet
from solver.money import currency_decimals
from solver.workbook import DAY_FORMAT, TIME_FORMAT, money_format, open_workbook

MOST_ROWS = 1_000_000
EXPLANATION = "About 说明"
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
_NAME_CHARACTERS = 31


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> list[str]:
    """Write a workbook: the explanation first, then a sheet each; returns the names of the sheets.

    Raises XunyuanError where the extra is missing, InvalidRequest where a sheet cannot hold the rows.
    """
    violations = Violations()
    for sheet in sheets:
        remedy = f"a sheet holds {MOST_ROWS:,} rows; ask for a shorter period, or export CSV"
        violations.require(len(sheet.rows) <= MOST_ROWS, sheet.name, f"{len(sheet.rows):,} rows", remedy)
    violations.refuse_any("the workbook")
    names = _names(sheets)
    with open_workbook(path) as book:
        styles = _Styles(book)
        _explain(book.add_worksheet(EXPLANATION), sheets, names, styles)
        for name, sheet in zip(names, sheets, strict=True):
            _Writing(book.add_worksheet(name), sheet, styles).write()
    return [EXPLANATION, *names]


class _Styles:
    """Formats by what they are for, made when they are first asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def plain(self, **wanted: object) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]

    def of(self, kind: CellKind, currency: str, **more: object) -> Any:
        formats = {
            CellKind.MONEY: money_format(currency, negative_red=True),
            CellKind.COUNT: "#,##0",
            CellKind.DAY: DAY_FORMAT,
            CellKind.TIME: TIME_FORMAT,
        }
        return self.plain(num_format=formats.get(kind, "General"), **more)


@dataclass(frozen=True, slots=True)
class _Writing:
    sheet: Any
    content: Sheet
    styles: _Styles

    def write(self) -> None:
        top = len(self.content.facts) + 3  # below title, facts and a blank row stands the heading
        for place, column in enumerate(self.content.columns):
            self.sheet.set_column(place, place, column.width)
        self.sheet.freeze_panes(top, 0)
        title = f"{self.content.title} {self.content.title_zh}"
        self.sheet.write_string(0, 0, title, self.styles.plain(bold=True, font_size=14))
        for line, (name, value) in enumerate(self.content.facts, start=1):
            self.sheet.write_string(line, 0, name, self.styles.plain(italic=True))
            self.sheet.write_string(line, 1, value)
        head = self.styles.plain(bold=True, bottom=1, text_wrap=True, valign="top", bg_color="#E8EEF4")
        for place, column in enumerate(self.content.columns):
            self.sheet.write_string(top - 1, place, f"{column.head}\n{column.head_zh}", head)
        for line, row in enumerate(self.content.rows, start=top):
            for place, (column, cell) in enumerate(zip(self.content.columns, row, strict=True)):
                self._write(line, place, column, cell, top)
        if self.content.rows:
            last = top + len(self.content.rows) - 1
            self.sheet.autofilter(top - 1, 0, last, len(self.content.columns) - 1)
            self._totals(top, last)

    def _write(self, line: int, place: int, column: Column, cell: Cell, top: int) -> None:
        style = self.styles.of(column.kind, self.content.currency)
        if cell is None:
            return
        if column.difference_of is not None:
            self.sheet.write_formula(line, place, self._difference(line, place, column, top), style, self._shown(cell))
        elif isinstance(cell, str):
            self.sheet.write_string(line, place, cell)
        elif isinstance(cell, int):
            self.sheet.write_number(line, place, self._shown(cell) if column.kind is CellKind.MONEY else cell, style)
        else:
            moment = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
            self.sheet.write_datetime(line, place, moment, style)

    def _difference(self, line: int, place: int, column: Column, top: int) -> str:
        assert column.difference_of is not None
        first, second = (f"{_letters(one)}{line + 1}" for one in column.difference_of)
        if not column.running:
            begin = "" if column.added_to is None else f"{_letters(column.added_to)}{line + 1}+"
            return f"={begin}{first}-{second}"
        above = f"{_letters(place)}{line}" if line > top else str(self._shown(self.content.opening_minor))
        return f"={above}+{first}-{second}"

    def _totals(self, top: int, last: int) -> None:
        """Below a row's space, so that sorting the table leaves them alone."""
        line = last + 2
        self.sheet.write_string(line, 0, "Total 合计", self.styles.plain(bold=True, top=1))
        for place, column in enumerate(self.content.columns):
            if not column.is_summed:
                continue
            total = sum(row[place] for row in self.content.rows if isinstance(row[place], int))  # type: ignore[misc]
            letters = _letters(place)
            shown = self._shown(total) if column.kind is CellKind.MONEY else total
            style = self.styles.of(column.kind, self.content.currency, bold=True, top=1)
            self.sheet.write_formula(line, place, f"=SUM({letters}{top + 1}:{letters}{last + 1})", style, shown)
            if place in self.content.should_be_zero:
                formula = f'=IF(ABS({letters}{line + 1})<0.00001,"OK 平","NOT ZERO 不平")'
                self.sheet.write_formula(line + 1, place, formula, None, "OK 平" if total == 0 else "NOT ZERO 不平")

    def _shown(self, cell: Cell) -> Any:
        """Minor units as the sheet has them."""
        decimals = currency_decimals(self.content.currency)
        if not isinstance(cell, int):
            return cell
        return cell / 10**decimals if decimals else cell


def _explain(about: Any, sheets: Sequence[Sheet], names: Sequence[str], styles: _Styles) -> None:
    """What every sheet and every column says, in both languages."""
    bold, wrap = styles.plain(bold=True), styles.plain(text_wrap=True, valign="top")
    for place, width in enumerate((24, 30, 60, 60)):
        about.set_column(place, place, width)
    about.write_string(0, 0, "What the figures mean 数字说明", styles.plain(bold=True, font_size=14))
    line = 2
    for name, sheet in zip(names, sheets, strict=True):
        about.write_string(line, 0, name, bold)
        about.write_string(line, 1, f"{len(sheet.rows):,} rows, {sheet.currency}")
        about.write_string(line, 2, sheet.note, wrap)
        about.write_string(line, 3, sheet.note_zh, wrap)
        for column in sheet.columns:
            line += 1
            about.write_string(line, 1, f"{column.head} {column.head_zh}")
            about.write_string(line, 2, column.meaning, wrap)
            about.write_string(line, 3, column.meaning_zh, wrap)
        line += 2


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """Names that a workbook takes, each once."""
    names: list[str] = []
    for sheet in sheets:
        name = sheet.name.translate(_FORBIDDEN)[:_NAME_CHARACTERS] or "Sheet"
        number = 2
        while name.lower() in (EXPLANATION.lower(), *(one.lower() for one in names)):
            suffix = f" {number}"
            name = sheet.name.translate(_FORBIDDEN)[: _NAME_CHARACTERS - len(suffix)] + suffix
            number += 1
        names.append(name)
    return names


def _letters(place: int) -> str:
    """The column's name: 0 -> A, 26 -> AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
