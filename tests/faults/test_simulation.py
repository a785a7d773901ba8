"""Clients, crashes, jumping clocks and a bad network, drawn from a seed: first safe, then everybody gets through."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.lasting import seeds
from tests.faults.simulation.run import Simulation
from tests.faults.simulation.servers import SimulatedServer, first_folder

TICKS = 100


def simulated(seed: int, urls: list[str]) -> Simulation:
    """A whole run. Raises AssertionError, with the seed, where it is not safe or somebody does not get through."""
    servers = [SimulatedServer(url) for url in urls]
    simulation = Simulation(seed, servers)
    try:
        simulation.run(TICKS)
    finally:
        for server in servers:
            server.close()
    return simulation


def test_one_server_on_a_file_is_safe_under_faults_and_serves_everybody_afterwards(tmp_path: Path, seed: int) -> None:
    runs = [simulated(each, [first_folder(tmp_path / str(each))]) for each in seeds(seed, at_least=3)]
    assert_faults_happened(runs)
    assert {"plan", "split", "transfer", "short"} <= {call.verb for run in runs for call in run.known.done.values()}


def test_two_servers_on_one_postgres_are_safe_under_faults_and_serve_everybody_afterwards(
    another_postgres_url: Callable[[], str], seed: int
) -> None:
    runs = []
    for each in seeds(seed, at_least=1):
        url = another_postgres_url()
        runs.append(simulated(each, [url, url]))
    assert_faults_happened(runs)


def assert_faults_happened(runs: list[Simulation]) -> None:
    assert sum(run.crashes for run in runs) > 0
    assert sum(run.lost_answers for run in runs) > 0
    assert sum(run.copies for run in runs) > 0
    assert sum(len(run.known.done) for run in runs) > 15 * len(runs)
    assert "STOCK_SHORT" in {answer.refused for run in runs for answer in run.known.refused.values()}
