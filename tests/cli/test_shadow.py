"""A shadow from the shell: orders planned, shipments recorded, the difference as runs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from solver.cli.main import main
from solver.clock import ManualClock
from solver.replay.run_files import RunKind, read_outcomes, read_run
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import HOST, Running


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    yield running
    running.close()


def shadowed(service: Running, folder: Path, *order_ids: str) -> None:
    target = f"{HOST}:{service.server.port}"
    for order_id in order_ids:
        file = folder / f"{order_id}.json"
        order = order_of(("TEA", 3), order_id=order_id, promised_at=MONDAY_AT_8 + timedelta(hours=24))
        file.write_bytes(msgspec.json.encode(order))
        assert main(["shadow", "plan", "trial", str(file), "--ledger", "--target", target]) == 0


def recorded(service: Running, folder: Path, *rows: str) -> int:
    file = folder / "shipped.csv"
    file.write_text("\n".join(("order_id,source_id,units.TEA,arrived_at,freight_minor,paid_minor", *rows)) + "\n")
    return main(["shadow", "record", "trial", str(file), "--target", f"{HOST}:{service.server.port}"])


def test_the_difference_is_kept_as_two_runs_of_the_same_orders(
    service: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shadowed(service, tmp_path, "O-1", "O-2", "O-3")
    assert (
        recorded(
            service,
            tmp_path,
            "O-1,W-WEST,3,2026-03-03T09:00:00Z,1500,1500",
            "O-2,W-EAST,2,2026-03-02T20:00:00Z,900,1000",
        )
        == 0
    )
    assert "recorded what was shipped for 2 orders of shadow trial" in capsys.readouterr().out
    assert main(["shadow", "report", "trial", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "runs")]) == 0
    ours, theirs = (read_run(tmp_path / "runs" / "trial" / name) for name in ("shadow", "shipped"))
    assert (ours.kind, theirs.kind) == (RunKind.SHADOW, RunKind.HISTORY)
    assert ours.scenario_digest == theirs.scenario_digest
    # By ground from the east: 8.00 for the first kilogram, 1.00 for the half one more.
    assert ours.metrics.figures["freight_per_order_minor"] == 900
    assert (ours.metrics.figures["fill_rate"], ours.metrics.figures["oversold_units"]) == (1, None)
    assert theirs.metrics.figures["freight_per_order_minor"] == 1_200
    assert theirs.metrics.figures["cross_province_share"] == 0.5
    assert theirs.metrics.figures["on_time_share"] == 0.5
    assert theirs.metrics.figures["fill_rate"] == 5 / 6
    assert (theirs.metrics.figures["paid_minor"], theirs.metrics.figures["cost_minor"]) == (None, None)
    assert theirs.known_orders["fill_rate"] == 2
    ships = [[package.source_id for package in one.packages] for one in read_outcomes(tmp_path / "runs/trial/shadow")]
    assert ships == [["S-EAST"], ["W-EAST"], ["W-EAST"]]
    out = " ".join(capsys.readouterr().out.split())
    assert "3 orders, of 2 of which it is recorded what was shipped" in out
    assert "freight of shadow less that of shipped: -6.00 CNY an order, over 1 order that both ship whole" in out


def test_faults_of_the_file_are_told_by_line_and_nothing_is_recorded(
    service: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shadowed(service, tmp_path, "O-1")
    assert recorded(service, tmp_path, "O-1,W-WEST,three,,,", "O-1,W-WEST,1,yesterday,,") == 1
    err = capsys.readouterr().err
    assert "shipped.csv:2: units" in err
    assert "shipped.csv:3: arrived_at" in err
    assert main(["shadow", "report", "other", "--data", str(tmp_path / "data")]) == 1
    assert "shadow 'other' has no orders there" in capsys.readouterr().err


def test_what_the_service_refuses_is_told_by_the_order_of_the_file(
    service: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shadowed(service, tmp_path, "O-1", "O-2")
    capsys.readouterr()
    assert recorded(service, tmp_path, "O-1,W-WEST,1,,,", "O-2,W-WESTT,1,,,") == 1
    err = capsys.readouterr().err
    assert err.startswith(f"{tmp_path / 'shipped.csv'} is not valid: order O-2: source_id: 'W-WESTT': there is no such")


def test_freight_that_no_order_tells_is_not_compared(
    service: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shadowed(service, tmp_path, "A")
    assert main(["shadow", "report", "trial", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "runs")]) == 0
    assert "freight of shadow is not compared: of no order" in capsys.readouterr().out
