"""`ledger value`, `margin`, `value-terms`, `costs`, `write-down`, `uncosted`, `cost-receipt`: their options.

Their work is a module of its own, and other commands start without it.
"""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

from solver.cli.argument_kinds import day

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_values(actions: Commands, add_target: AddTarget) -> None:
    """Add the actions about what stock cost and earned."""
    value = _action(actions, add_target, "value", "what is in stock and what it cost")
    value.add_argument("--entity", default=None, metavar="CODE", help="only what this entity owns")
    moves = _action(actions, add_target, "cost-moves", "how the value of a SKU or of an order's goods came about")
    moves.add_argument("--sku", default="", help="of this material")
    moves.add_argument("--order", default="", metavar="ID", help="of this order's goods")
    margin = _action(actions, add_target, "margin", "sales, their cost and the gross margin")
    margin.add_argument("--by", choices=("sku", "order", "channel"), default="sku", help="told by (default: sku)")
    margin.add_argument("--since", type=day, default=date(1970, 1, 1), metavar="DAY", help="the first day")
    margin.add_argument("--until", type=day, default=date(2199, 12, 31), metavar="DAY", help="the day after the last")
    margin.add_argument("--entity", default=None, metavar="CODE", help="only of this entity")
    terms = _action(actions, add_target, "value-terms", "show how stock is valued, or set it by a YAML file")
    terms.add_argument("file", type=Path, nargs="?", metavar="FILE", help="see docs/valuation.md")
    terms.add_argument("--costs", type=Path, metavar="FILE", help="unit costs to note at once")
    costs = _action(actions, add_target, "costs", "note what SKUs cost from a day on")
    costs.add_argument("file", type=Path, metavar="FILE", help="CSV: sku, from_on, unit_cost_minor")
    down = _action(actions, add_target, "write-down", "value all units of a SKU less")
    down.add_argument("sku", metavar="SKU", help="the material")
    down.add_argument("amount_minor", type=int, metavar="MINOR", help="by how much, in minor units, all together")
    down.add_argument("--reason", required=True, help="why")
    down.add_argument("--entity", default="", metavar="CODE", help="whose (default: the one at home)")
    _action(actions, add_target, "uncosted", "receipts that came in at 0 because nobody knew their cost")
    late = _action(actions, add_target, "cost-receipt", "say what a unit of such a receipt cost")
    late.add_argument("move_id", type=int, metavar="MOVE", help="its number, as `ledger uncosted` shows it")
    late.add_argument("unit_cost_minor", type=int, metavar="MINOR", help="what a unit cost, in minor units")


def _action(actions: Commands, add_target: AddTarget, name: str, what: str) -> argparse.ArgumentParser:
    command = actions.add_parser(name, help=what)
    add_target(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_run, action=name)
    return command


def _run(options: argparse.Namespace) -> int:
    from solver.cli import ledger_values

    return ledger_values.run(options)
