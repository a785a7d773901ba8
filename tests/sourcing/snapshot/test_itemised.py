"""A decision itemised without a Problem is the plan of it: package by package, term by term."""

from dataclasses import replace

import pytest

from solver.sourcing.finished import Finished
from solver.sourcing.plan import Package
from solver.sourcing.snapshot.itemised import ItemisedPackage
from solver.sourcing.terms.carbon import TERM as CARBON
from tests.sourcing.snapshot.any_world import World, any_world

WORLDS = 40


def worlds(seed: int) -> list[World]:
    return [any_world(number) for number in range(seed, seed + WORLDS)]


def test_packages_and_terms_are_those_of_the_plan(seed: int) -> None:
    itemised = several = 0
    terms: set[str] = set()
    for world in worlds(seed):
        snapshot = world.snapshot()
        itemiser = snapshot.itemiser
        for order in world.orders:
            decision = snapshot.decide(order)
            if decision.fallback:
                continue
            told, plan = itemiser.itemise(order, decision), snapshot.plan_as(order, decision)
            assert told.cost_minor == {term: minor for term, minor in plan.cost_minor.items() if minor}
            assert sorted(map(_facts, told.packages)) == sorted(map(_facts, plan.packages))
            grams = CARBON.recount_measure(Finished.of(world.problem(order), plan))
            assert sum(package.carbon_grams for package in told.packages) == grams.total
            lanes = {lane.lane_id[:2]: lane for lane in world.problem(order).lanes}
            for package in told.packages:
                assert package.hand_over_at == lanes[package.source_id, package.service_id].hand_over_at
            itemised += 1
            several += len(plan.packages) > 1
            terms |= told.cost_minor.keys()
    assert itemised > WORLDS
    assert several > 5
    assert {"freight", "handling", "split", "unfilled", "lateness"} <= terms


def test_a_decision_whose_terms_do_not_come_to_its_total_is_no_decision(seed: int) -> None:
    for world in worlds(seed):
        snapshot = world.snapshot()
        decision = snapshot.decide(world.orders[0])
        if not decision.fallback:
            with pytest.raises(AssertionError, match="come to its total"):
                snapshot.itemiser.itemise(world.orders[0], replace(decision, total_minor=decision.total_minor + 1))
            return
    raise AssertionError("no world had a decision of the arrays")


def _facts(package: ItemisedPackage | Package) -> tuple[object, ...]:
    return (
        package.source_id,
        package.service_id,
        package.weight_grams,
        package.distance_meters,
        package.arrives_at,
        package.late_minutes,
        package.crosses_province,
    )
