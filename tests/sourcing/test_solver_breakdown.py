"""A solver that breaks down, or answers nonsense, leaves the greedy plan and says so."""

from dataclasses import replace
from typing import NoReturn

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from solver.sourcing.case import Case, Finding, Shipment
from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Stop
from solver.sourcing.solve import decide
from tests.sourcing.heuristics import greedy_plan
from tests.sourcing.made import flat, lane, line, offer, problem

ASKED = problem(
    lines=(line("1", 1, {"A": 1}),), grams={"A": 100}, offers=(offer("S1", {"A": 1}),), lanes=(lane("S1", flat(700)),)
)


def test_an_exception_of_the_solver_gives_the_greedy_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> NoReturn:
        raise AttributeError("no status")

    monkeypatch.setattr(mathopt, "solve", break_down)
    plan = decide(ASKED, engine=Engine.MIP, time_limit_seconds=10)
    assert (plan.engine, plan.stop, plan.bound_minor) == (Engine.GREEDY, Stop.SOLVER_FAILED, 0)
    assert plan.packages == greedy_plan(ASKED).packages
    assert violations_of(ASKED, plan) == []


def test_a_finding_that_cannot_be_read_back_gives_the_greedy_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def nonsense(case: Case, **_: object) -> tuple[Finding, Stop]:
        too_many = Shipment(lane=0, units=np.array([10**9]))
        return Finding(shipments=(too_many,), unfilled=np.array([0]), cost=(700,), bound=(700,)), Stop.OPTIMAL

    monkeypatch.setattr("solver.sourcing.solve.solve_by_mip", nonsense)
    asked = replace(ASKED, lanes=(lane("S1", flat(700, up_to_grams=100)),))
    plan = decide(asked, engine=Engine.MIP, time_limit_seconds=10)
    assert (plan.engine, plan.stop) == (Engine.GREEDY, Stop.SOLVER_FAILED)
    assert plan.packages == greedy_plan(asked).packages
