"""The independent judge: recomputes every rule and every cent of a plan from the problem's data alone.

It imports no engine and nothing that engines price with: terms and rules recount themselves on the finished plan, in
functions that share nothing with how they charge and restrict. A violation means a bug of ours, so nothing may be held
on a plan that fails here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

from solver.errors import BrokenInvariant
from solver.network.lanes import Lane
from solver.sourcing.dimensions import all_rules, all_terms, term_of_measure
from solver.sourcing.plan import Package, Plan, Term
from solver.sourcing.policy import COST, LATEST_ARRIVAL
from solver.sourcing.problem import Problem, Stage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALWAYS_IN_PACKAGES = (Term.FREIGHT, Term.HANDLING, Term.DISTANCE, Term.LATENESS)


def check(problem: Problem, plan: Plan) -> None:
    """Raise BrokenInvariant with every violation, if there is any."""
    violations = violations_of(problem, plan)
    if violations:
        raise BrokenInvariant(f"the plan for order {problem.order_id} breaks rules: " + "; ".join(violations))


def violations_of(problem: Problem, plan: Plan) -> list[str]:
    """Every rule the plan breaks, in words; empty for a sound plan."""
    structure = [*_of_identity(problem, plan), *_of_packages(problem, plan), *_of_stock(problem, plan)]
    if structure:
        return [*structure, *_of_lines(problem, plan)]
    problem = _sorted_for(problem, plan)
    return [
        *_of_lines(problem, plan),
        *_of_rules(problem, plan),
        *_of_totals(problem, plan),
        *_of_levels(problem, plan),
    ]


def _sorted_for(problem: Problem, plan: Plan) -> Problem:
    """The same problem with the plan's own lanes and offers first: terms and rules look them up again and again."""
    lanes = {package.lane_id for package in plan.packages}
    offers = {(package.source_id, package.offer_id) for package in plan.packages}
    return replace(
        problem,
        lanes=tuple(sorted(problem.lanes, key=lambda lane: lane.lane_id not in lanes)),
        offers=tuple(sorted(problem.offers, key=lambda offer: offer.key not in offers)),
    )


def _of_identity(problem: Problem, plan: Plan) -> Iterator[str]:
    if (plan.order_id, plan.currency) != (problem.order_id, problem.currency):
        yield f"plan is for order {plan.order_id} in {plan.currency}"
    if [(line.line_id, line.sku) for line in plan.lines] != [(line.line_id, line.sku) for line in problem.lines]:
        yield "the plan does not answer each line once, in the order's own sequence"


def _of_packages(problem: Problem, plan: Plan) -> Iterator[str]:
    lanes = {lane.lane_id: lane for lane in problem.lanes}
    offers = {offer.key: offer for offer in problem.offers}
    for number, package in enumerate(plan.packages):
        where = f"package {number} ({package.source_id}, {package.service_id})"
        lane, offer = lanes.get(package.lane_id), offers.get((package.source_id, package.offer_id))
        if lane is None or offer is None:
            yield f"{where}: there is no such lane"
        elif not package.contents or any(packed.units < 1 for packed in package.contents):
            yield f"{where}: it must hold at least one unit of each of its contents"
        elif unknown := {packed.sku for packed in package.contents} - problem.items.keys():
            yield f"{where}: the order knows nothing of {', '.join(sorted(unknown))}"
        else:
            if package.stage != offer.stage:
                yield f"{where}: its stock is {offer.stage}, not {package.stage}"
            for violation in _of_package(problem, package, lane):
                yield f"{where}: {violation}"


