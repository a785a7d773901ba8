"""Runs side by side: figures, and what each order cost more or less under the other policy."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solver.replay.outcome import Outcome
from solver.replay.run_files import Run, RunKind
from solver.scenario.model import Threshold

_TWO_SIDED_95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Order by order, the second run less the first: the mean in minor units, and by how much it may be off (95 %)."""

    orders: int
    mean_minor: float
    margin_minor: float
    cheaper: int
    dearer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A threshold and the figure that it judges; a figure of nothing meets none."""

    threshold: Threshold
    figure: float | None

    @property
    def is_met(self) -> bool:
        """Whether the figure lies within its limits."""
        low, high = self.threshold.at_least, self.threshold.at_most
        if self.figure is None:
            return False
        return (low is None or self.figure >= low) and (high is None or self.figure <= high)


def paired(first: Iterable[Outcome], second: Iterable[Outcome]) -> Difference:
    """The same orders under two policies. Raises ValueError where they are not the same."""
    differences = [other.total_minor - one.total_minor for one, other in _pairs(first, second)]
    number = len(differences)
    mean = sum(differences) / number if number else 0.0
    variance = sum((one - mean) ** 2 for one in differences) / (number - 1) if number > 1 else 0.0
    return Difference(
        orders=number,
        mean_minor=mean,
        margin_minor=_TWO_SIDED_95 * math.sqrt(variance / number) if number else 0.0,
        cheaper=sum(one < 0 for one in differences),
        dearer=sum(one > 0 for one in differences),
    )


def are_comparable(first: Run, second: Run) -> bool:
    """Whether both had the same orders on the same stock, and the same troubles."""
    return (first.scenario_digest, first.seed) == (second.scenario_digest, second.seed)


def gap_closed(run: Run, among: Iterable[Run]) -> float | None:
    """How far a policy comes from the nearest source first (0) to what hindsight proves to be the least (1).

    None where one of the two is not known at the prices of the policy, on the same orders.
    """
    if run.hindsight is None or run.kind is not RunKind.POLICY:
        return None
    for other in among:
        if other.kind is RunKind.RULE and other.policy_values == run.policy_values and are_comparable(run, other):
            way = total_minor(other) - run.hindsight.bound_minor
            return (total_minor(other) - total_minor(run)) / way if way else None
    return None


def total_minor(run: Run) -> int:
    """All terms, prices of unfilled units included."""
    return sum(run.metrics.terms_minor.values())


def judged(run: Run, thresholds: Iterable[Threshold]) -> tuple[Verdict, ...]:
    """What a scenario asks of a run."""
    return tuple(Verdict(threshold=one, figure=run.metrics.figures.get(one.metric)) for one in thresholds)


def _pairs(first: Iterable[Outcome], second: Iterable[Outcome]) -> Iterator[tuple[Outcome, Outcome]]:
    for one, other in zip(first, second, strict=True):
        if one.order_id != other.order_id:
            raise ValueError(f"{one.order_id} is not {other.order_id}: the runs had other orders")
        yield one, other
