"""Which policies are ready, what becomes of them when master data change, and who makes them so."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from solver.app import Application
from solver.catalog.catalog import Catalog
from solver.clock import ManualClock
from solver.fulfilment import readiness as room
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.readiness import MOST_READY, Readiness
from solver.network.network import Network
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.policy import DEFAULT_POLICY, Level, Policy
from solver.sourcing.snapshot.briefly import Briefly
from solver.storage.once import request_for
from tests.made_world import CARRIERS, GIFT, MATERIALS, MONDAY_AT_8, REGIONS, SERVICES, SOURCES, order_of

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="snapshots need numba")

NETWORK = Network.of(regions=REGIONS, sources=SOURCES, carriers=CARRIERS, services=SERVICES)
CATALOG = Catalog.of(MATERIALS, [GIFT])
PATIENCE_SECONDS = 60.0


def prepared(*policies: Policy) -> Readiness:
    readiness = Readiness(ManualClock(MONDAY_AT_8))
    readiness.prepare(NETWORK, CATALOG, policies)
    return readiness


def test_a_policy_is_ready_once_it_is_prepared_and_another_is_not() -> None:
    readiness = prepared(DEFAULT_POLICY)
    assert isinstance(readiness.briefly(NETWORK, CATALOG, Policy()), Briefly)
    assert readiness.briefly(NETWORK, CATALOG, Policy(split_minor=1)) is None


def test_strict_priorities_are_never_ready() -> None:
    levels = Policy(levels=(Level(measure="unfilled_units"),))
    assert prepared(levels).briefly(NETWORK, CATALOG, levels) is None


def test_nothing_is_ready_for_another_network_or_catalog() -> None:
    readiness = prepared(DEFAULT_POLICY)
    other = Network.of(regions=REGIONS, sources=SOURCES[:1], carriers=CARRIERS, services=SERVICES)
    assert readiness.briefly(other, CATALOG, DEFAULT_POLICY) is None
    assert readiness.briefly(NETWORK, Catalog.of(MATERIALS, [GIFT]), DEFAULT_POLICY) is None
    same = Catalog(materials=CATALOG.materials, sales_items=CATALOG.sales_items)
    assert readiness.briefly(NETWORK, same, DEFAULT_POLICY) is not None


def test_an_empty_service_has_nothing_to_make_ready() -> None:
    readiness = Readiness(ManualClock(MONDAY_AT_8))
    readiness.prepare(Network.of(), CATALOG, [DEFAULT_POLICY])
    assert readiness.briefly(NETWORK, CATALOG, DEFAULT_POLICY) is None


def test_the_policies_made_ready_last_are_kept() -> None:
    policies = [Policy(split_minor=split) for split in range(MOST_READY + 2)]
    readiness = prepared(*policies)
    assert [readiness.briefly(NETWORK, CATALOG, one) is not None for one in policies] == [False] * 2 + [
        True
    ] * MOST_READY


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> "tuple[list[list[Policy]], threading.Semaphore]":
    """The policies of every `prepare`, and a semaphore that is raised after each."""
    prepare, seen, done = Readiness.prepare, [], threading.Semaphore(0)

    def preparing(self: Readiness, network: Network, catalog: Catalog, policies: Any) -> None:
        seen.append([*policies])
        prepare(self, network, catalog, policies)
        done.release()

    monkeypatch.setattr(Readiness, "prepare", preparing)
    monkeypatch.setattr(room, "_PAUSE", 0.0)
    return seen, done


def test_in_the_background_a_policy_is_made_ready_that_is_asked_for_twice(
    watched: "tuple[list[list[Policy]], threading.Semaphore]",
) -> None:
    seen, done = watched
    readiness = Readiness(ManualClock(MONDAY_AT_8))
    readiness.start()
    try:
        for _ in range(2):
            assert readiness.briefly(NETWORK, CATALOG, DEFAULT_POLICY) is None
        assert done.acquire(timeout=PATIENCE_SECONDS)
        assert readiness.briefly(NETWORK, CATALOG, DEFAULT_POLICY) is not None
        readiness.briefly(NETWORK, CATALOG, Policy(split_minor=7))
        assert seen == [[DEFAULT_POLICY]]
    finally:
        readiness.close()


def test_in_the_background_what_was_ready_is_made_ready_for_a_new_network_at_once(
    watched: "tuple[list[list[Policy]], threading.Semaphore]",
) -> None:
    _, done = watched
    readiness = Readiness(ManualClock(MONDAY_AT_8))
    readiness.prepare(NETWORK, CATALOG, [DEFAULT_POLICY])
    assert done.acquire(timeout=PATIENCE_SECONDS)
    readiness.start()
    try:
        other = Network.of(regions=REGIONS, sources=SOURCES[:1], carriers=CARRIERS, services=SERVICES)
        assert readiness.briefly(other, CATALOG, DEFAULT_POLICY) is None
        assert done.acquire(timeout=PATIENCE_SECONDS)
        assert readiness.briefly(other, CATALOG, DEFAULT_POLICY) is not None
    finally:
        readiness.close()


def test_without_a_background_nothing_is_made_ready_however_often_it_is_asked_for() -> None:
    readiness = Readiness(ManualClock(MONDAY_AT_8))
    assert [readiness.briefly(NETWORK, CATALOG, DEFAULT_POLICY) for _ in range(5)] == [None] * 5
    readiness.close()


def plan(application: Application, name: str, policy: Policy) -> FulfilmentPlan:
    command = PlanCommand(order=order_of(("TEA", 1), order_id=name), policy=policy)
    return application.planner.plan(request_for("PlanFulfillment", name, name), command, seconds_left=60.0)


def test_a_ready_planner_makes_the_plan_that_it_makes_when_it_is_not(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = Policy(split_minor=50)
    in_full = plan(application, "in full", policy)
    application.confirming.release(request_for("ReleasePlan", "r", "r"), in_full.plan_id)
    application.planner.make_ready(policy)
    asked: list[str] = []
    monkeypatch.setattr("solver.fulfilment.decided.solve", lambda problem, **_: asked.append(problem.order_id))
    briefly = plan(application, "briefly", policy)
    assert asked == []
    assert replace(briefly.plan, order_id="in full") == in_full.plan


def test_a_ready_planner_still_sees_what_others_hold(application: Application) -> None:
    """Three teas lie at the near store; the fourth order gets the warehouse's."""
    application.planner.make_ready()
    sources = [plan(application, str(number), DEFAULT_POLICY).plan.source_ids for number in range(4)]
    assert sources == [("S-EAST",)] * 3 + [("W-EAST",)]


