"""The independent judge: recomputes every rule and every cent of a plan from the problem's data alone.

It imports no engine and nothing that engines price with: terms and rules recount themselves on the finished plan, in
functions that share nothing with how they charge and restrict. A violation means a bug of ours, so nothing may be held
on a plan that fails here.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor

from solver.errors import BrokenInvariant
from solver.network.lanes import Lane
from solver.sourcing.concerns import concerns_of
from solver.sourcing.dimensions import term_of_measure
from solver.sourcing.finished import Finished, Lanes, Offers, lanes_used, offers_used
from solver.sourcing.plan import Package, Plan, Term
from solver.sourcing.policy import COST, LATEST_ARRIVAL
from solver.sourcing.problem import Problem, Stage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IN_TIME = timedelta(0)
_MINUTE = timedelta(minutes=1)
_TERMS = tuple(Term)
_ALWAYS_IN_PACKAGES = (Term.FREIGHT, Term.HANDLING, Term.DISTANCE, Term.LATENESS)
_ALL_STAGES = frozenset(Stage)
_LATER_STAGES = frozenset({Stage.BACKORDER, Stage.PRE_SALE})


def check(problem: Problem, plan: Plan) -> None:
    """Raise BrokenInvariant with every violation, if there is any."""
    [refusal] = refusals([(problem, plan)])
    if refusal is not None:
        raise refusal


def refusals(plans: Sequence[tuple[Problem, Plan]]) -> list[BrokenInvariant | None]:
    """For each plan of a problem what `check` raises; None for a sound one."""
    return [
        BrokenInvariant(f"the plan for order {problem.order_id} breaks rules: " + "; ".join(violations))
        if violations
        else None
        for (problem, _), violations in zip(plans, violations_of_each(plans), strict=True)
    ]


def violations_of(problem: Problem, plan: Plan) -> list[str]:
    """Every rule the plan breaks, in words; empty for a sound plan."""
    [violations] = violations_of_each([(problem, plan)])
    return violations


def violations_of_each(plans: Sequence[tuple[Problem, Plan]]) -> list[list[str]]:
    """The same of many plans, each by itself: step by step for all of them, since a step that has just run is quick."""
    used = [(problem, plan, lanes_used(problem, plan), offers_used(problem, plan)) for problem, plan in plans]
    found = [_of_structure(problem, plan, lanes, offers) for problem, plan, lanes, offers in used]
    finished = [None if broken else Finished.on(*one) for one, broken in zip(used, found, strict=True)]
    for (problem, plan), violations in zip(plans, found, strict=True):
        violations.extend(_of_lines(problem, plan))
    for step in (_of_rules, _of_totals, _of_levels):
        for one, violations in zip(finished, found, strict=True):
            if one is not None:
                violations.extend(step(one))
    return found


def _of_structure(problem: Problem, plan: Plan, lanes: Lanes, offers: Offers) -> list[str]:
    """Where any of this is wrong, the plan cannot be counted up."""
    return [*_of_identity(problem, plan), *_of_packages(problem, plan, lanes, offers), *_of_stock(plan, offers)]


def _of_identity(problem: Problem, plan: Plan) -> Iterator[str]:
    if (plan.order_id, plan.currency) != (problem.order_id, problem.currency):
        yield f"plan is for order {plan.order_id} in {plan.currency}"
    if [(line.line_id, line.sku) for line in plan.lines] != [(line.line_id, line.sku) for line in problem.lines]:
        yield "the plan does not answer each line once, in the order's own sequence"


def _of_packages(problem: Problem, plan: Plan, lanes: Lanes, offers: Offers) -> Iterator[str]:
    for number, package in enumerate(plan.packages):
        lane, offer = lanes.get(package.lane_id), offers.get((package.source_id, package.offer_id))
        if lane is None or offer is None:
            yield f"{_named(number, package)}: there is no such lane"
        elif not package.contents or any(packed.units < 1 for packed in package.contents):
            yield f"{_named(number, package)}: it must hold at least one unit of each of its contents"
        elif unknown := {packed.sku for packed in package.contents} - problem.items.keys():
            yield f"{_named(number, package)}: the order knows nothing of {', '.join(sorted(unknown))}"
        else:
            if package.stage != offer.stage:
                yield f"{_named(number, package)}: its stock is {offer.stage}, not {package.stage}"
            for violation in _of_package(problem, package, lane):
                yield f"{_named(number, package)}: {violation}"


def _named(number: int, package: Package) -> str:
    return f"package {number} ({package.source_id}, {package.service_id})"


def _of_package(problem: Problem, package: Package, lane: Lane) -> Iterator[str]:
    weight_grams = sum([packed.units * problem.items[packed.sku].weight_grams for packed in package.contents])
    volume_mm3 = sum([packed.units * problem.items[packed.sku].volume_mm3 for packed in package.contents])
    billed_grams = billable_grams(lane, weight_grams, volume_mm3)
    stated = (package.weight_grams, package.volume_mm3, package.billable_grams)
    if stated != (weight_grams, volume_mm3, billed_grams):
        yield f"weight, volume and billable weight are {weight_grams}, {volume_mm3}, {billed_grams}, not {stated}"
    if (package.carrier_id, package.distance_meters, package.arrives_at, package.crosses_province) != (
        lane.carrier_id,
        lane.distance_meters,
        lane.arrives_at,
        lane.crosses_province,
    ):
        yield "carrier, distance, arrival or province are not the lane's"
    if not _carries(lane, billed_grams):
        yield f"the rate card does not carry {billed_grams} g"
    late = max(_IN_TIME, lane.arrives_at - problem.promised_at) if problem.promised_at else _IN_TIME
    if package.late_minutes != -(-late // _MINUTE):
        yield f"it is late by {late}, not by {package.late_minutes} minutes"


def billable_grams(lane: Lane, weight_grams: int, volume_mm3: int) -> int:
    """What the lane bills a package as, worked out anew."""
    volumetric_grams = 0
    if lane.volumetric_divisor_cm3_per_kg:
        volumetric_grams = -(-volume_mm3 // lane.volumetric_divisor_cm3_per_kg)
    elif lane.volumetric_divisor_in3_per_lb:
        cubic_inches = volume_mm3 / Fraction("16387.064")
        volumetric_grams = floor(cubic_inches / lane.volumetric_divisor_in3_per_lb * Fraction("453.59237"))
    return max(weight_grams, volumetric_grams, lane.min_billable_grams)


def _carries(lane: Lane, billable_grams: int) -> bool:
    for band in lane.card.bands:
        if band.up_to_grams is None or billable_grams <= band.up_to_grams:
            return not band.closed
    return False


def _of_stock(plan: Plan, offers: Offers) -> Iterator[str]:
    shipped: dict[tuple[tuple[str, str], str], int] = {}
    for package in plan.packages:
        key = (package.source_id, package.offer_id)
        for packed in package.contents:
            shipped[key, packed.sku] = shipped.get((key, packed.sku), 0) + packed.units
    for (key, sku), units in sorted(shipped.items()):
        offer = offers.get(key)
        there = offer.available.get(sku, 0) if offer else 0
        if units > there:
            yield f"{key[0]} ships {units} of {sku} but has {there} available"


def _of_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    shipped = _units_by_line(plan, _ALL_STAGES)
    later = _units_by_line(plan, _LATER_STAGES)
    for line, answer in zip(problem.lines, plan.lines, strict=False):
        counts = (answer.planned_units, answer.backordered_units, answer.unfilled_units)
        if answer.ordered_units != line.quantity or sum(counts) != line.quantity:
            yield f"line {line.line_id}: planned and unfilled do not add up to the {line.quantity} ordered"
        if min(counts) < 0:
            yield f"line {line.line_id}: a negative number of units"
        filled = answer.planned_units + answer.backordered_units
        for part in line.parts:
            units = shipped.pop((line.line_id, part.sku), 0)
            if units != filled * part.units:
                yield f"line {line.line_id}: {units} of {part.sku} are shipped for {filled} planned units"
        waiting = max([-(-later.get((line.line_id, part.sku), 0) // part.units) for part in line.parts], default=0)
        if answer.backordered_units != waiting:
            yield f"line {line.line_id}: {waiting} units wait for later stock, not {answer.backordered_units}"
    for line_id, sku in shipped:
        yield f"{sku} is shipped for line {line_id}, which does not ask for it"


def _units_by_line(plan: Plan, stages: frozenset[Stage]) -> dict[tuple[str, str], int]:
    units: dict[tuple[str, str], int] = {}
    for package in plan.packages:
        for packed in package.contents if package.stage in stages else ():
            key = (packed.line_id, packed.sku)
            units[key] = units.get(key, 0) + packed.units
    return units


def _of_rules(finished: Finished) -> Iterator[str]:
    relaxed = finished.plan.relaxed_rules
    for name in relaxed:
        if name not in finished.policy.relax:
            yield f"{name} was relaxed, which the policy does not allow"
    for rule in concerns_of(finished.policy).rules:
        if rule.name not in relaxed:
            yield from rule.broken(finished)


def _recounted(finished: Finished) -> tuple[list[dict[str, int]], dict[str, int]]:
    """What each package and the whole plan cost, by each term that costs anything."""
    of_packages: list[dict[str, int]] = [{} for _ in finished.parcels]
    of_plan: dict[str, int] = {}
    for term in concerns_of(finished.policy).terms:
        packages, total = term.recount_minor(finished)
        if any(packages):
            for cost, minor in zip(of_packages, packages, strict=True):
                if minor:
                    cost[term.name] = minor
                    total += minor
        if total:
            of_plan[term.name] = total
    return of_packages, of_plan


def _of_totals(finished: Finished) -> Iterator[str]:
    plan = finished.plan
    of_packages, expected = _recounted(finished)
    for number, (package, cost) in enumerate(zip(plan.packages, of_packages, strict=True)):
        cost.update([(name, 0) for name in _ALWAYS_IN_PACKAGES if name not in cost])
        if package.cost_minor != cost:
            yield f"{_named(number, package)}: it costs {cost}, not {dict(package.cost_minor)}"
    expected.update([(name, 0) for name in _TERMS if name not in expected])
    if plan.cost_minor != expected:
        yield f"the terms are {expected}, not {dict(plan.cost_minor)}"
    total_minor = sum(expected.values())
    if plan.total_minor != total_minor:
        yield f"the terms sum to {total_minor}, not to {plan.total_minor}"
    if not 0 <= plan.bound_minor <= plan.total_minor:
        yield f"the bound {plan.bound_minor} does not lie between 0 and the total {plan.total_minor}"


def _of_levels(finished: Finished) -> Iterator[str]:
    plan, problem = finished.plan, finished.problem
    for level in plan.levels:
        if level.measure == COST:
            value = plan.total_minor
        elif level.measure == LATEST_ARRIVAL:
            placed_at = problem.placed_at or _EPOCH
            waits = [package.arrives_at - placed_at for package in plan.packages]
            value = -(-max(waits, default=_IN_TIME) // _MINUTE)
        else:
            value = term_of_measure()[level.measure].recount_measure(finished).total
        if level.value != value:
            yield f"{level.measure} comes to {value}, not to {level.value}"
