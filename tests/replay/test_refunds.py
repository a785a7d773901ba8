"""What customers are paid back for what they send back: what they paid for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from solver.catalog.catalog import Catalog
from solver.orders.model import OrderLine, OrderPart
from solver.replay.outcome import ReturnedParcel
from solver.replay.refunds import Refunds, for_what_is_missing
from solver.scenario.model import OpeningStock, Scenario
from solver.scenario.returns_model import ReturnRule
from tests.made_world import made_world, order_of
from tests.replay.test_replay import outcomes
from tests.replay.test_running import run

ALL = ReturnRule(permille=1000, days={3: 1})


def catalog() -> Catalog:
    world = made_world()
    return Catalog.of(world.materials, world.sales_items)


def test_units_of_a_sku_are_paid_back_line_by_line_and_cents_that_are_left_over_with_the_first() -> None:
    lines = (
        OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=500),
        OrderLine(line_id="2", sku="CUP", quantity=1),
        OrderLine(line_id="3", sku="TEA", quantity=1, unit_price_minor=450),
    )
    refunds = Refunds(replace(order_of(("TEA", 1)), lines=lines), catalog())
    assert refunds.are_known
    assert [refunds.of("TEA", unit) for unit in range(3)] == [500, 500, 450]
    assert refunds.of("CUP", 0) == 0, "a gift"
    with pytest.raises(KeyError, match="no such unit of TEA"):
        refunds.of("TEA", 3)


def test_of_a_line_of_several_parts_each_unit_has_its_share() -> None:
    parts = (OrderPart(sku="TEA", units=3, price_minor=1000), OrderPart(sku="CUP", units=1, price_minor=990))
    line = OrderLine(line_id="1", sku="BOX", quantity=1, unit_price_minor=1990, parts=parts)
    refunds = Refunds(replace(order_of(("TEA", 1)), lines=(line,)), catalog())
    assert [refunds.of("TEA", unit) for unit in range(3)] == [334, 333, 333]
    assert refunds.of("CUP", 0) == 990


def test_what_is_wanted_and_not_sent_is_paid_back() -> None:
    wanted, paid = {"TEA": 3, "CUP": 1}, {"TEA": 1000, "CUP": 990}
    assert for_what_is_missing(wanted, paid, {"TEA": 3, "CUP": 1}) == 0
    assert for_what_is_missing(wanted, paid, {"TEA": 1}) == 333 + 333 + 990
    assert for_what_is_missing(wanted, paid, {}) == 1990


def world(*lines: OrderLine, cups: int, rule: ReturnRule) -> Scenario:
    stock = (("TEA", 2), ("CUP", cups))
    return replace(
        made_world(),
        stock=tuple(OpeningStock(source_id="W-EAST", sku=sku, units=units) for sku, units in stock if units),
        orders=(replace(order_of(("TEA", 1), order_id="O-0"), lines=lines),),
        returns=(rule,),
    )


@pytest.mark.parametrize(("cups", "refund_minor"), [(2, 0), (1, 500), (0, 1000)])
def test_who_gets_something_else_instead_is_paid_nothing_back(tmp_path: Path, cups: int, refund_minor: int) -> None:
    line = OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=500)
    rule = replace(ALL, exchanged_permille=1000, exchanged_for={"TEA": "CUP"})
    [parcel] = outcomes(world(line, cups=cups, rule=rule), tmp_path)[0].returned
    assert (parcel.wanted_minor, parcel.exchanged_units, parcel.refund_minor) == ({"CUP": 1000}, cups, refund_minor)
    assert parcel.days == 3


def test_what_nobody_says_was_paid_is_not_known(tmp_path: Path) -> None:
    line = OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=500)
    made = run(tmp_path / "priced", world(line, cups=0, rule=ALL))
    assert made.metrics.figures["refund_minor"] == 1000
    unpriced = replace(line, unit_price_minor=0)
    made = run(tmp_path / "unpriced", world(unpriced, cups=0, rule=ALL))
    assert made.metrics.figures["refund_minor"] is None
    assert made.metrics.figures["returned_units"] == 2
    older = ReturnedParcel.__dataclass_fields__["refund_minor"]
    assert older.default is None
