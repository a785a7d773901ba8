"""`report`, `replan` and `exceptions` as a user types them, against a service in this process."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.client import Client
from solver.clock import ManualClock
from solver.fulfilment.model import PlanState
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, Running

UNTIL = ["--until", "2026-03-02T12:00Z"]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("COLUMNS", "200")
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    yield f"{HOST}:{running.server.port}"
    running.close()


def shown(capsys: pytest.CaptureFixture[str], target: str, *words: str) -> str:
    assert main([*words, "--target", target]) == 0
    return capsys.readouterr().out


def confirmed(target: str) -> str:
    with Client(target) as client:
        return client.confirm(client.plan(order_of(("TEA", 2))).plan_id)[0].plan_id


def test_a_closed_source_is_reported_its_plans_wait_and_are_planned_anew(
    target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_id = confirmed(target)
    assert shown(capsys, target, "report", "list") == "all carriers and sources fare as usual\n"
    assert shown(capsys, target, "exceptions") == "no plan waits for what takes nothing\n"
    assert shown(capsys, target, "replan") == "no plan is affected\n"
    reported = shown(capsys, target, "report", "source", "closed", "S-EAST", "--reason", "stocktaking", *UNTIL)
    assert all(word in reported for word in ("S-EAST", "closed", "03-02 12:00", "stocktaking"))
    waiting = shown(capsys, target, "exceptions")
    assert "S-EAST is closed (stocktaking), and the plan waits for it" in waiting
    would = shown(capsys, target, "replan", "--validate-only", "--chinese")
    assert "TEA 2 件由 S-EAST（ground）改为 W-EAST（ground）；费用增加 0.70" in would
    changed = shown(capsys, target, "replan", plan_id[:14])
    assert "2 of TEA from W-EAST by ground instead of S-EAST by ground; 0.70 more" in changed
    with Client(target) as client:
        assert client.get_plan(plan_id).state is PlanState.CANCELLED
    assert shown(capsys, target, "exceptions", "--json") == "[]\n"


def test_changes_and_conditions_as_json(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    plan_id = confirmed(target)
    words = ("report", "carrier", "congested", "--service", "ground", "--later-minutes", "90", "--packages-left", "5")
    conditions = json.loads(shown(capsys, target, *words, *UNTIL, "--json"))
    (health,) = conditions["services"]
    assert (health["service_id"], health["extra_transit_minutes"], health["packages_left"]) == ("ground", 90, 5)
    assert "90 min" in shown(capsys, target, "report", "list")
    answer = json.loads(shown(capsys, target, "replan", "--service", "ground", "--change-minor", "0", "--json"))
    assert [(one["plan_id"], one["outcome"]) for one in answer["changes"]] == [(plan_id, "stayed")]
    usual = json.loads(shown(capsys, target, "report", "carrier", "normal", "--service", "ground", *UNTIL, "--json"))
    assert usual == {"services": [], "sources": []}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "carrier", "down"], "one of the arguments --service --carrier is required"),
        (["report", "source", "closed", "S-EAST", "--until", "soon"], "give a time such as 2026-03-02T08:00Z"),
    ],
)
def test_what_is_typed_wrong_is_explained(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("option", "field"), [("--service", "service_ids[0]"), ("--source", "source_ids[0]")])
def test_plans_of_what_nobody_knows_are_not_said_to_be_unaffected(
    option: str, field: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replan", option, "nowhere", "--target", target]) == 1
    assert f"{field}: 'nowhere': there is no such" in capsys.readouterr().err


def test_a_source_that_nobody_knows_is_refused(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "source", "closed", "nowhere", *UNTIL, "--target", target]) == 1
    assert "reports[0].source_id" in capsys.readouterr().err


def test_plans_that_wait_for_the_same_stand_under_it(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Client(target) as client:
        for number in ("first", "second"):
            client.confirm(client.plan(replace(order_of(("TEA", 1)), order_id=number)).plan_id)
    shown(capsys, target, "report", "source", "closed", "S-EAST", *UNTIL)
    waiting = shown(capsys, target, "exceptions")
    assert waiting.count("S-EAST is closed, and the plan waits for it") == 1
    assert waiting.index("closed") < waiting.index("first")
    assert waiting.index("closed") < waiting.index("second")
