"""A decision as a plan: the ordinary Problem of the sources that were chosen, assembled and checked."""

from collections.abc import Mapping

import numpy as np

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.case import Finding, Shipment
from solver.sourcing.check import check
from solver.sourcing.plan import Engine, Package, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.decision import Chosen, Decision


def plan_of(problem: Problem, decision: Decision) -> Plan:
    """The decision's plan on a problem that has its sources; its total is the decision's, or an AssertionError."""
    made = brief(problem)
    lanes = {lane.lane_id: number for number, lane in enumerate(made.facts.lanes)}
    shipments = tuple(_shipment(chosen, lanes, made.facts.skus) for chosen in decision.packages)
    finding = Finding(
        shipments=shipments,
        unfilled=np.array(decision.unfilled, dtype=np.int64),
        cost=(decision.total_minor,),
        bound=(decision.bound_minor,),
    )
    plan = assemble(made, finding, engine=Engine.EXACT, stop=Stop.OPTIMAL)
    assert plan.total_minor == decision.total_minor, "a plan costs what was decided"
    check(problem, plan)
    return plan


def chosen_of(package: Package) -> Chosen:
    """A plan's package as a decision has it."""
    units: dict[str, int] = {}
    for packed in package.contents:
        units[packed.sku] = units.get(packed.sku, 0) + packed.units
    return Chosen(source_id=package.source_id, service_id=package.service_id, units=units)


def _shipment(chosen: Chosen, lanes: Mapping[tuple[str, str, str, str], int], skus: tuple[str, ...]) -> Shipment:
    units = np.array([chosen.units.get(sku, 0) for sku in skus], dtype=np.int64)
    return Shipment(lane=lanes[chosen.source_id, chosen.service_id, "", ""], units=units)
