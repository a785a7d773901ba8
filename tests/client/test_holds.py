"""Holds through the client: longer, in parts, under another name, many at once; and what plans leave at sites."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from solver.client import CallFailed, Claim, Client, HoldState, HoldWish, SafetyStock, StockHold
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.scenario.model import OpeningStock
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, Running


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    running = Running(tmp_path, ManualClock(MONDAY_AT_8))
    load(running.application, made_world(stock=(OpeningStock(source_id="W-EAST", sku="TEA", units=10),)))
    with Client(f"{HOST}:{running.server.port}") as connected:
        yield connected
    running.close()


def tea(units: int) -> list[Claim]:
    return [Claim(site_id="W-EAST", sku="TEA", units=units)]


def told(hold: StockHold) -> tuple[str, HoldState, str, int]:
    return hold.hold_id, hold.state, hold.order_id, sum(one.units for one in hold.contents)


def test_a_hold_is_made_longer_and_never_shorter(client: Client) -> None:
    client.hold_stock("cart", tea(3))
    for asked, stands in ((30, 30), (5, 30)):
        assert client.extend_hold("cart", timedelta(minutes=asked)).expires_at == MONDAY_AT_8 + timedelta(
            minutes=stands
        )


def test_a_part_of_a_hold_goes_to_an_order_of_its_own_and_is_committed(client: Client) -> None:
    client.hold_stock("cart", tea(3))
    left, part = client.split_hold("cart", "gift", tea(1))
    assert [told(left), told(part)] == [("cart", HoldState.HELD, "", 2), ("gift", HoldState.HELD, "", 1)]
    assert told(client.transfer_hold("gift", "parcel", order_id="8")) == ("parcel", HoldState.HELD, "8", 1)
    assert told(client.get_hold("gift"))[1] is HoldState.RELEASED
    assert told(client.confirm_hold("parcel")) == ("parcel", HoldState.CONFIRMED, "8", 1)
    assert client.commitments.ship(hold_id="parcel").contents[0].shipped_units == 1
    [level] = client.stock_levels(["TEA"])
    assert (level.available, level.held, level.on_hand) == (7, 2, 9)


def test_of_many_holds_each_is_held_or_refused_by_itself_or_none_is(client: Client) -> None:
    wishes = [HoldWish(hold_id=name, claims=tuple(tea(units))) for name, units in (("A", 8), ("B", 8))]
    with pytest.raises(CallFailed) as refused:
        client.hold_stock_batch(wishes, all_or_none=True)
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "STOCK_SHORT")
    [level] = client.stock_levels(["TEA"])
    assert level.available == 10
    outcomes = client.hold_stock_batch(wishes)
    assert [(one.hold_id, one.hold is not None) for one in outcomes] == [("A", True), ("B", False)]


def test_plans_leave_what_is_to_stay_at_a_site_and_holds_may_take_it(client: Client) -> None:
    client.set_safety_stock([SafetyStock(site_id="W-EAST", sku="TEA", units=9)])
    [line] = client.plan(order_of(("TEA", 2))).plan.lines
    assert (line.planned_units, line.unfilled_units) == (1, 1)
    assert client.hold_stock("cart", tea(9)).state is HoldState.HELD
