"""The whole explanation of an order of a run, from the run's files and its scenario."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.errors import InvalidRequest, XunyuanError
from solver.fulfilment.explain import explain_decided
from solver.fulfilment.question import network_problem
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.outcome import Outcome
from solver.replay.run_files import Run, RunKind, digest_of, read_outcomes
from solver.replay.troubles import Troubles
from solver.scenario.check_combined import refuse_combined
from solver.scenario.model import Scenario
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.solve import decide

_Stock = dict[str, dict[str, int]]  # units by SKU and source


def explain_order(
    folder: Path, order_id: str, scenario: Scenario, policy: Policy, *, seconds: float, stopwatch: Callable[[], float]
) -> Explanation:
    """Decide the order again on the stock that earlier ones had left, and say why.

    That stock is exact, but for units of packages that were decided anew later on: where deciding again does not give
    the plan of the run, the explanation says so. Raises XunyuanError for a run without the order.
    """
    refuse_combined(scenario, "an explanation from a run's files")
    outcome, stock = _found(folder, order_id, scenario)
    order = next(one for one in scenario.orders if one.order_id == order_id)
    network = Troubles(_network(scenario), scenario.disturbances).network_at(order.placed_at)
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    seen = _asked(order, catalog, stock)
    problem = network_problem(order, catalog, network, seen, seen, policy)
    plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=policy.time_limit_ms / 1000)
    ends_at = stopwatch() + seconds
    return explain_decided(
        problem, plan, seconds_left=lambda: ends_at - stopwatch(), reproduced=_is_same(plan, outcome)
    )


def policy_of(run: Run) -> Policy | None:
    """The policy that a run was decided by, where the run keeps it."""
    return msgspec.convert(run.policy_values, Policy) if run.policy_values else None


def refuse_unexplained(folder: Path, run: Run, scenario: Scenario) -> None:
    """Raise XunyuanError for a run that no policy decided, or that was made of another scenario."""
    if run.kind in (RunKind.RULE, RunKind.HISTORY):
        raise XunyuanError(
            f"{folder} was decided by no policy ({run.policy}), so nothing was weighed: "
            "explain the order in the run of one",
            reason=InvalidRequest.reason,
        )
    if digest_of(scenario) != run.scenario_digest:
        raise XunyuanError(
            f"{folder} was run on another version of scenario {run.scenario!r} than {scenario.name!r} is now: name the "
            "folder that it was run on with --scenario, or replay it",
            reason=InvalidRequest.reason,
        )


def _network(scenario: Scenario) -> Network:
    return Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )


def _found(folder: Path, order_id: str, scenario: Scenario) -> tuple[Outcome, _Stock]:
    """What became of an order, and what the orders before it had left."""
    taken: dict[tuple[str, str], int] = {}
    later: list[tuple[datetime, tuple[str, str], int]] = []  # what came back, and what was sent for it
    for outcome in read_outcomes(folder):
        if outcome.order_id == order_id:
            for moment, place, units in later:
                if moment <= outcome.placed_at:
                    taken[place] = taken.get(place, 0) + units
            return outcome, _left(scenario, outcome.placed_at, taken)
        for package in outcome.packages:
            for sku, units in {} if package.moved else package.units.items():
                place = sku, package.source_id
                taken[place] = taken.get(place, 0) + units
        later += _returned(outcome)
    raise XunyuanError(f"{folder} has no order {order_id!r}", reason=InvalidRequest.reason)


def _returned(outcome: Outcome) -> Iterator[tuple[datetime, tuple[str, str], int]]:
    """When customers' parcels came, and units of which SKU and source that took: fewer than none where they came."""
    for parcel in outcome.returned:
        for sku, units in parcel.restocked.items():
            yield parcel.returned_at, (sku, parcel.source_id), -units
        for package in parcel.exchange:
            yield from ((parcel.returned_at, (sku, package.source_id), units) for sku, units in package.units.items())


def _left(scenario: Scenario, moment: datetime, taken: Mapping[tuple[str, str], int]) -> _Stock:
    stock: _Stock = {}
    opening = [(row.sku, row.source_id, row.units) for row in scenario.stock]
    came = [(row.sku, row.source_id, row.units) for row in scenario.inbound if row.arrives_at <= moment]
    for sku, source_id, units in opening + came:
        of = stock.setdefault(sku, {})
        of[source_id] = of.get(source_id, 0) + units
    for (sku, source_id), units in taken.items():
        of = stock.setdefault(sku, {})
        of[source_id] = max(0, of.get(source_id, 0) - units)
    return stock


def _asked(order: Order, catalog: Catalog, stock: _Stock) -> _Stock:
    return {part.sku: stock.get(part.sku, {}) for line in order.lines for part in parts_of(line, catalog)}


def _is_same(plan: Plan, outcome: Outcome) -> bool:
    cost = {str(term): minor for term, minor in plan.cost_minor.items() if minor}
    was = {term: minor for term, minor in outcome.cost_minor.items() if minor}
    now_ships = sorted((package.source_id, package.service_id) for package in plan.packages)
    then_shipped = sorted((package.source_id, package.service_id) for package in outcome.packages)
    return cost == was and now_ships == then_shipped
