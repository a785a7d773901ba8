"""`replay` and `compare` from the command line."""

from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.scenario.files import write_scenario
from solver.scenario.model import Scenario, Threshold
from tests.made_world import made_world, order_of


@pytest.fixture
def scenario() -> Scenario:
    orders = tuple(order_of(("TEA", 1), order_id=f"O-{number}") for number in range(3))
    return replace(made_world(), orders=orders, policies=("cheapest", "store-first"))


def test_the_policies_that_a_scenario_names_are_run_and_stand_side_by_side(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_scenario(scenario, tmp_path / "world")
    assert main(["replay", str(tmp_path / "world"), "--out", str(tmp_path / "runs")]) == 0
    told = capsys.readouterr().out
    assert "3 of 3" in told
    assert "oversold_units" in told
    assert "store-first less cheapest" in told
    runs = tmp_path / "runs" / scenario.name
    assert sorted(path.name for path in runs.iterdir()) == ["cheapest", "store-first"]
    assert main(["compare", str(runs / "store-first"), str(runs / "cheapest")]) == 0
    assert "cheapest less store-first" in capsys.readouterr().out


def test_a_policy_without_a_bound_in_hindsight_says_so(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_scenario(scenario, tmp_path / "world")
    named = ["--policy", "complete-then-nearest", "--policy", "cheapest"]
    assert main(["replay", str(tmp_path / "world"), "--out", str(tmp_path / "runs"), *named, "--hindsight", "1"]) == 0
    told = capsys.readouterr().out
    unbounded = "complete-then-nearest has no bound in hindsight: it has strict priorities, or relaxes rules"
    assert [line for line in told.splitlines() if "no bound" in line] == [unbounded]


def test_a_missed_threshold_is_told_and_ends_with_1(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thresholds = (Threshold(metric="fill_rate", at_least=0.9), Threshold(metric="packages_per_order", at_most=0.5))
    write_scenario(replace(scenario, policies=(), thresholds=thresholds), tmp_path / "world")
    assert main(["replay", str(tmp_path / "world"), "--out", str(tmp_path / "runs")]) == 1
    told = capsys.readouterr().out
    assert "fill_rate at least 0.9: 1, met" in told
    assert "packages_per_order at most 0.5: 1, missed" in told


def test_what_cannot_be_run_is_told_without_a_traceback(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_scenario(replace(scenario, orders=()), tmp_path / "empty")
    assert main(["replay", str(tmp_path / "empty")]) == 1
    assert "has no orders" in capsys.readouterr().err
    write_scenario(replace(scenario, policies=("cheepest",)), tmp_path / "world")
    assert main(["replay", str(tmp_path / "world")]) == 1
    assert "cheepest" in capsys.readouterr().err
    assert main(["compare", str(tmp_path)]) == 1
    assert "name the folder of a run" in capsys.readouterr().err


def test_runs_of_other_scenarios_are_shown_and_not_compared(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, orders in (("one", scenario.orders), ("two", scenario.orders[:2])):
        write_scenario(replace(scenario, name=name, orders=orders, policies=("cheapest",)), tmp_path / name)
        main(["replay", str(tmp_path / name), "--out", str(tmp_path / "runs")])
    capsys.readouterr()
    runs = tmp_path / "runs"
    one, two = runs / "one" / "cheapest", runs / "two" / "cheapest"
    assert main(["compare", str(one), str(two)]) == 1
    told = "".join(capsys.readouterr().out.split())  # lines are as long as the screen, and break within long paths
    assert f"{two}and{one}didnotrunonthesamescenarioandseed" in told
