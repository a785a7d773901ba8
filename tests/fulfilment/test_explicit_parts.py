"""Lines that say themselves what a unit is made of, in place of the catalog."""

from dataclasses import replace

import pytest

from solver.app import Application
from solver.errors import InvalidRequest
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.orders.model import Order, OrderPart
from solver.storage.once import request_for
from tests.made_world import order_of

POT_AND_CUPS = (OrderPart(sku="POT", units=1, price_minor=300), OrderPart(sku="CUP", units=2, price_minor=199))


def stated(parts: tuple[OrderPart, ...] = POT_AND_CUPS, price_minor: int = 499) -> Order:
    order = order_of(("any-name", 1), ("TEA", 1))
    first, second = order.lines
    return replace(order, lines=(replace(first, unit_price_minor=price_minor, parts=parts), second))


def planned(application: Application, order: Order) -> FulfilmentPlan:
    command = PlanCommand(order=order)
    return application.planner.plan(request_for("PlanFulfillment", order.order_id, command), command, seconds_left=30)


@pytest.mark.parametrize("ready", [False, True], ids=["from all lanes", "from a snapshot"])
def test_explicit_parts_are_planned_like_a_sales_item_of_the_same_parts(
    application: Application, *, ready: bool
) -> None:
    if ready:
        application.planner.make_ready()
    like = planned(application, replace(order_of(("GIFT", 1), ("TEA", 1)), order_id="like")).plan
    made = planned(application, stated())

    assert made.plan.total_minor == like.total_minor
    assert [(one.source_id, one.contents) for one in made.plan.packages] == [
        (one.source_id, one.contents) for one in like.packages
    ]
    assert [(line.sku, line.planned_units) for line in made.plan.lines] == [("any-name", 1), ("TEA", 1)]
    explained = application.made_plans.explain(made.plan_id, seconds_left=30)
    assert explained.candidates


def test_parts_of_one_name_differ_from_line_to_line(application: Application) -> None:
    application.planner.make_ready()
    order = stated()
    cup = replace(order.lines[0], line_id="3", parts=(OrderPart(sku="CUP", units=1, price_minor=499),))
    made = planned(application, replace(order, lines=(*order.lines, cup)))

    packed = sorted((one.line_id, one.sku, one.units) for package in made.plan.packages for one in package.contents)
    assert packed == [("1", "CUP", 2), ("1", "POT", 1), ("2", "TEA", 1), ("3", "CUP", 1)]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((OrderPart(sku="NONE", units=1),), "order.lines[0].parts[0].sku"),
        ((OrderPart(sku="GIFT", units=1),), "order.lines[0].parts[0].sku"),
        ((OrderPart(sku="CUP", units=0),), "order.lines[0].parts[0].units"),
        ((OrderPart(sku="CUP", units=1), OrderPart(sku="CUP", units=1)), "order.lines[0].parts[1]"),
        ((OrderPart(sku="CUP", units=1, price_minor=498),), "order.lines[0].parts"),
    ],
)
def test_parts_that_are_not_sound_are_refused(
    application: Application, parts: tuple[OrderPart, ...], field: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        planned(application, stated(parts))

    assert [one.field for one in refused.value.violations] == [field]
