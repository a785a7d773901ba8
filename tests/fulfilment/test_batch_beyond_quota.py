"""A batch that wants more than its channel may take over several sites is answered, not refused."""

from collections import Counter

import pytest

from solver.app import Application
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.batching.model import BatchCommand, PlannedBatch
from solver.fulfilment.model import PlanState
from solver.orders.model import Order
from solver.sourcing.plan import ReasonCode
from solver.stock.layers.channel_model import Channel, Quota
from solver.storage.once import request_for
from solver.waves.wave import OrderTerms, WaveTerms
from tests.made_world import order_of

# TEA: 10 at W-EAST, 3 at S-EAST, 50 at W-WEST.
MOST = 6


@pytest.fixture
def batches(application: Application) -> Batches:
    """JD may hold and sell six teas in all; every site alone has enough of them for JD."""
    application.channels.set_channels(request_for("t", "c"), [Channel(channel_id="JD"), Channel(channel_id="TMALL")])
    quota = Quota(channel_id="JD", sku="TEA", ceiling_units=MOST)
    application.channels.set_quotas(request_for("t", "q"), [quota])
    return application.batches


def planned(batches: Batches, *orders: Order, wave: WaveTerms | None = None) -> PlannedBatch:
    command = BatchCommand(orders=orders, wave=wave or WaveTerms())
    return batches.plan(request_for("PlanBatch", "b", "b"), command, seconds_left=60.0)


def shipped(batch: PlannedBatch) -> dict[str, int]:
    units: Counter[str] = Counter()
    for one in batch.plans:
        units[one.plan.order_id] += sum(packed.units for package in one.plan.packages for packed in package.contents)
    return dict(units)


def of_jd(name: str, units: int) -> Order:
    return order_of(("TEA", units), order_id=name, channel="JD")


def test_those_that_come_later_stay_unfilled_with_a_reason(application: Application, batches: Batches) -> None:
    batch = planned(batches, of_jd("1", 3), of_jd("2", 2), of_jd("3", 4))
    assert {one.state for one in batch.plans} == {PlanState.HELD}
    assert shipped(batch) == {"1": 3, "2": 2, "3": 1}
    (line,) = batch.plans[2].plan.lines
    assert line.unfilled_units == 3
    assert [reason.code for reason in line.reasons] == [ReasonCode.TAKEN_BY_OTHERS]
    assert line.reasons[0].text.startswith("other orders of the wave take TEA: of 4 in reach 1 are left, 4 wanted")
    assert batch.wave.bound_minor < batch.wave.total_minor == sum(one.plan.total_minor for one in batch.plans)
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()


def test_orders_of_priority_come_first_and_other_channels_keep_what_they_want(batches: Batches) -> None:
    wave = WaveTerms(orders=(OrderTerms(order_id="3", priority_minor=100),))
    others = order_of(("TEA", 9), order_id="4", channel="TMALL")
    batch = planned(batches, of_jd("1", 3), of_jd("2", 2), of_jd("3", 4), others, wave=wave)
    assert shipped(batch) == {"1": 2, "2": 0, "3": 4, "4": 9} or shipped(batch) == {"1": 0, "2": 2, "3": 4, "4": 9}
    assert batch.wave.cost_minor["priority"] == 0


def test_orders_that_were_to_be_shipped_as_one_get_plans_of_their_own(batches: Batches) -> None:
    wave = WaveTerms(orders=tuple(OrderTerms(order_id=one, merge_key="LI") for one in ("1", "2")))
    batch = planned(batches, of_jd("1", 3), of_jd("2", 2), of_jd("3", 4), wave=wave)
    assert batch.wave.merges == ()
    assert sum(shipped(batch).values()) == MOST
    assert batch.wave.cost_minor["orders"] == sum(one.plan.total_minor for one in batch.plans)
