"""The commands that look ahead: what they take."""

import argparse
from pathlib import Path
from typing import TypeAlias

from solver.cli.argument_kinds import moment, positive

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_foreseeing(commands: Commands) -> None:
    """`foresight` and `diagnose`."""
    command = commands.add_parser("foresight", help="which stock may run out, and what to order")
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument(
        "scenario", type=Path, nargs="?", help="a scenario folder: its orders are past, its stock is now"
    )
    place.add_argument(
        "--data", type=Path, metavar="FOLDER", help="in place of a scenario, a service's database; it may be running"
    )
    place.add_argument("--url", help="the same, a service's database elsewhere: postgresql://USER@HOST/NAME")
    command.add_argument("--warnings", action="store_true", help="only early warnings of shortage")
    command.add_argument("--proposals", action="store_true", help="only proposals of replenishment")
    command.add_argument("--values", action="store_true", help="of a service: also what its stock left behind is worth")
    command.add_argument("--at", type=moment, help="what is now (default: midnight after the last order)")
    command.add_argument("--lead-days", type=positive, default=7, help="from ordering to arrival (default: 7)")
    command.add_argument("--review-days", type=positive, default=7, help="between two orders (default: 7)")
    command.add_argument(
        "--service", type=float, default=95.0, metavar="PERCENT", help="how often stock is to be enough (default: 95)"
    )
    command.add_argument(
        "--b2b", action="append", default=[], metavar="CHANNEL", help="whose buyers come in cycles; once or more often"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="write all of it as JSON")
    command.set_defaults(run=_foresight)
    command = commands.add_parser("diagnose", help="where a run or a history leaks money, and what a change is worth")
    command.add_argument("what", type=Path, help="the folder of a run, or of a scenario with or without history")
    command.add_argument("--policy", default="", help="of a scenario: a shipped id or a file (default: its own)")
    command.add_argument("--history", action="store_true", help="of a scenario: look at what was really shipped")
    command.add_argument("--seed", type=int, default=0, help="of a scenario: draws what is left to chance (default: 0)")
    command.add_argument("--top", type=positive, default=3, metavar="N", help="findings of each kind (default: 3)")
    command.add_argument(
        "--lead-days", type=positive, default=5, metavar="N", help="from ordering goods until they come (default: 5)"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="write all of it as JSON")
    command.set_defaults(run=_diagnose)


def _foresight(options: argparse.Namespace) -> int:
    from solver.cli import foresight

    return foresight.foresight(options)


def _diagnose(options: argparse.Namespace) -> int:
    from solver.cli import diagnose

    return diagnose.diagnose(options)
