"""A scenario run several times on other draws: which draws, and what the runs come to together.

Every policy meets the same draws (common random numbers), so that differences are told much better than each figure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scipy.stats import t as student

from solver.errors import XunyuanError
from solver.replay.compare import gap_closed, total_minor
from solver.replay.run_files import Repetition, Run, Spread
from solver.scenario.drawing import with_orders
from solver.scenario.model import Scenario, Trouble

TOTAL = "total_minor"  # all terms, prices of unfilled units included; beside the figures of `METRICS`
GAP_CLOSED = "gap_closed"  # see `gap_closed`
_TWO_SIDED_95 = 0.975


def repeated(scenario: Scenario, number: int) -> Scenario:
    """The scenario with its orders on draw `number`, from 1 on: the generator's seed grows by one each time.

    The first is the scenario as it is. Raises XunyuanError where there is nothing to draw.
    """
    chance = bool(scenario.returns) or any(one.trouble is Trouble.REJECTIONS for one in scenario.disturbances)
    if number > 1 and scenario.generator is None and not chance:
        raise XunyuanError(
            f"{scenario.name} leaves nothing to chance, so that every repetition is the same: give it a generator"
        )
    if scenario.generator is not None:
        generator = replace(scenario.generator, seed=scenario.generator.seed + number - 1)
        scenario = replace(scenario, generator=generator)
    return with_orders(scenario)


def with_repetitions(runs: Sequence[Run], base: Sequence[Run], rules: Sequence[Sequence[Run]] = ()) -> Run:
    """The first of a policy's runs, one for each draw, with what all come to, beside those of the `base` policy.

    `rules` are runs of rules of thumb on the same draws, for `GAP_CLOSED`.
    """
    first = runs[0]
    among = [run for of_rule in rules for run in of_rule]
    repetitions = tuple(_repetition(number, run) for number, run in enumerate(runs, start=1))
    others = tuple(_repetition(number, run) for number, run in enumerate(base, start=1))
    differs = base[0].policy != first.policy
    return replace(
        first,
        repetitions=repetitions,
        spread=_spreads(
            [{**_figures(one), GAP_CLOSED: gap_closed(run, among)} for one, run in zip(repetitions, runs, strict=True)]
        ),
        base=base[0].policy if differs else "",
        differences=_differences(repetitions, others) if differs else {},
    )


def spread_of(values: Sequence[float]) -> Spread:
    """The mean and its margin, by Student's t with one degree of freedom less than there are values."""
    number = len(values)
    mean = math.fsum(values) / number
    if number == 1:
        return Spread(mean=mean, margin=None, number=1)
    variance = math.fsum((value - mean) ** 2 for value in values) / (number - 1)
    margin = float(student.ppf(_TWO_SIDED_95, number - 1)) * math.sqrt(variance / number)
    return Spread(mean=mean, margin=margin, number=number)


def _repetition(number: int, run: Run) -> Repetition:
    return Repetition(
        number=number,
        seed=run.seed,
        scenario_digest=run.scenario_digest,
        total_minor=total_minor(run),
        figures=run.metrics.figures,
        hindsight=run.hindsight,
    )


def _figures(one: Repetition) -> Mapping[str, float | None]:
    return {**one.figures, TOTAL: float(one.total_minor)}


def _spreads(of_each: Sequence[Mapping[str, float | None]]) -> dict[str, Spread]:
    """By figure, over the repetitions that have it."""
    spreads: dict[str, Spread] = {}
    for name in of_each[0]:
        values = [value for figures in of_each if (value := figures.get(name)) is not None]
        if values:
            spreads[name] = spread_of(values)
    return spreads


def _differences(mine: Sequence[Repetition], others: Sequence[Repetition]) -> dict[str, Spread]:
    """Paired: of the same draw."""
    pairs = [
        (_figures(one), _figures(other))
        for one, other in zip(mine, others, strict=True)
        if (one.scenario_digest, one.seed) == (other.scenario_digest, other.seed)
    ]
    differing: list[Mapping[str, float | None]] = [
        {name: _less(value, other.get(name)) for name, value in one.items()} for one, other in pairs
    ]
    return _spreads(differing) if differing else {}


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
