"""`ledger`: which actions there are; each action's work is a module of its own, and starts nothing else."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

from solver.cli.argument_kinds import day
from solver.cli.ledger_desk import add_desk
from solver.cli.ledger_sharing import add_sharing
from solver.cli.ledger_statements import add_statements
from solver.cli.ledger_value import add_values

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_ledger(commands: Commands, add_target: AddTarget) -> None:
    """Add the command with its actions; `add_target` adds the option that names the service."""
    command = commands.add_parser("ledger", help="the books: post, read, close, reconcile, settle, verify")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    for add in (_add_reading, _add_posting, _add_keeping, _add_whole, add_values):
        add(actions, add_target)
    add_sharing(actions, add_target)
    add_desk(actions, add_target)
    add_statements(actions, add_target)


def _add_reading(actions: Commands, add_target: AddTarget) -> None:
    balance = _action(actions, add_target, "trial-balance", "every account: before, debits, credits, after")
    for name in ("entity", "currency", "cost-centre", "profit-centre"):
        balance.add_argument(f"--{name}", default=None, metavar="CODE", help=f"only of this {name.replace('-', ' ')}")
    balance.add_argument("--from", dest="from_period", default="", metavar="YYYY-MM", help="the first month that moves")
    balance.add_argument("--until", dest="until_period", default="", metavar="YYYY-MM", help="the last month")
    balance.add_argument("--by-centre", action="store_true", help="tell each account by centres")
    statement = _action(actions, add_target, "statement", "one account: opening, every movement, closing")
    statement.add_argument("account", help="as the trial balance shows it, such as receivable/tmall")
    statement.add_argument("--entity", default="", metavar="CODE", help="whose (default: the one at home)")
    statement.add_argument("--currency", default="CNY", metavar="CODE", help="in which currency (default: CNY)")
    statement.add_argument("--since", type=day, default=date(1970, 1, 1), metavar="DAY", help="the first day")
    statement.add_argument("--until", type=day, default=date(2199, 12, 31), metavar="DAY", help="the last day")
    voucher = _action(actions, add_target, "voucher", "one voucher with its lines")
    voucher.add_argument("voucher_id", metavar="ID", help="such as V0000000012")
    order = _action(actions, add_target, "order", "every line that was posted for an order")
    order.add_argument("order_id", metavar="ID", help="the order")
    accruals = _action(actions, add_target, "accruals", "what carriers and sources were expected to bill, and billed")
    rules = actions.add_parser("rules", help="which account each charge of each event debits and credits")
    rules.add_argument("--chart", type=Path, default=None, metavar="FILE", help="as this file changes and adds to them")
    rules.set_defaults(run=_run, action="rules")
    accruals.add_argument("--open", dest="only_open", action="store_true", help="only what awaits a bill")


def _add_posting(actions: Commands, add_target: AddTarget) -> None:
    post = _action(actions, add_target, "post", "post the events of a CSV file: all of them, or none")
    post.add_argument("file", type=Path, metavar="FILE", help="kind, currency, on, source, charge, amount_minor, ...")
    reverse = _action(actions, add_target, "reverse", "take a voucher back by another one; both stay")
    reverse.add_argument("voucher_id", metavar="ID", help="such as V0000000012")
    reverse.add_argument("--on", type=day, required=True, metavar="DAY", help="the business date")
    reverse.add_argument("--reason", required=True, help="why")


def _add_keeping(actions: Commands, add_target: AddTarget) -> None:
    for name, what in (("close", "refuse postings into a month"), ("reopen", "allow them again; says why")):
        command = _action(actions, add_target, name, what)
        command.add_argument("period", metavar="YYYY-MM", help="the month")
        command.add_argument("--entity", default="", metavar="CODE", help="whose (default: the one at home)")
        command.add_argument("--reason", default="", required=name == "reopen", help="why")
    rates = _action(actions, add_target, "rates", "show the rates of exchange, or keep those of a CSV file")
    rates.add_argument("file", type=Path, nargs="?", metavar="FILE", help="date, currency, base, rate")
    entities = _action(actions, add_target, "entities", "show what is declared, or declare what a file says")
    entities.add_argument("file", type=Path, nargs="?", metavar="FILE", help="YAML or CSV, see docs/ledger.md")
    chart = _action(actions, add_target, "chart", "show your own accounts and posting rules, or import those of a file")
    chart.add_argument("file", type=Path, nargs="?", metavar="FILE", help="YAML, see docs/ledger.md")
    _action(actions, add_target, "untranslated", "vouchers that wait for a rate of exchange, and which rate")


def _add_whole(actions: Commands, add_target: AddTarget) -> None:
    _action(actions, add_target, "verify", "rebuild every balance from the lines of vouchers and compare")
    export = _action(actions, None, "export", "write the books as one text: the same books, the same bytes")
    export.add_argument("--to", type=Path, default=None, metavar="FILE", help="where to (default: standard output)")
    rebuild = _action(actions, None, "rebuild", "make books from an exported text, where there are none yet")
    rebuild.add_argument("file", type=Path, metavar="FILE", help="what `ledger export` wrote")


def _action(actions: Commands, add_target: AddTarget | None, name: str, what: str) -> argparse.ArgumentParser:
    """An action that asks a service, or opens books itself."""
    command = actions.add_parser(name, help=what)
    command.add_argument(
        "--books",
        metavar="WHERE",
        required=add_target is None,
        help="a folder or the URL of a database: the books themselves, without a service",
    )
    if add_target is not None:
        add_target(command)
        command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_run, action=name)
    return command


def _run(options: argparse.Namespace) -> int:
    from solver.cli import ledger_books  # other commands start without it

    return ledger_books.run(options)
