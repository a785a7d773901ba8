"""`report` of runs, and `explain` of an order of a run: what they take; the work is in `run_report`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

# argparse names this class nowhere in public.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_ACTIONS = ("carrier", "source", "list", "runs")  # of `report`


def with_runs(arguments: Sequence[str]) -> list[str]:
    """`report RUN ...` means `report runs RUN ...`: what is no action of `report` is the folder of a run."""
    words = list(arguments)
    if words[:1] == ["report"] and words[1:] and not words[1].startswith("-") and words[1] not in _ACTIONS:
        words.insert(1, "runs")
    return words


def add_runs(actions: Commands) -> None:
    """Add `runs` to the actions of `report`."""
    runs = actions.add_parser("runs", help="runs of a scenario as a page to look at; the word `runs` may be left out")
    runs.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folders of runs; others differ from the first")
    runs.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE", help="the page (report.html)")
    runs.add_argument("--language", choices=["en", "zh"], default="en", help="what it speaks when opened (en)")
    runs.add_argument("--xlsx", type=Path, metavar="FILE", help="everything as a workbook too (extra `tables`)")
    runs.add_argument("--parquet", type=Path, metavar="FOLDER", help="and as Parquet files (extra `tables`)")
    runs.set_defaults(run=_report)


def add_order(explain: argparse.ArgumentParser) -> None:
    """Let `explain` take an order of a run."""
    explain.add_argument(
        "order_id", nargs="?", default="", metavar="ORDER", help="of a run: then name its folder first"
    )
    explain.add_argument("--scenario", type=Path, metavar="FOLDER", help="of a run: where its scenario lies by now")


def _report(options: argparse.Namespace) -> int:
    from solver.cli import run_report  # and with it the whole service, as for `replay`

    return run_report.report(options)


def explain_of_run(options: argparse.Namespace) -> int:
    """Explain an order of a run."""
    from solver.cli import run_report

    return run_report.explain(options)
