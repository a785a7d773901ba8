"""Plans of orders through channels: they see and take no more than the channel may, and say so."""

import pytest

from solver.app import Application
from solver.fulfilment.model import PlanCommand, PlanState
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.storage.once import Request, request_for
from tests.made_world import order_of

# TEA: 10 at W-EAST, 3 at S-EAST, 50 at W-WEST.


def named(name: str) -> Request:
    return request_for("Test", name, name)


def planned(application: Application, name: str, units: int, channel: str) -> dict[str, int]:
    """What a plan takes at each site."""
    order = order_of(("TEA", units), order_id=name, channel=channel)
    plan = application.planner.plan(named(name), PlanCommand(order=order), seconds_left=30.0)
    assert plan.state is PlanState.HELD
    return {package.source_id: packed.units for package in plan.plan.packages for packed in package.contents}


@pytest.fixture
def divided(application: Application) -> Application:
    """TMALL has 55 of 63 teas for itself, JD may hold and sell 6, WEB sells from half of W-EAST and what feeds none."""
    channels = application.channels
    feeds = (Feed(site_id="W-EAST", share_permille=500), Feed(site_id="W-WEST", share_permille=100))
    channels.set_warehouses(named("w"), [LogicalWarehouse(logical_id="ONLINE", feeds=feeds)])
    channels.set_channels(
        named("c"),
        [
            Channel(channel_id="TMALL"),
            Channel(channel_id="JD"),
            Channel(channel_id="WEB", logical_ids=("ONLINE",), overflow=("TMALL",)),
        ],
    )
    quotas = [
        Quota(channel_id="TMALL", sku="TEA", exclusive_units=55),
        Quota(channel_id="JD", sku="TEA", ceiling_units=6),
    ]
    channels.set_quotas(named("q"), quotas)
    return application


def audited(application: Application) -> None:
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()


def test_an_order_takes_what_its_channel_may_and_no_more(divided: Application) -> None:
    assert sum(planned(divided, "jd", 9, "JD").values()) == 6
    assert sum(planned(divided, "no one's", 9, "").values()) == 2
    assert sum(planned(divided, "jd again", 1, "JD").values()) == 0
    assert sum(planned(divided, "tmall", 40, "TMALL").values()) == 40
    audited(divided)


def test_an_order_takes_no_more_at_a_site_than_its_logical_warehouse_has(divided: Application) -> None:
    taken = planned(divided, "web", 40, "WEB")
    assert taken == {"W-EAST": 5, "S-EAST": 3, "W-WEST": 5}
    audited(divided)


def test_a_channel_that_no_one_knows_sells_what_is_no_ones_own(divided: Application) -> None:
    assert sum(planned(divided, "other", 20, "a word of the caller's").values()) == 8
    audited(divided)


def test_confirming_and_releasing_plans_keeps_every_layer_in_step(divided: Application) -> None:
    plans = [
        divided.planner.plan(
            named(name), PlanCommand(order=order_of(("TEA", 3), order_id=name, channel="JD")), seconds_left=30.0
        )
        for name in ("sold", "given back")
    ]
    divided.confirming.confirm(named("confirm"), plans[0].plan_id)
    audited(divided)
    divided.confirming.release(named("release"), plans[1].plan_id)
    audited(divided)
    assert [one.units for one in divided.channels.sellable(["JD"], ["TEA"])] == [3]
