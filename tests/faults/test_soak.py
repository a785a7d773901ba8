"""A short soak; `make soak` is the long one. And what tells whether it went well."""

import os
from pathlib import Path

import pytest

from tests.faults.soak.samples import Sample, growth_bytes, troubles
from tests.faults.soak.soaking import soak

CI_SECONDS, SECONDS = 120.0, 20.0
MIB = 1024 * 1024


def sampled(memory_mib: list[float], threads: int = 20, files: int = 40, *, every_seconds: float = 1.0) -> list[Sample]:
    return [
        Sample(at_seconds=number * every_seconds, memory_bytes=int(mib * MIB), threads=threads, files=files)
        for number, mib in enumerate(memory_mib)
    ]


def test_a_server_under_mixed_load_stays_the_same_and_its_books_are_sound(tmp_path: Path, seed: int) -> None:
    soaked = soak(tmp_path, CI_SECONDS if os.environ.get("CI") else SECONDS, seed)
    assert soaked.troubles == ()
    assert soaked.calls > 100
    assert soaked.given_up > 10


def test_memory_that_rises_step_by_step_is_told() -> None:
    rising = sampled([100.0 + step for step in range(90)])
    assert growth_bytes(rising) == pytest.approx(59.0 * MIB)
    assert troubles(rising) == ["memory grew by 59.0 MiB, 32.0 are allowed"]


def test_a_long_run_may_grow_by_less() -> None:
    rising = [100.0 + 0.5 * step for step in range(90)]
    assert troubles(sampled(rising)) == []
    assert troubles(sampled(rising, every_seconds=20.0)) == ["memory grew by 29.5 MiB, 8.0 are allowed"]


def test_a_warm_up_and_single_peaks_are_no_growth() -> None:
    memory = [50.0 + step for step in range(30)] + [100.0] * 60
    memory[45] = memory[70] = 500.0
    assert growth_bytes(sampled(memory)) == 0.0
    assert troubles(sampled(memory)) == []


def test_threads_and_files_that_grow_are_told() -> None:
    memory = [100.0] * 90
    leaking = sampled(memory)[:60] + sampled(memory, threads=60, files=400)[60:]
    assert troubles(leaking) == ["threads went from 20 to 60", "files went from 40 to 400"]


def test_too_few_samples_tell_nothing() -> None:
    with pytest.raises(ValueError, match="too few to tell; soak for longer"):
        troubles(sampled([100.0, 100.0]))
