"""`stock`: which actions there are; each action's work is a module of its own."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from solver.cli import stock_import, stock_show, stock_warnings, stock_watch
from solver.stock.warnings.warning_model import DEMAND_DAYS

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_stock(commands: Commands, add_target: AddTarget) -> None:
    """Add the command with its actions; `add_target` adds the option that names the service."""
    command = commands.add_parser("stock", help="look at the stock of a running service, or load some")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    _add_watch(actions, add_target)
    _add_show(actions, add_target)
    _add_warnings(actions, add_target)
    _add_import(actions, add_target)


def _add_watch(actions: Commands, add_target: AddTarget) -> None:
    watch = actions.add_parser("watch", help="print what shops show, as it changes, until Ctrl-C")
    watch.add_argument("--channel", action="append", default=[], metavar="ID", help="only the shops of this channel")
    watch.add_argument("--shop", action="append", default=[], metavar="ID", help="only this shop")
    watch.add_argument("--after", type=int, metavar="N", help="begin after this number instead of with a snapshot")
    watch.add_argument("--once", action="store_true", help="end with the first group of values")
    watch.add_argument("--json", action="store_true", help="print each message as a line of JSON")
    add_target(watch)
    watch.set_defaults(run=stock_watch.run)


def _add_show(actions: Commands, add_target: AddTarget) -> None:
    show = actions.add_parser("show", help="print one SKU through all layers, with every number between")
    show.add_argument("sku", metavar="SKU", help="a material of the catalog")
    show.add_argument("--json", action="store_true", help="print the picture as JSON")
    add_target(show)
    show.set_defaults(run=stock_show.run)


def _add_warnings(actions: Commands, add_target: AddTarget) -> None:
    warnings = actions.add_parser("warnings", help="print what is about to go wrong, and the numbers behind it")
    warnings.add_argument("--sku", action="append", default=[], metavar="SKU", help="only this SKU")
    warnings.add_argument("--site", action="append", default=[], metavar="ID", help="only at this site")
    warnings.add_argument(
        "--days", type=int, default=DEMAND_DAYS, help=f"sales of so many days (default: {DEMAND_DAYS})"
    )
    warnings.add_argument("--json", action="store_true", help="print the warnings as JSON")
    add_target(warnings)
    warnings.set_defaults(run=stock_warnings.run)


def _add_import(actions: Commands, add_target: AddTarget) -> None:
    command = actions.add_parser("import", help="book a CSV file of stock as received, once: all of it, or nothing")
    command.add_argument(
        "file", type=Path, metavar="FILE", help="site, sku, units, zone, bin, lot, expires_on, state, made_on"
    )
    command.add_argument("--good-rows", action="store_true", help="load the good rows where others are bad")
    command.add_argument("--check", action="store_true", help="load nothing, only say what is wrong")
    command.add_argument("--refused-to", type=Path, metavar="OUT", help="write the bad rows to a file of their own")
    add_target(command)
    command.set_defaults(run=stock_import.run)
