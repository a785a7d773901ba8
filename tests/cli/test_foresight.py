"""`foresight` on a shipped scenario: a table for people, JSON for programs."""

import json
from pathlib import Path

import pytest

from solver.app import Application
from solver.cli.main import main
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.storage.once import request_for
from tests.fulfilment.valuing.conftest import out_of_balance
from tests.fulfilment.valuing.test_valuing import east_and_west
from tests.made_world import MONDAY_AT_8

FIRST_LIGHT = Path(__file__).resolve().parents[2] / "scenarios" / "first_light"


def test_warnings_and_proposals_are_shown_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    written = tmp_path / "ahead.json"
    assert main(["foresight", str(FIRST_LIGHT), "--lead-days", "60", "--out", str(written)]) == 0
    told = json.loads(written.read_text())
    shown = capsys.readouterr().out
    assert "early warnings" in shown
    assert "\u2026" not in shown, "on a narrow screen ids go on in the next line"
    chances = [one["chance"] for one in told["warnings"]]
    assert chances == sorted(chances, reverse=True)
    assert all(0.05 < chance <= 1 for chance in chances)
    assert told["proposals"]
    assert all(
        one["units"] == one["up_to_units"] - one["available_units"] - one["coming_units"] > 0
        for one in told["proposals"]
    )


def test_a_service_is_looked_ahead_from_with_what_its_stock_is_worth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    clock = ManualClock(MONDAY_AT_8)
    application = Application.open(tmp_path, clock, durable=False)
    load(application, out_of_balance())
    for plan_id in east_and_west(application, clock):
        application.confirming.confirm(request_for("ConfirmPlan", plan_id), plan_id)
    application.planner.valuing.look()
    application.close()
    written = tmp_path / "ahead.json"
    assert main(["foresight", "--data", str(tmp_path), "--values", "--lead-days", "9", "--out", str(written)]) == 0
    shown = capsys.readouterr().out
    assert "values of stock under a policy without a name" in shown
    assert "version 1, reckoned at 2026-03-02 16:00 UTC of 8 orders" in shown
    told = json.loads(written.read_text())
    assert told["values"][0]["units"] == {"TEA": {"W-WEST": 4, "S-EAST": 24}}
    [west] = [one for one in told["warnings"] if one["source_id"] == "W-WEST"]
    assert (west["units"], west["sku"]) == (4, "TEA")
    assert west["chance"] > 0.9


def test_a_scenario_has_no_values_and_an_empty_service_no_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["foresight", str(FIRST_LIGHT), "--values"]) == 1
    assert "a scenario has no values of stock" in capsys.readouterr().err
    application = Application.open(tmp_path, ManualClock(MONDAY_AT_8), durable=False)
    load(application, out_of_balance())
    application.close()
    assert main(["foresight", "--data", str(tmp_path)]) == 1
    assert "no plan is kept there" in capsys.readouterr().err


def test_before_the_first_order_there_is_nothing_to_learn_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["foresight", str(FIRST_LIGHT), "--at", "2001-01-01"]) == 1
    assert "no orders before 2001-01-01" in capsys.readouterr().err
