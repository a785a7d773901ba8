"""A line that must ship complete ships whole or not at all."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

ALL_LINES = Setting(name="ship_lines_complete", most=1, meaning="1: every line ships whole or not at all")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    complete = np.array([line.ships_complete for line in facts.lines], dtype=bool)
    if ALL_LINES.of(policy):
        complete[:] = True
    return Restriction(complete_lines=complete) if complete.any() else None


def _broken(finished: Finished) -> Iterator[str]:
    every_line = ALL_LINES.of(finished.policy)
    for line, answer in zip(finished.problem.lines, finished.plan.lines, strict=True):
        if (line.ships_complete or every_line) and 0 < answer.unfilled_units < line.quantity:
            yield f"line {line.line_id} ships complete or not at all, {answer.unfilled_units} units are left"


RULE = Rule(
    name="lines_ship_complete",
    meaning="a line that says so, or with ship_lines_complete any, ships whole or not at all",
    chinese="整行发货",
    settings=(ALL_LINES,),
    restrict=_restrict,
    broken=_broken,
)
