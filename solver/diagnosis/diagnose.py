"""A diagnosis: leaks are found in a run, and each change is tried by making the run again with it."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from solver.diagnosis.changes import Change, LeaveTerm, changed
from solver.diagnosis.findings import Finding, Leak, Valued
from solver.diagnosis.leaks import avoidable_splits, crossings, idle_sources, late_lanes, still_stock
from solver.diagnosis.service import closed_services, costly_wishes, slow_sources
from solver.diagnosis.supply import LEAD_DAYS, full_sources, missing_units
from solver.network.network import Network
from solver.replay.books import Books
from solver.replay.metrics import PAID
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy

_POSSIBLE = (Leak.CLOSED_SERVICES, Leak.COSTLY_WISHES)  # leaks only where a change shows that they are
Run = Callable[[Scenario], Sequence[Outcome]]
"""Makes the run again; the policy is that of the scenario."""


def _nobody(_: int, __: int) -> None:
    pass


def diagnose(
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    run_again: Run,
    *,
    base: Sequence[Outcome] | None = None,
    most: int = 3,
    lead_days: int = LEAD_DAYS,
    tell: Callable[[int, int], None] = _nobody,
) -> list[Valued]:
    """Of each kind of leak in `outcomes` the largest `most`, with replayed values; what saves most first in its kind.

    A value is the cost of `base` (None: of `outcomes`) less that of the run made again with the change. `lead_days`
    pass from ordering goods until they are there; `tell` hears how many changes of how many were tried.
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
        missing_units(scenario, outcomes, lead_days),
        full_sources(scenario, outcomes),
        slow_sources(scenario, outcomes),
        closed_services(scenario, outcomes),
        costly_wishes(outcomes),
    )
    found: list[Valued] = []
    tried: dict[Change, Valued] = {}
    done, to_try = 0, sum(len(findings[:most]) for findings in of_kinds)
    for findings in of_kinds:
        valued = []
        for finding in findings[:most]:
            known = None if finding.change is None else tried.get(finding.change)
            if known is None:
                known = _valued(finding, scenario, outcomes if base is None else base, run_again)
            if finding.change is not None:
                tried[finding.change] = known
            valued.append(replace(known, finding=finding))
            done += 1
            tell(done, to_try)
        worth_telling = (one for one in valued if one.finding.leak not in _POSSIBLE or one.changes_anything)
        found += sorted(worth_telling, key=lambda one: -(one.saved_minor or 0))
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
    paid = [_paid(one) - _paid(other) for one, other in zip(base, again, strict=True)]
    saved = [one.total_minor - other.total_minor for one, other in zip(base, again, strict=True)]
    if isinstance(finding.change, LeaveTerm):  # a price that is no longer asked is not saved
        saved = paid
    return Valued(
        finding=finding,
        saved_minor=sum(saved),
        cheaper_orders=sum(minor > 0 for minor in saved),
        dearer_orders=sum(minor < 0 for minor in saved),
        paid_saved_minor=sum(paid),
        more_filled_units=sum(one.unfilled_units for one in base) - sum(one.unfilled_units for one in again),
        fewer_late_orders=sum(map(_is_late, base)) - sum(map(_is_late, again)),
    )


def _paid(outcome: Outcome) -> int:
    return sum(outcome.cost_minor.get(term, 0) for term in PAID)


def _is_late(outcome: Outcome) -> bool:
    return any(package.late_minutes for package in outcome.shipped)
