"""The work of `ledger contracts`, `share`, `what-if`, `record`, `settle`, `settlements` and `payments`."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from rich.table import Table

from solver.cli.ledger_settled import Settled, settled
from solver.cli.tables import print_whole
from solver.errors import StateConflict, Violations, XunyuanError
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.document import read_document
from solver.ledger.contracts.facts import SettledOrder
from solver.ledger.contracts.in_turn import Shared
from solver.ledger.contracts.model import Contract
from solver.ledger.contracts.order_file import read_orders
from solver.ledger.contracts.refund_file import read_refunds
from solver.ledger.contracts.sentences import in_chinese, in_english
from solver.ledger.contracts.sharing import Sharing
from solver.ledger.contracts.what_if import instead, what_if
from solver.ledger.settlement.model import Statement
from solver.money import format_minor

_BATCH = 1_000
_STEPS = (
    "order_id", "rule", "role", "party", "line_id", "contract", "base", "base_minor", "rate", "amount_minor", "why",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PASSED = ("PERIOD_NOT_OVER", "RUN_PASSED")


def run(options: argparse.Namespace) -> int:
    """Do what the options ask."""
    alone: Mapping[str, Callable[[argparse.Namespace], None]] = {
        "check": _check, "share": _share, "what-if": _what_if,
    }  # fmt: skip
    if options.action in alone:
        alone[options.action](options)
        return 0
    asked: Mapping[str, Callable[[Settled, argparse.Namespace], None]] = {
        "load": _load, "list": _list, "show": _show, "record": _record, "refund": _refund, "settle": _settle,
        "settlements": _settlements, "payments": _payments,
    }  # fmt: skip
    texts = [_text(path) for path in options.files] if options.action == "load" else []
    if texts:
        _contracts(options.files)
    with settled(options) as of:
        asked[options.action](of, options)
    return 0


def _check(options: argparse.Namespace) -> None:
    for path, one in zip(options.files, _contracts(options.files), strict=True):
        sys.stdout.write(f"{path}: {one.name} with {one.party} ({one.role}), from {one.from_day}: sound\n")


def _share(options: argparse.Namespace) -> None:
    in_turn = Shared(ContractBook(_contracts(options.contracts)))
    sums: dict[tuple[str, str, str], int] = {}
    count = 0
    with _steps_file(options.steps) as write:
        for order in _orders(options.orders):
            sharing = in_turn.share(order)
            count += 1
            for share in sharing.shares:
                key = (sharing.currency, share.role.value, share.party)
                sums[key] = sums.get(key, 0) + share.amount_minor
            write(_rows_of(sharing, chinese=options.chinese))
    rows = [(*key, minor) for key, minor in sorted(sums.items())]
    if options.json:
        _print_json(
            {
                "orders": count,
                "shares": [dict(zip(("currency", "role", "party", "amount_minor"), row, strict=True)) for row in rows],
            }
        )
        return
    table = _table(f"{count:,} orders shared out", ("currency", "role", "party"), ("amount",))
    for currency, role, party, minor in rows:
        table.add_row(currency, role, party, format_minor(minor, currency))
    print_whole(table)


def _what_if(options: argparse.Namespace) -> None:
    contracts = _contracts(options.contracts)
    found = what_if(_orders(options.orders), ContractBook(contracts), instead(contracts, _contracts(options.instead)))
    if options.json:
        rows = [
            {
                "currency": one.currency,
                "role": one.role.value,
                "party": one.party,
                "before_minor": one.before_minor,
                "after_minor": one.after_minor,
                "difference_minor": one.difference_minor,
                "orders_changed": one.orders_changed,
            }
            for one in found.differences
        ]
        _print_json({"orders": found.orders, "orders_changed": found.orders_changed, "differences": rows})
        return
    title = f"{found.orders:,} orders, of which {found.orders_changed:,} come to something else"
    table = _table(title, ("currency", "role", "party"), ("as it is", "instead", "difference", "orders"))
    for one in found.differences:
        amounts = (one.before_minor, one.after_minor, one.difference_minor)
        shown = (format_minor(minor, one.currency) for minor in amounts)
        table.add_row(one.currency, one.role.value, one.party, *shown, f"{one.orders_changed:,}")
    print_whole(table)


def _load(of: Settled, options: argparse.Namespace) -> None:
    for one in of.load([_text(path) for path in options.files]):
        sys.stdout.write(f"{one.name} with {one.party}: kept\n")


def _list(of: Settled, _: argparse.Namespace) -> None:
    contracts = of.contracts()
    table = _table(f"{len(contracts)} contracts", ("contract", "role", "party", "currency", "from", "until"), ())
    for one in contracts:
        until = "" if one.until_day is None else one.until_day.isoformat()
        table.add_row(one.name, one.role.value, one.party, one.currency, one.from_day.isoformat(), until)
    print_whole(table)


def _show(of: Settled, options: argparse.Namespace) -> None:
    sys.stdout.write(of.contract(options.contract_id, options.version).text)


def _record(of: Settled, options: argparse.Namespace) -> None:
    """Read the file to its end before anything of it is recorded."""
    count = sum(1 for _ in _orders(options.orders))
    new, orders = 0, _orders(options.orders)
    while batch := list(islice(orders, _BATCH)):
        new += of.record(batch)
    sys.stdout.write(f"{count:,} orders, of which {new:,} are new\n")


def _refund(of: Settled, options: argparse.Namespace) -> None:
    """Read the file to its end before anything of it is recorded."""
    refunds = read_refunds(_text(options.refunds).splitlines(), str(options.refunds))
    new = sum(of.refund(refunds[begin : begin + _BATCH]) for begin in range(0, len(refunds), _BATCH))
    sys.stdout.write(f"{len(refunds):,} refunds, of which {new:,} are new\n")


def _settle(of: Settled, options: argparse.Namespace) -> None:
    parties = [one for one in of.parties() if options.party in ("", one[0])]
    made = []
    for party, currency in parties:
        try:
            made.append(of.settle(party, currency, options.day))
        except StateConflict as error:
            if options.party or error.reason not in _PASSED:
                raise
            sys.stderr.write(f"{party}: {error}\n")
    _print_statements(made, options)


def _settlements(of: Settled, options: argparse.Namespace) -> None:
    _print_statements(of.statements(options.party), options)


def _payments(of: Settled, options: argparse.Namespace) -> None:
    found = of.payments(options.begin, options.end)
    if options.json:
        names = ("run_id", "party", "currency", "amount_minor")
        _print_json([{name: getattr(one, name) for name in names} | {"on": one.on.isoformat()} for one in found])
        return
    table = _table(f"{len(found)} payments", ("on", "party", "currency"), ("to pay", "to ask for"))
    for one in found:
        shown = format_minor(abs(one.amount_minor), one.currency)
        pays = (shown, "") if one.amount_minor > 0 else ("", shown)
        table.add_row(one.on.isoformat(), one.party, one.currency, *pays)
    print_whole(table)


def _print_statements(found: Sequence[Statement], options: argparse.Namespace) -> None:
    names = (
        "opening_minor", "earned_minor", "held_minor", "released_minor", "receivable_netted_minor", "payout_minor",
        "collect_minor", "carried_minor",
    )  # fmt: skip
    if options.json:
        _print_json(
            [
                {"run_id": one.run_id, "state": one.state.value, **{name: getattr(one, name) for name in names}}
                for one in found
            ]
        )
        return
    amounts = ("opening", "earned", "held back", "released", "netted", "to pay", "to ask for", "carried")
    table = _table(f"{len(found)} settlements", ("run", "currency", "state"), amounts)
    for one in found:
        shown = (format_minor(getattr(one, name), one.currency) for name in names)
        table.add_row(one.run_id, one.currency, one.state.value, *shown)  # its id says party, currency and days
    print_whole(table)


def _contracts(paths: Sequence[Path]) -> list[Contract]:
    violations = Violations()
    read = [read_document(_text(path), str(path), violations) for path in paths]
    violations.refuse_any("the list of contracts")
    return [one for one in read if one is not None]


def _orders(path: Path) -> Iterator[SettledOrder]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from read_orders(lines, str(path))
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}; name a CSV file") from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}; name a text file") from error
    except UnicodeDecodeError as error:
        raise XunyuanError(f"{path}: is no UTF-8 text; save it as UTF-8") from error


@contextmanager
def _steps_file(path: Path | None) -> Iterator[Callable[[Iterable[Sequence[object]]], object]]:
    if path is None:
        yield lambda _: None
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_STEPS)
        yield writer.writerows


def _rows_of(sharing: Sharing, *, chinese: bool) -> Iterator[Sequence[object]]:
    said = in_chinese if chinese else in_english
    for one in sharing.steps:
        why = said(one, sharing.currency)
        texts = (sharing.order_id, one.rule, one.role.value, one.party, one.line_id, one.contract, one.base)
        yield (*(_guarded(text) for text in texts), one.base_minor, one.rate, one.amount_minor, _guarded(why))


def _guarded(text: str) -> str:
    """No sheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _table(title: str, texts: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False)
    for name in texts:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
