"""`stock show` on a running service."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.stock.layers.channel_model import Channel, Quota
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import HOST, Running


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    """A service with 63 teas, of which JD may hold and sell 9."""
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    channels = running.application.channels
    channels.set_channels(request_for("Test", "1"), [Channel(channel_id="JD")])
    channels.set_quotas(request_for("Test", "2"), [Quota(channel_id="JD", sku="TEA", ceiling_units=9)])
    yield f"{HOST}:{running.server.port}"
    running.close()


def test_every_layer_is_printed_with_its_numbers(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "show", "TEA", "--target", target]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "TEA",
        "places:",
        "  S-EAST: 3 good",
        "  W-EAST: 10 good",
        "  W-WEST: 50 good",
        "sites:",
        "  S-EAST: 3 on hand: 3 available, 0 held, 0 committed",
        "  W-EAST: 10 on hand: 10 available, 0 held, 0 committed",
        "  W-WEST: 50 on hand: 50 available, 0 held, 0 committed",
        "logical warehouses:",
        "  none",
        "channels:",
        "  all sites, shared: 63: 63 free, 0 held",
        "  all sites, JD: 0 held or sold of at most 9",
        "  JD may still sell 9",
        "shops:",
        "  none",
    ]


def test_the_picture_as_json(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "show", "TEA", "--json", "--target", target]) == 0
    picture = json.loads(capsys.readouterr().out)
    assert picture["channels"] == [{"channel_id": "JD", "sellable_units": 9}]
    assert picture["pools"][0]["ceilings"] == [{"seller": "JD", "ceiling_units": 9, "taken_units": 0}]


def test_an_unknown_sku_is_told(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "show", "NOTHING", "--target", target]) == 1
    assert "there is no material 'NOTHING'" in capsys.readouterr().err


def test_the_beginning_of_one_sku_with_stock_stands_for_it(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "show", "PO…", "--target", target]) == 0
    assert capsys.readouterr().out.startswith("POT\n")
