"""`replan` and `exceptions`: change plans that the world has overtaken, and see those that wait."""

import argparse
import sys

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ids import plan_meant, shortened_rows
from solver.cli.tables import LEAST_ID_WIDTH
from solver.client import ReplanCommand
from solver.fulfilment.replanning.model import Replanned


def run(options: argparse.Namespace) -> int:
    """Plan anew, and show what became of each plan."""
    with connected(options) as client:
        command = ReplanCommand(
            plan_ids=tuple(dict.fromkeys(plan_meant(client, given) for given in options.plan_id)),
            service_ids=tuple(options.service),
            source_ids=tuple(options.source),
            change_minor_per_package=options.change_minor,
            reason=options.reason,
            validate_only=options.validate_only,
        )
        replanned = client.replanning.replan(command)
    if options.json:
        sys.stdout.write(f"{msgspec.json.encode(replanned).decode()}\n")
        return 0
    if not replanned.changes:
        sys.stdout.write("no plan is affected\n")
        return 0
    Console().print(_changes(replanned, chinese=options.chinese))
    return 0


def run_exceptions(options: argparse.Namespace) -> int:
    """Show the plans that wait for what takes nothing, by what they wait for; 0 also where there are none."""
    with connected(options) as client:
        found = list(client.replanning.exceptions())
    if options.json:
        sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
        return 0
    if not found:
        sys.stdout.write("no plan waits for what takes nothing\n")
        return 0
    console = Console()
    rows = shortened_rows((one.order_id, one.plan_id, one.why_zh if options.chinese else one.why) for one in found)
    for why in dict.fromkeys(why for _, _, why in rows):
        console.print(escape(why))
        table = Table(pad_edge=False)
        for heading in ("order", "plan"):
            table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
        for order_id, plan_id, reason in rows:
            if reason == why:
                table.add_row(escape(order_id), escape(plan_id))
        console.print(table)
    return 0


def _changes(replanned: Replanned, *, chinese: bool) -> Table:
    table = _table("order", "plan", "outcome", "new plan")
    rows = [
        (one.order_id, one.plan_id, one.outcome, one.new_plan_id, one.why_zh if chinese else one.why)
        for one in replanned.changes
    ]
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    return table


def _table(*headings: str) -> Table:
    table = Table(pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
    table.add_column("why", ratio=1, overflow="fold")
    return table
