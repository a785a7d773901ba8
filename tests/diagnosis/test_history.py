"""Leaks in what was really shipped, each with a change and what that is worth when the policy's run is made again."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.catalog.catalog import Catalog
from solver.cli.main import main
from solver.diagnosis.changes import changed
from solver.diagnosis.diagnose import diagnose, replayed
from solver.diagnosis.findings import Leak
from solver.network.network import Network
from solver.orders.shipment import Shipment
from solver.replay.history import history_outcomes
from solver.scenario.files import write_scenario
from solver.scenario.model import OpeningStock, Scenario
from tests.made_world import MONDAY_AT_8, made_world, order_of

HOUR = timedelta(hours=1)
STOCK = {("W-EAST", "TEA"): 9, ("W-EAST", "SAFE"): 1, ("W-WEST", "POT"): 9, ("S-EAST", "TEA"): 6, ("S-EAST", "POT"): 6}


def shipped_as_usual() -> Scenario:
    """Each order left in two parcels, one of them from the other province and late; the store was never asked."""
    placed = [MONDAY_AT_8 + number * HOUR for number in range(3)]
    orders = tuple(
        order_of(("TEA", 1), ("POT", 1), order_id=f"O-{number}", placed_at=at, promised_at=at + 26 * HOUR)
        for number, at in enumerate(placed)
    )
    shipments = tuple(
        Shipment(
            order_id=f"O-{number}",
            source_id=source_id,
            carrier_id=made_world().services[0].carrier_id,
            service_id="ground",
            units={sku: 1},
            shipped_at=at + HOUR,
            arrived_at=at + hours * HOUR,
            freight_minor=900,
        )
        for number, at in enumerate(placed)
        for source_id, sku, hours in (("W-EAST", "TEA", 25), ("W-WEST", "POT", 50))
    )
    rows = tuple(OpeningStock(source_id=one, sku=sku, units=units) for (one, sku), units in STOCK.items())
    return replace(made_world(), stock=rows, orders=orders, history=shipments)


def test_every_leak_of_a_history_has_a_change_and_its_replayed_value() -> None:
    scenario = shipped_as_usual()
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
    )
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    shipped = tuple(history_outcomes(scenario.orders, scenario.history, network, catalog))
    base = replayed(scenario, scenario.policy)
    found = diagnose(scenario, shipped, lambda one: replayed(one, scenario.policy), base=base)
    assert {one.finding.leak: one.finding.subject for one in found} == {
        Leak.AVOIDABLE_SPLITS: "W-EAST + W-WEST",
        Leak.CROSSINGS: "WEST to EAST",
        Leak.LATE_LANES: "ground from W-WEST",
        Leak.IDLE_SOURCES: "S-EAST",
        Leak.STILL_STOCK: "all sources that ship",
    }
    cost = sum(one.total_minor for one in base)
    for one in found:
        assert one.finding.change is not None
        again = replayed(changed(scenario, one.finding.change), scenario.policy)
        assert one.saved_minor == cost - sum(outcome.total_minor for outcome in again), one.finding.leak


def test_a_history_is_diagnosed_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_scenario(shipped_as_usual(), tmp_path / "shipped")
    assert main(["diagnose", str(tmp_path / "shipped"), "--history", "--top", "1", "--out", str(tmp_path / "o")]) == 0
    told = json.loads((tmp_path / "o").read_bytes())["findings"]
    assert [one["leak"] for one in told] == [
        "avoidable_splits", "crossings", "late_lanes", "idle_sources", "still_stock",
    ]  # fmt: skip
    shown = capsys.readouterr().out
    assert "\n\nLate lanes\n- ground from W-WEST: 3 packages, 3 late packages, 4,320 late minutes\n" in shown
    assert "    costs 157.50 CNY; 151.50 more is paid; 0 orders cheaper, 3 dearer\n" in shown
