"""The commands as a user types them, against a service of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.cli.process import served
from solver.client import Client
from solver.scenario.files import read_scenario, write_scenario

FIRST_LIGHT = Path(__file__).parents[2] / "scenarios" / "first_light"
ORDER = FIRST_LIGHT / "order.json"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with the bundled network, loaded by the command itself."""
    with served(tmp_path_factory.mktemp("service")) as address:
        assert main(["load", str(FIRST_LIGHT), "--target", address]) == 0
        yield address


def test_commands_start_without_the_service_and_the_search() -> None:
    """Those that only call a service would wait seconds for what they do not use."""
    asked = "import sys, solver.cli.main; print({'solver.app', 'solver.fulfilment.optimise'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True).stdout == b"set()\n"


def test_demo_runs_from_load_to_balanced_books(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--scenario", str(FIRST_LIGHT), "--orders", "12", "--rows", "5"]) == 0
    shown = capsys.readouterr().out
    assert "5 of 12 plans" in shown
    assert "plans now: 8 confirmed, 2 held, 2 released" in shown
    assert "the books balance" in shown
    assert "nearest source first would pay" in shown
    assert shown.rstrip().endswith("service stopped cleanly")


def test_demo_compares_no_more_orders_than_one_call_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("solver.cli.demo.MOST_ROWS", 3)
    assert main(["demo", "--scenario", str(FIRST_LIGHT), "--orders", "5"]) == 0
    assert "over the first 3 orders, nearest source first would pay" in capsys.readouterr().out


def test_demo_decides_under_a_policy_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("policy: mine\nversion: 4\ntitle: One package\nrules: {max_packages: 1}\n")
    assert main(["demo", "--scenario", str(FIRST_LIGHT), "--orders", "6", "--policy", str(policy)]) == 0
    shown = capsys.readouterr().out
    assert "policy mine, version 4: One package" in shown
    assert re.search(r"split share +│ +0\.0 %", shown)


def test_demo_shows_policies_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--orders", "6", "--policy", "cheapest", "--policy", "fewest-packages"]
    assert main(["demo", "--scenario", str(FIRST_LIGHT), *options]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"figure +┃ +cheapest +┃ +fewest-packages", shown)
    assert len(re.findall(r"^│  (?:freight|handling) +│ +[\d.]+ +│ +[\d.]+│$", shown, re.MULTILINE)) == 2


def test_demo_names_the_policies_that_ship(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--scenario", str(FIRST_LIGHT), "--policy", "cheapst"]) == 1
    assert (
        "cheapst: No such file or directory; name a file, or a policy that ships: cheapest," in capsys.readouterr().err
    )


@pytest.mark.parametrize("columns", [80, 120])
def test_ids_stay_whole_on_a_narrow_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["demo", "--scenario", str(FIRST_LIGHT), "--orders", "1"]) == 0
    shown = capsys.readouterr().out
    assert "ST-440800-01" in shown
    assert ("packages ┃" in shown) == (columns == 120)


@pytest.mark.parametrize("count", ["0", "-3"])
def test_demo_of_no_orders_is_refused(capsys: pytest.CaptureFixture[str], count: str) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--orders", count])
    assert f"--orders: {count}: give at least 1" in capsys.readouterr().err


def test_what_is_no_number_is_told_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--orders", "few"])
    assert "--orders: 'few': give a whole number, 1 or more" in capsys.readouterr().err


def test_load_loads_every_noun(target: str) -> None:
    scenario = read_scenario(FIRST_LIGHT)
    with Client(target) as client:
        levels = list(client.stock_levels())
    assert {(level.site_id, level.sku): level.on_hand for level in levels} == {
        (row.source_id, row.sku): row.units for row in scenario.stock
    }


def test_load_twice_changes_nothing(target: str) -> None:
    with Client(target) as client:
        before = list(client.stock_levels())
        assert main(["load", str(FIRST_LIGHT), "--target", target]) == 0
        assert list(client.stock_levels()) == before


def test_another_version_of_a_loaded_scenario_is_told_with_a_way_out(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = read_scenario(FIRST_LIGHT)
    write_scenario(replace(scenario, stock=scenario.stock[1:]), tmp_path)
    assert main(["load", str(tmp_path), "--target", target]) == 1
    assert "another version of scenario 'first_light'" in capsys.readouterr().err


def test_a_plan_on_a_narrow_screen_keeps_its_ids_whole(
    target: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["plan", str(ORDER), "--target", target, "--validate-only"]) == 0
    shown = capsys.readouterr().out
    assert "│DL-510100-01 │ tuoling-economy │ 2 x BEAN-GEISHA-100 │ 03-07 09:20   │ 12.00│" in shown


def test_plan_that_is_only_validated_is_a_draft(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(ORDER), "--target", target, "--validate-only", "--json"]) == 0
    standing = json.loads(capsys.readouterr().out)
    assert (standing["state"], standing["plan_id"]) == ("draft", "")
    assert standing["plan"]["total_minor"] == 3830
    with Client(target) as client:
        assert sum(level.held + level.committed for level in client.stock_levels()) == 0


def test_plan_confirms_when_asked_and_refuses_the_order_a_second_time(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = json.loads(ORDER.read_text("utf-8")) | {"order_id": "confirmed-once"}
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order), "utf-8")
    assert main(["plan", str(path), "--target", target, "--confirm"]) == 0
    shown = capsys.readouterr().out
    assert "for order confirmed-once: confirmed" in shown
    assert "cost 38.30 CNY" in shown
    assert main(["plan", str(path), "--target", target]) == 1
    error = capsys.readouterr().err
    assert "already has the confirmed plan" in error
    assert "give a new order id" in error


