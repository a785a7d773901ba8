"""What statements in banks' own formats have in common: size, digest, balances that must meet, rows told apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from importlib.util import find_spec
from pathlib import Path

from solver.errors import NotFound
from solver.ledger.statements.currencies import CURRENCIES
from solver.ledger.statements.encoding import Unreadable, look_at
from solver.ledger.statements.model import Report, StatementRow
from solver.money import format_minor

MOST_BYTES = 134_217_728  # these are taken apart in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What an account held before and after its rows, where the statement says both."""

    currency: str
    opening_minor: int
    closing_minor: int


@dataclass(frozen=True, slots=True)
class Account:
    """One account's part of a file."""

    rows: list[StatementRow]
    balances: Balances | None = None


@dataclass(slots=True)
class BankFile:
    """A file that `read` takes apart, given its bytes' text and the report for its faults."""

    path: Path
    form_id: str
    read: Callable[[str, Report], list[Account]]
    report: Report = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self.report = Report(form_id=self.form_id)

    def rows(self) -> Iterator[StatementRow]:
        """Every row. Raises NotFound and Unreadable as `look_at` does, and for a file too large to be taken apart."""
        report = self.report = Report(form_id=self.form_id)
        looked = look_at(self.path, ("utf-8", "cp1252", "latin-1"))
        if looked.size_bytes > MOST_BYTES:
            raise Unreadable(
                f"{self.path.name} has {looked.size_bytes:,} bytes; split it: at most {MOST_BYTES:,} are read"
            )
        report.encoding, report.digest = looked.encoding, looked.digest
        seen: dict[str, int] = {}
        for account in self.read(self.path.read_text(looked.encoding), report):
            for row in account.rows:
                if row.currency not in CURRENCIES:
                    report.fault(row.line, "currency", row.currency, "is no known currency")
                    continue
                occurrence = seen[row.said()] = seen.get(row.said(), 0) + 1
                report.count(row)
                yield row.again(occurrence) if occurrence > 1 else row
            _judge(account, report)


def noon(on: date) -> datetime:
    """A day that has no time, in the middle of it in UTC."""
    return datetime.combine(on, time(12), UTC)


def need(package: str, module: str) -> None:
    """Raises NotFound where the package, which is imported under the module's name, is not there: what to install."""
    if find_spec(module) is None:
        raise NotFound(f"{package} is not installed: pip install 'xunyuan[statements]'")


def _judge(account: Account, report: Report) -> None:
    """The rows must lead from one balance to the other."""
    if (balances := account.balances) is None:
        return
    moved = sum(row.amount_minor for row in account.rows)
    if balances.opening_minor + moved != balances.closing_minor:
        told = format_minor(balances.opening_minor + moved, balances.currency)
        says = format_minor(balances.closing_minor, balances.currency)
        report.fault(0, "closing balance", says, f"the opening balance and the rows come to {told}: a part is missing")
