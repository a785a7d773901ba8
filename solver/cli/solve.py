"""`solve`: a problem from a file to its plans, without a service."""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from solver.cli.named_policy import policy_named
from solver.cli.tables import answer_details
from solver.errors import InvalidRequest, XunyuanError
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.optimise import optimize
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument
from solver.sourcing.plan import Engine, Plan
from solver.wire.problems import ProblemFile, answer_to_json

EXAMPLE = "example_problem.json"


class NotSolvable(InvalidRequest):
    """The file is no sound problem; the text has every line that is wrong."""

    def __init__(self, refused: InvalidRequest) -> None:
        super().__init__("the problem", refused.violations)

    def __str__(self) -> str:
        return "\n".join(str(violation) for violation in self.violations)


def run(options: argparse.Namespace) -> int:
    """Solve the problem, or print an example of one. Every order that is answered is a success, be it unfilled."""
    if options.example:
        sys.stdout.write(files("solver.cli").joinpath(EXAMPLE).read_text("utf-8"))
        return 0
    if options.problem is None:
        raise XunyuanError("name a problem's file, or - for the standard input; `--example` prints one")
    plans = _answered(options)
    if options.json:
        sys.stdout.write(answer_to_json(plans))
    else:
        show(plans)
    return 0


def show(plans: Sequence[Plan]) -> None:
    """Print plans as people read them."""
    console = Console()
    for number, plan in enumerate(plans):
        if number:
            console.print()
        for part in answer_details(plan, console.width):
            console.print(part)


def _answered(options: argparse.Namespace) -> tuple[Plan, ...]:
    file = ProblemFile(_text(options.problem), str(options.problem))
    documents = list(shipped_policies())
    try:
        command = file.read(datetime.now(UTC))
        if options.policy is not None:
            documents.append(policy_named(options.policy))
            command = _under(command, documents[-1])
    except InvalidRequest as refused:
        raise NotSolvable(refused) from refused
    if options.engine:
        command = replace(command, engine=Engine(options.engine))
    kept = {document.key: document for document in documents}
    try:
        return optimize(command, seconds_left=lambda: math.inf, kept=kept)
    except InvalidRequest as refused:
        raise NotSolvable(file.located(refused)) from refused


def _under(command: OptimizeCommand, document: PolicyDocument) -> OptimizeCommand:
    return replace(command, policy=None, policy_id=document.policy_id, policy_version=document.version)


def _text(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise XunyuanError(f"{path}: no text in UTF-8") from error
