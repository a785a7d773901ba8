"""Channels' stock, backorders and goods on their way in a scenario's folder: read, checked, loaded."""

from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.scenario.files import read_scenario, write_scenario
from solver.scenario.load import load
from solver.scenario.model import Consigned, Horizon, Scenario
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit
from tests.made_world import MONDAY_AT_8, made_world, order_of

DAY = timedelta(days=1)
LAYERED = made_world(
    horizon=Horizon(starts_at=MONDAY_AT_8, ends_at=MONDAY_AT_8 + 7 * DAY),
    orders=(order_of(("TEA", 1)),),
    logical_warehouses=(LogicalWarehouse(logical_id="ONLINE", feeds=(Feed(site_id="W-EAST", share_permille=700),)),),
    channels=(Channel(channel_id="web", logical_ids=("ONLINE",)), Channel(channel_id="app", overflow=("web",))),
    quotas=(Quota(channel_id="web", logical_id="ONLINE", sku="TEA", exclusive_units=5, ceiling_units=9),),
    backorders=(BackorderLimit(site_id="W-WEST", sku="POT", units=4),),
    consignments=(
        Consigned(consignment_id="PO-1", source_id="W-EAST", sku="TEA", units=8, expected_at=MONDAY_AT_8 + DAY),
        Consigned(
            consignment_id="MV-2",
            source_id="W-EAST",
            sku="POT",
            units=2,
            expected_at=MONDAY_AT_8 + 2 * DAY,
            arrives_at=MONDAY_AT_8 + 3 * DAY,
            sent_at=MONDAY_AT_8 + timedelta(hours=1),
            from_source_id="W-WEST",
        ),
    ),
)  # fmt: skip


def faults(folder: Path) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        read_scenario(folder)
    return [f"{one.field.removeprefix(f'{folder}/')}: {one.remedy}" for one in refused.value.violations]


def written(folder: Path, scenario: Scenario = LAYERED) -> Path:
    write_scenario(scenario, folder)
    return folder


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert read_scenario(written(tmp_path)) == LAYERED


def test_rows_may_be_csv(tmp_path: Path) -> None:
    (written(tmp_path) / "consignments.jsonl").unlink()
    (tmp_path / "consignments.csv").write_text(
        "consignment_id,source_id,sku,units,expected_at,arrives_at,sent_at,from_source_id\n"
        "PO-1,W-EAST,TEA,8,2026-03-03T08:00:00Z,,,\n"
        "MV-2,W-EAST,POT,2,2026-03-04T08:00:00Z,2026-03-05T08:00:00Z,2026-03-02T09:00:00Z,W-WEST\n"
    )
    assert read_scenario(tmp_path).consignments == LAYERED.consignments


def test_names_that_nobody_has_are_told_with_line_and_guess(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "quotas.jsonl").write_text(
        '{"channel_id":"wbe","sku":"TEA","exclusive_units":1}\n{"channel_id":"web","sku":"TEE"}\n'
    )
    (tmp_path / "backorders.jsonl").write_text('{"site_id":"W-EAS","sku":"POT","units":0}\n')
    (tmp_path / "channels.jsonl").write_text('{"channel_id":"web","logical_ids":["ONLIEN"]}\n{"channel_id":"a@b"}\n')
    told = faults(tmp_path)
    assert [one.partition(": ")[0] for one in told] == [
        "channels.jsonl:1", "channels.jsonl:2", "quotas.jsonl:1", "quotas.jsonl:2", "quotas.jsonl:2",
        "backorders.jsonl:1", "backorders.jsonl:1",
    ]  # fmt: skip
    assert [one.rpartition("; ")[2] for one in told if "did you mean" in one] == [
        "did you mean ONLINE?", "did you mean web?", "did you mean TEA?", "did you mean W-EAST?",
    ]  # fmt: skip
    assert told[4] == "quotas.jsonl:2: give exclusive_units, exclusive_permille or ceiling_units"


def test_a_consignment_has_one_source_and_comes_after_it_is_sent(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "consignments.csv").write_text(
        "consignment_id,source_id,sku,units,expected_at,sent_at,from_source_id\n"
        "C,W-EAST,TEA,1,2026-03-03T08:00:00Z,,\n"
        "C,W-WEST,CUP,1,2026-03-03T08:00:00Z,,\n"
        "D,W-EAST,TEA,1,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,W-EAST\n"
        "E,W-EAST,TEA,1,2026-03-01T09:00:00Z,,\n"
    )
    (tmp_path / "consignments.jsonl").unlink()
    assert faults(tmp_path) == [
        "consignments.csv:3: source_id: an earlier row of C says W-EAST; a consignment has one source_id",
        "consignments.csv:4: from_source_id: name another source",
        "consignments.csv:4: expected_at: is not later than sent_at, 2026-03-02T09:00:00+00:00",
        "consignments.csv:5: expected_at: is before the horizon, 2026-03-02T08:00:00+00:00",
    ]


def test_what_is_said_twice_is_refused(tmp_path: Path) -> None:
    row = '{"channel_id":"web","sku":"TEA","exclusive_units":1}\n'
    (written(tmp_path) / "quotas.jsonl").write_text(row + row)
    limit = '{"site_id":"W-WEST","sku":"POT","units":4}\n'
    (tmp_path / "backorders.jsonl").write_text(limit + limit)
    (tmp_path / "logical_warehouses.jsonl").write_text(
        '{"logical_id":"ONLINE","feeds":[{"site_id":"W-EAST","share_permille":5,"units":5}]}\n'
    )
    assert faults(tmp_path) == [
        "logical_warehouses.jsonl:1: feeds[0]: give either share_permille or units",
        "logical_warehouses.jsonl:1: feeds[0].sku: say of which SKU the units are",
        "quotas.jsonl:2: stands twice; say it once",
        "backorders.jsonl:2: stands twice; say it once",
    ]


def test_a_service_is_loaded_with_who_may_sell_what(tmp_path: Path) -> None:
    application = Application.open(tmp_path, ManualClock(MONDAY_AT_8), durable=False)
    try:
        load(application, LAYERED)
        load(application, LAYERED)  # changes nothing
        assert application.channels.warehouses() == LAYERED.logical_warehouses
        assert {one.channel_id: one for one in application.channels.channels()} == {
            one.channel_id: one for one in LAYERED.channels
        }
        assert application.channels.quotas() == LAYERED.quotas
        sellable = application.channels.sellable(["web", "app"], ["TEA"])
        assert [one.units for one in sellable] == [60, 63]  # 7 of ONLINE, and what lies at sites that feed none
    finally:
        application.close()
