"""A small order, and plans for it that a test makes by hand: what every term is tried on.

Line 1 asks for 3 of A (900 g each), line 2 for 1 of B (500 g). Source S1 has all of it, S2 has A; each has one lane.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.case import Finding, Shipment
from solver.sourcing.charge import Charge
from solver.sourcing.check import violations_of
from solver.sourcing.dimensions import all_terms
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.term import Recount, Term
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem

Said = Mapping[str, Any]


def asked(
    *,
    s1: Said | None = None,
    s2: Said | None = None,
    lane1: Said | None = None,
    lane2: Said | None = None,
    settings: Mapping[str, int] | None = None,
    words: Mapping[str, tuple[str, ...]] | None = None,
    off: tuple[str, ...] = (),
    **facts: Any,
) -> Problem:
    """The order with what is said about its offers, its lanes, its policy, and itself."""
    plain = problem(
        lines=(line("1", 3, {"A": 1}), line("2", 1, {"B": 1})),
        grams={"A": 900, "B": 500},
        offers=(
            replace(offer("S1", {"A": 3, "B": 1}), **(s1 or {})),
            replace(offer("S2", {"A": 3}), **(s2 or {})),
        ),
        lanes=(replace(lane("S1", flat(500)), **(lane1 or {})), replace(lane("S2", flat(600)), **(lane2 or {}))),
        policy=replace(PATIENT, settings=settings or {}, words=words or {}, off=off),
    )
    return replace(plain, **facts)


def shipped(
    problem: Problem, *packages: tuple[int, Mapping[str, int]], unfilled: Mapping[str, int] | None = None
) -> Plan:
    """The plan of these packages (number of the lane, units by SKU), which the judge must find sound."""
    posed = brief(problem)
    skus = posed.facts.skus
    nothing = (0,) * posed.case.levels
    finding = Finding(
        shipments=tuple(
            Shipment(lane=number, units=np.array([units.get(sku, 0) for sku in skus], dtype=np.int64))
            for number, units in packages
        ),
        unfilled=np.array([(unfilled or {}).get(line.line_id, 0) for line in problem.lines], dtype=np.int64),
        cost=nothing,
        bound=nothing,
    )
    plan = assemble(posed, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)
    assert violations_of(problem, plan) == []
    return plan


def in_two_packages(problem: Problem) -> Plan:
    """S1 ships 2 of A and B, S2 ships 1 of A."""
    return shipped(problem, (0, {"A": 2, "B": 1}), (1, {"A": 1}))


def term_named(name: str) -> Term:
    return next(term for term in all_terms() if term.name == name)


def measured(name: str, problem: Problem) -> Charge:
    return term_named(name).measured(Facts(problem))


def priced(name: str, problem: Problem) -> Charge | None:
    return term_named(name).priced(Facts(problem), problem.policy)


def recounted(name: str, problem: Problem, plan: Plan) -> tuple[Recount, Recount]:
    """The measure and the money."""
    term = term_named(name)
    finished = Finished.of(problem, plan)
    return term.recount_measure(finished), term.recount_minor(finished)


def package_costs(name: str, plan: Plan) -> list[int]:
    return [package.cost_minor.get(name, 0) for package in plan.packages]


def numbers(array: Any) -> Any:
    """An array as plain lists, to compare."""
    assert array is not None
    return array.tolist()
