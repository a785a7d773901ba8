"""Every phase of a decision by size; `benchmarks.gate` compares the same between two versions."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.gate.phases import BENCHMARKS


@pytest.mark.parametrize("name", BENCHMARKS)
def test_phase(benchmark: BenchmarkFixture, name: str) -> None:
    benchmark(BENCHMARKS[name].make())
