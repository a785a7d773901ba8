"""A draw is written down before anything is done with it, and is never made again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.catalog.combinations.lines import ExplodedOrder
from solver.clock import ManualClock
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.exploding import draws_kept
from solver.fulfilment.model import PlanCommand
from solver.orders.model import Order
from solver.sourcing.plan import ReasonCode
from solver.stock.model import Movement
from solver.storage.once import request_for
from tests.fulfilment.coffee import (
    SECONDS,
    coffee_order,
    decisions,
    opened,
    planned,
    request_of,
    shipped,
)
from tests.made_world import MONDAY_AT_8, order_of


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Application]:
    """Two cups, of two colours."""
    application = opened(tmp_path, MACHINE=9, BEANS=30, RED=1, BLUE=1)
    yield application
    application.close()


def drawn(shop: Application, order: Order) -> ExplodedOrder:
    """Exploded as an order is that is about to be planned; nothing is held."""
    _, exploded = shop.planner.exploding.exploded(order, keeps_draws=True)
    assert exploded is not None
    return exploded


def cup(exploded: ExplodedOrder | None) -> str:
    assert exploded is not None
    return exploded.lines[0].parts[-1].sku


def receive(shop: Application, **units: int) -> None:
    moved = [Movement(site_id="W-EAST", sku=sku, units=count) for sku, count in units.items()]
    shop.stockroom.receive(request_for("ReceiveStock", f"{units}", moved), moved, "po")


def test_a_draw_outlives_the_process_that_made_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = opened(tmp_path, MACHINE=9, BEANS=30, RED=1)
    monkeypatch.setattr(shop.planner.keeping, "hold", lambda *_args, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        planned(shop, coffee_order(1))
    receive(shop, BLUE=1_000_000)
    shop.close()

    again = Application.open(tmp_path, ManualClock(MONDAY_AT_8), durable=False)
    try:
        assert shipped(planned(again, coffee_order(1))) == {"MACHINE": 1, "BEANS": 3, "RED": 1}
    finally:
        again.close()


def test_what_was_drawn_and_is_sold_before_it_is_held_stays_unfilled_with_the_reason(
    shop: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    exploded = shop.planner.exploding.exploded
    colours: list[str] = []

    def and_then_it_is_sold(order: Order, **named: Any) -> Any:
        answer = exploded(order, **named)
        if order.order_id == "coffee-1" and not colours:
            colours.append(cup(answer[1]))
            planned(shop, order_of((colours[0], 1), order_id="another"))
        return answer

    monkeypatch.setattr(shop.planner.exploding, "exploded", and_then_it_is_sold)
    plan = planned(shop, coffee_order(1))

    assert cup(plan.exploded) == colours[0]
    (line,) = plan.plan.lines
    assert (line.planned_units, line.unfilled_units) == (0, 1)
    assert line.reasons[0].code in {ReasonCode.STOCK_HELD, ReasonCode.NO_STOCK_ANYWHERE}
    assert colours[0] in line.reasons[0].text

    shop.confirming.release(request_for("ReleasePlan", "r", plan.plan_id), plan.plan_id)
    receive(shop, **{colours[0]: 1})
    later = planned(shop, coffee_order(1), "when it is there again")
    assert decisions(later) == decisions(plan)
    assert shipped(later) == {"MACHINE": 1, "BEANS": 3, colours[0]: 1}


def test_what_is_drawn_for_one_is_not_drawn_for_another(shop: Application) -> None:
    first, second = (drawn(shop, coffee_order(number)) for number in (1, 2))
    assert {cup(first), cup(second)} == {"RED", "BLUE"}
    (third,) = drawn(shop, coffee_order(3)).explosion.decisions
    assert third.is_short

    for number, exploded in ((1, first), (2, second)):
        assert shipped(planned(shop, coffee_order(number)))[cup(exploded)] == 1


def test_what_was_drawn_and_never_ordered_may_be_drawn_again_after_ten_minutes(shop: Application) -> None:
    clock = shop.clock
    assert isinstance(clock, ManualClock)
    first = [cup(drawn(shop, coffee_order(number))) for number in (1, 2)]
    clock.advance(draws_kept.PENDING_FOR)
    later = drawn(shop, coffee_order(3))
    assert not later.explosion.decisions[0].is_short
    assert [cup(drawn(shop, coffee_order(number))) for number in (1, 2)] == first


def test_the_same_order_of_two_callers_is_drawn_once(shop: Application) -> None:
    assert drawn(shop, coffee_order(1)) == drawn(shop, coffee_order(1))
    receive(shop, WHITE=1_000_000)
    assert drawn(shop, coffee_order(1)).explosion.decisions[0].available == {"RED": 1, "BLUE": 1, "WHITE": 0}


def test_a_dry_run_writes_no_draw_down(shop: Application) -> None:
    command = PlanCommand(order=coffee_order(1), validate_only=True)
    draft = shop.planner.plan(request_of(command.order), command, seconds_left=SECONDS)
    batch = BatchCommand(orders=(coffee_order(2),), validate_only=True)
    shop.batches.plan(request_for("PlanBatch", "b", batch), batch, seconds_left=SECONDS)
    with shop.database.read() as reader:
        assert draws_kept.find(reader, "coffee-1") == draws_kept.find(reader, "coffee-2") == ()
    assert len(decisions(draft)) == 1


def test_a_batch_writes_its_draws_down_and_sees_those_of_others(shop: Application) -> None:
    first = drawn(shop, coffee_order(1))
    batch = BatchCommand(orders=(coffee_order(2), coffee_order(3)))
    plans = shop.batches.plan(request_for("PlanBatch", "b", batch), batch, seconds_left=SECONDS).plans
    assert {cup(first), cup(plans[0].exploded)} == {"RED", "BLUE"}
    assert [one.is_short for plan in plans for one in decisions(plan)] == [False, True]
    with shop.database.read() as reader:
        assert draws_kept.find(reader, "coffee-3") == decisions(plans[1])
        assert draws_kept.pending(reader, {"RED", "BLUE"}, MONDAY_AT_8) == {cup(first): 1}


def test_what_a_held_plan_drew_is_pending_no_more(shop: Application) -> None:
    planned(shop, replace(coffee_order(1), promised_at=None))
    with shop.database.read() as reader:
        assert draws_kept.pending(reader, {"RED", "BLUE"}, MONDAY_AT_8 - timedelta(days=1)) == {}
