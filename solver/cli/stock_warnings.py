"""`stock warnings`: what is about to go wrong with stock."""

import argparse
import sys

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.cli.ids import shortened_rows
from solver.cli.tables import LEAST_ID_WIDTH


def run(options: argparse.Namespace) -> int:
    """Print the warnings of a running service, the most urgent first; 0 also where there are none."""
    with connected(options) as client:
        found = list(client.warnings.warnings(options.sku, options.site, demand_days=options.days))
    if options.json:
        sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
        return 0
    if not found:
        sys.stdout.write("no warnings\n")
        return 0
    table = Table(pad_edge=False)
    table.add_column("warning", no_wrap=True)
    for heading in ("SKU", "where"):
        table.add_column(heading, overflow="fold", min_width=LEAST_ID_WIDTH)
    table.add_column("why", ratio=1, overflow="fold")
    rows = [
        (
            one.kind.replace("_", " "),
            one.sku,
            one.site_id or one.channel_id or "all sites",
            one.text.partition(": ")[2],
        )
        for one in found
    ]
    for row in shortened_rows(rows):
        table.add_row(*map(escape, row))
    Console().print(table)
    return 0
