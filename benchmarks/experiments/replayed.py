"""A scenario's run under a policy on the real fulfilment code, and the figures that experiments compare."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean

from solver.replay.books import Books
from solver.replay.metrics import Metrics, metrics_of
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.scenario.model import Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy

_SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A run: its metrics, and the mean days from an order, or its last hand-over, to its last package's arrival."""

    metrics: Metrics
    days: float
    transit_days: float

    def figure(self, name: str) -> float:
        """A metric that has a figure."""
        found = self.metrics.figures[name]
        assert found is not None, name
        return found


def replayed(scenario: Scenario, policy: Policy, rule: Engine = Engine.EXACT) -> Told:
    """Run it; its books must balance and nothing be oversold."""
    with (
        tempfile.TemporaryDirectory(prefix="xunyuan-experiment-") as folder,
        Books(Path(folder), scenario, horizon_of(scenario).starts_at) as books,
    ):
        run = Replay(scenario, policy, books, rule=rule)
        for _ in run.run():
            pass
        assert books.discrepancies() == [], "the books balance"
        outcomes = list(run.outcomes())
        metrics = metrics_of(outcomes, oversold_units=run.oversold_units())
    assert metrics.figures["oversold_units"] == 0
    shipped = [outcome for outcome in outcomes if outcome.shipped]
    return Told(
        metrics=metrics,
        days=_mean_days(_arrived(one) - one.placed_at for one in shipped),
        transit_days=_mean_days(_arrived(one) - max(of.hand_over_at for of in one.shipped) for one in shipped),
    )


def _arrived(outcome: Outcome) -> datetime:
    return max(package.arrives_at for package in outcome.shipped)


def _mean_days(spans: Iterable[timedelta]) -> float:
    return fmean(span.total_seconds() for span in spans) / _SECONDS_PER_DAY
