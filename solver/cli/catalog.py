"""`catalog`: which actions there are; files come and go in `catalog_files`."""

import argparse
import sys
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.table import Table

from solver.catalog.fields.model import Layer
from solver.catalog.fields.page import fields_page
from solver.catalog.life import LifeState
from solver.cli.argument_kinds import moment
from solver.cli.connecting import connected
from solver.cli.stock import AddTarget

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
KINDS = ("categories", "materials", "sales_items", "channel_items")


def add_catalog(commands: Commands, add_target: AddTarget) -> None:
    """Add the command with its actions; `add_target` adds the option that names the service."""
    command = commands.add_parser("catalog", help="load, write, look up and pause what is sold; print fields and kinds")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    loading = actions.add_parser("import", help="load a file into a running service: all of it, or nothing")
    loading.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, JSON Lines or JSON; see docs/catalog.md")
    loading.add_argument("--check", action="store_true", help="load nothing, only say what is wrong")
    loading.add_argument("--faults", type=Path, metavar="OUT", help="write what is wrong to a CSV file as well")
    loading.set_defaults(run=_import)
    writing = actions.add_parser("export", help="write what is in force to a file that `import` reads")
    writing.add_argument("file", type=Path, metavar="FILE", help="ends in .csv, .xlsx, .jsonl or .json")
    writing.set_defaults(run=_export)
    for one in (loading, writing):
        one.add_argument("--kind", choices=KINDS, required=True, help="of the rows")
    combining = actions.add_parser("combine", help="load combinations from YAML into a running service")
    combining.add_argument("file", type=Path, metavar="FILE", help="one after the other, `---` between; or JSON Lines")
    combining.set_defaults(run=_combine)
    resolving = actions.add_parser("resolve", help="say what a channel's codes stand for, down to materials")
    resolving.add_argument("channel", metavar="CHANNEL")
    resolving.add_argument("codes", nargs="+", metavar="CODE")
    resolving.set_defaults(run=_resolve)
    state = actions.add_parser("state", help="move something on in life: active, paused, retired")
    state.add_argument("state", choices=[str(one) for one in LifeState])
    state.add_argument("ids", nargs="+", metavar="ID", help="SKUs, ids of sales items, or a channel's codes")
    state.add_argument("--layer", choices=[str(one) for one in Layer], required=True)
    state.add_argument("--channel", default="", help="of channel items")
    state.add_argument("--version", type=int, default=0, help="which version of each (default: the latest)")
    state.add_argument("--from", dest="effective_from", type=moment, help="when it comes into force")
    state.add_argument("--until", dest="effective_until", type=moment, help="when it ends")
    state.set_defaults(run=_change_state)
    for one in (loading, writing, combining, resolving, state):
        add_target(one)
    products = actions.add_parser(
        "products", help="turn the products of a real data set into files that `import` reads"
    )
    products.add_argument("set", choices=("cn", "olist"), help="see docs/importers.md")
    products.add_argument("data", type=Path, metavar="DIR", help="the folder that holds the data sets")
    products.add_argument("out", type=Path, metavar="OUT", help="the folder to write")
    products.set_defaults(run=_products)
    fields = actions.add_parser("fields", help="print every field as Markdown, without a service")
    fields.set_defaults(run=_fields)
    kinds = actions.add_parser("kinds", help="print every kind of combination as Markdown, without a service")
    kinds.set_defaults(run=_kinds)


def _import(options: argparse.Namespace) -> int:
    from solver.cli import catalog_files  # and with it scenarios: other commands start without them

    return catalog_files.run_import(options)


def _export(options: argparse.Namespace) -> int:
    from solver.cli import catalog_files

    return catalog_files.run_export(options)


def _combine(options: argparse.Namespace) -> int:
    from solver.cli import catalog_combinations

    return catalog_combinations.run_combine(options)


def _products(options: argparse.Namespace) -> int:
    from solver.importers.catalog.products import SETS, write_products

    sys.stdout.write(write_products(SETS[options.set](options.data), options.out) + "\n")
    return 0


def _resolve(options: argparse.Namespace) -> int:
    table = Table("code", "item", "materials", "may be ordered")
    with connected(options) as client:
        for one in client.catalog.resolve(options.channel, options.codes):
            parts = ", ".join(f"{part.sku} x {part.units}" for part in one.parts)
            table.add_row(one.code, one.item_id, parts, one.refusal or "yes")
    Console().print(table)
    return 0


def _change_state(options: argparse.Namespace) -> int:
    with connected(options) as client:
        changed = client.catalog.change_state(
            Layer(options.layer),
            options.ids,
            LifeState(options.state),
            channel=options.channel,
            version=options.version,
            effective_from=options.effective_from,
            effective_until=options.effective_until,
        )
    sys.stdout.write(f"{changed} {options.state}\n")
    return 0


def _fields(_: argparse.Namespace) -> int:
    sys.stdout.write(fields_page())
    return 0


def _kinds(_: argparse.Namespace) -> int:
    from solver.catalog.combinations.page import kinds_page  # and with it the kinds: other commands start without them

    sys.stdout.write(kinds_page())
    return 0
