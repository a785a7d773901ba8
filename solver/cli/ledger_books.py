"""What the actions of `ledger` do with the books: a service's, or those of a folder."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.table import Table

from solver.cli.ledger_access import AnyBooks, application_of, books_of
from solver.cli.tables import print_whole
from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.books.canonical import export
from solver.ledger.books.chart_file import SHIPPED, read_chart_file
from solver.ledger.books.event_files import read_events
from solver.ledger.books.periods import period_name, period_of
from solver.ledger.books.rates import read_rates
from solver.ledger.books.readings import (
    FIRST_PERIOD,
    LAST_PERIOD,
    AccountStatement,
    BalanceFilter,
    PeriodBalance,
    VoucherLine,
)
from solver.ledger.books.rebuild import rebuild
from solver.ledger.model import Voucher
from solver.money import format_minor

_WHOLE = ("day", "since", "voucher", "currency")  # are never parted


def run(options: argparse.Namespace) -> int:
    """Do what the action says; 1 where books do not agree."""
    if options.action == "rules":
        return _rules(options)
    if options.action == "export":
        return _export(options)
    if options.action == "rebuild":
        return _rebuild(options)
    with books_of(options) as books:
        return _ACTIONS[options.action](books, options)


def _rules(options: argparse.Namespace) -> int:
    rows = [("event", "charge", "debit", "credit")]
    chart = SHIPPED() if options.chart is None else read_chart_file(_text(options.chart), options.chart.name)
    for event, rule in chart.rules.items():
        for charge, of in rule.charges.items():
            debit, credit = (f"{one.code}/…" if one.party else one.code for one in (of.debit, of.credit))
            rows.append((event, charge, debit, credit))
    for event, charge, debit, credit in rows:
        sys.stdout.write(f"{event:<22}  {charge:<22}  {debit:<30}  {credit}\n")
    return 0


def _trial_balance(books: AnyBooks, options: argparse.Namespace) -> int:
    wanted = BalanceFilter(
        entity=options.entity,
        currency=options.currency,
        cost_centre=options.cost_centre,
        profit_centre=options.profit_centre,
        from_period=period_of(options.from_period, "--from") if options.from_period else FIRST_PERIOD,
        until_period=period_of(options.until_period, "--until") if options.until_period else LAST_PERIOD,
        by_centre=options.by_centre,
    )
    rows = books.balances(wanted)
    if options.json:
        return _json(rows)
    table = _table(("entity", "currency", "account", "centres"), ("before", "debit", "credit", "after"))
    for row in rows:
        centres = " ".join(one for one in (row.cost_centre, row.profit_centre) if one)
        table.add_row(row.entity, row.currency, row.account, centres, *_money(row))
    for (entity, currency), left in _sums(rows).items():
        table.add_row(entity, currency, "together", "", "", "", "", format_minor(left, currency), style="bold")
    _print(table)
    return 0


def _statement(books: AnyBooks, options: argparse.Namespace) -> int:
    table = _table(("day", "voucher", "event", "source", "against"), ("moved", "holds"))
    token = ""
    pages: list[AccountStatement] = []
    while True:
        page = books.statement(
            account=options.account,
            entity=options.entity,
            currency=options.currency,
            since=options.since,
            until=options.until,
            page_token=token,
        )
        if not pages:
            table.add_row("", "", "before", "", "", "", format_minor(page.opening_minor, options.currency))
        pages.append(page)
        for one in page.lines:
            line = one.line
            against = line.credit if one.moved_minor > 0 else line.debit
            money = (format_minor(minor, options.currency) for minor in (one.moved_minor, one.balance_minor))
            table.add_row(line.on.isoformat(), line.voucher_id, line.kind, line.source, against, *money)
        token = page.next_page_token
        if not token:
            break
    if options.json:
        return _json(pages)
    _print(table)
    return 0


def _voucher(books: AnyBooks, options: argparse.Namespace) -> int:
    voucher, lines = books.voucher(options.voucher_id)
    if options.json:
        return _json({"voucher": voucher, "lines": lines})
    said = [f"{voucher.voucher_id}: {voucher.kind} of {voucher.subject} on {voucher.on}"]
    said += [f"of {voucher.entity}"] if voucher.entity else []
    for word, other in (("reverses", voucher.reverses), ("follows", voucher.follows), ("because:", voucher.reason)):
        said += [f"{word} {other}"] if other else []
    sys.stdout.write(", ".join(said) + "\n")
    _print(_lines(lines))
    return 0


def _order(books: AnyBooks, options: argparse.Namespace) -> int:
    lines = books.order_lines(options.order_id)
    if options.json:
        return _json(lines)
    _print(_lines(lines))
    return 0


def _accruals(books: AnyBooks, options: argparse.Namespace) -> int:
    rows = books.accruals(only_open=options.only_open)
    if options.json:
        return _json(rows)
    table = _table(("since", "party", "for", "currency"), ("expected", "taken back", "billed", "open", "difference"))
    for row in rows:
        figures = (row.expected_minor, row.released_minor, row.actual_minor, row.open_minor, row.difference_minor)
        money = (format_minor(minor, row.currency) for minor in figures)
        table.add_row(row.since.isoformat(), row.party, row.source, row.currency, *money)
    _print(table)
    return 0


def _post(books: AnyBooks, options: argparse.Namespace) -> int:
    made = books.post(read_events(_text(options.file), options.file.name))
    return _tell(made, options)


def _reverse(books: AnyBooks, options: argparse.Namespace) -> int:
    return _tell([books.reverse(options.voucher_id, on=options.on, reason=options.reason)], options)


def _period(books: AnyBooks, options: argparse.Namespace) -> int:
    act = books.close if options.action == "close" else books.reopen
    change = act(options.entity, options.period, options.reason)
    if options.json:
        return _json(change)
    whose = f" of {change.entity}" if change.entity else ""
    sys.stdout.write(f"{period_name(change.period)}{whose} is {'closed' if change.is_closed else 'open again'}\n")
    return 0


def _rates(books: AnyBooks, options: argparse.Namespace) -> int:
    if options.file is not None:
        found = read_rates(_text(options.file), options.file.name)
        new = books.keep_rates(found)
        sys.stdout.write(f"{len(found)} rates read, {new} new\n")
        return 0
    for rate in books.rates():
        sys.stdout.write(f"{rate.on}  1 {rate.currency} = {rate.rate:f} {rate.base}\n")
    return 0


def _entities(books: AnyBooks, options: argparse.Namespace) -> int:
    if options.file is not None:
        version = books.declare(_text(options.file), options.file.name)
        sys.stdout.write(f"version {version} is in force\n")
        return 0
    version, document = books.declaration()
    sys.stdout.write(document if version else "nothing is declared: all books are one\n")
    return 0


def _chart(books: AnyBooks, options: argparse.Namespace) -> int:
    if options.file is not None:
        version = books.change_chart(_text(options.file), options.file.name)
        sys.stdout.write(f"version {version} is in force\n")
        return 0
    version, document = books.chart()
    sys.stdout.write(document if version else "nothing was imported: the product's own accounts and rules count\n")
    return 0


def _untranslated(books: AnyBooks, options: argparse.Namespace) -> int:
    rows = books.untranslated()
    if options.json:
        return _json(rows)
    for one in rows:
        needed = f"a rate of {one.currency} in {one.base_currency} on {one.on} or shortly before"
        sys.stdout.write(f"{one.entity}  {one.vouchers:,} vouchers in {one.currency}: needs {needed}\n")
    return 0


def _verify(books: AnyBooks, options: argparse.Namespace) -> int:
    found = books.verify()
    if options.json:
        _json(found)
    else:
        sys.stdout.write(f"{found.vouchers:,} vouchers, {found.lines:,} lines, digest {found.digest}\n")
        for trouble in found.troubles:
            sys.stdout.write(f"{trouble}\n")
        sys.stdout.write("the books do not agree\n" if found.troubles else "everything agrees\n")
    return 1 if found.troubles else 0


def _export(options: argparse.Namespace) -> int:
    with application_of(options) as application, application.database.read() as reader:
        if options.to is None:
            sys.stdout.buffer.writelines(export(reader))
        else:
            with options.to.open("wb") as file:
                file.writelines(export(reader))
    return 0


def _rebuild(options: argparse.Namespace) -> int:
    with (
        application_of(options) as application,
        options.file.open("rb") as file,
        application.database.write() as tx,
    ):
        made = rebuild(tx, application.journal, file)
    sys.stdout.write(f"{made:,} vouchers\n")
    return 0


_ACTIONS: dict[str, Callable[[AnyBooks, argparse.Namespace], int]] = {
    "trial-balance": _trial_balance,
    "statement": _statement,
    "voucher": _voucher,
    "order": _order,
    "accruals": _accruals,
    "post": _post,
    "reverse": _reverse,
    "close": _period,
    "reopen": _period,
    "rates": _rates,
    "entities": _entities,
    "chart": _chart,
    "untranslated": _untranslated,
    "verify": _verify,
}


def _text(path: Path) -> str:
    """The text of a file. Raises InvalidRequest where it is none, or not there."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        violation = FieldViolation(field=str(path), value="", remedy=error.strerror or "cannot be read")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        violation = FieldViolation(field=f"{path.name}:{line}", value="", remedy="is not UTF-8: save it as UTF-8")
    raise InvalidRequest(str(path), [violation])


