"""A shadow as two runs: what the service planned, and what the caller did instead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from solver.catalog.catalog import Catalog
from solver.fulfilment.shadowing.model import ShadowedOrder, ShadowPlan
from solver.network.network import Network
from solver.replay.history import history_outcomes, known_metrics
from solver.replay.metrics import metrics_of
from solver.replay.outcome import Outcome, RunPackage
from solver.replay.run_files import Run, RunKind, digest_of, write_run
from solver.replay.world_file import world_of, write_world
from solver.scenario.model import Scenario
from solver.sourcing.plan import Package

PLANNED, SHIPPED = "shadow", "shipped"  # the names of the runs
_UNKNOWN = ("hand_over_at", "carbon_grams")  # a kept plan does not say these of its packages
_NO_FIGURE = ("oversold_units", "carbon_grams_per_order")  # nothing was held, so nothing could be oversold


def write_shadow(folder: Path, world: Scenario, shadowed: Sequence[ShadowedOrder]) -> tuple[Run, Run]:
    """Write `shadow` and `shipped` into the folder; of orders whose outcome is not recorded nothing is known there.

    `world` is the network and the catalog, with the name and the title of the runs.
    """
    orders = tuple(one.planned.order for one in shadowed)
    scenario = replace(world, orders=tuple(sorted(orders, key=lambda order: (order.placed_at, order.order_id))))
    planned = sorted((one.planned for one in shadowed), key=lambda one: (one.order.placed_at, one.order.order_id))
    ours = [*planned_outcomes(planned)]
    theirs = [*shipped_outcomes(scenario, shadowed)]
    known = known_metrics(theirs)
    sums = metrics_of(ours, oversold_units=0)
    figures: Mapping[str, float | None] = {**sums.figures, **dict.fromkeys(_NO_FIGURE)}
    base = Run(
        scenario=world.name,
        scenario_digest=digest_of(scenario),
        currency=world.currency,
        policy=PLANNED,
        seed=0,
        metrics=replace(sums, figures=figures),
        kind=RunKind.SHADOW,
    )
    history = replace(
        base, policy=SHIPPED, metrics=known.metrics, kind=RunKind.HISTORY, known_orders=known.known_orders
    )
    for run, outcomes in ((history, theirs), (base, ours)):
        write_run(folder / run.policy, run, outcomes)
        write_world(folder / run.policy, world_of(scenario))
    return base, history


def planned_outcomes(planned: Iterable[ShadowPlan]) -> Iterator[Outcome]:
    """What the plans would have come to."""
    for one in planned:
        order, plan = one.order, one.plan
        prices = {line.line_id: line.unit_price_minor for line in order.lines}
        lacking = {line.line_id: line.unfilled_units + line.backordered_units for line in plan.lines}
        yield Outcome(
            order_id=order.order_id,
            placed_at=order.placed_at,
            promised_at=order.promised_at,
            region_id=order.destination.region_id,
            ordered_units=sum(line.quantity for line in order.lines),
            unfilled_units=sum(lacking.values()),
            lost_minor=sum(prices[line_id] * units for line_id, units in lacking.items()),
            packages=tuple(_package(package, one) for package in plan.packages),
            cost_minor={str(term): minor for term, minor in plan.cost_minor.items() if minor},
            bound_minor=plan.bound_minor,
            fallback=plan.fallback_reason,
            unknown=_UNKNOWN,
        )


def shipped_outcomes(scenario: Scenario, shadowed: Iterable[ShadowedOrder]) -> Iterator[Outcome]:
    """What the caller did, as far as it is recorded."""
    recorded = {one.planned.order.order_id: one.outcome for one in shadowed}
    network = Network.of(
        regions=scenario.regions, sources=scenario.sources, carriers=scenario.carriers, services=scenario.services
    )
    shipments = [shipment for outcome in recorded.values() if outcome for shipment in outcome.shipments]
    unshipped = {order_id for order_id, outcome in recorded.items() if outcome and not outcome.shipments}
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    yield from history_outcomes(scenario.orders, shipments, network, catalog, unshipped)


def _package(package: Package, planned: ShadowPlan) -> RunPackage:
    units: dict[str, int] = {}
    for packed in package.contents:
        units[packed.sku] = units.get(packed.sku, 0) + packed.units
    return RunPackage(
        source_id=package.source_id,
        service_id=package.service_id,
        units=units,
        weight_grams=package.weight_grams,
        distance_meters=package.distance_meters,
        hand_over_at=planned.order.placed_at,
        arrives_at=package.arrives_at,
        late_minutes=package.late_minutes,
        crosses_province=package.crosses_province,
        carbon_grams=0,
        cost_minor={str(term): minor for term, minor in package.cost_minor.items() if minor},
    )
