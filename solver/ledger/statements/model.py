"""What a statement says: its rows, and everything about the file that a person must know before it is believed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from solver.errors import FieldViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One booking of a statement.

    `amount_minor` is signed as the account that the statement is of sees it: above 0 comes in. A fee that was held
    back is in `fee_minor` (above 0 costs us) and not in `amount_minor`. `at` is in UTC, `on` the day that the statement
    itself shows.
    """

    line: int
    at: datetime
    on: date
    amount_minor: int
    currency: str
    kind: str
    fee_minor: int = 0
    refunded_minor: int = 0  # what was given back of it by the day of the statement, told on the same row
    keys: Mapping[str, str] = field(default_factory=dict)
    party: str = ""
    channel: str = ""
    memo: str = ""
    occurrence: int = 1  # the how-manieth row of the file that says the very same

    @property
    def net_minor(self) -> int:
        """What reached the account."""
        return self.amount_minor - self.fee_minor

    def again(self, occurrence: int) -> "StatementRow":
        """The same row as the how-manieth of its file that says this."""
        return replace(self, occurrence=occurrence)

    def said(self) -> str:
        """All that the row says, but for where it stands."""
        keys = "\x1f".join(f"{name}={value}" for name, value in sorted(self.keys.items()))
        parts = (self.at.isoformat(), str(self.amount_minor), str(self.fee_minor), self.currency, self.kind)
        return "\x1e".join((*parts, keys, self.party, self.channel))

    @property
    def row_id(self) -> str:
        """The same for the same booking in every file that shows it: by this a row read again is recognised.

        Rows that say the very same are told apart by how many of them came before, so that an export of whole days
        names each as any other export of those days does.
        """
        return "S" + hashlib.sha256(f"{self.said()}\x1e{self.occurrence}".encode()).hexdigest()[:24]


@dataclass(slots=True)
class Report:
    """What was found while a statement was read. `faults` forbid its use, `notices` do not."""

    form_id: str
    encoding: str = ""
    digest: str = ""  # SHA-256 of the file's bytes: the same file again has the same
    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)  # why rows were not taken, and how many
    moved_minor: dict[str, int] = field(default_factory=dict)  # by currency, before fees
    first_on: date | None = None
    last_on: date | None = None
    faults: list[FieldViolation] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    more_faults: int = 0

    def count(self, row: StatementRow) -> None:
        """One row more."""
        self.rows += 1
        self.first_on = row.on if self.first_on is None else min(self.first_on, row.on)
        self.last_on = row.on if self.last_on is None else max(self.last_on, row.on)
        self.moved_minor[row.currency] = self.moved_minor.get(row.currency, 0) + row.amount_minor

    def fault(self, line: int, column: str, value: object, remedy: str) -> None:
        """Record what is wrong on a line; after the first thousand they are only counted."""
        if len(self.faults) >= 1_000:
            self.more_faults += 1
            return
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        where = f"line {line}" + (f": {column}" if column else "")
        self.faults.append(FieldViolation(field=where, value=shown, remedy=remedy))