def _tell(made: Iterable[Voucher], options: argparse.Namespace) -> int:
    made = tuple(made)
    if options.json:
        return _json(made)
    for voucher in made:
        sys.stdout.write(f"{voucher.voucher_id}  {voucher.kind} of {voucher.subject}\n")
    return 0


def _json(said: object) -> int:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n")
    return 0


def _print(table: Table) -> None:
    """Without the columns that say nothing."""
    table.columns = [column for column in table.columns if any(column.cells)]
    for column in table.columns:
        if column.no_wrap:  # else rich counts the padding of columns as they stood before
            column.min_width = 2 + max(len(str(cell)) for cell in (column.header, *column.cells))
    print_whole(table)


def _table(words: Sequence[str], figures: Sequence[str]) -> Table:
    table = Table(pad_edge=False, box=SIMPLE_HEAD)
    for word in words:
        table.add_column(word, overflow="fold", no_wrap=word in _WHOLE)
    for figure in figures:
        table.add_column(figure, justify="right", no_wrap=True)
    return table


def _lines(lines: Sequence[VoucherLine]) -> Table:
    table = _table(("voucher", "charge", "debit", "credit", "order", "line", "SKU"), ("amount", ""))
    for line in lines:
        named = (line.voucher_id, line.charge, line.debit, line.credit, line.order_id, line.line_id, line.sku)
        table.add_row(*named, format_minor(line.amount_minor, line.currency), line.currency)
    return table


def _money(row: PeriodBalance) -> tuple[str, ...]:
    figures = (row.opening_minor, row.debit_minor, row.credit_minor, row.closing_minor)
    return tuple(format_minor(minor, row.currency) for minor in figures)


def _sums(rows: Iterable[PeriodBalance]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        sums[row.entity, row.currency] = sums.get((row.entity, row.currency), 0) + row.closing_minor
    return sums
