"""`report`, `replan`, `exceptions`: what they take; the work is in modules of their own."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

from solver.cli import conditions, replan
from solver.cli.argument_kinds import moment
from solver.cli.reporting import add_runs
from solver.network.conditions import CarrierState, SourceCondition

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddTarget: TypeAlias = Callable[[argparse.ArgumentParser], None]
_HOURS = 6


def add_changing(commands: Commands, add_target: AddTarget) -> None:
    """Add the commands; `add_target` adds the option that names the service."""
    _add_report(commands, add_target)
    _add_replan(commands, add_target)
    _add_exceptions(commands, add_target)


def _add_report(commands: Commands, add_target: AddTarget) -> None:
    command = commands.add_parser("report", help="runs as a page to look at; or say how a carrier or a source fares")
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    carrier = actions.add_parser("carrier", help="a carrier, or one of its services")
    carrier.add_argument("state", choices=[str(one) for one in CarrierState], help="how it fares")
    about = carrier.add_mutually_exclusive_group(required=True)
    about.add_argument("--service", metavar="ID", help="this service")
    about.add_argument("--carrier", metavar="ID", help="all services of this carrier")
    carrier.add_argument("--packages-left", type=int, metavar="N", help="congested: it takes so many more")
    carrier.set_defaults(run=conditions.run_carrier)
    source = actions.add_parser("source", help="a source")
    source.add_argument("state", choices=[str(one) for one in SourceCondition], help="how it fares")
    source.add_argument("source_id", metavar="ID", help="the source")
    source.add_argument("--orders-left", type=int, metavar="N", help="slow: it takes so many orders more")
    source.set_defaults(run=conditions.run_source)
    add_runs(actions)
    for action in (carrier, source):
        action.add_argument("--later-minutes", type=int, default=0, metavar="N", help="congested or slow: late by this")
        action.add_argument("--reason", default="", help="for people")
        expiry = action.add_mutually_exclusive_group()
        expiry.add_argument("--hours", type=float, default=_HOURS, help=f"it counts so long (default: {_HOURS})")
        expiry.add_argument("--until", type=moment, metavar="TIME", help="it counts until then, as 2026-03-02T12:00Z")
    listing = actions.add_parser("list", help="show what counts now")
    listing.set_defaults(run=conditions.run_list)
    for action in (carrier, source, listing):
        action.add_argument("--json", action="store_true", help="print what counts now as JSON")
        add_target(action)


def _add_replan(commands: Commands, add_target: AddTarget) -> None:
    command = commands.add_parser("replan", help="change standing plans where that pays; without names: all affected")
    command.add_argument("plan_id", nargs="*", help="as `plan` shows it, or how it begins")
    command.add_argument("--service", action="append", default=[], metavar="ID", help="plans by this service")
    command.add_argument("--source", action="append", default=[], metavar="ID", help="plans from this source")
    command.add_argument("--change-minor", type=int, metavar="N", help="price of each package that changes its way")
    command.add_argument("--reason", default="", help="for people")
    command.add_argument("--validate-only", action="store_true", help="only say what would become of them")
    command.add_argument("--chinese", action="store_true", help="say why in Chinese")
    command.add_argument("--json", action="store_true", help="print the changes as JSON")
    add_target(command)
    command.set_defaults(run=replan.run)


def _add_exceptions(commands: Commands, add_target: AddTarget) -> None:
    command = commands.add_parser("exceptions", help="show plans that wait for what takes nothing")
    command.add_argument("--chinese", action="store_true", help="say why in Chinese")
    command.add_argument("--json", action="store_true", help="print them as JSON")
    add_target(command)
    command.set_defaults(run=replan.run_exceptions)
