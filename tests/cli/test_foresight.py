"""`foresight` on a shipped scenario: a table for people, JSON for programs."""

import json
from pathlib import Path

import pytest

from solver.cli.main import main

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


def test_before_the_first_order_there_is_nothing_to_learn_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["foresight", str(FIRST_LIGHT), "--at", "2001-01-01"]) == 1
    assert "no orders before 2001-01-01" in capsys.readouterr().err
