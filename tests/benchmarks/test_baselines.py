"""Baselines are kept by class of machines, refused elsewhere, and drawn as they came."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.gate.baselines import Measured, baseline_of, keep, measured, read_baseline
from benchmarks.gate.compare import Effort, compared_with
from benchmarks.gate.compare import main as compare
from benchmarks.gate.machine import Machine, this_machine
from benchmarks.gate.phases import BENCHMARKS
from benchmarks.gate.plots import picture, series
from benchmarks.gate.turns import alone
from benchmarks.gate.worker import calibration

MACHINE = Machine(processor="Some(R) Chip @ 3 GHz", cores=2, python="3.11")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
PRICE = "price of a weight, 100 weights"
FOUND = {"check, small": Measured(ratios=(1.23456, 1.2), micros=(10.0, 30.0))}


def test_a_baseline_is_read_as_it_was_kept_and_the_history_grows(tmp_path: Path) -> None:
    made = baseline_of(FOUND, MACHINE, "abc", NOW)
    assert made.ratios == {"check, small": (1.235, 1.2)}
    assert made.micros == {"check, small": 20.0}
    path = keep(made, tmp_path)
    keep(made, tmp_path)
    assert path.name == "some-r-chip-3-ghz-2-cores-python-3.11.json"
    assert read_baseline(path, MACHINE) == made
    lines = (tmp_path / "history.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["ratios"] for line in lines] == [{"check, small": 1.218}] * 2


def test_a_baseline_of_another_class_of_machines_is_refused(tmp_path: Path) -> None:
    path = keep(baseline_of(FOUND, MACHINE, "abc", NOW), tmp_path)
    with pytest.raises(ValueError, match="give a commit instead"):
        read_baseline(path, Machine(processor="Other", cores=2, python="3.11"))


def test_the_picture_shows_each_benchmark_against_its_first_baseline() -> None:
    lines = [json.dumps({"machine": "m", "ratios": {"a, b < c": ratio}}) for ratio in (2.0, 2.0, 3.0)]
    found = series(lines)
    assert found == {"a, b < c": {"m": [1.0, 1.0, 1.5]}}
    texts = [one.text for one in ElementTree.fromstring(picture(found)).iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["a, b < c", "x 1.50", "m"]


def test_the_calibration_loop_does_the_same_every_time() -> None:
    assert calibration() == calibration()


def test_a_process_of_its_own_measures_a_benchmark_of_this_version() -> None:
    turns, failed = alone(ROOT, [PRICE, "gone"], turns=2, number=1)
    [one] = turns.values()
    assert list(failed) == ["gone"]
    assert len(one.seconds) == len(one.calibration) == 2
    assert min(*one.seconds, *one.calibration) > 0


def test_the_product_is_held_against_a_kept_baseline_from_the_command_to_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A baseline a hundred times quicker than we are, and one a hundred times slower."""
    found, failed = measured(ROOT, [PRICE], processes=3, turns=2)
    assert failed == {}
    for times, verdict, code in ((0.01, "slower", 1), (100.0, "faster", 0)):
        ratios = tuple(times * one for one in found[PRICE].ratios)
        kept = baseline_of(
            {PRICE: Measured(ratios=ratios, micros=found[PRICE].micros)}, this_machine(), "abc", NOW, 0.25
        )
        path = keep(kept, tmp_path / verdict)
        arguments = [
            "--base",
            str(path),
            "--only",
            "price of a weight",
            "--blocks",
            "3",
            "--further",
            "0",
            "--turns",
            "2",
        ]
        assert compare(arguments) == code
        said = capsys.readouterr().out
        before = "Against commit abc, measured at 2026-03-02T00:00:00+00:00 at a load average of 0.2; load average now "
        assert said.startswith(before)
        assert f"| {PRICE} | {verdict} |" in said


def test_what_has_no_baseline_or_cannot_be_made_any_more_is_told_apart() -> None:
    known = {"gone": Measured(ratios=(1.0, 1.0), micros=(1.0, 1.0))}
    baseline = baseline_of(known, this_machine(), "abc", NOW)
    comparison = compared_with(baseline, ["gone", PRICE], Effort(blocks=1, further_blocks=1, turns=1))
    assert comparison.judged == ()
    assert comparison.failed[PRICE] == "no baseline"
    assert comparison.failed["gone"] != "no baseline"


def test_the_kept_baseline_of_the_project_names_benchmarks_that_there_are() -> None:
    for path in (ROOT / "benchmarks" / "baselines").glob("*.json"):
        kept = json.loads(path.read_text("utf-8"))
        assert set(kept["ratios"]) <= set(BENCHMARKS)
