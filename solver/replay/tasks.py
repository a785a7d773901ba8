"""Runs as tasks of an executor: each is made by itself, wherever, and comes back as the files of its folder."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.replay.running import run_into
from solver.replay.unfinished import Settings
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy
from solver.waves.parts.hands import Arguments, Hands


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A run that is to be made into a folder."""

    folder: Path
    scenario: Scenario
    policy: Policy
    settings: Settings


def run_all(hands: Hands, tasks: Sequence[Task], is_over: Callable[[], bool]) -> int:
    """Make the runs, as many at once as there are hands, and write their folders; how many were made before it is over.

    The files are those that `run_into` writes here, but for what is never the same twice.
    """
    made = hands.each(files_of, [_arguments(task) for task in tasks], is_over)
    for task, files in zip(tasks, made, strict=True):
        if files is not None:
            task.folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (task.folder / name).write_bytes(content)
    return sum(files is not None for files in made)


def files_of(scenario: Scenario, policy: Policy, settings: Settings) -> dict[str, bytes]:
    """A run's files by name; they need no folder that caller and worker share."""
    with tempfile.TemporaryDirectory(prefix="xunyuan-run-") as name:
        folder = Path(name)
        run_into(folder, scenario, policy, settings)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _arguments(task: Task) -> Arguments:
    return lambda _: (task.scenario, task.policy, task.settings)
