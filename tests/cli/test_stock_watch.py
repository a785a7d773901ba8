"""`stock watch` on a running service."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.client import Client
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.stock.layers.channel_model import Channel
from solver.stock.layers.channel_rows import put_channels
from solver.stock.layers.shops import Listing, Shop, put_listings, put_shops
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import HOST, SECONDS, Running


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    """A service whose shop shows 63 units of TEA under number 2, and lists POT no longer under number 3."""
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    address = f"{HOST}:{running.server.port}"
    with running.application.database.write() as tx:
        put_channels(tx, [Channel(channel_id="jd")])
        put_shops(tx, [Shop(shop_id="outlet", channel_id="jd")])
        put_listings(tx, [Listing(shop_id="outlet", sku=sku) for sku in ("POT", "TEA")])
    _wait_for(address, 2)
    with running.application.database.write() as tx:
        put_listings(tx, [Listing(shop_id="outlet", sku="POT", ends=True)])
    _wait_for(address, 1)
    yield address
    running.close()


def _wait_for(address: str, listed: int) -> None:
    ends_at = time.monotonic() + SECONDS
    with Client(address) as client:
        while len(list(client.feed.shown())) != listed:
            assert time.monotonic() < ends_at
            time.sleep(0.01)


def test_a_snapshot_is_printed_with_the_number_to_resume_from(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "watch", "--once", "--target", target]) == 0
    assert capsys.readouterr().out.splitlines() == ["snapshot", "2  outlet  TEA  63", "through 3"]


def test_a_watch_after_a_number_prints_what_came_later(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["stock", "watch", "--once", "--after", "1", "--channel", "jd", "--target", target]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2  outlet  TEA  63",
        "3  outlet  POT  delisted",
        "through 3",
    ]


def test_messages_are_printed_as_json(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "watch", "--once", "--json", "--shop", "outlet", "--target", target]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "values": [{"shop_id": "outlet", "sku": "TEA", "units": 63, "is_delisted": False, "number": 2}],
        "begins_snapshot": True,
        "through_number": 3,
    }


def test_an_unknown_shop_is_told(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stock", "watch", "--once", "--shop", "nowhere", "--target", target]) == 1
    assert "there is no such shop" in capsys.readouterr().err
