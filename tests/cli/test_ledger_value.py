"""`ledger value`, `margin` and their like on a running service."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.clock import ManualClock
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import HOST, Running

TERMS = "method: moving_average\ncurrency: CNY\n"
COSTS = "sku,from_on,unit_cost_minor\nTEA,2026-01-01,1000\nCUP,2026-01-01,300\nPOT,2026-01-01,2500\n"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(running.application, made_world())
    yield f"{HOST}:{running.server.port}"
    running.close()


def test_stock_is_valued_written_down_and_costed_late(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ledger(*words: str) -> str:
        assert main(["ledger", *words, "--target", target]) == 0
        return capsys.readouterr().out

    assert "stock is not valued" in ledger("value-terms")
    (tmp_path / "terms.yaml").write_text(TERMS)
    (tmp_path / "costs.csv").write_text(COSTS)
    ledger("value-terms", str(tmp_path / "terms.yaml"), "--costs", str(tmp_path / "costs.csv"))
    values = {one["sku"]: (one["units"], one["value_minor"]) for one in json.loads(ledger("value", "--json"))}
    assert values == {"TEA": (63, 63_000), "CUP": (25, 7_500), "POT": (7, 17_500), "SAFE": (1, 0)}
    assert "880.00" in ledger("value")
    [unknown] = json.loads(ledger("uncosted", "--json"))
    assert "9.99" in ledger("cost-receipt", str(unknown["move_id"]), "999")
    assert "-6.30" in ledger("write-down", "TEA", "630", "--reason", "old")
    moves = json.loads(ledger("cost-moves", "--sku", "TEA", "--json"))
    assert [one["cause"] for one in moves] == ["opening", "write_down"]
    assert ledger("margin", "--json") == "[]\n"
    assert ledger("costs", str(tmp_path / "costs.csv")) == "3 unit costs noted\n"


def test_a_wrong_file_of_terms_is_told_with_its_line(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "terms.yaml").write_text("method: fifo\ncurency: CNY\n")
    assert main(["ledger", "value-terms", str(tmp_path / "terms.yaml"), "--target", target]) != 0
    assert "terms.yaml:2: curency" in capsys.readouterr().err
