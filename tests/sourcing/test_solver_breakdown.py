"""A solver that breaks down, or answers nonsense, leaves a plan that ships nothing and says so."""

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from solver.sourcing.case import Shipment
from solver.sourcing.mip.engine import MipReason, solve_by_mip
from solver.sourcing.mip.variables import Formulation
from solver.sourcing.plan import Stop
from tests.sourcing.made import flat
from tests.sourcing.small import small_case

CASE = small_case(stock=[[1, 2]], line_quantity=[1, 2], cards=(flat(700, up_to_grams=400),), package_most_grams=[300])


def ships_nothing_for(reason: MipReason) -> None:
    finding, stop = solve_by_mip(CASE, time_limit_seconds=60)
    assert (finding.shipments, finding.cost) == ((), (3_000,))
    assert finding.unfilled.tolist() == [1, 2]
    assert (stop, finding.reason) == (Stop.SOLVER_FAILED, reason)


def test_the_case_can_be_solved() -> None:
    finding, stop = solve_by_mip(CASE, time_limit_seconds=60)
    assert (finding.cost, stop) == ((700,), Stop.OPTIMAL)


@pytest.mark.parametrize("error", [AttributeError, ValueError, RuntimeError])
def test_an_exception_of_the_solver_is_a_failure(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> NoReturn:
        raise error("no status")

    monkeypatch.setattr(mathopt, "solve", break_down)
    ships_nothing_for(MipReason.SOLVER_FAILED)


def answering(units: list[int], times: int = 1) -> Callable[..., tuple[Shipment, ...]]:
    return lambda *_: (Shipment(lane=0, units=np.array(units, dtype=np.int64)),) * times


@pytest.mark.parametrize(
    "nonsense",
    [answering([1, 4]), answering([1, 3]), answering([1, 1]), answering([1, 2], times=2)],
    ids=["too heavy for the tariff", "too heavy for the lane", "not what is filled", "more than there is"],
)
def test_an_answer_that_is_no_plan_in_whole_numbers_is_not_used(nonsense: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Formulation, "shipments", nonsense)
    ships_nothing_for(MipReason.SOLVER_INEXACT)
