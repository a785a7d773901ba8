"""`solve`: a problem from a file to its plans, and why they are as they are, without a service."""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import chain
from pathlib import Path

from rich.console import Console

from solver.cli.explain import reasons
from solver.cli.ids import meant
from solver.cli.named_policy import policy_named
from solver.cli.tables import answer_details
from solver.cli.waves import wave_details
from solver.errors import InvalidRequest, XunyuanError
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.explain import explain_decided
from solver.fulfilment.optimise import DecidedOrder, decided_in_turn
from solver.fulfilment.together import DecidedWave, decided_together
from solver.policies.library import shipped_policies
from solver.policies.model import PolicyDocument
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Engine
from solver.waves.explain import explain_in_wave
from solver.waves.parts.executors import hands_of
from solver.waves.parts.in_parts import InParts
from solver.wire.problems import ProblemFile, answer_to_json

EXAMPLE = "example_problem.json"
PART_ORDERS = 1000
_ORDERS_NAMED = 5


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
    answered, together = _answered(options)
    decided = _of_order(answered, options.order)
    explanations = [_explained(one, together) for one in decided] if options.explain or options.chinese else []
    wave = None if together is None else together.plan
    if options.json:
        sys.stdout.write(answer_to_json(decided, explanations, wave))
    else:
        show(decided, explanations, chinese=options.chinese)
        if wave is not None:
            Console().print(wave_details(wave, chinese=options.chinese))
    return 0


def show(decided: Sequence[DecidedOrder], explanations: Sequence[Explanation], *, chinese: bool) -> None:
    """Print plans as people read them, each with its explanation where there are any."""
    console = Console()
    for number, one in enumerate(decided):
        if number:
            console.print()
        if not explanations:
            parts = answer_details(one.plan, console.width)
        else:
            why = explanations[number].why_zh if chinese else explanations[number].why
            details = answer_details(replace(one.plan, why=why), console.width, chinese=chinese)
            parts = chain(details, reasons(explanations[number], chinese=chinese))
        for part in parts:
            console.print(part)


def _explained(one: DecidedOrder, together: DecidedWave | None) -> Explanation:
    if together is not None:
        return explain_in_wave(together.wave, together.plan, one.plan.order_id, seconds_left=lambda: math.inf)
    return explain_decided(one.problem, one.plan, seconds_left=lambda: math.inf)


def _of_order(decided: Sequence[DecidedOrder], order_id: str | None) -> Sequence[DecidedOrder]:
    """Those that are asked for; every order was decided, for it takes stock from those that follow."""
    if order_id is None or not decided:
        return decided
    whole = meant(order_id, {one.plan.order_id for one in decided})
    wanted = [one for one in decided if one.plan.order_id == whole]
    if wanted:
        return wanted
    raise XunyuanError(f"there is no order {order_id!r} in the problem; it has {_some(decided)}")


def _some(decided: Sequence[DecidedOrder]) -> str:
    named = ", ".join(one.plan.order_id for one in decided[:_ORDERS_NAMED])
    more = len(decided) - _ORDERS_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _answered(options: argparse.Namespace) -> tuple[tuple[DecidedOrder, ...], DecidedWave | None]:
    """The orders, and the wave that they make where they were decided together."""
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
    if command.engine is not Engine.BATCH and (options.executor or options.part_orders):
        raise XunyuanError("only a wave is decided in parts: add --engine batch")
    kept = {document.key: document for document in documents}
    try:
        if command.engine is Engine.BATCH:
            with _parts(options) as parts:
                together = decided_together(command, seconds_left=lambda: math.inf, kept=kept, parts=parts)
            return together.orders, together
        return tuple(decided_in_turn(command, seconds_left=lambda: math.inf, kept=kept)), None
    except InvalidRequest as refused:
        raise NotSolvable(file.located(refused)) from refused


@contextmanager
def _parts(options: argparse.Namespace) -> Iterator[InParts | None]:
    """How the wave is decided in parts, and by whom; None: as a whole, in this process."""
    if not (options.executor or options.part_orders):
        yield None
        return
    with hands_of(options.executor or "serial") as hands:
        yield InParts(most_orders=options.part_orders or PART_ORDERS, hands=hands)


def _under(command: OptimizeCommand, document: PolicyDocument) -> OptimizeCommand:
    return replace(command, policy=None, policy_id=document.policy_id, policy_version=document.version)


def _text(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except OSError as error:
        raise XunyuanError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise XunyuanError(f"{path}: no text in UTF-8") from error
