"""Values of stock in the running service: reckoned beside the calls, counted in decisions, kept with every plan."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.fulfilment.batching.by_snapshot import orders_of
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.valuing import valuing
from solver.fulfilment.valuing.model import StockValuing, ValuedPolicy
from solver.orders.model import Order
from solver.policies.model import PolicyDocument
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.policy import Policy
from solver.storage.once import Request, request_for
from solver.waves.wave import NO_TERMS
from tests.fulfilment.test_planner import planner_of
from tests.fulfilment.valuing.conftest import DOORS, MINDS
from tests.made_world import EAST_DOOR, MONDAY_AT_8, order_of

HOUR = timedelta(hours=1)
LOOKS = 4_000  # on the slowest of machines
A_DAY_AHEAD = StockValuing(ahead_days=1)
_ids = count(1)


def named(method: str = "PlanFulfillment") -> Request:
    return request_for(method, f"r-{next(_ids)}")


def tea(clock: ManualClock, order_id: str, door: int = 0) -> Order:
    return order_of(("TEA", 1), order_id=order_id, placed_at=clock.now(), destination=DOORS[door])


def plan(application: Application, order: Order, policy: Policy = MINDS, *, is_draft: bool = False) -> FulfilmentPlan:
    command = PlanCommand(order=order, policy=policy, validate_only=is_draft, hold_for=timedelta(hours=12))
    return application.planner.plan(named(), command, seconds_left=600.0)


def east_and_west(application: Application, clock: ManualClock, orders: int = 8) -> list[str]:
    """An order an hour, in turn from the east and from the west; all of them take of the west's stock. Plan ids."""
    plan_ids = []
    application.planner.valuing.set(named("SetStockValuing"), A_DAY_AHEAD)
    for number in range(orders):
        made = plan(application, tea(clock, f"O-{number}", number % 2))
        assert sources(made) == ["W-WEST"]
        plan_ids.append(made.plan_id)
        clock.advance(HOUR)
    return plan_ids


def sources(made: FulfilmentPlan) -> list[str]:
    return [package.source_id for package in made.plan.packages]


def stands(application: Application) -> ValuedPolicy:
    [one] = application.planner.valuing.standing()
    return one


def test_what_a_far_source_is_worth_to_others_sends_an_order_elsewhere(
    application: Application, clock: ManualClock
) -> None:
    east_and_west(application, clock)
    assert application.planner.valuing.look() == 1
    values = {one.site_id: one for one in application.planner.valuing.rows("", 0)}
    assert values["W-WEST"].units == 4
    above = values["W-WEST"].value_minor - (values["S-EAST"].value_minor if "S-EAST" in values else 0)
    assert 260 < above <= 1_060  # what the west pays more at the store
    made = plan(application, tea(clock, "NEXT"))
    assert sources(made) == ["S-EAST"]
    assert dict(made.plan.cost_minor).get("stock_value", 0) == 0
    west = plan(application, tea(clock, "WEST", 1))
    assert sources(west) == ["W-WEST"]
    assert dict(west.plan.cost_minor)["stock_value"] == above


