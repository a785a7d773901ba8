"""`policy rollout`, `policy share` and `policy roll-back`: which versions of a policy are live."""

import argparse
import sys
from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from solver.cli.connecting import connected
from solver.fulfilment.policy_tallies import PolicyTally
from solver.money import format_minor
from solver.policies.rollout import Rollout


def run_show(options: argparse.Namespace) -> int:
    """What is live, how it came about, and what plans under each version came to."""
    with connected(options) as client:
        rollouts, tallies = client.rollouts.every(options.policy_id)
    if options.json:
        answer = {"rollouts": rollouts, "tallies": tallies}
        sys.stdout.write(f"{msgspec.json.encode(answer).decode()}\n")
        return 0
    if not rollouts:
        sys.stdout.write("nothing was rolled out: of each policy the highest valid version is live for all orders\n")
    console = Console()
    for rollout in rollouts:
        console.print(escape(f"{rollout.policy_id}: {in_words(rollout)}"))
        console.print(_steps(rollout))
    if tallies:
        console.print(_tallies(tallies))
    return 0


def run_share(options: argparse.Namespace) -> int:
    """Let a version be live for a share of orders, or for all."""
    with connected(options) as client:
        rollout = client.rollouts.roll_out(options.policy_id, options.version, options.permille, reason=options.reason)
    sys.stdout.write(f"{rollout.policy_id}: {in_words(rollout)}\n")
    return 0


def run_roll_back(options: argparse.Namespace) -> int:
    """Withdraw the newest version that is live."""
    with connected(options) as client:
        rollout = client.rollouts.roll_back(options.policy_id, reason=options.reason)
    sys.stdout.write(f"{rollout.policy_id}: {in_words(rollout)}\n")
    return 0


def in_words(rollout: Rollout) -> str:
    """What is live."""
    if not rollout.canary_version:
        return f"version {rollout.version} is live for all orders"
    share = f"version {rollout.canary_version} for {rollout.canary_permille} of a thousand orders"
    return f"{share}, version {rollout.version} for the others"


def _steps(rollout: Rollout) -> Table:
    table = Table(pad_edge=False)
    for heading in ("at (UTC)", "by", "live since then"):
        table.add_column(heading, overflow="fold")
    table.add_column("reason", ratio=1, overflow="fold")
    for one in rollout.steps:
        live = in_words(
            Rollout(
                policy_id=rollout.policy_id,
                version=one.version,
                canary_version=one.canary_version,
                canary_permille=one.canary_permille,
            )
        )
        back = "rolled back: " if one.rolled_back else ""
        table.add_row(*map(escape, (f"{one.at:%Y-%m-%d %H:%M}", one.by, f"{back}{live}", one.reason)))
    return table


def _tallies(tallies: Sequence[PolicyTally]) -> Table:
    table = Table(title="plans that were held", title_justify="left", pad_edge=False)
    table.add_column("policy", overflow="fold")
    for heading in ("version", "plans", "packages", "late packages", "units left out", "cost", "cost a plan"):
        table.add_column(heading, justify="right")
    table.add_column("currency")
    for one in tallies:
        table.add_row(escape(one.policy_id), *_figures(one), one.currency)
    return table


def _figures(one: PolicyTally) -> Iterable[str]:
    counts = (one.version, one.plans, one.packages, one.late_packages, one.unfilled_units)
    each = round(one.total_minor / one.plans) if one.plans else 0
    return *(f"{count:,}" for count in counts), *(
        format_minor(minor, one.currency) for minor in (one.total_minor, each)
    )
