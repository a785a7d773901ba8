"""`events`, `override` and the rollouts of `policy` as a user types them, against a service in this process."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.client import Client, EndpointCommand
from solver.clock import ManualClock
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, Running

NEAR = "policy: near\nversion: {}\ntitle: Near\npriorities: [distance_meters]\n"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("COLUMNS", "220")
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    yield f"{HOST}:{running.server.port}"
    running.close()


def shown(capsys: pytest.CaptureFixture[str], target: str, *words: str) -> str:
    assert main([*words, "--target", target]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], target: str, *words: str) -> str:
    assert main([*words, "--target", target]) == 1
    return capsys.readouterr().err


def planned(target: str, order_id: str = "O-1", *, confirm: bool = True) -> str:
    with Client(target) as client:
        plan_id = client.plan(order_of(("TEA", 2), order_id=order_id)).plan_id
        if confirm:
            client.confirm(plan_id)
        return plan_id


def test_events_are_watched_after_a_number_and_say_where_to_resume(
    target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = planned(target, "A"), planned(target, "B")
    watched = shown(capsys, target, "events", "watch", "--after", "0", "--once")
    assert watched.splitlines() == [
        "through 0",
        f"1  2026-03-02T08:00:00Z  confirmed  A  {first}  confirmed",
        f"2  2026-03-02T08:00:00Z  confirmed  B  {second}  confirmed",
        "through 2",
    ]
    resumed = shown(capsys, target, "events", "watch", "--after", "1", "--once", "--json").splitlines()
    pages = [json.loads(line) for line in resumed]
    assert [(page["through_number"], len(page["events"])) for page in pages] == [(1, 0), (2, 1)]


def test_events_are_listed_by_what_is_wanted(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    planned(target, "A")
    with Client(target) as client:
        client.release(planned(target, "B", confirm=False))
    listed = shown(capsys, target, "events", "list", "--kind", "released", "--json")
    event = json.loads(listed)
    assert (event["number"], event["order_id"], event["kind"]) == (2, "B", "released")
    assert [line.split()[3] for line in shown(capsys, target, "events", "list", "--order", "A").splitlines()] == ["A"]
    assert shown(capsys, target, "events", "list", "--after", "2") == ""


def test_where_events_are_sent_is_listed_without_secrets(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, target, "events", "endpoints") == "events are sent to no endpoint\n"
    with Client(target) as client:
        command = EndpointCommand(endpoint_id="shop", url="https://shop.example.com/hooks", disabled=True)
        _, secret = client.plan_events.upsert_endpoint(command)
    listed = shown(capsys, target, "events", "endpoints")
    assert "https://shop.example.com/hooks" in listed
    assert "disabled" in listed
    assert secret not in listed
    [endpoint] = json.loads(shown(capsys, target, "events", "endpoints", "--json"))
    assert (endpoint["endpoint_id"], endpoint["waiting"], endpoint["dead"]) == ("shop", 0, 0)


def test_a_plan_is_overridden_by_hand_and_listed(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    plan_id = planned(target)
    assert shown(capsys, target, "override", "list") == "no plan was decided by a person\n"
    words = ("override", "plan", plan_id[:14], "--package", "W-EAST,ground,1=2", "--reason", "the store is full")
    would = json.loads(shown(capsys, target, *words, "--validate-only", "--json"))
    assert (would["state"], would["override"]["extra_minor"]) == ("draft", 70)
    assert shown(capsys, target, "override", "list") == "no plan was decided by a person\n"
    assert "W-EAST" in shown(capsys, target, *words)
    listed = shown(capsys, target, "override", "list")
    assert "the store is full" in listed
    [one] = json.loads(shown(capsys, target, "override", "list", "--json"))
    assert (one["order_id"], one["replaces_plan_id"], one["override"]["reason"]) == (
        "O-1",
        plan_id,
        "the store is full",
    )


def test_packages_may_stand_in_a_file(target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan_id, path = planned(target), tmp_path / "packages.json"
    contents = [{"line_id": "1", "sku": "TEA", "units": 2}]
    path.write_text(json.dumps([{"source_id": "W-EAST", "service_id": "ground", "contents": contents}]), "utf-8")
    plan = json.loads(
        shown(capsys, target, "override", "plan", plan_id, "--packages", str(path), "--reason", "so", "--json")
    )
    assert [one["source_id"] for one in plan["plan"]["packages"]] == ["W-EAST"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say what is to ship: --package, once for each, or --packages FILE"),
        (("--package", "W-EAST"), "'W-EAST' is no package: give SOURCE,SERVICE,LINE=UNITS"),
        (("--package", "W-EAST,ground,1=two"), "'1=two' of 'W-EAST,ground,1=two' says no units of a line"),
        (("--package", "W-EAST,ground,9=2"), "line '9' of the plan ships nothing: say which, as 9:SKU=2"),
        (("--packages", "missing.json"), "missing.json: No such file or directory"),
    ],
)
def test_packages_that_cannot_be_read_are_explained(
    target: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    plan_id = planned(target)
    assert said in refused(capsys, target, "override", "plan", plan_id, "--reason", "so", *words)


def test_a_version_gets_a_share_of_orders_and_is_rolled_back(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = "nothing was rolled out: of each policy the highest valid version is live for all orders\n"
    assert shown(capsys, target, "policy", "rollout") == nothing
    with Client(target) as client:
        client.upsert_policies([NEAR.format(1), NEAR.format(2)])
        client.plan(order_of(("TEA", 2)), policy_id="near")
    shared = shown(capsys, target, "policy", "share", "near", "2", "50", "--reason", "a trial")
    assert shared == "near: version 2 for 50 of a thousand orders, version 1 for the others\n"
    live = shown(capsys, target, "policy", "rollout", "near")
    assert live.startswith("near: version 2 for 50 of a thousand orders, version 1 for the others\n")
    assert "a trial" in live
    assert "cost a plan" in live
    back = shown(capsys, target, "policy", "roll-back", "near")
    assert back == "near: version 1 is live for all orders\n"
    answer = json.loads(shown(capsys, target, "policy", "rollout", "--json"))
    assert [step["rolled_back"] for step in answer["rollouts"][0]["steps"]] == [False, True]
    assert [(one["version"], one["plans"]) for one in answer["tallies"]] == [(2, 1)]
    assert "NOTHING" not in refused(capsys, target, "policy", "roll-back", "near")
