"""`solve --executor` and `--part-orders`: a wave in parts from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from solver.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "solver" / "cli" / "example_problem.json"


@pytest.fixture
def scarce(tmp_path: Path) -> Path:
    """The example four times over, where there is enough for about half of that."""
    problem: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    [order, *_] = problem["orders"]
    problem["orders"] = [order | {"order_id": f"100{number}"} for number in range(4)]
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem), "utf-8")
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main(["solve", *map(str, arguments), "--engine", "batch", "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_wave_in_parts_says_what_the_split_cost(scarce: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, parted = answer(capsys, scarce), answer(capsys, scarce, "--part-orders", 2)
    assert "split" not in whole["wave"]
    assert (int(parted["wave"]["split"]["parts"]), int(parted["wave"]["split"]["largest_orders"])) == (2, 2)
    assert int(parted["wave"].get("bound_minor", 0)) <= int(whole["wave"]["total_minor"])
    assert main(["solve", str(scarce), "--engine", "batch", "--part-orders", "2"]) == 0
    assert "the split cost" in capsys.readouterr().out
    assert main(["solve", str(scarce), "--engine", "batch", "--part-orders", "2", "--chinese"]) == 0
    assert "拆分至多多花" in capsys.readouterr().out


def test_processes_answer_what_this_process_answers(scarce: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = answer(capsys, scarce, "--part-orders", 2, "--executor", "serial")
    there = answer(capsys, scarce, "--part-orders", 2, "--executor", "processes:1")
    for found in (here, there):
        del found["wave"]["seconds"]
        for one in found["plans"]:
            one.pop("decision_micros", None)
    assert here["wave"] == there["wave"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--part-orders", "2"), "only a wave is decided in parts: add --engine batch"),
        (("--engine", "batch", "--executor", "processes:0"), "no executor is called 'processes:0'; there are serial"),
        (("--engine", "batch", "--executor", "elsewhere"), "no executor is called 'elsewhere'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", str(EXAMPLE), *arguments]) == 1
    assert words in capsys.readouterr().err


def test_a_cluster_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed; it comes with the extra `cluster`")
    monkeypatch.setattr("solver.waves.parts.executors._SECONDS_TO_CONNECT", 0.5)
    assert main(["solve", str(EXAMPLE), "--engine", "batch", "--executor", "dask:tcp://127.0.0.1:1"]) == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err
