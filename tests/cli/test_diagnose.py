"""`diagnose` of a scenario, of a run of it, and of what was really shipped."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.scenario.files import write_scenario
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import Policy
from tests.made_world import made_world, order_of


@pytest.fixture
def scenario() -> Scenario:
    """An order of tea and a cup that lie in two places: as one package from the store it costs 11.10 less."""
    stock = (
        OpeningStock(source_id="W-EAST", sku="TEA", units=1),
        OpeningStock(source_id="S-EAST", sku="CUP", units=1),
    )
    return replace(
        made_world(), stock=stock, orders=(order_of(("TEA", 1), ("CUP", 1)),), policy=Policy(split_minor=200)
    )


def test_a_scenario_and_a_run_of_it_are_diagnosed_alike(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, runs = str(tmp_path / "world"), tmp_path / "runs"
    write_scenario(scenario, tmp_path / "world")
    assert main(["diagnose", world, "--out", str(tmp_path / "one.json")]) == 0
    assert "11.10" in capsys.readouterr().out
    assert main(["replay", world, "--out", str(runs)]) == 0
    assert main(["diagnose", str(runs / scenario.name / "scenario"), "--out", str(tmp_path / "two.json")]) == 0
    [split] = json.loads((tmp_path / "one.json").read_text())["findings"]
    assert (split["leak"], split["saved_minor"], split["cheaper_orders"]) == ("avoidable_splits", 1_110, 1)
    move = {"sku": "TEA", "units": 1, "from_source_id": "W-EAST", "to_source_id": "S-EAST"}
    assert split["change"] == {"told": "move 1 TEA from W-EAST to S-EAST beforehand", "move": [move]}
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_what_cannot_be_diagnosed_is_told(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_scenario(scenario, tmp_path / "world")
    assert main(["diagnose", str(tmp_path / "world"), "--history"]) == 1
    assert "does not say what was really shipped" in capsys.readouterr().err
    write_scenario(replace(scenario, orders=()), tmp_path / "empty")
    assert main(["diagnose", str(tmp_path / "empty")]) == 1
    assert "has no orders" in capsys.readouterr().err
    assert main(["replay", str(tmp_path / "world"), "--out", str(tmp_path / "runs")]) == 0
    write_scenario(replace(scenario, stock=scenario.stock[:1]), tmp_path / "world")
    assert main(["diagnose", str(tmp_path / "runs" / scenario.name / "scenario")]) == 1
    assert "replay it again" in capsys.readouterr().err