def _of_package(problem: Problem, package: Package, lane: Lane) -> Iterator[str]:
    weight_grams = sum(packed.units * problem.items[packed.sku].weight_grams for packed in package.contents)
    volume_mm3 = sum(packed.units * problem.items[packed.sku].volume_mm3 for packed in package.contents)
    billable_grams = _billable_grams(lane, weight_grams, volume_mm3)
    stated = (package.weight_grams, package.volume_mm3, package.billable_grams)
    if stated != (weight_grams, volume_mm3, billable_grams):
        yield f"weight, volume and billable weight are {weight_grams}, {volume_mm3}, {billable_grams}, not {stated}"
    if (package.carrier_id, package.distance_meters, package.arrives_at, package.crosses_province) != (
        lane.carrier_id,
        lane.distance_meters,
        lane.arrives_at,
        lane.crosses_province,
    ):
        yield "carrier, distance, arrival or province are not the lane's"
    if not _carries(lane, billable_grams):
        yield f"the rate card does not carry {billable_grams} g"
    late = max(timedelta(0), lane.arrives_at - problem.promised_at) if problem.promised_at else timedelta(0)
    if package.late_minutes != ceil(Fraction(late // timedelta(microseconds=1), 60_000_000)):
        yield f"it is late by {late}, not by {package.late_minutes} minutes"


def _billable_grams(lane: Lane, weight_grams: int, volume_mm3: int) -> int:
    volumetric_grams = 0
    if lane.volumetric_divisor_cm3_per_kg:
        volumetric_grams = ceil(Fraction(volume_mm3, lane.volumetric_divisor_cm3_per_kg))
    elif lane.volumetric_divisor_in3_per_lb:
        cubic_inches = volume_mm3 / Fraction("16387.064")
        volumetric_grams = floor(cubic_inches / lane.volumetric_divisor_in3_per_lb * Fraction("453.59237"))
    return max(weight_grams, volumetric_grams, lane.min_billable_grams)


def _carries(lane: Lane, billable_grams: int) -> bool:
    for band in lane.card.bands:
        if band.up_to_grams is None or billable_grams <= band.up_to_grams:
            return not band.closed
    return False


def _of_stock(problem: Problem, plan: Plan) -> Iterator[str]:
    available = {offer.key: offer.available for offer in problem.offers}
    shipped: Counter[tuple[tuple[str, str], str]] = Counter()
    for package in plan.packages:
        for packed in package.contents:
            shipped[(package.source_id, package.offer_id), packed.sku] += packed.units
    for (key, sku), units in sorted(shipped.items()):
        there = available.get(key, {}).get(sku, 0)
        if units > there:
            yield f"{key[0]} ships {units} of {sku} but has {there} available"


def _of_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    shipped = _units_by_line(plan, stages=tuple(Stage))
    later = _units_by_line(plan, stages=(Stage.BACKORDER, Stage.PRE_SALE))
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
        waiting = max((ceil(Fraction(later[line.line_id, part.sku], part.units)) for part in line.parts), default=0)
        if answer.backordered_units != waiting:
            yield f"line {line.line_id}: {waiting} units wait for later stock, not {answer.backordered_units}"
    for line_id, sku in shipped:
        yield f"{sku} is shipped for line {line_id}, which does not ask for it"


def _units_by_line(plan: Plan, *, stages: tuple[Stage, ...]) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for package in plan.packages:
        for packed in package.contents:
            if package.stage in stages:
                units[packed.line_id, packed.sku] += packed.units
    return units


def _of_rules(problem: Problem, plan: Plan) -> Iterator[str]:
    policy = problem.policy
    for name in plan.relaxed_rules:
        if name not in policy.relax:
            yield f"{name} was relaxed, which the policy does not allow"
    excused = {*policy.off, *policy.soft, *plan.relaxed_rules}
    for rule in all_rules():
        if rule.name not in excused:
            yield from rule.broken(problem, plan)


def _of_totals(problem: Problem, plan: Plan) -> Iterator[str]:
    recounts = {
        term.name: term.recount_minor(problem, plan) for term in all_terms() if term.name not in problem.policy.off
    }
    for number, package in enumerate(plan.packages):
        expected = {name: recount.packages[number] for name, recount in recounts.items() if recount.packages[number]}
        expected |= {term: expected.get(term, 0) for term in _ALWAYS_IN_PACKAGES}
        if dict(package.cost_minor) != expected:
            where = f"package {number} ({package.source_id}, {package.service_id})"
            yield f"{where}: it costs {expected}, not {dict(package.cost_minor)}"
    expected = {name: recount.total for name, recount in recounts.items() if recount.total}
    expected |= {term: expected.get(term, 0) for term in Term}
    if dict(plan.cost_minor) != expected:
        yield f"the terms are {expected}, not {dict(plan.cost_minor)}"
    if plan.total_minor != sum(expected.values()):
        yield f"the terms sum to {sum(expected.values())}, not to {plan.total_minor}"
    if not 0 <= plan.bound_minor <= plan.total_minor:
        yield f"the bound {plan.bound_minor} does not lie between 0 and the total {plan.total_minor}"


def _of_levels(problem: Problem, plan: Plan) -> Iterator[str]:
    for level in plan.levels:
        if level.measure == COST:
            value = plan.total_minor
        elif level.measure == LATEST_ARRIVAL:
            placed_at = problem.placed_at or _EPOCH
            waits = [package.arrives_at - placed_at for package in plan.packages]
            value = -(-max(waits, default=timedelta(0)) // timedelta(minutes=1))
        else:
            value = term_of_measure()[level.measure].recount_measure(problem, plan).total
        if level.value != value:
            yield f"{level.measure} comes to {value}, not to {level.value}"
