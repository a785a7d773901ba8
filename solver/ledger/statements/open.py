"""Any statement by the name of its format: a form of columns, or a format that banks agreed on."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from solver.errors import NotFound
from solver.ledger.statements.form import Form
from solver.ledger.statements.form_file import form_of, shipped_forms
from solver.ledger.statements.model import Report, StatementRow
from solver.ledger.statements.reading import Statement
from solver.validation import unknown


class AnyStatement(Protocol):
    """A file that can be gone through; `report` is complete when `rows` is at its end."""

    path: Path
    report: Report

    def rows(self) -> Iterator[StatementRow]:
        """Every row that can be read."""
        ...


def open_statement(path: Path, form: str | Form, encoding: str = "") -> AnyStatement:
    """A statement in a form, or in the format of a name. Nothing is read yet.

    Raises NotFound for an unknown format, and where the extra that reads it is not installed.
    """
    if isinstance(form, Form):
        return Statement(path, form, encoding)
    if form in (makers := _makers()):
        return makers[form](path)
    if form not in (known := (*shipped_forms(), *makers)):
        raise NotFound(f"{form}: {unknown(form, known, 'format of a statement', 'give one of ' + ', '.join(known))}")
    return Statement(path, form_of(form), encoding)


def other_formats() -> Mapping[str, str]:
    """Formats that are no columns, by their names."""
    return {
        "camt": "ISO 20022 bank statement (camt.052, camt.053, camt.054)",
        "mt940": "SWIFT MT940 customer statement",
        "ofx": "Open Financial Exchange, 1.x and 2.x",
    }


def _makers() -> Mapping[str, Callable[[Path], AnyStatement]]:
    return {"camt": _camt, "mt940": _mt940, "ofx": _ofx}


def _camt(path: Path) -> AnyStatement:
    from solver.ledger.statements.banks.bank_file import BankFile
    from solver.ledger.statements.banks.camt import read_camt

    return BankFile(path, "camt", read_camt)


def _mt940(path: Path) -> AnyStatement:
    from solver.ledger.statements.banks.bank_file import BankFile
    from solver.ledger.statements.banks.mt940 import read_mt940

    return BankFile(path, "mt940", read_mt940)


def _ofx(path: Path) -> AnyStatement:
    from solver.ledger.statements.banks.bank_file import BankFile
    from solver.ledger.statements.banks.ofx import read_ofx

    return BankFile(path, "ofx", read_ofx)
