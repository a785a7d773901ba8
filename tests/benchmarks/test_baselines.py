"""Baselines are kept by class of machines, refused elsewhere, and drawn as they came."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.gate.baselines import Measured, baseline_of, keep, read_baseline
from benchmarks.gate.machine import Machine
from benchmarks.gate.plots import picture, series
from benchmarks.gate.turns import alone
from benchmarks.gate.worker import calibration

MACHINE = Machine(processor="Some(R) Chip @ 3 GHz", cores=2, python="3.11")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
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
    turns = alone(Path(__file__).resolve().parents[2], ["price of a weight, 100 weights"], turns=2, number=1)
    [one] = turns.values()
    assert len(one.seconds) == len(one.calibration) == 2
    assert min(*one.seconds, *one.calibration) > 0
