"""A replay decides, holds and changes as the service does; its books balance, and the same run is the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import BrokenInvariant
from solver.fulfilment.model import PlanCommand
from solver.replay.books import Books
from solver.replay.outcome import Outcome
from solver.replay.part import Part
from solver.replay.replay import Replay, horizon_of
from solver.scenario.files import read_scenario
from solver.scenario.load import load
from solver.scenario.model import Disturbance, Inbound, OpeningStock, Scenario, Trouble
from solver.sourcing.policy import Policy
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, made_world, order_of

HOUR = timedelta(hours=1)
FIRST_LIGHT = Path(__file__).resolve().parents[2] / "scenarios" / "first_light"


@contextmanager
def replayed(scenario: Scenario, folder: Path, policy: Policy | None = None, seed: int = 0) -> Iterator[Replay]:
    """A whole run, its books still open."""
    with Books(folder, scenario, horizon_of(scenario).starts_at) as books:
        run = Replay(scenario, policy or scenario.policy, books, seed=seed)
        for _ in run.run():
            pass
        assert books.discrepancies() == []
        assert run.oversold_units() == 0
        yield run


def outcomes(scenario: Scenario, folder: Path, policy: Policy | None = None, seed: int = 0) -> list[Outcome]:
    with replayed(scenario, folder, policy, seed) as run:
        return list(run.outcomes())


def world(
    *, stock: dict[str, int], inbound: tuple[Inbound, ...] = (), hours: tuple[int, ...] = (0,), **more: Any
) -> Scenario:
    """Orders of one TEA, so many hours after Monday at eight, on so much TEA at each source."""
    made = made_world()
    return replace(
        made,
        stock=tuple(OpeningStock(source_id=source_id, sku="TEA", units=units) for source_id, units in stock.items()),
        inbound=inbound,
        orders=tuple(
            order_of(("TEA", 1), order_id=f"O-{hour:03}", placed_at=MONDAY_AT_8 + hour * HOUR) for hour in hours
        ),
        **more,
    )


def test_a_replay_ships_as_plan_fulfillment_does_order_by_order(tmp_path: Path) -> None:
    scenario = read_scenario(FIRST_LIGHT)
    told = outcomes(scenario, tmp_path / "replay")
    clock = ManualClock(horizon_of(scenario).starts_at)
    application = Application.open(tmp_path / "service", clock, durable=False)
    try:
        load(application, scenario)
        orders = sorted(scenario.orders, key=lambda order: (order.placed_at, order.order_id))
        for order, outcome in zip(orders, told, strict=True):
            clock.advance(order.placed_at - clock.now())
            request = request_for("PlanFulfillment", order.order_id, order)
            plan = application.planner.plan(request, PlanCommand(order=order, policy=scenario.policy), seconds_left=600)
            plan_id = plan.plan_id
            application.confirming.confirm(request_for("ConfirmPlan", order.order_id, plan_id), plan_id)
            assert {term: minor for term, minor in plan.plan.cost_minor.items() if minor} == outcome.cost_minor
            assert [(one.source_id, one.service_id, one.arrives_at) for one in plan.plan.packages] == [
                (one.source_id, one.service_id, one.arrives_at) for one in outcome.packages
            ]
            assert plan.plan.unfilled_units == outcome.unfilled_units
    finally:
        application.close()


def test_the_same_run_is_the_same(tmp_path: Path) -> None:
    scenario = read_scenario(FIRST_LIGHT)
    assert outcomes(scenario, tmp_path / "one") == outcomes(scenario, tmp_path / "two")


def test_every_order_leaves_less_to_the_next(tmp_path: Path) -> None:
    sources = [source.source_id for source in made_world().sources]
    told = outcomes(world(stock={sources[0]: 1, sources[1]: 1}, hours=(0, 1, 2)), tmp_path)
    assert sorted(package.source_id for one in told for package in one.shipped) == sorted(sources[:2])
    assert [one.unfilled_units for one in told] == [0, 0, 1]


def test_what_comes_later_ships_from_then_on(tmp_path: Path) -> None:
    source_id = made_world().sources[0].source_id
    coming = Inbound(source_id=source_id, sku="TEA", units=1, arrives_at=MONDAY_AT_8 + 2 * HOUR)
    told = outcomes(world(stock={}, inbound=(coming,), hours=(1, 2, 3)), tmp_path)
    assert [one.unfilled_units for one in told] == [1, 0, 1]


def best_source(tmp_path: Path) -> str:
    [told] = outcomes(world(stock=everywhere(5)), tmp_path / "usual")
    [package] = told.shipped
    return package.source_id


def everywhere(units: int) -> dict[str, int]:
    return {source.source_id: units for source in made_world().sources}


def test_a_closed_source_ships_nothing_while_it_is_closed(tmp_path: Path) -> None:
    best = best_source(tmp_path)
    closed = Disturbance(
        trouble=Trouble.SOURCE_CLOSED, source_id=best, starts_at=MONDAY_AT_8 + HOUR, ends_at=MONDAY_AT_8 + 3 * HOUR
    )
    told = outcomes(world(stock=everywhere(5), hours=(1, 2, 3), disturbances=(closed,)), tmp_path / "closed")
    assert [best in {package.source_id for package in one.shipped} for one in told] == [False, False, True]


def test_what_waits_for_a_source_that_closes_is_decided_anew_and_nothing_is_owed_for_it(tmp_path: Path) -> None:
    best = best_source(tmp_path)
    slow = made_world()
    late = tuple(replace(one, lead_minutes=240) for one in slow.sources)
    closed = Disturbance(
        trouble=Trouble.SOURCE_CLOSED, source_id=best, starts_at=MONDAY_AT_8 + HOUR, ends_at=MONDAY_AT_8 + 99 * HOUR
    )
    scenario = replace(world(stock=everywhere(5), disturbances=(closed,)), sources=late)
    with replayed(scenario, tmp_path / "moved") as run:
        [told] = run.outcomes()
    first, second = told.packages
    assert (first.source_id, first.moved, first.ships) == (best, True, False)
    assert second.source_id != best
    assert second.ships
    assert told.cost_minor == second.cost_minor


def test_it_stays_where_nothing_else_ships_all_of_it(tmp_path: Path) -> None:
    best = best_source(tmp_path)
    late = tuple(replace(one, lead_minutes=240) for one in made_world().sources)
    closed = Disturbance(
        trouble=Trouble.SOURCE_CLOSED, source_id=best, starts_at=MONDAY_AT_8 + HOUR, ends_at=MONDAY_AT_8 + 99 * HOUR
    )
    scenario = replace(world(stock={best: 1}, disturbances=(closed,)), sources=late)
    [told] = outcomes(scenario, tmp_path / "stuck")
    assert [(package.source_id, package.ships) for package in told.packages] == [(best, True)]


def test_a_source_that_refuses_loses_its_units_and_the_order_is_decided_anew(tmp_path: Path) -> None:
    best = best_source(tmp_path)
    refuses = Disturbance(
        trouble=Trouble.REJECTIONS,
        source_id=best,
        permille=1_000,
        starts_at=MONDAY_AT_8,
        ends_at=MONDAY_AT_8 + 99 * HOUR,
    )
    scenario = world(stock=everywhere(1), hours=(0,), disturbances=(refuses,))
    with replayed(scenario, tmp_path / "refused") as run:
        [told] = run.outcomes()
    first, second = told.packages
    assert (first.source_id, first.refused) == (best, True)
    assert second.source_id != best
    assert second.ships
    assert told.unfilled_units == 0


def test_refusals_are_drawn_by_seed_order_and_source_alone(tmp_path: Path) -> None:
    best = best_source(tmp_path)
    refuses = Disturbance(
        trouble=Trouble.REJECTIONS,
        source_id=best,
        permille=500,
        starts_at=MONDAY_AT_8,
        ends_at=MONDAY_AT_8 + 999 * HOUR,
    )
    scenario = world(stock=everywhere(50), hours=tuple(range(24)), disturbances=(refuses,))

    def refused(seed: int) -> list[bool]:
        told = outcomes(scenario, tmp_path / f"seed {seed} {len(list(tmp_path.iterdir()))}", seed=seed)
        return [any(package.refused for package in one.packages) for one in told]

    assert refused(1) == refused(1)
    assert refused(1) != refused(2)
    assert 3 < sum(refused(1)) < 21


def test_what_was_decided_and_is_not_there_is_a_bug_of_ours(tmp_path: Path) -> None:
    scenario = world(stock=everywhere(1))
    source_id = scenario.sources[0].source_id
    with Books(tmp_path, scenario, MONDAY_AT_8) as books:
        books.take([Part(name="one", units={(source_id, "TEA"): 1})])
        with pytest.raises(BrokenInvariant, match="takes what is not there"):
            books.take([Part(name="two", units={(source_id, "TEA"): 1})])
        assert books.discrepancies() == []