@pytest.mark.parametrize(("command", "told"), [("confirm", ": confirmed, voucher V"), ("release", ": released")])
def test_a_held_plan_is_confirmed_or_released_by_its_id(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, told: str
) -> None:
    order = json.loads(ORDER.read_text("utf-8")) | {"order_id": f"to-{command}"}
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order), "utf-8")
    assert main(["plan", str(path), "--target", target, "--json"]) == 0
    plan_id = json.loads(capsys.readouterr().out)["plan_id"]
    assert main([command, plan_id, "--target", target]) == 0
    assert f"plan {plan_id} for order to-{command}{told}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "truncated"),
        ('{"order_id": "x"}', "lines: None: missing"),
        (ORDER.read_text("utf-8").replace('"promised_at"', '"promise_at"'), "did you mean promised_at?"),
        (
            ORDER.read_text("utf-8").replace("T01:20:00Z", "T01:20:00"),
            "placed_at: '2026-03-06T01:20:00': say with which",
        ),
        (ORDER.read_text("utf-8").replace('"quantity": 1', '"quantity": 1e30'), "lines[0].quantity"),
        (None, "No such file"),
    ],
)
def test_an_order_file_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    path = tmp_path / "order.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["plan", str(path)]) == 1
    error = capsys.readouterr().err
    assert str(path) in error
    assert told in error


def test_an_order_file_that_is_no_utf8_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "order.json"
    path.write_bytes(b'{"order_id": "caf\xe9"}')
    assert main(["plan", str(path)]) == 1
    assert "utf-8" in capsys.readouterr().err


def test_a_quantity_that_no_message_can_hold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "order.json"
    path.write_text(ORDER.read_text("utf-8").replace('"quantity": 1', f'"quantity": {10**18 * 100}'), "utf-8")
    assert main(["plan", str(path)]) == 1
    assert "quantity: 100000000000000000000" in capsys.readouterr().err


def test_a_service_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(ORDER), "--target", "127.0.0.1:1"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("UNAVAILABLE")
    assert "`make serve` starts one" in error


def test_a_scenario_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--scenario", str(tmp_path / "nowhere")]) == 1
    assert "scenario.yaml" in capsys.readouterr().err


def test_an_import_that_cannot_be_written_is_told(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a-file"
    out.touch()
    assert main(["import", "cn", str(shared_data), str(out), "--orders", "1"]) == 1
    assert f"cannot write to {out}: File exists" in capsys.readouterr().err


@pytest.mark.parametrize("data_set", ["olist", "cn"])
def test_import_writes_a_scenario_and_tells_what_it_assumed(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], data_set: str
) -> None:
    assert main(["import", data_set, str(shared_data), str(tmp_path / "out"), "--orders", "30"]) == 0
    shown = capsys.readouterr().out
    assert "Assumed:" in shown
    assert f"written to {tmp_path / 'out'}" in shown
    assert len(read_scenario(tmp_path / "out").orders) == 30
    assert (tmp_path / "out" / "rejected.csv").exists()


@pytest.mark.parametrize("data_set", ["olist", "cn"])
def test_the_service_loads_and_plans_an_imported_scenario(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], data_set: str
) -> None:
    assert main(["import", data_set, str(shared_data), str(tmp_path), "--orders", "40"]) == 0
    assert main(["demo", "--scenario", str(tmp_path), "--rows", "3"]) == 0
    shown = capsys.readouterr().out
    assert "3 of 40 plans" in shown
    assert "the books balance" in shown
