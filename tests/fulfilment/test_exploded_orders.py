"""Orders of combinations and of channels' codes: exploded before the question, drawn once, held together."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.catalog.combinations.outcome import Role, Withheld
from solver.catalog.combinations.prices import Fixed, Price
from solver.catalog.life import LifeState
from solver.clock import ManualClock
from solver.errors import InvalidRequest, LostRace, StockShort
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.model import FulfilmentPlan
from solver.fulfilment.promising.model import PromiseCommand
from solver.fulfilment.replanning.model import ReplanCommand
from solver.orders.model import Chosen, Order, OrderPart
from solver.scenario.load import load
from solver.stock.model import Movement
from solver.storage.once import request_for
from tests.fulfilment.coffee import (
    COFFEE,
    COLOURS,
    GIFT_FROM_500,
    SECONDS,
    STOCK,
    coffee_order,
    coffee_world,
    decisions,
    opened,
    planned,
    sell,
    shipped,
)
from tests.made_world import MONDAY_AT_8, order_of


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Application]:
    application = opened(tmp_path, **STOCK)
    yield application
    application.close()


def units_left(shop: Application) -> dict[str, int]:
    with shop.database.read() as reader:
        levels = shop.stock.levels(reader, skus=set(STOCK))
    return {level.sku: level.available for level in levels}


def test_a_combination_is_planned_as_its_materials_with_their_shares(shop: Application) -> None:
    plan = planned(shop, coffee_order(1))

    assert plan.exploded is not None
    (line,) = plan.exploded.lines
    cup = line.parts[-1].sku
    assert cup in COLOURS
    # 99,900 over 120,000 + 3 x 6,000 + 3,000: 85,021.3, 12,753.2 and 2,125.5.
    assert line.parts == (
        OrderPart(sku="MACHINE", units=1, price_minor=85_021),
        OrderPart(sku="BEANS", units=3, price_minor=12_753),
        OrderPart(sku=cup, units=1, price_minor=2_126),
    )
    assert [(one.line_id, one.sku, one.planned_units) for one in plan.plan.lines] == [("1", "COFFEE", 1)]
    assert shipped(plan) == {"MACHINE": 1, "BEANS": 3, cup: 1}
    assert units_left(shop)["BEANS"] == 27


def test_the_draw_stands_for_a_repeated_request_and_for_the_order_planned_anew(shop: Application) -> None:
    first = planned(shop, coffee_order(1, quantity=4))
    again = planned(shop, coffee_order(1, quantity=4))
    assert (again.plan_id, again.exploded) == (first.plan_id, first.exploded)

    shop.confirming.release(request_for("ReleasePlan", "r", first.plan_id), first.plan_id)
    planned(shop, order_of(("TASTING", 1), order_id="other", lines=chosen("red")))
    anew = planned(shop, coffee_order(1, quantity=4), "another request")
    assert anew.plan_id != first.plan_id
    assert decisions(anew) == decisions(first)


def chosen(option: str) -> Any:
    line = order_of(("TASTING", 1)).lines[0]
    return (replace(line, chosen=(Chosen(slot="cup", option=option, units=2),)),)


def test_an_order_that_its_buyer_changed_is_drawn_anew_where_it_changed(shop: Application) -> None:
    first = planned(shop, coffee_order(1, quantity=2))
    shop.confirming.release(request_for("ReleasePlan", "r", first.plan_id), first.plan_id)

    anew = planned(shop, coffee_order(1, quantity=3), "changed")
    assert sum(taken.units for one in decisions(anew) for taken in one.taken) == 3


def test_a_lost_race_is_not_a_new_draw(shop: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    hold = shop.planner.keeping.hold

    def late(tx: Any, plan_id: str, plan: Any, question: Any, **rest: Any) -> Any:
        seen.append(question.exploded)
        if len(seen) < 3:
            raise StockShort("taken a moment ago")
        return hold(tx, plan_id, plan, question, **rest)

    monkeypatch.setattr(shop.planner.keeping, "hold", late)
    plan = planned(shop, coffee_order(1, quantity=3))
    assert seen == [plan.exploded] * 3


def test_a_channel_s_code_names_the_combination(shop: Application) -> None:
    plan = planned(shop, replace(order_of(("TM-77", 1)), channel="TMALL"))

    assert [line.sku for line in plan.plan.lines] == ["COFFEE"]
    with pytest.raises(InvalidRequest, match="TM-77"):
        planned(shop, order_of(("TM-77", 1), order_id="other shop"))


def test_what_the_buyer_chooses_is_what_ships(shop: Application) -> None:
    assert shipped(planned(shop, order_of(("TASTING", 1), lines=chosen("blue")))) == {"BLUE": 2}


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (order_of(("TASTING", 1)), "order.lines[0].chosen.cup"),
        (order_of(("TASTING", 1), lines=chosen("gold")), "order.lines[0].chosen[0].option"),
        (order_of(("NONE", 1)), "order.lines[0].sku"),
        (order_of(("TEA", 1), chosen=(Chosen(slot="GIFT/cup", option="red"),)), "order.chosen"),
        (
            replace(order_of(("TEA", 1)), lines=(replace(chosen("red")[0], sku="TEA"),)),
            "order.lines[0].chosen",
        ),
    ],
)
def test_what_cannot_be_exploded_is_refused_by_its_path(shop: Application, order: Order, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        planned(shop, order)
    assert [one.field for one in refused.value.violations] == [field]

    batch = BatchCommand(orders=(order,))
    with pytest.raises(InvalidRequest) as refused:
        shop.batches.plan(request_for("PlanBatch", "b", batch), batch, seconds_left=SECONDS)
    assert [one.field for one in refused.value.violations] == [field.replace("order.", "orders[0].")]


def test_a_paused_combination_is_not_ordered_and_the_refusal_says_so(shop: Application) -> None:
    shop.combinations.change_state(request_for("Change", "p", "x"), ["COFFEE"], LifeState.PAUSED)

    with pytest.raises(InvalidRequest, match="COFFEE is paused") as refused:
        planned(shop, coffee_order(1))
    assert [one.field for one in refused.value.violations] == ["order.lines[0].sku"]


def test_an_order_taken_keeps_the_version_that_it_was_exploded_by(shop: Application) -> None:
    first = planned(shop, coffee_order(1))
    dearer = replace(COFFEE, name="dearer", price=Price(fixed=Fixed(unit_minor=109_900)))
    sell(shop, dearer)

    assert shop.made_plans.get(first.plan_id).exploded == first.exploded
    later = planned(shop, coffee_order(2)).exploded
    assert later is not None
    assert later.explosion.lines[0].price_minor == 109_900


def test_an_offer_s_gift_has_a_line_of_its_own_and_is_given_while_stock_lasts(shop: Application) -> None:
    sell(shop, GIFT_FROM_500)
    first, second = (planned(shop, coffee_order(number)) for number in (1, 2))

    assert first.exploded is not None
    gift = first.exploded.lines[-1]
    assert (gift.of_line_id, gift.role, gift.unit_price_minor) == ("GIFT-500", Role.GIFT, 0)
    assert shipped(first)["SAMPLE"] == 1
    assert second.exploded is not None
    assert [one.reason for one in second.exploded.explosion.gifts] == [Withheld.OUT_OF_STOCK]
    assert shipped(second)["SAMPLE"] == 0


def test_a_batch_draws_for_each_order_from_what_the_earlier_ones_left(shop: Application) -> None:
    batch = BatchCommand(orders=tuple(coffee_order(number) for number in range(9)))
    plans = shop.batches.plan(request_for("PlanBatch", "b", batch), batch, seconds_left=SECONDS).plans

    assert sum((shipped(plan) for plan in plans), Counter()) == {
        "MACHINE": 9, "BEANS": 27, "RED": 3, "BLUE": 3, "WHITE": 3,
    }  # fmt: skip
    again = shop.batches.plan(request_for("PlanBatch", "b", batch), batch, seconds_left=SECONDS).plans
    assert [one.exploded for one in again] == [one.exploded for one in plans]


def test_a_combination_can_be_promised(shop: Application) -> None:
    command = PromiseCommand(order=coffee_order(1), valid_for=timedelta(minutes=5))
    assert shop.planner.promise(command, seconds_left=SECONDS).options


def test_concurrent_buyers_get_every_cup_and_no_cup_twice(tmp_path: Path) -> None:
    """80 sets are asked for; there are cups for 65 of them, and each caller repeats his request."""
    stock = {"MACHINE": 300, "BEANS": 900, "RED": 25, "BLUE": 30, "WHITE": 10}
    application = opened(tmp_path, **stock)
    try:
        with ThreadPoolExecutor(4) as callers:
            plans = [*callers.map(lambda number: bought(application, number), range(80))]
        sold: Counter[str] = Counter()
        for plan in plans:
            sold += shipped(plan)
            answers = {answer.line_id: answer.planned_units for answer in plan.plan.lines}
            assert set(answers.values()) <= {0, 1}
        assert sum(sold[colour] for colour in COLOURS) == 65 == sold["MACHINE"]
        assert units_left(application) == {sku: stock.get(sku, 0) - sold[sku] for sku in stock}
        with application.database.read() as reader:
            assert [*application.journal.audit(reader)] == []
        for number, plan in enumerate(plans):
            repeated = planned(application, coffee_order(number))
            assert (repeated.plan_id, repeated.exploded) == (plan.plan_id, plan.exploded)
    finally:
        application.close()


def bought(application: Application, number: int) -> FulfilmentPlan:
    """A caller who loses every race asks again, as the error tells him to."""
    while True:
        try:
            return planned(application, coffee_order(number))
        except LostRace:
            continue


def test_a_plan_made_anew_keeps_what_its_order_came_from(tmp_path: Path) -> None:
    """The set is held in the west; then stock comes to the east, where the order goes."""
    application = Application.open(tmp_path, ManualClock(MONDAY_AT_8), durable=False)
    world = coffee_world(MACHINE=1, BEANS=3, RED=1)
    west = tuple(replace(row, source_id="W-WEST") if row.sku in STOCK else row for row in world.stock)
    load(application, replace(world, stock=west))
    sell(application, COFFEE)
    try:
        first = planned(application, coffee_order(1))
        units = {"MACHINE": 1, "BEANS": 3, "RED": 1, "BLUE": 9}
        moved = [Movement(site_id="W-EAST", sku=sku, units=count) for sku, count in units.items()]
        application.stockroom.receive(request_for("ReceiveStock", "po", moved), moved, "po")
        command = ReplanCommand(plan_ids=(first.plan_id,), change_minor_per_package=0)
        (change,) = application.replanner.replan(
            request_for("Replan", "r", command), command, seconds_left=SECONDS
        ).changes
        second = application.made_plans.get(change.new_plan_id)
        assert [package.source_id for package in second.plan.packages] == ["W-EAST"]
        assert shipped(second) == {"MACHINE": 1, "BEANS": 3, "RED": 1}
        assert second.exploded == first.exploded is not None
    finally:
        application.close()
