"""What `ledger import-statement`, `ledger match` and `ledger forms` do: from files to files, without a service."""

import shutil
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile

import msgspec
from rich.console import Console
from rich.table import Table

from solver.errors import InvalidRequest
from solver.ledger.matching.from_statement import items_of
from solver.ledger.matching.model import Item
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.report import as_json, summary, write_csv
from solver.ledger.matching.rules import MatchRules
from solver.ledger.matching.rules_file import load_rules
from solver.ledger.statements.form_file import form_from, form_of, shipped_forms
from solver.ledger.statements.model import Report
from solver.ledger.statements.open import AnyStatement, open_statement, other_formats
from solver.ledger.statements.reading import refuse_faults
from solver.ledger.statements.table import write_rows
from solver.money import format_minor

_SHOWN_FAULTS = 1_000
_MOST_RECORDS = 1_000  # of one call that takes records in


def run_forms() -> int:
    """List the formats, and which of them were tried on a file that a platform wrote."""
    table = Table("format", "name", "known from", "tried on a real file")
    for form_id in shipped_forms():
        form = form_of(form_id)
        table.add_row(form_id, form.name, form.source, "yes" if form.was_tried else "no")
    for format_id, name in other_formats().items():
        table.add_row(format_id, name, "the standard", "no")
    Console().print(table)
    return 0


def run_import(file: Path, form: str, out: Path | None, encoding: str, *, anyway: bool) -> int:
    """Check a statement, and write its rows as CSV; 1, and nothing written, where anything is wrong.

    The rows wait on disk until the last one was found sound.
    """
    statement = _statement(file, form, encoding)
    with TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        if out is None:
            deque(statement.rows(), maxlen=0)
        else:
            write_rows(statement.rows(), waiting)
        _tell(statement.report)
        if statement.report.faults and not anyway:
            sys.stderr.write("nothing was written: fetch the file again, or take what can be read with --anyway\n")
            return 1
        if out is not None:
            waiting.seek(0)
            with out.open("w", encoding="utf-8", newline="") as written:
                shutil.copyfileobj(waiting, written)
    return 0


def run_match(
    ours: Path, theirs: Path, forms: tuple[str, str], rules: Path | None, out: Path | None, *, anyway: bool, net: bool
) -> int:
    """Match two files; the report is CSV, or JSON where its name says so. 1 where anything is left to a person."""
    left = records_of(ours, forms[0], anyway=anyway, net=False)
    right = records_of(theirs, forms[1], anyway=anyway, net=net)
    found = reconcile(left, right, MatchRules() if rules is None else load_rules(rules))
    table = Table("found", "how many")
    for name, many in summary(found).items():
        table.add_row(name, f"{many:,}")
    Console().print(table)
    if out is not None and out.suffix == ".json":
        out.write_text(as_json(found, left, right), "utf-8")
    elif out is not None:
        with out.open("w", encoding="utf-8-sig", newline="") as written:
            write_csv(found, left, right, written)
    return int(bool(found.questions or found.differences))


def _statement(file: Path, form: str, encoding: str) -> AnyStatement:
    """By a shipped form or format, or by a form of one's own where the name is that of a file."""
    own = Path(form)
    return open_statement(file, form_from(own) if own.suffix in (".yaml", ".yml") else form, encoding)


def records_of(file: Path, form: str, *, anyway: bool, net: bool) -> list[Item]:
    """The records of a statement. Raises InvalidRequest with every fault of it."""
    statement = _statement(file, form, "")
    items = list(items_of(statement.rows(), net=net))
    _refuse_faults(statement, anyway=anyway)
    return items


@contextmanager
def lots_of(file: Path, form: str, *, anyway: bool, net: bool) -> Iterator[Iterator[list[Item]]]:
    """The records of a statement, 1,000 at a time; they wait on disk until the last one was found sound.

    Raises InvalidRequest with every fault of it.
    """
    statement = _statement(file, form, "")
    items = items_of(statement.rows(), net=net)
    with TemporaryFile() as waiting:
        while lot := list(islice(items, _MOST_RECORDS)):
            waiting.write(msgspec.json.encode(lot) + b"\n")
        _refuse_faults(statement, anyway=anyway)
        waiting.seek(0)
        yield (msgspec.json.decode(line, type=list[Item]) for line in waiting)


def _refuse_faults(statement: AnyStatement, *, anyway: bool) -> None:
    try:
        refuse_faults(statement.report, anyway=anyway)
    except InvalidRequest as error:
        raise InvalidRequest(str(statement.path), error.violations) from None


def _tell(report: Report) -> None:
    first, last = report.first_on, report.last_on
    days = "" if first is None else f", {first} to {last}"
    sys.stdout.write(f"{report.rows:,} rows{days}; {report.encoding}; digest {report.digest[:16]}\n")
    for currency, moved_minor in sorted(report.moved_minor.items()):
        sys.stdout.write(f"  moved: {format_minor(moved_minor, currency)} {currency}\n")
    for why, many in sorted(report.left_out.items()):
        sys.stdout.write(f"  left out: {many:,} ({why})\n")
    for fault in report.faults[:_SHOWN_FAULTS]:
        sys.stderr.write(f"{fault}\n")
    if more := len(report.faults[_SHOWN_FAULTS:]) + report.more_faults:
        sys.stderr.write(f"and {more:,} more\n")
