"""Stores that begin with a scenario, and applications over them that are closed at the end."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from solver.app import Application
from solver.clock import Clock, SystemClock
from solver.scenario.load import load
from solver.scenario.model import Scenario


@contextmanager
def begun(where: Path | str, scenario: Scenario, clock: Clock | None = None) -> Iterator[Application]:
    """The application over an empty store into which the scenario is loaded."""
    with closing(Application.open(where, clock or SystemClock())) as application:
        load(application, scenario)
        yield application


def begin(where: Path | str, scenario: Scenario) -> None:
    """Load the scenario into an empty store, for others to open."""
    with begun(where, scenario):
        pass
