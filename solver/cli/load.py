"""`load`: a scenario into a running service."""

import argparse

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from solver.cli.connecting import connected
from solver.client import CallFailed, Client
from solver.errors import RequestIdReused, XunyuanError
from solver.scenario.batches import NOUNS
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario


def run(options: argparse.Namespace) -> int:
    """Load everything but the orders."""
    scenario = read_scenario(options.scenario)
    with connected(options) as client:
        try:
            load_with_progress(client, scenario, Console())
        except CallFailed as failed:
            if failed.reason == RequestIdReused.reason:
                raise _another_version(scenario) from failed
            raise
    return 0


def _another_version(scenario: Scenario) -> XunyuanError:
    return XunyuanError(
        f"the service was loaded with another version of scenario {scenario.name!r} before: load this one into a "
        "service of its own, `python server.py --data NEW_FOLDER --load SCENARIO`",
        reason=RequestIdReused.reason,
    )


def load_with_progress(client: Client, scenario: Scenario, console: Console) -> None:
    """Load everything but the orders, with a bar."""
    total = sum(len(getattr(scenario, noun)) for noun in NOUNS)
    with bar(console) as progress:
        task = progress.add_task("loading network, catalog and stock", total=total)
        client.load(scenario, progress=lambda _, rows: progress.advance(task, rows))


def bar(console: Console) -> Progress:
    """A progress bar in this product's style."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)
