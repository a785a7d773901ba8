"""Load on a service: quantiles of histograms, when calls are due, and calls to a real server."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from benchmarks.latencies import Latencies
from benchmarks.loaders import Callers, closed_loop, due_seconds, open_loop

CHECK = "/grpc.health.v1.Health/Check"


def test_a_quantile_is_within_a_hundredth_of_the_value_that_it_stands_for(seed: int) -> None:
    rng = random.Random(seed)
    seconds = sorted(10 ** rng.uniform(-9, 2) for _ in range(5_000))
    latencies = Latencies(seconds)
    for share in (0.001, 0.25, 0.5, 0.9, 0.99, 1.0):
        exact = seconds[max(1, round(share * 5_000)) - 1]
        assert latencies.quantile(share) == pytest.approx(exact, rel=0.01, abs=1e-9)


def test_histograms_of_several_processes_add_up() -> None:
    one, other = Latencies([0.001] * 98), Latencies([0.2, 0.3])
    one.add(other)
    assert one.count == 100
    assert one.p50_ms == pytest.approx(1, rel=0.01)
    assert one.p99_ms == pytest.approx(200, rel=0.01)
    assert one.most_ms == pytest.approx(300, rel=0.01)


def test_there_is_no_quantile_of_no_call() -> None:
    with pytest.raises(ValueError, match="no latency was counted"):
        Latencies().quantile(0.5)


def test_calls_are_due_evenly_or_as_a_poisson_process_of_that_rate(seed: int) -> None:
    assert due_seconds(4, 8.0, None) == (0.0, 0.125, 0.25, 0.375)
    due = due_seconds(20_000, 100.0, seed)
    assert due == due_seconds(20_000, 100.0, seed)
    assert list(due) == sorted(due)
    assert due[-1] == pytest.approx(200, rel=0.05)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    servicer = health.HealthServicer()
    servicer.set("there", health_pb2.HealthCheckResponse.SERVING)
    server = grpc.server(ThreadPoolExecutor(4))
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_a_closed_loop_keeps_every_answer_by_the_number_of_its_request_and_counts_refusals(address: str) -> None:
    requests = [
        health_pb2.HealthCheckRequest(service=name).SerializeToString() for name in ("there", "nowhere", "there")
    ]
    load = closed_loop(Callers(addresses=(address,), processes=2), CHECK, requests * 10, at_once=4)
    assert sorted(load.answers) == [number for number in range(30) if number % 3 != 1]
    assert load.failures == Counter(NOT_FOUND=10)
    assert load.latencies.count == 20
    assert load.answers_per_second == pytest.approx(20 / load.seconds)
    assert {health_pb2.HealthCheckResponse.FromString(one).status for one in load.answers.values()} == {
        health_pb2.HealthCheckResponse.SERVING
    }


def test_an_open_loop_takes_no_less_time_than_its_rate_asks_for(address: str) -> None:
    load = open_loop(Callers(addresses=(address,)), CHECK, [b""] * 21, 100.0)
    assert sorted(load.answers) == list(range(21))
    # The last call is due after 0.2 s; the first may have begun late, which counts as a part of what it took.
    assert load.seconds >= 0.2 - load.latencies.most_ms / 1000
