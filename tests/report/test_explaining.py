"""The whole explanation of an order of a run, from the run's files and its scenario."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.cli.named_policy import policy_named
from solver.replay.run_files import read_outcomes
from solver.report.explaining import explain_order
from solver.scenario.files import read_scenario, write_scenario
from solver.scenario.model import Disturbance, Inbound, OpeningStock, Scenario, Trouble
from tests.made_world import MONDAY_AT_8, made_world, order_of


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Tea runs out, comes in again, and a carrier is down for a while."""
    orders = tuple(
        replace(order_of(("TEA", 2), ("CUP", 1), order_id=f"O-{n}"), placed_at=MONDAY_AT_8 + timedelta(hours=n))
        for n in range(6)
    )
    stock = tuple(
        OpeningStock(source_id=place, sku=sku, units=units)
        for place, sku, units in (
            ("W-EAST", "TEA", 3),
            ("W-EAST", "CUP", 4),
            ("W-WEST", "TEA", 3),
            ("W-WEST", "CUP", 9),
        )
    )
    inbound = (Inbound(source_id="W-EAST", sku="TEA", units=4, arrives_at=MONDAY_AT_8 + timedelta(hours=4)),)
    down = Disturbance(
        trouble=Trouble.CARRIER_DOWN,
        carrier_id="truck-co",
        starts_at=MONDAY_AT_8 + timedelta(hours=5),
        ends_at=MONDAY_AT_8 + timedelta(hours=9),
    )
    return replace(
        made_world(), orders=orders, stock=stock, inbound=inbound, disturbances=(down,), policies=("cheapest",)
    )


@pytest.fixture(scope="module")
def world(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explaining")
    write_scenario(scenario, folder / "world")
    assert main(["replay", str(folder / "world"), "--nearest", "--out", str(folder / "runs")]) == 0
    return folder


def test_each_order_is_decided_again_as_it_was_on_what_the_earlier_ones_had_left(
    world: Path, scenario: Scenario
) -> None:
    run = world / "runs" / scenario.name / "cheapest"
    read, policy = read_scenario(world / "world"), policy_named("cheapest").policy
    filled = []
    for outcome in read_outcomes(run):
        told = explain_order(run, outcome.order_id, read, policy, seconds=5.0, stopwatch=lambda: 0.0)
        assert told.total_minor == outcome.total_minor
        assert told.reproduced
        filled.append(outcome.unfilled_units)
    assert len(set(filled)) > 1, "stock ran out on the way, so the stock mattered"


def test_it_is_printed_from_the_command_line_in_both_languages(
    world: Path, scenario: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["explain", str(world / "runs" / scenario.name / "cheapest"), "O-0", "--scenario", str(world / "world")]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert re.match(r"order O-0 under cheapest: \d+\.\d\d CNY, unfilled units priced\n", told)
    assert "W-EAST" in told
    assert "dominated" in told
    assert main([*command, "--chinese"]) == 0
    chinese = capsys.readouterr().out
    assert re.match(r"订单 O-0，策略 cheapest：\d+\.\d\d CNY（含缺货计价）\n", chinese)
    assert "未选" in chinese
    assert main([*command, "--json"]) == 0
    assert '"reproduced": true' in capsys.readouterr().out


def test_what_cannot_be_explained_is_told_without_a_traceback(
    world: Path, scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(world / "runs" / scenario.name / "cheapest")
    assert main(["explain", run, "O-99", "--scenario", str(world / "world")]) == 1
    assert "has no order 'O-99'" in capsys.readouterr().err
    write_scenario(replace(scenario, inbound=()), tmp_path / "other")
    assert main(["explain", run, "O-0", "--scenario", str(tmp_path / "other")]) == 1
    assert "another version of scenario" in capsys.readouterr().err
    nearest = str(world / "runs" / scenario.name / "nearest-first")
    assert main(["explain", nearest, "O-0", "--scenario", str(world / "world")]) == 1
    assert "decided by no policy (nearest-first)" in capsys.readouterr().err
    assert main(["explain", str(tmp_path), "O-0"]) == 1
    assert "name the folder of a run" in capsys.readouterr().err
