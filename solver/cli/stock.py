"""`stock`: which actions there are; each action's work is a module of its own."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

from solver.cli import stock_show, stock_warnings, stock_watch
from solver.stock.warning_model import DEMAND_DAYS

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_stock(commands: Commands, add_target: AddTarget) -> None:
    """Add the command with its actions; `add_target` adds the option that names the service."""
    command = commands.add_parser("stock", help="look at the stock of a running service")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    _add_watch(actions, add_target)
    _add_show(actions, add_target)
    _add_warnings(actions, add_target)


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
