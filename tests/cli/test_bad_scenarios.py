"""Everything that may be wrong with a scenario is told at once, by file, line and field, and never by a traceback."""

from pathlib import Path

import pytest

from solver.cli.main import main
from solver.network.model import RegionZone
from solver.scenario.files import HEAD_FILE, write_scenario
from tests.made_world import GROUND, made_world, order_of

HEAD = """\
horizon: {starts_at: 2026-03-02T00:00:00Z, ends_at: 2026-03-05T00:00:00Z}
disturbances:
- {trouble: carier_down, carrier_id: truck-co, starts_at: 2026-03-02T08:00:00Z, ends_at: 2026-03-02T20:00:00Z}
- {trouble: carrier_down, carrier_id: truk-co, starts_at: 2026-03-02T08:00:00Z, ends_at: 2026-03-02T20:00:00Z}
- {trouble: carrier_down, carrier_id: truck-co, starts_at: 2026-03-03T08:00:00Z, ends_at: 2026-03-02T20:00:00Z}
thresholds:
- {metric: split_shar, at_most: 0.1}
colour: red
"""
STOCK = """\
source_id,sku,units
W-EAST,TEA,10
W-EATS,TEA,1
W-EAST,TEA,many
W-EAST,TEE,1
"""
LATE = (
    '{"order_id":"LATE","currency":"CNY","placed_at":"2026-04-02T08:00:00Z","destination":{"region_id":"EAST"},'
    '"lines":[]}'
)
BACKWARDS = (
    '{"order_id":"BACK","currency":"CNY","placed_at":"2026-03-03T08:00:00Z","promised_at":"2026-03-02T08:00:00Z",'
    '"destination":{"region_id":"EAST"},"lines":[{"line_id":"1","sku":"TEA","quantity":1}]}'
)


def spoilt(folder: Path) -> None:
    write_scenario(made_world(orders=(order_of(("TEA", 1)),)), folder)
    head = folder / HEAD_FILE
    head.write_text(head.read_text("utf-8") + HEAD, "utf-8")
    (folder / "stock.jsonl").unlink()
    (folder / "stock.csv").write_text(STOCK, "utf-8")
    orders = folder / "orders.jsonl"
    orders.write_text(orders.read_text("utf-8") + f"{LATE}\n{BACKWARDS}\n", "utf-8")
    services = folder / "services.jsonl"
    services.write_text(services.read_text("utf-8").replace('"zone":"far"}]', '"zone":"fra"}]'), "utf-8")
    assert GROUND.region_zones[-1] == RegionZone(zone="far")


def test_every_fault_of_a_folder_is_told_at_once_each_on_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt(tmp_path / "bad")
    assert main(["replay", str(tmp_path / "bad"), "--out", str(tmp_path / "runs")]) == 1
    first, *lines = capsys.readouterr().err.splitlines()
    assert first == f"scenario {tmp_path / 'bad'} is not valid:"
    told = {line.removeprefix(f"{tmp_path / 'bad'}/").split(": '")[0]: line for line in lines}
    head = {name.partition(":")[2] for name in told if name.startswith(HEAD_FILE)}
    assert {name.partition(": ")[2] for name in head} == {
        "disturbances[0].trouble",
        "disturbances[1].carrier_id",
        "disturbances[2].ends_at",
        "thresholds[0].metric",
        "colour",
    }
    assert {name for name in told if not name.startswith(HEAD_FILE)} == {
        "stock.csv:3: source_id",
        "stock.csv:4: units",
        "stock.csv:5: sku",
        "orders.jsonl:2: lines",
        "orders.jsonl:2: placed_at",
        "orders.jsonl:3: promised_at",
        "services.jsonl:1: region_zones[2].zone",
    }
    everything = "\n".join(lines)
    for guess in ("carrier_down?", "truck-co?", "split_share?", "W-EAST?", "TEA?"):
        assert f"did you mean {guess}" in everything
    assert "lies outside the horizon, 2026-03-02T00:00:00+00:00 to 2026-03-05T00:00:00+00:00" in everything
    assert "is earlier than the order, 2026-03-03T08:00:00+00:00" in everything
    assert not (tmp_path / "runs").exists()


def test_three_bad_rows_among_many_are_the_three_that_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_scenario(made_world(orders=(order_of(("TEA", 1)),)), tmp_path)
    (tmp_path / "stock.jsonl").unlink()
    rows = ["W-EAST,TEA,1"] * 30_000
    for number, bad in ((5, "W-EAST,TEA,0"), (15_000, "W-EAST,TAE,1"), (29_999, "W-EAST,TEA,x")):
        rows[number] = bad
    (tmp_path / "stock.csv").write_text("\n".join(("source_id,sku,units", *rows)) + "\n")
    assert main(["replay", str(tmp_path), "--out", str(tmp_path / "runs")]) == 1
    err = capsys.readouterr().err
    for place in ("stock.csv:7: units", "stock.csv:15002: sku", "stock.csv:30001: units"):
        assert place in err
    assert err.count("stock.csv:") == 3


def test_what_only_follows_from_unread_rows_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_scenario(made_world(orders=(order_of(("TEA", 1)),)), tmp_path)
    sources = tmp_path / "sources.jsonl"
    sources.write_text(sources.read_text("utf-8").replace('"kind":"store"', '"kind":"shop"'), "utf-8")
    assert main(["replay", str(tmp_path), "--out", str(tmp_path / "runs")]) == 1
    err = capsys.readouterr().err
    assert err.count("sources.jsonl:") == 1
    assert "stock.jsonl" not in err
