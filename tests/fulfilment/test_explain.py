"""A plan is explained from what was known when it was made, whatever has become of it since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import NotFound, StateConflict
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.questions import Questions
from solver.network.calendar import Calendar
from solver.orders.model import Order
from solver.sourcing.explanation.model import Explanation, Verdict
from solver.sourcing.policy import Policy
from solver.stock.model import Movement
from solver.storage.once import Request
from tests.made_world import EAST_STORE, EAST_WAREHOUSE, GIFT, GROUND, MATERIALS, REGIONS, order_of

SECONDS = 300.0


def named(method: str, request_id: str) -> Request:
    return Request(method=method, request_id=request_id, body_digest=b"")


def plan(application: Application, order: Order, *, policy: Policy | None = None) -> FulfilmentPlan:
    request = named("PlanFulfillment", f"plan {order.order_id}")
    return application.planner.plan(request, PlanCommand(order=order, policy=policy), seconds_left=SECONDS)


def explain(application: Application, standing: FulfilmentPlan) -> Explanation:
    return application.made_plans.explain(standing.plan_id, seconds_left=SECONDS)


def counts(application: Application) -> tuple[int, int]:
    """Kept versions, and kept questions."""
    with application.database.read() as reader:
        [(versions,)] = reader.query("SELECT count(*) FROM version")
        [(questions,)] = reader.query("SELECT count(*) FROM plan_question")
    return versions, questions


def change_everything(application: Application, clock: ManualClock) -> None:
    """New prices, weights, places and holidays; the warehouse that shipped is closed and empty."""
    dear = replace(GROUND.rates[0].card.bands[0], base_minor=9_900)
    rates = tuple(replace(rate, card=replace(rate.card, bands=(dear,))) for rate in GROUND.rates)
    closed = replace(EAST_WAREHOUSE, is_active=False, latitude=10.0, calendar_id="never")
    network, catalog = application.network, application.catalog
    network.upsert_calendars(named("c", "1"), [Calendar(calendar_id="never", name="Never")])
    network.upsert_services(named("s", "1"), [replace(GROUND, rates=rates)])
    network.upsert_sources(named("o", "1"), [closed, replace(EAST_STORE, lead_minutes=9_000)])
    network.upsert_regions(named("g", "1"), [replace(REGIONS[1], latitude=-5.0)])
    catalog.upsert_materials(named("m", "1"), [replace(one, weight_grams=9_000) for one in MATERIALS])
    catalog.upsert_sales_items(named("i", "1"), [replace(GIFT, parts=GIFT.parts[:1])])
    with application.database.write() as tx:
        application.stock.adjust(tx, [Movement(site_id="W-EAST", sku="TEA", units=-5)], "fire")
    clock.advance(timedelta(days=30))


def test_a_plan_is_explained_as_it_was_after_everything_has_changed(
    application: Application, clock: ManualClock
) -> None:
    standing = plan(application, order_of(("TEA", 4), ("GIFT", 1)))
    before = explain(application, standing)
    change_everything(application, clock)
    after = explain(application, standing)
    assert after == before
    assert (after.plan_id, after.total_minor, after.reproduced, after.complete) == (
        standing.plan_id, standing.plan.total_minor, True, True,
    )  # fmt: skip
    another = plan(application, order_of(("TEA", 4), ("GIFT", 1), order_id="today"))
    assert another.plan.total_minor != standing.plan.total_minor


def test_what_is_explained_is_the_plan_in_numbers(application: Application) -> None:
    standing = plan(application, order_of(("TEA", 4), ("GIFT", 1)))
    explanation = explain(application, standing)
    assert [(one.source_id, one.verdict, one.extra_minor) for one in explanation.candidates] == [
        ("S-EAST", Verdict.DOMINATED, 820),
        ("W-EAST", Verdict.CHOSEN, None),
        ("W-WEST", Verdict.DOMINATED, 1_060),
    ]
    assert explanation.runner_up == standing.plan.runner_up
    assert explanation.why.startswith(standing.plan.why)
    assert explanation.why_zh.startswith(standing.plan.why_zh)


def test_the_stock_that_others_held_then_still_counts_as_held(application: Application) -> None:
    rival = plan(application, order_of(("TEA", 10), order_id="rival"))
    assert rival.plan.source_ids == ("W-EAST",)
    standing = plan(application, order_of(("TEA", 2)))
    application.confirming.release(named("ReleasePlan", "rival"), rival.plan_id)
    candidates = {one.source_id: one.verdict for one in explain(application, standing).candidates}
    assert candidates["W-EAST"] is Verdict.NO_STOCK


def test_a_policy_of_the_request_is_kept_with_the_plan(application: Application) -> None:
    policy = Policy(max_distance_meters=1, distance_minor_per_km=7, words={"blocked_sources": ("W-WEST",)})
    standing = plan(application, order_of(("TEA", 2)), policy=policy)
    explanation = explain(application, standing)
    excluded = {one.source_id: one.rules for one in explanation.candidates if one.rules}
    assert explanation.reproduced
    assert excluded == {
        "S-EAST": ("sources_are_near_enough",),
        "W-WEST": ("sources_are_allowed", "sources_are_near_enough"),
    }


def test_plans_on_the_same_network_share_its_version(application: Application, clock: ManualClock) -> None:
    plan(application, order_of(("TEA", 1), order_id="one"))
    versions, questions = counts(application)
    assert questions == 1
    plan(application, order_of(("TEA", 2), order_id="two"))
    assert counts(application) == (versions, 2)
    application.network.upsert_services(named("s", "1"), [replace(GROUND, name="Road")])
    plan(application, order_of(("TEA", 1), order_id="three"))
    assert counts(application) == (versions + 2, 3)  # the services alone have changed, and so what plans go by


def test_a_draft_keeps_nothing(application: Application) -> None:
    command = PlanCommand(order=order_of(("TEA", 1)), validate_only=True)
    application.planner.plan(named("PlanFulfillment", ""), command, seconds_left=SECONDS)
    assert counts(application) == (0, 0)


def test_the_question_of_a_plan_comes_back_as_it_was(application: Application) -> None:
    standing = plan(application, order_of(("TEA", 4), ("GIFT", 1)))
    with application.database.read() as reader:
        question = Questions().find(reader, standing.plan_id)
    assert question is not None
    network = application.network.network
    assert (question.order, dict(question.network.services)) == (order_of(("TEA", 4), ("GIFT", 1)), network.services)
    assert sorted(question.catalog.materials) == ["CUP", "POT", "TEA"]
    assert question.available["TEA"] == {"S-EAST": 3, "W-EAST": 10, "W-WEST": 50}


def test_a_plan_that_is_not_there_cannot_be_explained(application: Application) -> None:
    with pytest.raises(NotFound):
        application.made_plans.explain("plan-none", seconds_left=SECONDS)


def test_a_plan_whose_question_was_not_kept_says_so(application: Application) -> None:
    standing = plan(application, order_of(("TEA", 1)))
    with application.database.write() as tx:
        tx.execute("DELETE FROM plan_question")
    with pytest.raises(StateConflict) as refused:
        explain(application, standing)
    assert (refused.value.reason, refused.value.metadata) == ("NOT_RECORDED", {"plan_id": standing.plan_id})


def test_a_plan_that_would_not_be_made_again_says_so(application: Application) -> None:
    """As if an earlier release had preferred another source."""
    standing = plan(application, order_of(("TEA", 2)))
    other = plan(
        application,
        order_of(("TEA", 2), order_id="other"),
        policy=Policy(words={"blocked_sources": (standing.plan.source_ids[0],)}),
    )
    with application.database.write() as tx:
        rows = "SELECT body FROM plan_question WHERE plan_id = ?"
        [(body,)] = tx.query(rows, (standing.plan_id,))
        tx.execute("UPDATE plan_question SET body = ? WHERE plan_id = ?", (body, other.plan_id))
    explanation = explain(application, other)
    assert not explanation.reproduced
    assert "Decided again today, the plan would be another" in explanation.why
    assert "今天重新决策会得到另一个方案" in explanation.why_zh
