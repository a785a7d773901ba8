"""Gifts with a limit for each customer and in all, over all orders and callers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.catalog.combinations.basket import Given
from solver.catalog.combinations.model import Combination, Gift, Measure, Node, Offer, Step
from solver.catalog.combinations.outcome import GiftOutcome, Withheld
from solver.clock import ManualClock
from solver.errors import LostRace
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.exploding import gifts_given
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.replanning.model import ReplanCommand
from solver.orders.model import Order
from solver.stock.model import Movement
from solver.storage.once import request_for
from tests.fulfilment.coffee import SECONDS, item, opened, planned, sell, shipped
from tests.made_world import order_of

GIFT_ID = "MEMBERS:steps[0].goods.gift"


def offer(*, most_in_total: int = 0, most_per_customer: int = 0) -> Combination:
    """A sample with every order, within limits."""
    limited = Gift(goods=item("SAMPLE"), most_in_total=most_in_total, most_per_customer=most_per_customer)
    gift = Node(gift=limited)
    return Combination(
        combination_id="MEMBERS",
        kind="limited_gift" if most_in_total else "member_gift",
        offer=Offer(measure=Measure.ORDERS, steps=(Step(least=1, goods=gift),), customer_tiers=("gold",)),
    )


def order(number: int, customer_id: str = "") -> Order:
    return replace(order_of(("BEANS", 1), order_id=f"o{number}"), customer_tier="gold", customer_id=customer_id)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Application]:
    application = opened(tmp_path, BEANS=100, SAMPLE=50, MACHINE=1, RED=1)
    yield application
    application.close()


def gifts(plan: FulfilmentPlan) -> tuple[int, Withheld | None]:
    assert plan.exploded is not None
    (gift,) = plan.exploded.explosion.gifts
    assert shipped(plan)["SAMPLE"] == gift.given_units
    return gift.given_units, gift.reason


def counted(shop: Application, customer_id: str = "") -> Given:
    with shop.database.read() as reader:
        now = shop.clock.now()
        given = gifts_given.given_before(reader, {GIFT_ID}, customer_id, now)[GIFT_ID]
        rows = reader.query("SELECT COALESCE(SUM(units), 0) FROM gift_given")
        sums = reader.query("SELECT COALESCE(SUM(units), 0) FROM gift_count WHERE customer_id = ''")
    assert rows == sums
    return given


def release(shop: Application, plan: FulfilmentPlan) -> None:
    shop.confirming.release(request_for("ReleasePlan", plan.plan_id, plan.plan_id), plan.plan_id)


def test_the_last_gift_in_all_is_given_once_and_given_on_when_its_plan_is_released(shop: Application) -> None:
    sell(shop, offer(most_in_total=2))
    first, second, third = (planned(shop, order(number)) for number in (1, 2, 3))
    assert [gifts(one) for one in (first, second, third)] == [(1, None), (1, None), (0, Withheld.TOTAL_LIMIT)]
    assert third.exploded is not None
    assert third.exploded.explosion.gifts == (
        GiftOutcome(
            line_id="MEMBERS",
            gift_id=GIFT_ID,
            path="steps[0].goods.gift",
            given_units=0,
            withheld_units=1,
            reason=Withheld.TOTAL_LIMIT,
            most_in_total=2,
        ),
    )

    release(shop, first)
    assert counted(shop) == Given(in_total=1)
    assert gifts(planned(shop, order(4))) == (1, None)
    assert gifts(planned(shop, order(1), "anew")) == (0, Withheld.TOTAL_LIMIT)


def test_a_hold_that_expires_gives_its_gift_back_and_a_confirmed_one_does_not(shop: Application) -> None:
    sell(shop, offer(most_in_total=2))
    clock = shop.clock
    assert isinstance(clock, ManualClock)
    kept = planned(shop, order(1))
    shop.confirming.confirm(request_for("ConfirmPlan", "c", kept.plan_id), kept.plan_id)
    planned(shop, order(2))
    assert gifts(planned(shop, order(3))) == (0, Withheld.TOTAL_LIMIT)

    clock.advance(timedelta(hours=1))
    assert counted(shop) == Given(in_total=1)
    assert gifts(planned(shop, order(4))) == (1, None)
    assert gifts(planned(shop, order(5))) == (0, Withheld.TOTAL_LIMIT)
    assert counted(shop) == Given(in_total=2)


def test_each_customer_gets_his_gift_once_and_who_is_not_known_is_not_counted(shop: Application) -> None:
    sell(shop, offer(most_per_customer=1))
    asked = [("ann", 1), ("ann", 2), ("bob", 3), ("", 4), ("", 5)]
    given = [gifts(planned(shop, order(number, customer_id))) for customer_id, number in asked]
    assert given == [(1, None), (0, Withheld.CUSTOMER_LIMIT), (1, None), (1, None), (1, None)]
    assert counted(shop, "ann") == Given(to_customer=1, in_total=4)


def test_a_plan_that_is_cancelled_before_anything_left_gives_its_gift_back(shop: Application) -> None:
    sell(shop, offer(most_per_customer=1))
    for number, expected in ((1, 0), (2, 1)):
        plan = planned(shop, order(number, f"customer-{number}"))
        shop.confirming.confirm(request_for("ConfirmPlan", plan.plan_id, plan.plan_id), plan.plan_id)
        if number == 2:
            shop.committing.ship(request_for("Ship", plan.plan_id), plan_id=plan.plan_id)
        else:
            shop.committing.cancel(request_for("Cancel", plan.plan_id), plan_id=plan.plan_id)
        assert counted(shop, f"customer-{number}").to_customer == expected


def test_concurrent_buyers_get_every_gift_and_no_gift_more(shop: Application) -> None:
    sell(shop, offer(most_in_total=5, most_per_customer=1))

    def bought(number: int) -> FulfilmentPlan:
        while True:
            try:
                return planned(shop, order(number, f"customer-{number % 8}"))
            except LostRace:
                continue

    with ThreadPoolExecutor(4) as callers:
        plans = [*callers.map(bought, range(24))]
    assert sum(gifts(plan)[0] for plan in plans) == 5
    assert len({number % 8 for number, plan in enumerate(plans) if gifts(plan)[0]}) == 5
    assert counted(shop).in_total == 5


def test_one_who_saw_the_last_gift_before_it_was_taken_is_planned_without_it(
    shop: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(shop, offer(most_in_total=1))
    given_before, seen = gifts_given.given_before, []

    def nothing_at_first(*asked: Any) -> Any:
        seen.append(asked)
        return {} if len(seen) == 1 else given_before(*asked)

    planned(shop, order(1))
    monkeypatch.setattr(gifts_given, "given_before", nothing_at_first)
    assert gifts(planned(shop, order(2))) == (0, Withheld.TOTAL_LIMIT)
    assert len(seen) == 3  # what was thought to be there, that it is not, and what is there


def test_orders_of_one_batch_share_what_is_left(shop: Application) -> None:
    sell(shop, offer(most_in_total=3, most_per_customer=1))
    planned(shop, order(0, "ann"))
    batch = BatchCommand(
        orders=tuple(order(number, name) for number, name in enumerate(("ann", "bob", "bob", "cid"), 1))
    )
    plans = shop.batches.plan(request_for("PlanBatch", "b", batch), batch, seconds_left=SECONDS).plans
    assert [gifts(plan) for plan in plans] == [
        (0, Withheld.CUSTOMER_LIMIT),
        (1, None),
        (0, Withheld.CUSTOMER_LIMIT),
        (1, None),
    ]
    assert counted(shop) == Given(in_total=3)


def test_a_plan_put_in_another_s_place_gives_the_same_gift(tmp_path: Path) -> None:
    """The order is held in the west; then stock comes to the east, where it goes."""
    shop = opened(tmp_path)
    try:
        west = [Movement(site_id="W-WEST", sku=sku, units=1) for sku in ("BEANS", "SAMPLE")]
        shop.stockroom.receive(request_for("ReceiveStock", "west", west), west, "po")
        sell(shop, offer(most_in_total=1))
        first = planned(shop, order(1))
        east = [Movement(site_id="W-EAST", sku=sku, units=1) for sku in ("BEANS", "SAMPLE")]
        shop.stockroom.receive(request_for("ReceiveStock", "east", east), east, "po")
        command = ReplanCommand(plan_ids=(first.plan_id,), change_minor_per_package=0)
        (change,) = shop.replanner.replan(request_for("Replan", "r", command), command, seconds_left=SECONDS).changes
        second = shop.made_plans.get(change.new_plan_id)
        assert gifts(second) == (1, None)
        assert counted(shop) == Given(in_total=1)
        release(shop, second)
        assert shop.made_plans.get(second.plan_id).state is PlanState.RELEASED
        assert counted(shop) == Given()
    finally:
        shop.close()
