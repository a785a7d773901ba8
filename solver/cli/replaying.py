"""What the commands about runs take; their work stands in `replay`."""

import argparse
from pathlib import Path
from typing import TypeAlias

from solver.cli.argument_kinds import positive

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_replaying(commands: Commands) -> None:
    """`replay` and `compare`."""
    command = commands.add_parser("replay", help="run a scenario under one policy or several, and compare them")
    command.add_argument("scenario", type=Path, nargs="?", help="a scenario folder, see docs/scenarios.md")
    command.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="POLICY",
        help="a shipped id or a file, once or more often (default: those that the scenario names, or its own)",
    )
    command.add_argument("--seed", type=int, default=0, help="draws what is left to chance (default: 0)")
    command.add_argument("--out", type=Path, default=Path("var/runs"), help="where runs are kept (default: var/runs)")
    command.add_argument(
        "--nearest",
        action="store_true",
        help="beside them, each order from the nearest source that has something of it",
    )
    command.add_argument(
        "--hindsight",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="say what all orders would have cost at least, had they been known; looked for so long",
    )
    command.add_argument(
        "--history", action="store_true", help="beside them, what was really shipped; it is what they are compared with"
    )
    command.add_argument(
        "--foresight",
        action="store_true",
        help="beside each policy, the same minding what stock is worth to the orders to come, see docs/foresight.md",
    )
    command.add_argument("--report", type=Path, metavar="FILE", help="and write a page to look at, see docs/reports.md")
    command.add_argument(
        "--waves",
        default="",
        metavar="SIZE",
        help="gather orders and decide them together: so many (100), or those of so many minutes (10m)",
    )
    command.add_argument(
        "--repeat",
        type=positive,
        default=1,
        metavar="N",
        help="run on N draws of the orders, the same for each policy, and say how sure the figures are",
    )
    command.add_argument(
        "--executor",
        default="serial",
        metavar="WHICH",
        help="who makes the runs: serial, processes:NUMBER or dask:ADDRESS (default: serial)",
    )
    command.add_argument("--resume", type=Path, metavar="RUN", help="go on with this run, which was interrupted")
    command.set_defaults(run=_replay)
    command = commands.add_parser("compare", help="show runs of a scenario side by side")
    command.add_argument("runs", type=Path, nargs="+", help="folders of runs; the first is what others differ from")
    command.set_defaults(run=_compare)


def _replay(options: argparse.Namespace) -> int:
    from solver.cli import replay  # and with it the whole service, as for `solve`

    return replay.replay(options)


def _compare(options: argparse.Namespace) -> int:
    from solver.cli import replay

    return replay.compare(options)
