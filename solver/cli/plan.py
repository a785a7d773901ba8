"""`plan`: one order to a running service, its plan to the screen."""

import argparse
import sys

import msgspec
from rich.console import Console

from solver.cli.connecting import connected
from solver.cli.tables import plan_details
from solver.client import FulfilmentPlan
from solver.scenario.files import read_order


def run(options: argparse.Namespace) -> int:
    """Plan, and confirm if asked."""
    order = read_order(options.order)
    with connected(options) as client:
        standing = client.plan(
            order,
            policy_id=options.policy,
            policy_version=options.policy_version,
            validate_only=options.validate_only,
        )
        if options.confirm and not options.validate_only:
            standing, _ = client.confirm(standing.plan_id)
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(standing)).decode() + "\n")
    else:
        show(standing)
    return 0


def show(standing: FulfilmentPlan) -> None:
    """Print the plan as people read it."""
    console = Console()
    for part in plan_details(standing, console.width):
        console.print(part)