def test_units_that_stay_unfilled_are_explained_from_all_lanes(application: Application) -> None:
    application.planner.make_ready()
    command = PlanCommand(order=order_of(("TEA", 500)), policy=DEFAULT_POLICY, validate_only=True)
    made = application.planner.plan(request_for("PlanFulfillment", "much", "much"), command, seconds_left=60.0).plan
    assert made.unfilled_units > 0
    assert all(line.reasons for line in made.lines)


def test_a_large_network_is_made_ready_in_the_background(
    watched: "tuple[list[list[Policy]], threading.Semaphore]", monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, done = watched
    monkeypatch.setattr(room, "MOST_AT_ONCE", 1)
    readiness = Readiness(ManualClock(MONDAY_AT_8))
    readiness.prepare_or_want(NETWORK, CATALOG, [DEFAULT_POLICY])
    assert seen == []
    readiness.start()
    try:
        assert done.acquire(timeout=PATIENCE_SECONDS)
        assert readiness.briefly(NETWORK, CATALOG, DEFAULT_POLICY) is not None
    finally:
        readiness.close()


def test_what_cannot_be_made_ready_is_planned_from_all_lanes(
    application: Application, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("no such zone")

    monkeypatch.setattr(room, "made_ready", fail)
    application.planner.make_ready()
    assert plan(application, "1", DEFAULT_POLICY).plan.source_ids == ("S-EAST",)
    assert "policies could not be made ready" in caplog.text


@pytest.mark.parametrize("step", ["decide_each", "_priced"])
def test_an_unsound_plan_of_a_snapshot_is_logged_and_made_from_all_lanes(
    application: Application, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a plan costs what was decided")

    application.planner.make_ready()
    monkeypatch.setattr(Briefly, step, fail)
    assert plan(application, "1", DEFAULT_POLICY).plan.source_ids == ("S-EAST",)
    assert "order 1: the snapshot's plan is not sound" in caplog.text
