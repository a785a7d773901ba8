"""From packages that a person states to a plan: priced by every term, as the optimiser's are."""

from collections import Counter
from dataclasses import replace

import numpy as np

from solver.errors import Violations
from solver.fulfilment.overriding.model import StatedPackage
from solver.sourcing.assemble import assemble, level_values
from solver.sourcing.brief import Brief, brief
from solver.sourcing.case import Finding, Ints, Shipment
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.policy import MOST_PACKAGES
from solver.sourcing.problem import Problem
from solver.validation import MOST_UNITS, check_between, check_rows


def plan_of(problem: Problem, packages: tuple[StatedPackage, ...]) -> Plan:
    """The plan that ships these packages, whatever rules it breaks. It proves nothing.

    Raises InvalidRequest for lanes that do not exist or do not carry, units that are not there, and lines that do not
    come out whole; each with its place.
    """
    made = brief(problem)
    violations = Violations()
    check_rows(packages, "packages", violations, MOST_PACKAGES)
    shipments = [_shipment(made, package, f"packages[{at}]", violations) for at, package in enumerate(packages)]
    violations.refuse_any("the override")
    _check_stock(made, packages, violations)
    unfilled = _unfilled(made, packages, violations)
    violations.refuse_any("the override")
    finding = Finding(
        shipments=tuple(one for one in shipments if one is not None),
        unfilled=unfilled,
        cost=(0,) * made.case.levels,
        bound=(0,) * made.case.levels,
    )
    finding = replace(finding, cost=level_values(made, finding))
    try:
        return assemble(made, finding, engine=Engine.MANUAL, stop=Stop.HEURISTIC)
    except ValueError as error:
        violations.add("packages", "as they are stated", str(error))
        violations.refuse_any("the override")
        raise


def _shipment(made: Brief, package: StatedPackage, path: str, violations: Violations) -> Shipment | None:
    lanes = {lane.lane_id: number for number, lane in enumerate(made.facts.lanes)}
    number = lanes.get(package.lane_id)
    if number is None:
        violations.add(path, f"{package.source_id}, {package.service_id}", _why_no_lane(made, package))
        return None
    check_rows(package.contents, f"{path}.contents", violations)
    lines = {line.line_id: line for line in made.facts.lines}
    units = np.zeros(len(made.facts.skus), dtype=np.int64)
    for at, packed in enumerate(package.contents):
        here = f"{path}.contents[{at}]"
        line = lines.get(packed.line_id)
        if line is None:
            violations.add(f"{here}.line_id", packed.line_id, f"name one of {', '.join(lines)}")
            continue
        skus = [part.sku for part in line.parts]
        known = violations.require(packed.sku in skus, f"{here}.sku", packed.sku, f"the line is of {', '.join(skus)}")
        if check_between(packed.units, 1, MOST_UNITS, f"{here}.units", violations) and known:
            units[made.facts.part_of[packed.sku]] += packed.units
    return Shipment(lane=number, units=units)


def _why_no_lane(made: Brief, package: StatedPackage) -> str:
    closed = {
        (one.source_id, one.service_id, one.via_source_id, one.offer_id): one.closure
        for one in made.problem.closed_lanes
    }
    if package.lane_id in closed:
        return f"no such package can travel: {closed[package.lane_id]}"
    if package.source_id not in {lane.source_id for lane in made.facts.lanes}:
        return "the source has nothing for this order, or nothing leads from it to the address"
    services = sorted({lane.service_id for lane in made.facts.lanes if lane.source_id == package.source_id})
    return f"nothing travels so; from {package.source_id} to the address go {', '.join(services)}"


def _check_stock(made: Brief, packages: tuple[StatedPackage, ...], violations: Violations) -> None:
    there = {offer.key: offer.available for offer in made.facts.offers}
    wanted: Counter[tuple[tuple[str, str], str]] = Counter()
    for package in packages:
        for packed in package.contents:
            wanted[(package.source_id, package.offer_id), packed.sku] += packed.units
    for (key, sku), units in sorted(wanted.items()):
        available = there.get(key, {}).get(sku, 0)
        remedy = f"{key[0]} has {available} available to this order"
        violations.require(units <= available, "packages", f"{units} of {sku} from {key[0]}", remedy)


def _unfilled(made: Brief, packages: tuple[StatedPackage, ...], violations: Violations) -> Ints:
    """Units of each line that stand in no package."""
    shipped: Counter[tuple[str, str]] = Counter()
    for package in packages:
        for packed in package.contents:
            shipped[packed.line_id, packed.sku] += packed.units
    left = []
    for line in made.facts.lines:
        counts = {shipped[line.line_id, part.sku] / part.units for part in line.parts}
        filled = min(counts)
        whole = len(counts) == 1 and filled == int(filled) and filled <= line.quantity
        said = ", ".join(f"{shipped[line.line_id, part.sku]} of {part.sku}" for part in line.parts)
        wants = ", ".join(f"{part.units} of {part.sku}" for part in line.parts)
        remedy = f"ship whole units of line {line.line_id}, at most {line.quantity}, each of {wants}"
        violations.require(whole, "packages", f"line {line.line_id}: {said}", remedy)
        left.append(line.quantity - int(filled))
    return np.array(left, dtype=np.int64)
