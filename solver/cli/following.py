"""`events` and `override`: what they take; the work is in modules of their own."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from solver.cli import override, plan_events
from solver.fulfilment.plan_events.model import PlanEventKind

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]


def add_following(commands: Commands, add_target: AddTarget) -> None:
    """Add the commands; `add_target` adds the option that names the service."""
    _add_events(commands, add_target)
    _add_override(commands, add_target)


def _add_events(commands: Commands, add_target: AddTarget) -> None:
    command = commands.add_parser("events", help="what becomes of plans: confirmed, expired, planned anew, shipped ...")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    watch = actions.add_parser("watch", help="print events as they come, until Ctrl-C")
    watch.add_argument("--after", type=int, metavar="N", help="begin after this number instead of now")
    watch.add_argument("--once", action="store_true", help="end with the first group of events")
    watch.add_argument(
        "--heartbeat-seconds", type=float, default=10.0, metavar="N", help="a sign of life so often (default: 10)"
    )
    watch.set_defaults(run=plan_events.run_watch)
    listing = actions.add_parser("list", help="print the events that are kept")
    listing.add_argument("--after", type=int, metavar="N", help="only those after this number")
    listing.set_defaults(run=plan_events.run_list)
    for action in (watch, listing):
        action.add_argument(
            "--channel", action="append", default=[], metavar="ID", help="only of orders of this channel"
        )
        action.add_argument("--brand", action="append", default=[], metavar="ID", help="only of orders of this brand")
        action.add_argument("--order", action="append", default=[], metavar="ID", help="only of this order")
        kinds = [str(one) for one in PlanEventKind]
        action.add_argument("--kind", action="append", default=[], choices=kinds, help="only of this kind")
    endpoints = actions.add_parser("endpoints", help="list where events are sent, and what waits for each")
    endpoints.set_defaults(run=plan_events.run_endpoints)
    for action in (watch, listing, endpoints):
        action.add_argument("--json", action="store_true", help="print JSON")
        add_target(action)


def _add_override(commands: Commands, add_target: AddTarget) -> None:
    command = commands.add_parser("override", help="decide a plan by hand, or see what was decided so")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    plan = actions.add_parser("plan", help="put stated packages in the place of a plan")
    plan.add_argument("plan_id", help="as `plan` shows it, or how it begins")
    plan.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="SOURCE,SERVICE,LINE=UNITS...",
        help="what a source hands to a service, as WH-1,truck-ground,1=2; LINE:SKU=UNITS for a part of a line",
    )
    plan.add_argument("--packages", type=Path, metavar="FILE", help="packages as JSON instead, see docs/overrides.md")
    plan.add_argument("--reason", required=True, help="why, for people")
    plan.add_argument("--rule", action="append", default=[], metavar="RULE", help="a rule that the packages may break")
    plan.add_argument("--validate-only", action="store_true", help="only say what it would cost")
    plan.set_defaults(run=override.run)
    listing = actions.add_parser("list", help="the plans that persons decided, the oldest first")
    listing.add_argument("--after", type=int, default=0, metavar="N", help="only those after this number")
    listing.set_defaults(run=override.run_list)
    for action in (plan, listing):
        action.add_argument("--json", action="store_true", help="print JSON")
        add_target(action)
