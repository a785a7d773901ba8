"""The plans without a proof, each straight from a problem."""

from collections.abc import Callable

import numpy as np

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.case import Case, Finding
from solver.sourcing.heuristics import baselines
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem


def greedy_plan(asked: Problem) -> Plan:
    return _plan(asked, baselines.greedy, Engine.GREEDY)


def fullest_plan(asked: Problem) -> Plan:
    return _plan(asked, baselines.fullest, Engine.GREEDY)


def nearest_plan(asked: Problem) -> Plan:
    made = brief(asked)
    finding = baselines.in_order(made.case, made.facts.of_lanes("distance_meters"))
    return assemble(made, finding, engine=Engine.NEAREST, stop=Stop.HEURISTIC)


def priority_plan(asked: Problem) -> Plan:
    """The list of sources from top to bottom; those without a priority come last."""
    made = brief(asked)
    stated = made.facts.at_lanes(made.facts.of_offers("priority"))
    ranks = np.where(stated > 0, stated, stated.max(initial=0) + 1)
    finding = baselines.in_order(made.case, ranks)
    return assemble(made, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)


def _plan(asked: Problem, baseline: Callable[[Case], Finding], engine: Engine) -> Plan:
    made = brief(asked)
    return assemble(made, baseline(made.case), engine=engine, stop=Stop.HEURISTIC)
