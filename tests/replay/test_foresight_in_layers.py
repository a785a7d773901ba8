"""Values of stock beside shares of channels, backorders and goods on their way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.replay.books import Books
from solver.replay.gathering import WaveSize
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import ORDERS_FILE, RUN_FILE
from solver.replay.running import run_into
from solver.scenario.model import Consigned, Disturbance, Inbound, Scenario, Trouble
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.model import BackorderLimit
from tests.made_world import MONDAY_AT_8
from tests.replay.test_foresight import MINDS, out_of_balance
from tests.replay.test_running import settings, stops_after

HOUR = timedelta(hours=1)
NOTHING: Mapping[str, int] = {}
BINDS_NOTHING = Quota(channel_id="web", sku="TEA", ceiling_units=1)  # no order comes from there


def layered(scenario: Scenario, *quotas: Quota) -> Scenario:
    return replace(scenario, channels=(Channel(channel_id="web"),), quotas=quotas)


def outcomes(scenario: Scenario, folder: Path, values: Mapping[str, int] = NOTHING, wave: str = "") -> list[Outcome]:
    policy = replace(scenario.policy, settings=values)
    with Books(folder, scenario, horizon_of(scenario).starts_at) as books:
        run = Replay(scenario, policy, books, wave=WaveSize.of(wave) if wave else None)
        for _ in run.run():
            pass
        assert (books.discrepancies(), run.oversold_units()) == ([], 0)
        return list(run.outcomes())


def sources_of(told: list[Outcome]) -> dict[tuple[str, str, str], int]:
    """How many packages went where, from where, of which goods."""
    return Counter(
        (one.region_id.split("-")[0], package.source_id, package.offer_id.partition("@")[0])
        for one in told
        for package in one.shipped
    )


@pytest.mark.parametrize("wave", ["", "3"])
def test_layers_that_bind_nothing_leave_a_run_as_it_is_without_them(tmp_path: Path, wave: str) -> None:
    scenario = out_of_balance()
    plain = outcomes(scenario, tmp_path / "plain", MINDS, wave)
    assert outcomes(layered(scenario, BINDS_NOTHING), tmp_path / "layered", MINDS, wave) == plain
    assert plain != outcomes(scenario, tmp_path / "short", NOTHING, wave)


def test_units_that_come_or_are_refused_are_valued_as_without_layers(tmp_path: Path) -> None:
    made = out_of_balance(24)
    refuses = Disturbance(
        trouble=Trouble.REJECTIONS,
        source_id="S-EAST",
        permille=300,
        starts_at=horizon_of(made).starts_at,
        ends_at=horizon_of(made).ends_at,
    )
    comes = Inbound(source_id="W-WEST", sku="TEA", units=4, arrives_at=MONDAY_AT_8 + 5 * HOUR)
    scenario = replace(made, disturbances=(refuses,), inbound=(comes,))
    told = outcomes(layered(scenario, BINDS_NOTHING), tmp_path / "layered", MINDS)
    assert told == outcomes(scenario, tmp_path / "plain", MINDS)
    assert any(package.refused for one in told for package in one.packages)


def test_values_count_within_what_a_channel_may_have(tmp_path: Path) -> None:
    own = Quota(channel_id="web", sku="TEA", exclusive_units=30)
    scenario = layered(out_of_balance(), own)  # 20 units in the west, 40 in the east: 30 are left to other channels
    far, short = outcomes(scenario, tmp_path / "far", MINDS), outcomes(scenario, tmp_path / "short")
    assert sum(one.total_minor for one in far) < sum(one.total_minor for one in short)
    assert [sum(1 for one in told if one.shipped) for told in (far, short)] == [30, 30]
    assert {term for one in far for term in one.cost_minor} == {"freight", "handling", "unfilled"}
    assert all(one.bound_minor <= one.total_minor for one in far)


def test_values_count_of_goods_that_are_there_and_beside_goods_on_their_way(tmp_path: Path) -> None:
    made = out_of_balance()
    coming = Consigned(
        consignment_id="PO-1", source_id="W-WEST", sku="TEA", units=8, expected_at=MONDAY_AT_8 + 72 * HOUR
    )
    scenario = replace(
        made,
        stock=tuple(replace(row, units=min(row.units, 16)) for row in made.stock),
        consignments=(coming,),
        backorders=(BackorderLimit(site_id="S-EAST", sku="TEA", units=2),),
    )
    far, short = outcomes(scenario, tmp_path / "far", MINDS), outcomes(scenario, tmp_path / "short")
    assert sum(one.total_minor for one in far) < sum(one.total_minor for one in short)
    assert sources_of(far) == {
        ("EAST", "W-WEST", ""): 2,  # before the first four orders were seen
        ("WEST", "S-EAST", ""): 2,
        ("WEST", "W-WEST", ""): 14,
        ("EAST", "S-EAST", ""): 14,
        ("EAST", "W-WEST", "in_transit"): 4,
        ("WEST", "W-WEST", "in_transit"): 4,
    }
    assert sources_of(short) == {
        ("EAST", "W-WEST", ""): 8,
        ("WEST", "S-EAST", ""): 8,
        ("WEST", "W-WEST", ""): 8,
        ("EAST", "S-EAST", ""): 8,
        ("EAST", "W-WEST", "in_transit"): 4,
        ("WEST", "W-WEST", "in_transit"): 4,
    }


def test_an_interrupted_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    scenario = layered(out_of_balance(24), Quota(channel_id="web", sku="TEA", exclusive_units=6))
    policy = replace(scenario.policy, settings=MINDS)
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    run_into(whole, scenario, policy, settings(scenario))
    for resumes, orders in ((False, 7), (True, 15), (True, 99)):
        tell, is_stopped = stops_after(orders)
        run_into(parted, scenario, policy, settings(scenario), resumes=resumes, tell_done=tell, is_stopped=is_stopped)
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
