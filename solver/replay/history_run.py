"""The run of a scenario's history: kept like any other, read by whatever reads runs."""

from pathlib import Path

from solver.catalog.catalog import Catalog
from solver.errors import XunyuanError
from solver.network.network import Network
from solver.replay.history import history_outcomes, known_metrics
from solver.replay.run_files import Run, RunKind, digest_of, write_run
from solver.replay.world_file import world_of, write_world
from solver.scenario.check_combined import refuse_combined
from solver.scenario.model import Scenario

HISTORY = "history"  # the name of its run


def refuse_unknown(scenario: Scenario) -> None:
    """Raise XunyuanError where nobody knows what was really shipped."""
    if not scenario.history:
        raise XunyuanError(f"{scenario.name} has no history: say in history.jsonl or history.csv what was shipped")


def write_history(folder: Path, scenario: Scenario, *, seed: int = 0, scenario_folder: str = "") -> Run:
    """Write what was really shipped for a scenario's orders as a run. Raises XunyuanError where nobody knows."""
    refuse_unknown(scenario)
    refuse_combined(scenario, "what was really shipped")
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    outcomes = [*history_outcomes(scenario.orders, scenario.history, network, catalog)]
    known = known_metrics(outcomes)
    run = Run(
        scenario=scenario.name,
        scenario_digest=digest_of(scenario),
        currency=scenario.currency,
        policy=HISTORY,
        seed=seed,
        metrics=known.metrics,
        kind=RunKind.HISTORY,
        scenario_folder=scenario_folder,
        known_orders=known.known_orders,
    )
    write_run(folder, run, outcomes)
    write_world(folder, world_of(scenario))
    return run
