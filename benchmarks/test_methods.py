"""Every method of every service over gRPC, from the request to the answer, on the small world of the tests.

A method that changes something must have changed something before it is timed; each round is another request.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from grpc_health.v1 import health_pb2
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.methods import fields_of, measured, served_world
from tests.faults.every_method import Asked, mutating

ROUNDS = 4  # some requests are only there a few times


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    with served_world(tmp_path) as made:
        yield made


def test_empty_method(benchmark: BenchmarkFixture, asked: Asked) -> None:
    check: Any = asked.service.channel.unary_unary(
        "/grpc.health.v1.Health/Check", response_deserializer=health_pb2.HealthCheckResponse.FromString
    )
    assert check(b"").status == health_pb2.HealthCheckResponse.SERVING
    benchmark(check, b"")


@pytest.mark.parametrize("method", measured())
def test_method(benchmark: BenchmarkFixture, asked: Asked, method: str) -> None:
    numbers = count()
    first = asked.request(method, **fields_of(asked, method, next(numbers)))
    before = asked.contents() if method in mutating() else {}
    answer = asked.future(method, first).result()
    assert answer.IsInitialized()
    if method in mutating():
        assert asked.contents() != before

    def request() -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (asked.request(method, **fields_of(asked, method, next(numbers))),), {}

    timed: Any = benchmark
    timed.pedantic(lambda sent: asked.future(method, sent).result(), setup=request, rounds=ROUNDS)
