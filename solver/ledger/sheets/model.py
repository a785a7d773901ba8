"""What a sheet is: facts above, columns that explain themselves, rows, and totals that a spreadsheet adds up itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

Cell: TypeAlias = str | int | date | datetime | None


class CellKind(StrEnum):
    """How a column is written. Money is in minor units here, and in the currency's own unit on the sheet."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `difference_of`: it is the first of two columns less the second, row by row, as a formula.

    `running`: that is added to the row above; `added_to`: to this column. `is_summed`: a total stands below.
    """

    head: str
    head_zh: str
    meaning: str
    meaning_zh: str
    kind: CellKind = CellKind.TEXT
    is_summed: bool = False
    difference_of: tuple[int, int] | None = None
    running: bool = False
    added_to: int | None = None
    width: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet, in one currency. `facts` are shown above the table; formula columns have their figure in `rows` too.

    `opening_minor` is where a running column begins. `should_be_zero`: columns whose total must be, and `note` with its
    Chinese twin what the whole sheet says.
    """

    name: str
    title: str
    title_zh: str
    currency: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str
    note_zh: str
    opening_minor: int = 0
    should_be_zero: Sequence[int] = ()
