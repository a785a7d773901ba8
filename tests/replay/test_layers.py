"""Runs where channels have shares of the stock, sources promise beyond theirs, and goods are on their way."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import BrokenInvariant
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.model import PlanCommand
from solver.replay.books import Books
from solver.replay.gathering import WaveSize
from solver.replay.outcome import Outcome, RunPackage
from solver.replay.part import Part
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import read_outcomes
from solver.replay.running import run_into
from solver.replay.unfinished import Settings
from solver.scenario.load import load
from solver.scenario.model import Consigned, Disturbance, Inbound, OpeningStock, Scenario, Trouble
from solver.sourcing.policy import Policy
from solver.stock.expected.later_claims import LaterClaim
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.replay.test_replay import HOUR, outcomes, replayed, world

WEB = Channel(channel_id="web")
COMING = Consigned(consignment_id="PO-1", source_id="W-EAST", sku="TEA", units=2, expected_at=MONDAY_AT_8 + 24 * HOUR)


def in_channels(scenario: Scenario, *channels: str) -> Scenario:
    pairs = zip(scenario.orders, channels, strict=True)
    return replace(scenario, orders=tuple(replace(order, channel=channel) for order, channel in pairs))


def shipped(told: list[Outcome]) -> list[list[tuple[str, str, int]]]:
    return [[(one.source_id, one.offer_id, sum(one.units.values())) for one in outcome.shipped] for outcome in told]


def test_what_a_channel_has_for_itself_is_kept_from_others(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 3},
        hours=(0, 1, 2),
        channels=(WEB,),
        quotas=(Quota(channel_id="web", sku="TEA", exclusive_units=2),),
    )
    told = outcomes(in_channels(scenario, "shop", "shop", "web"), tmp_path)
    assert shipped(told) == [[("W-EAST", "", 1)], [], [("W-EAST", "", 1)]]
    without = replace(scenario, quotas=())
    assert (
        shipped(outcomes(in_channels(without, "shop", "shop", "web"), tmp_path / "without"))
        == [[("W-EAST", "", 1)]] * 3
    )


def test_a_ceiling_and_a_logical_warehouse_bound_what_a_channel_sells(tmp_path: Path) -> None:
    feeds = (Feed(site_id="W-EAST", share_permille=500),)
    scenario = world(
        stock={"W-EAST": 4, "W-WEST": 4},
        hours=(0, 1, 2, 3),
        logical_warehouses=(LogicalWarehouse(logical_id="ONLINE", feeds=feeds),),
        channels=(Channel(channel_id="web", logical_ids=("ONLINE",)), Channel(channel_id="app")),
        quotas=(Quota(channel_id="app", sku="TEA", ceiling_units=1),),
    )
    told = outcomes(in_channels(scenario, "web", "app", "app", "web"), tmp_path)
    assert shipped(told) == [[("W-EAST", "", 1)], [("W-EAST", "", 1)], [], [("W-EAST", "", 1)]]


def test_a_source_promises_beyond_what_it_has_and_what_comes_goes_to_those_it_owes_first(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 1},
        hours=(0, 1, 2, 11, 12),
        inbound=(Inbound(source_id="W-EAST", sku="TEA", units=2, arrives_at=MONDAY_AT_8 + 10 * HOUR),),
        backorders=(BackorderLimit(site_id="W-EAST", sku="TEA", units=1),),
    )
    scenario = replace(scenario, sources=tuple(replace(one, days_to_ship=3) for one in scenario.sources))
    told = outcomes(scenario, tmp_path)
    assert [[offer.partition("@")[0] for _, offer, _ in one] for one in shipped(told)] == [
        [""], ["backorder"], [], [""], ["backorder"],
    ]  # fmt: skip
    assert told[1].shipped[0].arrives_at - told[0].shipped[0].arrives_at > timedelta(days=2)


def test_goods_on_their_way_are_promised_until_they_are_expected_and_sold_when_they_are_there(tmp_path: Path) -> None:
    scenario = world(stock={"W-EAST": 1}, hours=(0, 1, 23, 25), consignments=(COMING,))
    with replayed(scenario, tmp_path) as run:
        told = list(run.outcomes())
        rate = run.stock_out_rate()
    later = "in_transit@2026-03-03T08:00Z"
    assert shipped(told) == [[("W-EAST", "", 1)], [("W-EAST", later, 1)], [("W-EAST", later, 1)], []]
    assert told[1].shipped[0].hand_over_at >= COMING.expected_at
    assert rate == 1.0  # of what came, nothing was left


def test_what_arrives_late_makes_its_packages_as_late_and_is_not_promised_meanwhile(tmp_path: Path) -> None:
    on_time = outcomes(world(stock={"W-EAST": 1}, hours=(0, 1), consignments=(COMING,)), tmp_path / "on-time")
    late = replace(COMING, arrives_at=COMING.expected_at + 30 * HOUR)
    scenario = world(stock={"W-EAST": 1}, hours=(0, 1, 40, 55), consignments=(late,))
    promised = tuple(replace(one, promised_at=one.placed_at + 48 * HOUR) for one in scenario.orders)
    told = outcomes(replace(scenario, orders=promised), tmp_path / "late")
    planned, really = on_time[1].shipped[0], told[1].shipped[0]
    assert (really.arrives_at - planned.arrives_at, really.hand_over_at - planned.hand_over_at) == (30 * HOUR,) * 2
    assert really.late_minutes == (really.arrives_at - promised[1].promised_at) // timedelta(minutes=1)  # type: ignore[operator]  # all are promised
    assert shipped(told)[2:] == [[], [("W-EAST", "", 1)]]


def test_what_another_source_sends_leaves_it_then_as_far_as_it_is_free(tmp_path: Path) -> None:
    sent = replace(COMING, units=5, from_source_id="W-WEST", sent_at=MONDAY_AT_8 + 30 * timedelta(minutes=1))
    scenario = world(stock={"W-WEST": 2}, hours=(0, 1, 2), consignments=(sent,))
    told = outcomes(scenario, tmp_path)
    assert [one[0][0] if one else "" for one in shipped(told)] == ["W-WEST", "W-EAST", ""]


def test_a_run_decides_as_plan_fulfillment_does_on_the_same_layers(tmp_path: Path) -> None:
    quota = Quota(channel_id="web", sku="TEA", exclusive_units=40)
    limit = BackorderLimit(site_id="S-EAST", sku="CUP", units=3)
    baskets = ((("TEA", 3), ("CUP", 1)), (("TEA", 9),), (("CUP", 2), ("POT", 1)), (("TEA", 30),), (("TEA", 12),))
    orders = tuple(
        order_of(*basket, order_id=f"O-{number}", placed_at=MONDAY_AT_8 + number * HOUR, channel=channel)
        for number, (basket, channel) in enumerate(zip(baskets, ("", "shop", "", "web", "shop"), strict=True))
    )
    scenario = made_world(
        orders=orders, channels=(WEB, Channel(channel_id="shop")), quotas=(quota,), backorders=(limit,)
    )
    clock = ManualClock(MONDAY_AT_8)
    application = Application.open(tmp_path / "service", clock, durable=False)
    planned = []
    try:
        load(application, scenario)
        for order in orders:
            clock.advance(order.placed_at - clock.now())
            request = request_for("PlanFulfillment", order.order_id)
            made = application.planner.plan(request, PlanCommand(order=order, policy=scenario.policy), seconds_left=60)
            plan = application.confirming.confirm(request_for("ConfirmPlan", order.order_id), made.plan_id)[0].plan
            packages = [(one.source_id, one.offer_id, sum(row.units for row in one.contents)) for one in plan.packages]
            planned.append((packages, plan.total_minor))
    finally:
        application.close()
    told = outcomes(scenario, tmp_path / "replay")
    assert list(zip(shipped(told), (one.total_minor for one in told), strict=True)) == planned
    assert planned[4] != planned[1]  # what the web has for itself is not for the shop


def test_what_a_source_refuses_is_decided_anew_under_the_same_quotas(tmp_path: Path) -> None:
    refuses = Disturbance(
        trouble=Trouble.REJECTIONS,
        source_id="W-EAST",
        permille=1000,
        starts_at=MONDAY_AT_8,
        ends_at=MONDAY_AT_8 + 24 * HOUR,
    )
    scenario = world(
        stock={"W-EAST": 1, "W-WEST": 3},
        hours=(0, 9),
        channels=(WEB,),
        quotas=(Quota(channel_id="web", sku="TEA", exclusive_units=2),),
        disturbances=(refuses,),
    )
    told = outcomes(in_channels(scenario, "shop", "shop"), tmp_path)
    assert [[(one.source_id, one.refused) for one in outcome.packages] for outcome in told] == [
        [("W-EAST", True), ("W-WEST", False)],
        [],
    ]


def test_a_run_that_is_left_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 2},
        hours=(0, 1, 2, 23, 30, 50),
        consignments=(replace(COMING, arrives_at=COMING.expected_at + 4 * HOUR),),
        backorders=(BackorderLimit(site_id="W-EAST", sku="TEA", units=1),),
    )
    settings = Settings(policy="own", seed=0, scenario_digest="x", scenario_folder="", policy_values={})
    whole = run_into(tmp_path / "whole", scenario, Policy(), settings)
    asked = iter((False, False, True))
    assert run_into(tmp_path / "left", scenario, Policy(), settings, is_stopped=lambda: next(asked)) is None
    again = run_into(tmp_path / "left", scenario, Policy(), settings, resumes=True)
    assert again == whole
    assert list(read_outcomes(tmp_path / "left")) == list(read_outcomes(tmp_path / "whole"))


def in_waves(scenario: Scenario, folder: Path, size: str) -> list[Outcome]:
    with Books(folder, scenario, horizon_of(scenario).starts_at) as books:
        run = Replay(scenario, Policy(), books, wave=WaveSize.of(size))
        for _ in run.run():
            pass
        assert run.oversold_units() == 0
        assert books.discrepancies() == []
        return list(run.outcomes())


def test_a_wave_keeps_the_shares_of_channels(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 2, "W-WEST": 2},
        hours=(0, 1, 2, 3),
        channels=(WEB, Channel(channel_id="app")),
        quotas=(Quota(channel_id="app", sku="TEA", ceiling_units=1),),
    )
    told = in_waves(in_channels(scenario, "app", "app", "app", "web"), tmp_path, "4")
    assert [len(outcome.shipped) for outcome in told] == [1, 0, 0, 1]


def test_a_wave_is_decided_as_a_batch_of_the_service(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 2, "W-WEST": 3},
        hours=(0, 1, 2, 3, 4),
        channels=(WEB,),
        quotas=(Quota(channel_id="web", sku="TEA", exclusive_units=2),),
        backorders=(BackorderLimit(site_id="W-EAST", sku="TEA", units=1),),
    )
    scenario = in_channels(scenario, "shop", "web", "shop", "shop", "web")
    told = in_waves(scenario, tmp_path / "replay", "5")
    moment = scenario.orders[-1].placed_at
    application = Application.open(tmp_path / "service", ManualClock(moment), durable=False)
    try:
        load(application, scenario)
        orders = tuple(replace(order, placed_at=moment) for order in scenario.orders)
        command = BatchCommand(orders=orders, policy=Policy())
        planned = application.batches.plan(request_for("PlanBatch", "b", "b"), command, seconds_left=600.0).plans
    finally:
        application.close()
    sources = [[(one.source_id, one.offer_id) for one in plan.plan.packages] for plan in planned]
    assert [[(one.source_id, one.offer_id) for one in outcome.shipped] for outcome in told] == sources
    assert [outcome.total_minor for outcome in told] == [plan.plan.total_minor for plan in planned]


def test_taking_what_is_a_channels_own_is_a_broken_invariant(tmp_path: Path) -> None:
    quotas = (Quota(channel_id="web", sku="TEA", exclusive_units=1),)
    scenario = world(stock={"W-EAST": 1}, channels=(WEB,), quotas=quotas)
    with Books(tmp_path, scenario, horizon_of(scenario).starts_at) as books:
        with pytest.raises(BrokenInvariant, match="takes what is not there"):
            books.take([Part(name="one", units={("W-EAST", "TEA"): 1}, channel="shop")])
        books.take([Part(name="two", units={("W-EAST", "TEA"): 1}, channel="web")])


def test_a_backorder_takes_no_unit_that_a_later_plan_of_its_wave_was_to_have(tmp_path: Path) -> None:
    limit = BackorderLimit(site_id="W-EAST", sku="TEA", units=1)
    scenario = world(stock={"W-EAST": 1}, backorders=(limit,))
    later = LaterClaim(site_id="W-EAST", sku="TEA", units=1, expected_at=None)
    with Books(tmp_path, scenario, horizon_of(scenario).starts_at) as books:
        books.take([Part(name="later", units={}, later=(later,)), Part(name="now", units={("W-EAST", "TEA"): 1})])
        assert books.discrepancies() == []


def test_a_package_of_an_older_run_awaits_nothing() -> None:
    assert RunPackage.__dataclass_fields__["offer_id"].default == ""


def test_stock_of_a_world_with_layers_is_as_ordered(tmp_path: Path) -> None:
    rows = (OpeningStock(source_id="W-EAST", sku="TEA", units=2),)
    scenario = replace(world(stock={}, hours=(0,)), stock=rows, channels=(WEB,))
    assert not scenario.is_layered  # channels alone share nothing out
    assert shipped(outcomes(scenario, tmp_path)) == [[("W-EAST", "", 1)]]
