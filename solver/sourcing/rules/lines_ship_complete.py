"""A line that must ship complete ships whole or not at all."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

ALL_LINES = Setting(name="ship_lines_complete", most=1, meaning="1: every line ships whole or not at all")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    complete = np.array([line.ships_complete for line in facts.lines], dtype=bool)
    if ALL_LINES.of(policy):
        complete[:] = True
    return Restriction(complete_lines=complete) if complete.any() else None


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    for line, answer in zip(problem.lines, plan.lines, strict=True):
        must = line.ships_complete or ALL_LINES.of(problem.policy)
        if must and 0 < answer.unfilled_units < line.quantity:
            yield f"line {line.line_id} ships complete or not at all, {answer.unfilled_units} units are left"


RULE = Rule(
    name="lines_ship_complete",
    meaning="a line that says so, or with ship_lines_complete any, ships whole or not at all",
    chinese="整行发货",
    settings=(ALL_LINES,),
    restrict=_restrict,
    broken=_broken,
)
