"""`ledger contracts`, `share`, `what-if`, `record`, `settle`, `settlements`, `payments`: what they take."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

from solver.cli.argument_kinds import day

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_sharing(actions: Commands, add_target: AddTarget) -> None:
    """Add the actions; `add_target` adds the option that names the service."""
    _add_contracts(actions, add_target)
    _add_from_files(actions)
    _add_settling(actions, add_target)


def _add_contracts(actions: Commands, add_target: AddTarget) -> None:
    contracts = actions.add_parser("contracts", help="check, load, list and show contracts (docs/sharing.md)")
    ways = contracts.add_subparsers(title="ways", required=True, metavar="WAY")
    check = _run_by(ways.add_parser("check", help="read files, without a service; tell what is wrong"), "check")
    loading = _run_by(ways.add_parser("load", help="keep contracts: all of them, or none"), "load")
    for one in (check, loading):
        one.add_argument("files", type=Path, nargs="+", metavar="FILE", help="YAML or JSON with one contract")
    listing = _run_by(ways.add_parser("list", help="every version of every contract"), "list")
    show = _run_by(ways.add_parser("show", help="a contract as it was written"), "show")
    show.add_argument("contract_id", metavar="ID", help="the contract")
    show.add_argument("--version", type=int, default=0, metavar="N", help="which one (default: the latest)")
    for one in (loading, listing, show):
        _add_where(one, add_target)


def _add_from_files(actions: Commands) -> None:
    sharing = _run_by(actions.add_parser("share", help="who has what of settled orders, from files alone"), "share")
    sharing.add_argument("--steps", type=Path, default=None, metavar="FILE", help="write every step as CSV")
    sharing.add_argument("--chinese", action="store_true", help="say why in Chinese")
    other = _run_by(
        actions.add_parser("what-if", help="what past orders would have come to under other contracts"), "what-if"
    )
    other.add_argument(
        "--instead", type=Path, nargs="+", required=True, metavar="FILE", help="in place of those of the same ids"
    )
    for one in (sharing, other):
        one.add_argument("orders", type=Path, metavar="ORDERS", help="settled orders as CSV, see docs/sharing.md")
        one.add_argument("--contracts", type=Path, nargs="+", required=True, metavar="FILE", help="as they are")
        one.add_argument("--json", action="store_true", help="print JSON")


def _add_settling(actions: Commands, add_target: AddTarget) -> None:
    record = _run_by(actions.add_parser("record", help="record settled orders, which runs settle"), "record")
    record.add_argument("orders", type=Path, metavar="ORDERS", help="settled orders as CSV, see docs/sharing.md")
    refund = _run_by(actions.add_parser("refund", help="record what was given back, which runs settle"), "refund")
    refund.add_argument("refunds", type=Path, metavar="REFUNDS", help="refunds as CSV, see docs/sharing.md")
    settle = _run_by(actions.add_parser("settle", help="settle for the period of a day, once"), "settle")
    settle.add_argument("day", type=day, metavar="DAY", help="any day of the period")
    settle.add_argument("--party", default="", help="with whom (default: everybody)")
    listing = _run_by(actions.add_parser("settlements", help="statements of runs"), "settlements")
    listing.add_argument("--party", default="", help="only this party's")
    payments = _run_by(actions.add_parser("payments", help="what is to be paid and asked for"), "payments")
    payments.add_argument("--from", dest="begin", type=day, default=date(1970, 1, 1), metavar="DAY", help="first day")
    payments.add_argument("--until", dest="end", type=day, default=date(2199, 12, 31), metavar="DAY", help="last day")
    for one in (record, refund, settle, listing, payments):
        _add_where(one, add_target)
    for one in (settle, listing, payments):
        one.add_argument("--json", action="store_true", help="print JSON")


def _add_where(command: argparse.ArgumentParser, add_target: AddTarget) -> None:
    command.add_argument("--books", default="", metavar="WHERE", help="a folder or URL: the books, without a service")
    add_target(command)


def _run_by(command: argparse.ArgumentParser, action: str) -> argparse.ArgumentParser:
    command.set_defaults(run=_run, action=action)
    return command


def _run(options: argparse.Namespace) -> int:
    from solver.cli import ledger_settling  # other commands start without it

    return ledger_settling.run(options)
