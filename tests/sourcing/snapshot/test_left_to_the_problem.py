"""What the arrays cannot say is seen, named and left to the ordinary path."""

from dataclasses import replace

import pytest

from solver.network.network import Network
from solver.network.transfer import Transfer
from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Level, Policy
from solver.sourcing.snapshot.support import refusals
from solver.sourcing.solve import decide
from tests.sourcing.snapshot.any_world import World, any_world


def with_policy(**changes: object) -> World:
    world = any_world(0, busy=0.0)
    policy = Policy(time_limit_ms=60_000)
    return replace(world, policy=replace(policy, **changes))  # type: ignore[arg-type]  # fields of any type


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"levels": (Level(measure="packages"),)}, "levels"),
        ({"settings": {"late_risk_minor": 5}}, "term late_risk"),
        ({"settings": {"stock_minor_per_rank": 5}}, "term best_stocked"),
        ({"settings": {"min_on_time_permille": 900}}, "rule packages_are_likely_in_time"),
        ({"soft": {"sources_are_near_enough": 100}}, "rule sources_are_near_enough"),
    ],
)
def test_a_policy_that_arrays_cannot_say_is_named_and_answered_all_the_same(
    changes: dict[str, object], reason: str
) -> None:
    world = with_policy(**changes)
    snapshot = world.snapshot()
    assert snapshot.refusals == (reason,)
    for order in world.orders:
        decision = snapshot.decide(order)
        plan = decide(world.problem(order), engine=Engine.EXACT, time_limit_seconds=60)
        assert decision.fallback == reason
        assert decision.total_minor == plan.total_minor


def test_every_term_and_every_rule_is_known_to_the_snapshot() -> None:
    unknown = list(refusals(any_world(0).network, Policy()))
    assert unknown == [], "a new term or rule: say in snapshot/support.py how it falls, or leave it to the Problem"
    assert len(all_terms()) + len(all_rules()) > 60


def test_a_term_that_nobody_told_the_snapshot_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    unheard_of = replace(all_terms()[0], name="unheard_of")
    monkeypatch.setattr("solver.sourcing.snapshot.support.all_terms", lambda: (*all_terms(), unheard_of))
    assert list(refusals(any_world(0).network, Policy())) == ["term unheard_of"]
    assert list(refusals(any_world(0).network, Policy(off=("unheard_of",)))) == []


def test_transfers_and_daily_limits_are_refused() -> None:
    network = any_world(0).network
    transfer = Transfer(from_source_id="S0", to_source_id="S1", transit_minutes=60)
    moved = Network.of(regions=network.regions.values(), sources=network.sources.values(), transfers=[transfer])
    limited = Network.of(services=[replace(one, daily_packages=3) for one in network.services.values()])
    assert list(refusals(moved, Policy())) == ["transfers"]
    assert list(refusals(limited, Policy())) == ["daily_limits_of_services"]


def test_an_unknown_region_and_an_unknown_sku_are_key_errors() -> None:
    world = any_world(0, busy=0.0)
    snapshot, order = world.snapshot(), world.orders[0]
    nowhere = replace(order, destination=replace(order.destination, region_id="NOWHERE"))
    nothing = replace(order, lines=(replace(order.lines[0], sku="NOTHING"),))
    with pytest.raises(KeyError, match="NOWHERE"):
        snapshot.decide(nowhere)
    with pytest.raises(KeyError, match="NOTHING"):
        snapshot.decide(nothing)
