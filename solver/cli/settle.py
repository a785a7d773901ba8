"""`confirm` and `release`: what becomes of a held plan."""

import argparse
import sys

from solver.cli.connecting import connected
from solver.cli.ids import plan_meant


def run_confirm(options: argparse.Namespace) -> int:
    """Commit a plan's stock and tell the voucher."""
    with connected(options) as client:
        standing, voucher_id = client.confirm(plan_meant(client, options.plan_id))
    sys.stdout.write(f"plan {standing.plan_id} for order {standing.plan.order_id}: {standing.state}")
    sys.stdout.write(f", voucher {voucher_id}\n" if voucher_id else ", nothing owed\n")
    return 0


def run_release(options: argparse.Namespace) -> int:
    """Give a plan's stock back."""
    with connected(options) as client:
        standing = client.release(plan_meant(client, options.plan_id))
    sys.stdout.write(f"plan {standing.plan_id} for order {standing.plan.order_id}: {standing.state}\n")
    return 0