def test_a_policy_that_does_not_mind_values_has_none(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    assert sources(plan(application, tea(clock, "NEXT"), replace(MINDS, settings={}), is_draft=True)) == ["W-WEST"]
    off = replace(MINDS, off=("stock_value",))
    assert sources(plan(application, tea(clock, "NEXT"), off, is_draft=True)) == ["W-WEST"]


def test_the_switch_ends_what_values_do_and_begins_it_again(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    valuing = application.planner.valuing
    valuing.look()
    valuing.set(named("SetStockValuing"), replace(A_DAY_AHEAD, is_on=False))
    assert sources(plan(application, tea(clock, "NEXT"), is_draft=True)) == ["W-WEST"]
    assert valuing.look() == 0
    valuing.set(named("SetStockValuing"), A_DAY_AHEAD)
    assert sources(plan(application, tea(clock, "NEXT"), is_draft=True)) == ["S-EAST"]


def test_values_are_reckoned_anew_when_they_are_old_or_stock_has_moved(
    application: Application, clock: ManualClock
) -> None:
    east_and_west(application, clock)
    valuing = application.planner.valuing
    assert (valuing.look(), valuing.look()) == (1, 0)
    assert (stands(application).version, stands(application).age_seconds) == (1, 0)
    clock.advance(timedelta(minutes=15))
    assert (valuing.look(), stands(application).version) == (1, 2)
    for number in range(2):  # of 4 and 24 units
        assert valuing.look() == 0
        plan(application, tea(clock, f"MOVES-{number}"))
    assert stands(application).moved_permille == 1000 * 2 // 28
    assert (valuing.look(), stands(application).version, stands(application).orders_seen) == (1, 3, 10)


def test_values_older_than_a_day_count_for_nothing(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    there = {"TEA": {"W-WEST": 1, "S-EAST": 1}}
    assert application.planner.valuing.of(MINDS, there)[0] == 1
    clock.advance(timedelta(days=1, seconds=1))
    assert application.planner.valuing.of(MINDS, there) == (0, {})


def test_a_plan_is_explained_with_the_values_of_its_moment(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    made = plan(application, tea(clock, "NEXT"))
    application.planner.valuing.set(named("SetStockValuing"), StockValuing(is_on=False))
    explained = application.made_plans.explain(made.plan_id, seconds_left=600.0)
    assert explained.reproduced
    with application.database.read() as reader:
        question = application.planner.questions.find(reader, made.plan_id)
    assert question is not None
    assert question.values_version == 1
    assert set(question.values["TEA"]) <= {"W-WEST", "S-EAST"}


def test_values_outlive_the_server(tmp_path: Path, application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    known = application.planner.valuing.rows("", 0)
    application.close()
    again = Application.open(tmp_path, clock)
    try:
        assert again.planner.valuing.settings == A_DAY_AHEAD
        assert again.planner.valuing.rows("", 0) == known
        assert sources(plan(again, tea(clock, "NEXT"), is_draft=True)) == ["S-EAST"]
    finally:
        again.close()


def test_a_kept_policy_is_valued_before_anybody_asks_for_it(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    far = replace(MINDS, policy_id="far", version=3)
    document = PolicyDocument(policy_id="far", version=3, policy=far)
    application.policies.upsert(named("UpsertPolicies"), [document])
    assert application.planner.valuing.look() == 2
    assert [(one.policy_id, one.policy_version) for one in application.planner.valuing.standing()] == [
        ("far", 3),
        ("", 0),
    ]
    assert {one.site_id for one in application.planner.valuing.rows("far", 0)} >= {"W-WEST"}
    assert application.planner.valuing.rows("far", 2) == ()


def test_without_orders_nothing_is_worth_anything(application: Application, clock: ManualClock) -> None:
    plan(application, tea(clock, "DRAFT"), is_draft=True)
    assert application.planner.valuing.look() == 0
    assert stands(application) == ValuedPolicy(policy_id="", policy_version=0)


def test_a_batch_minds_values_as_each_of_its_orders_would(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    orders = tuple(tea(clock, f"B-{number}", number % 2) for number in range(4))
    answer = application.batches.plan(named("PlanBatch"), BatchCommand(orders=orders, policy=MINDS), seconds_left=600.0)
    assert [sources(one) for one in answer.plans] == [["S-EAST"], ["W-WEST"]] * 2


@pytest.mark.skipif(not IS_COMPILED, reason="snapshots need numba")
def test_the_snapshot_makes_the_ordinary_paths_plan(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    orders = [
        order_of(("TEA", units), order_id=f"N-{units}-{door}", placed_at=clock.now(), destination=DOORS[door])
        for units in (1, 3)
        for door in (0, 1)
    ]
    ordinary = [plan(application, order, is_draft=True).plan for order in orders]
    application.planner.make_ready(MINDS)
    question = application.planner.asking.question(orders[0], MINDS)
    briefly = application.planner.readiness.briefly(question.network, question.catalog, question.policy)
    assert briefly is not None
    assert question.values
    assert briefly.plan(question.order, question.available, question.problem_of, question.values) == ordinary[0]
    assert [plan(application, order, is_draft=True).plan for order in orders] == ordinary


@pytest.mark.parametrize(
    "settings",
    [StockValuing(refresh_minutes=0), StockValuing(moved_permille=1_001), StockValuing(ahead_days=91)],
)
def test_settings_beyond_their_bounds_are_refused(application: Application, settings: StockValuing) -> None:
    with pytest.raises(InvalidRequest):
        application.planner.valuing.set(named("SetStockValuing"), settings)
    assert application.planner.valuing.settings == StockValuing()


def test_orders_of_regions_and_goods_that_are_no_more_are_left_aside(
    application: Application, clock: ManualClock
) -> None:
    east_and_west(application, clock)
    kept = application.planner.valuing._orders
    kept.catch_up(application.database, MONDAY_AT_8)
    catalog = application.catalog.catalog
    seen = kept.seen(catalog, {"EAST-CITY"})
    assert seen is not None
    assert {region for region, _ in seen.kinds} == {EAST_DOOR.region_id}
    assert (seen.total, kept.seen(catalog, ())) == (4, None)
    assert kept.latest is not None
    assert kept.latest.placed_at == MONDAY_AT_8 + 7 * HOUR


@pytest.mark.skipif(not IS_COMPILED, reason="snapshots need numba")
def test_a_batch_that_contends_gets_the_same_from_the_snapshot_as_from_problems(
    application: Application, clock: ManualClock
) -> None:
    east_and_west(application, clock)
    application.planner.valuing.look()
    orders = tuple(tea(clock, f"B-{number}", number % 2) for number in range(12))  # four teas are in the west

    def planned() -> list[FulfilmentPlan]:
        command = BatchCommand(orders=orders, policy=MINDS, validate_only=True)
        return list(application.batches.plan(named("PlanBatch"), command, seconds_left=600.0).plans)

    ordinary = planned()
    application.planner.make_ready(MINDS)
    questions = [application.planner.asking.question(order, MINDS) for order in orders]
    assert orders_of(questions, application.planner.readiness, NO_TERMS) is not None
    drafts = planned()
    assert sum(one.plan.total_minor for one in drafts) == sum(one.plan.total_minor for one in ordinary)
    assert [sources(one) for one in drafts].count(["W-WEST"]) == 4
    assert sum(dict(one.plan.cost_minor).get("stock_value", 0) for one in drafts) > 0


def test_of_two_servers_that_reckon_at_once_one_is_kept(application: Application, clock: ManualClock) -> None:
    east_and_west(application, clock)
    other = planner_of(application)
    command = PlanCommand(order=tea(clock, "ASKED"), policy=MINDS, validate_only=True)
    other.plan(named(), command, seconds_left=600.0)  # so that it, too, knows the policy
    assert application.planner.valuing.look() == 1
    known = application.planner.valuing.rows("", 0)
    clock.advance(timedelta(seconds=1))
    assert other.valuing.look() == 0
    assert planner_of(application).valuing.rows("", 0) == known


def test_what_the_service_keeps_can_be_sent_to_the_process_that_reckons(
    application: Application, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    east_and_west(application, clock)
    monkeypatch.setattr(valuing, "LOOK_SECONDS", 0.01)
    application.planner.valuing.start()
    never = threading.Event()
    for _ in range(LOOKS):
        if stands(application).version or never.wait(0.05):
            break
    application.planner.valuing.close()
    apart = stands(application)
    assert apart.version >= 1
    assert apart.orders_seen == 8
    assert {one.value_minor > 0 for one in application.planner.valuing.rows(apart.policy_id, 0)} == {True}
