"""How much of the work there is time for."""

from collections.abc import Iterator

from solver.waves.engine.budget import Budget, Pace
from solver.waves.limits import Watch, WaveLimits


def budget_of(limit: float | None, times: Iterator[float]) -> Budget:
    return Budget(WaveLimits(time_limit_seconds=limit), Watch(clock=lambda: next(times)))


def test_without_a_limit_there_is_time_for_all() -> None:
    pace = Pace(budget_of(None, iter([0.0, 0.0])), 40, 0.5)
    assert [pace.steps(done) for done in (0, 10, 40)] == [40, 40, 40]


def test_steps_that_take_too_long_become_fewer_and_the_answer_says_so() -> None:
    """Ten seconds, half of them for this: five steps of a second each, of which three are done at first."""
    budget = budget_of(10.0, iter([0.0, 0.0, 3.0, 3.0, 5.0, 5.0]))
    pace = Pace(budget, 40, 0.5)
    assert pace.steps(3) == 5
    assert budget.reason == ""
    assert pace.steps(5) == 5
    assert budget.reason == "time_limit"


def test_where_there_is_time_for_all_the_limit_changes_nothing() -> None:
    budget = budget_of(100.0, iter([0.0, 0.0, 3.0, 3.0]))
    assert (Pace(budget, 40, 0.5).steps(3), budget.reason) == (40, "")
