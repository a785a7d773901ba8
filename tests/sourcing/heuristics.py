"""The plans without a proof, each straight from a problem."""

from collections.abc import Callable

from solver.sourcing import baselines
from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.case import Case, Finding
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


def _plan(asked: Problem, baseline: Callable[[Case], Finding], engine: Engine) -> Plan:
    made = brief(asked)
    return assemble(made, baseline(made.case), engine=engine, stop=Stop.HEURISTIC)
