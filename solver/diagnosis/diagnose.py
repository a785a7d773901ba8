"""A diagnosis: leaks are found in a run, and each change is tried by making the run again with it."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from solver.diagnosis.changes import changed
from solver.diagnosis.findings import Finding, Valued
from solver.diagnosis.leaks import avoidable_splits, crossings, idle_sources, late_lanes, still_stock
from solver.network.network import Network
from solver.replay.books import Books
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy

Run = Callable[[Scenario], Sequence[Outcome]]


def diagnose(
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    run_again: Run,
    *,
    base: Sequence[Outcome] | None = None,
    most: int = 3,
) -> list[Valued]:
    """Of each kind of leak in `outcomes` the largest `most`, with replayed values; what saves most first in its kind.

    A value is the cost of `base` (None: of `outcomes`) less that of the run made again with the change.
    """
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )
    of_kinds = (
        avoidable_splits(scenario, outcomes),
        crossings(scenario, network, outcomes),
        late_lanes(outcomes),
        idle_sources(scenario, outcomes),
        still_stock(scenario, outcomes),
    )
    found: list[Valued] = []
    for findings in of_kinds:
        valued = [
            _valued(finding, scenario, outcomes if base is None else base, run_again) for finding in findings[:most]
        ]
        found += sorted(valued, key=lambda one: -(one.saved_minor or 0))
    return found


def replayed(scenario: Scenario, policy: Policy, *, seed: int = 0) -> tuple[Outcome, ...]:
    """What becomes of a scenario's orders under the policy."""
    with (
        tempfile.TemporaryDirectory(prefix="xunyuan-diagnosis-") as folder,
        Books(Path(folder), scenario, horizon_of(scenario).starts_at) as books,
    ):
        run = Replay(scenario, policy, books, seed=seed)
        for _ in run.run():
            pass
        return tuple(run.outcomes())


def _valued(finding: Finding, scenario: Scenario, base: Sequence[Outcome], run_again: Run) -> Valued:
    if finding.change is None:
        return Valued(finding=finding, saved_minor=None)
    again = run_again(changed(scenario, finding.change))
    saved = [one.total_minor - other.total_minor for one, other in zip(base, again, strict=True)]
    return Valued(
        finding=finding,
        saved_minor=sum(saved),
        cheaper_orders=sum(minor > 0 for minor in saved),
        dearer_orders=sum(minor < 0 for minor in saved),
    )
