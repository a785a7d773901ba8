"""`policy check`, `list`, `show` and `load`, and a plan under a named policy."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.clock import ManualClock
from solver.policies.library import shipped_policies
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import HOST, Running

NEAR = "policy: near\nversion: 2\ntitle: Near\ntitle_zh: 就近\npriorities: [distance_meters]\n"
ORDER = {
    "order_id": "O-1", "currency": "CNY", "placed_at": "2026-03-02T08:00:00Z",
    "destination": {"region_id": "EAST-CITY", "latitude": 30.0, "longitude": 120.0},
    "lines": [{"line_id": "1", "sku": "TEA", "quantity": 2}],
}  # fmt: skip


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    yield f"{HOST}:{running.server.port}"
    running.close()


def written(folder: Path, text: str, name: str = "near.yaml") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def test_check_tells_what_a_sound_policy_is_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scope = "applies_to: {channels: [a, b], scenes: [s], from: 2026-11-01, until: 2026-11-12}\ncurrency: CNY\n"
    named, scoped = written(tmp_path, NEAR), written(tmp_path, NEAR + scope, "scoped.yaml")
    general = written(tmp_path, NEAR + "applies_to: all\n", "all.yaml")
    assert main(["policy", "check", named, scoped, general]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{named}: policy near, version 2: sound",
        "  for orders that name it",
        f"{scoped}: policy near, version 2: sound",
        "  for orders in CNY of channel a or b, scene s, from 2026-11-01 until 2026-11-12 (UTC)",
        f"{general}: policy near, version 2: sound",
        "  for all orders",
    ]


def test_a_shipped_policy_is_shown_without_a_service(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "cheapest", "--shipped"]) == 0
    assert capsys.readouterr().out.startswith("# What carriers and sources charge")


def test_check_tells_every_line_that_is_wrong_in_any_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = written(tmp_path, "policy: a\nversion: 0\nprices: {\n  split_minr: 3}\n", "a.yaml")
    second = written(tmp_path, '{"policy": "b",\n "version": 1,\n "rules": {"max_packages": 99}}', "b.json")
    assert main(["policy", "check", first, written(tmp_path, NEAR), second]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "the policy is not valid:",
        f"{first}:2: version: '0': write a whole number from 1 to 1,000,000,000",
        f"{first}:4: prices.split_minr: 'split_minr': there is no such price; did you mean split_minor?",
        f"{second}:3: rules.max_packages: 99: must lie between 1 and 20",
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", str(tmp_path / "none.yaml")]) == 1
    assert "none.yaml: No such file or directory; name a YAML or JSON file" in capsys.readouterr().err
    (tmp_path / "latin.yaml").write_bytes(b"policy: caf\xe9\n")
    assert main(["policy", "check", str(tmp_path / "latin.yaml")]) == 1
    assert "latin.yaml: is no UTF-8 text; save it as UTF-8" in capsys.readouterr().err


def test_what_is_loaded_is_listed_shown_and_planned_under(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "load", written(tmp_path, NEAR), "--target", target]) == 0
    assert capsys.readouterr().out == "policy near, version 2: kept\n"
    assert main(["policy", "list", "--target", target]) == 0
    shown = capsys.readouterr().out
    assert f"{len(shipped_policies()) + 1} policies" in shown
    assert "Near 就近" in shown
    assert main(["policy", "show", "near", "--target", target]) == 0
    assert capsys.readouterr().out == NEAR
    order = written(tmp_path, json.dumps(ORDER), "order.json")
    assert main(["plan", order, "--target", target, "--validate-only", "--json", "--policy", "near"]) == 0
    plan = json.loads(capsys.readouterr().out)["plan"]
    assert (plan["policy_id"], plan["policy_version"]) == ("near", 2)
    assert [package["source_id"] for package in plan["packages"]] == ["W-EAST"]


def test_nothing_is_loaded_where_one_file_is_wrong(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [written(tmp_path, NEAR), written(tmp_path, "policy: b", "b.yaml")]
    assert main(["policy", "load", *files, "--target", target]) == 1
    assert "b.yaml:1: version: 'missing'" in capsys.readouterr().err
    assert main(["policy", "show", "near", "--target", target]) == 1
    assert "there is no policy 'near'" in capsys.readouterr().err


def test_a_kept_version_with_another_content_is_told_with_a_way_out(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "load", written(tmp_path, NEAR), "--target", target]) == 0
    changed = written(tmp_path, NEAR.replace("distance_meters", "packages"))
    assert main(["policy", "load", changed, "--target", target]) == 1
    assert "give the new one a higher number" in capsys.readouterr().err


def test_what_ships_is_listed_without_a_service(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "list", "--shipped"]) == 0
    shown = capsys.readouterr().out
    assert all(document.policy_id in shown for document in shipped_policies())
