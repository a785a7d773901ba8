"""What comes back beside channels' shares, backorders and goods on their way lies where the books put what comes."""

from dataclasses import replace
from pathlib import Path

import pytest

from solver.replay.outcome import RunPackage
from solver.replay.run_files import ORDERS_FILE, RUN_FILE, read_outcomes
from solver.scenario.model import Consigned, Scenario
from solver.scenario.returns_model import GradeWeights, ReturnRule
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit
from tests.made_world import MONDAY_AT_8
from tests.replay.test_layers import WEB, in_channels, shipped
from tests.replay.test_replay import HOUR, outcomes, world
from tests.replay.test_running import run, run_in_parts

BACK = ReturnRule(permille=1000, days={1: 1}, parcel_minor=700, unit_minor=30)
EAST = [("W-EAST", "", 1)]
ONLINE = LogicalWarehouse(logical_id="ONLINE", feeds=(Feed(site_id="W-EAST", share_permille=700),))
SHOPS = LogicalWarehouse(logical_id="SHOPS", feeds=(Feed(site_id="W-EAST", share_permille=300),))


def test_it_is_shared_out_to_logical_warehouses_as_what_is_received(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 1},
        hours=(0, 60, 72, 132, 144),
        logical_warehouses=(ONLINE, SHOPS),
        channels=(
            Channel(channel_id="web", logical_ids=("ONLINE",)),
            Channel(channel_id="shop", logical_ids=("SHOPS",)),
        ),
        returns=(BACK,),
    )
    told = outcomes(in_channels(scenario, "web", "web", "shop", "shop", "web"), tmp_path)
    assert told[0].returned[0].returned_at < MONDAY_AT_8 + 60 * HOUR
    # By 700 and 300 of all that ever came, the first unit is for the web, the second for shops, the third for the web.
    assert shipped(told) == [EAST, [], EAST, [], EAST], "it is nobody's who had it before"


def test_it_is_nobodys_own_though_it_was_a_channels_before(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 1},
        hours=(0, 1, 60),
        channels=(WEB,),
        quotas=(Quota(channel_id="web", sku="TEA", exclusive_units=1),),
        returns=(BACK,),
    )
    assert shipped(outcomes(in_channels(scenario, "web", "shop", "shop"), tmp_path)) == [EAST, [], EAST]


def test_whom_the_source_owes_backorders_has_it_first(tmp_path: Path) -> None:
    scenario = world(
        stock={"W-EAST": 1}, hours=(0, 1, 60), backorders=(BackorderLimit(site_id="W-EAST", sku="TEA", units=1),)
    )
    scenario = replace(scenario, sources=tuple(replace(one, days_to_ship=3) for one in scenario.sources))

    def offers(scenario: Scenario, folder: Path) -> list[list[str]]:
        return [[offer.partition("@")[0] for _, offer, _ in one] for one in shipped(outcomes(scenario, folder))]

    assert offers(scenario, tmp_path / "kept") == [[""], ["backorder"], []]
    back = replace(scenario, returns=(replace(BACK, permille=1000),))
    assert offers(back, tmp_path / "back") == [[""], ["backorder"], ["backorder"]], "the source may promise one again"


def test_an_exchange_may_await_goods_to_come_and_is_as_late_as_they_are(tmp_path: Path) -> None:
    cups = Consigned(
        consignment_id="PO-1",
        source_id="W-EAST",
        sku="CUP",
        units=1,
        expected_at=MONDAY_AT_8 + 100 * HOUR,
    )
    rule = replace(BACK, exchanged_permille=1000, exchanged_for={"TEA": "CUP"})
    packages: list[RunPackage] = []
    for number, late in enumerate((0, 30)):
        one = replace(cups, arrives_at=cups.expected_at + late * HOUR)
        scenario = world(stock={"W-EAST": 1}, consignments=(one,), returns=(rule,))
        [told] = outcomes(scenario, tmp_path / str(number))
        [parcel] = told.returned
        packages += parcel.exchange
    on_time, late_one = packages
    assert (on_time.units, on_time.offer_id) == ({"CUP": 1}, "in_transit@2026-03-06T12:00Z")
    assert on_time.hand_over_at >= cups.expected_at
    assert late_one.hand_over_at - on_time.hand_over_at == 30 * HOUR
    assert late_one.late_minutes == 0, "nothing is promised of it"


@pytest.mark.parametrize("wave", ["", "3"])
def test_an_interrupted_run_goes_on_to_the_same_bytes(tmp_path: Path, wave: str) -> None:
    rules = (
        replace(BACK, permille=600, days={0: 1, 1: 1}, exchanged_permille=500),
        replace(BACK, permille=300, grades=GradeWeights(resell=1, scrap=1), source_id="W-WEST"),
    )
    scenario = world(
        stock={"W-EAST": 3, "W-WEST": 2},
        hours=tuple(range(0, 96, 6)),
        channels=(WEB, Channel(channel_id="app")),
        quotas=(Quota(channel_id="app", sku="TEA", ceiling_units=2),),
        backorders=(BackorderLimit(site_id="W-EAST", sku="TEA", units=1),),
        returns=rules,
    )
    scenario = in_channels(scenario, *("web", "app", "", "web") * 4)
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    made = run(whole, scenario, wave=wave)
    run_in_parts(parted, scenario, wave, 6, 12)
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
    parcels = [parcel for one in read_outcomes(whole) for parcel in one.returned]
    assert made.metrics.figures["returned_units"] == sum(one.units for one in parcels) > 0
    assert made.metrics.figures["oversold_units"] == 0
