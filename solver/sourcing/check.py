"""The independent judge: recomputes every rule and every cent of a plan from the problem's data alone.

It imports no solver and no shared pricing code; what a package costs is written here a second time on purpose. It
imports only the nouns. A violation means a bug of ours, so nothing may be held on a plan that fails here.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor

from solver.errors import BrokenInvariant
from solver.network.lanes import Lane
from solver.sourcing.plan import Package, Plan, Term
from solver.sourcing.problem import Offer, Problem


def check(problem: Problem, plan: Plan) -> None:
    """Raise BrokenInvariant with every violation, if there is any."""
    violations = violations_of(problem, plan)
    if violations:
        raise BrokenInvariant(f"the plan for order {problem.order_id} breaks rules: " + "; ".join(violations))


def violations_of(problem: Problem, plan: Plan) -> list[str]:
    """Every rule the plan breaks, in words; empty for a sound plan."""
    return [
        *_of_identity(problem, plan),
        *_of_packages(problem, plan),
        *_of_stock(problem, plan),
        *_of_lines(problem, plan),
        *_of_limits(problem, plan),
        *_of_totals(problem, plan),
    ]


def _of_identity(problem: Problem, plan: Plan) -> Iterator[str]:
    if (plan.order_id, plan.currency) != (problem.order_id, problem.currency):
        yield f"plan is for order {plan.order_id} in {plan.currency}"
    if [(line.line_id, line.sku) for line in plan.lines] != [(line.line_id, line.sku) for line in problem.lines]:
        yield "the plan does not answer each line once, in the order's own sequence"


def _of_packages(problem: Problem, plan: Plan) -> Iterator[str]:
    lanes = {(lane.source_id, lane.service_id): lane for lane in problem.lanes}
    offers = {offer.source_id: offer for offer in problem.offers}
    for number, package in enumerate(plan.packages):
        where = f"package {number} ({package.source_id}, {package.service_id})"
        lane, offer = lanes.get((package.source_id, package.service_id)), offers.get(package.source_id)
        if lane is None or offer is None:
            yield f"{where}: there is no such lane"
        elif not package.contents or any(packed.units < 1 for packed in package.contents):
            yield f"{where}: it must hold at least one unit of each of its contents"
        elif unknown := {packed.sku for packed in package.contents} - problem.items.keys():
            yield f"{where}: the order knows nothing of {', '.join(sorted(unknown))}"
        else:
            for violation in _of_package(problem, package, lane, offer):
                yield f"{where}: {violation}"


def _of_package(problem: Problem, package: Package, lane: Lane, offer: Offer) -> Iterator[str]:
    weight_grams = sum(packed.units * problem.items[packed.sku].weight_grams for packed in package.contents)
    volume_mm3 = sum(packed.units * problem.items[packed.sku].volume_mm3 for packed in package.contents)
    billable_grams = _billable_grams(lane, weight_grams, volume_mm3)
    stated = (package.weight_grams, package.volume_mm3, package.billable_grams)
    if stated != (weight_grams, volume_mm3, billable_grams):
        yield f"weight, volume and billable weight are {weight_grams}, {volume_mm3}, {billable_grams}, not {stated}"
    if lane.max_weight_grams and weight_grams > lane.max_weight_grams:
        yield f"{weight_grams} g is more than the service's {lane.max_weight_grams} g"
    if (package.carrier_id, package.distance_meters, package.arrives_at, package.crosses_province) != (
        lane.carrier_id,
        lane.distance_meters,
        lane.arrives_at,
        lane.crosses_province,
    ):
        yield "carrier, distance, arrival or province are not the lane's"
    freight_minor = _freight_minor(lane, billable_grams)
    if freight_minor is None:
        yield f"the rate card does not carry {billable_grams} g"
        return
    late = max(timedelta(0), lane.arrives_at - problem.promised_at) if problem.promised_at else timedelta(0)
    if package.late_minutes != ceil(Fraction(late // timedelta(microseconds=1), 60_000_000)):
        yield f"it is late by {late}, not by {package.late_minutes} minutes"
    policy, units = problem.policy, sum(packed.units for packed in package.contents)
    expected = {
        Term.FREIGHT: freight_minor,
        Term.HANDLING: offer.handling_per_package_minor + offer.handling_per_unit_minor * units,
        Term.DISTANCE: floor(Fraction(lane.distance_meters * policy.distance_minor_per_km, 1000) + Fraction(1, 2)),
        Term.LATENESS: ceil(Fraction(package.late_minutes, 60)) * policy.lateness_minor_per_hour,
    }
    if dict(package.cost_minor) != expected:
        yield f"it costs {expected}, not {dict(package.cost_minor)}"


def _billable_grams(lane: Lane, weight_grams: int, volume_mm3: int) -> int:
    volumetric_grams = 0
    if lane.volumetric_divisor_cm3_per_kg:
        volumetric_grams = ceil(Fraction(volume_mm3, lane.volumetric_divisor_cm3_per_kg))
    return max(weight_grams, volumetric_grams, lane.min_billable_grams)


def _freight_minor(lane: Lane, billable_grams: int) -> int | None:
    for band in lane.card.bands:
        if band.up_to_grams is None or billable_grams <= band.up_to_grams:
            steps = ceil(Fraction(max(0, billable_grams - band.from_grams), band.step_grams))
            return band.base_minor + steps * band.step_minor
    return None


def _of_stock(problem: Problem, plan: Plan) -> Iterator[str]:
    available = {offer.source_id: offer.available for offer in problem.offers}
    shipped: Counter[tuple[str, str]] = Counter()
    for package in plan.packages:
        for packed in package.contents:
            shipped[package.source_id, packed.sku] += packed.units
    for (source_id, sku), units in sorted(shipped.items()):
        there = available.get(source_id, {}).get(sku, 0)
        if units > there:
            yield f"{source_id} ships {units} of {sku} but has {there} available"


def _of_lines(problem: Problem, plan: Plan) -> Iterator[str]:
    shipped: Counter[tuple[str, str]] = Counter()
    for package in plan.packages:
        for packed in package.contents:
            shipped[packed.line_id, packed.sku] += packed.units
    for line, answer in zip(problem.lines, plan.lines, strict=False):
        if answer.ordered_units != line.quantity or answer.planned_units + answer.unfilled_units != line.quantity:
            yield f"line {line.line_id}: planned and unfilled do not add up to the {line.quantity} ordered"
        if answer.unfilled_units < 0 or answer.planned_units < 0:
            yield f"line {line.line_id}: a negative number of units"
        for part in line.parts:
            units = shipped.pop((line.line_id, part.sku), 0)
            if units != answer.planned_units * part.units:
                yield f"line {line.line_id}: {units} of {part.sku} are shipped for {answer.planned_units} planned units"
    for line_id, sku in shipped:
        yield f"{sku} is shipped for line {line_id}, which does not ask for it"


def _of_limits(problem: Problem, plan: Plan) -> Iterator[str]:
    policy = problem.policy
    if len(plan.packages) > policy.max_packages:
        yield f"{len(plan.packages)} packages, at most {policy.max_packages} allowed"
    sources = {package.source_id for package in plan.packages}
    if policy.max_sources and len(sources) > policy.max_sources:
        yield f"{len(sources)} sources, at most {policy.max_sources} allowed"
    for lane in {(package.source_id, package.distance_meters) for package in plan.packages}:
        if policy.max_distance_meters and lane[1] > policy.max_distance_meters:
            yield f"{lane[0]} is {lane[1]} m away, at most {policy.max_distance_meters} allowed"


def _of_totals(problem: Problem, plan: Plan) -> Iterator[str]:
    unfilled = sum(answer.unfilled_units for answer in plan.lines)
    expected = {
        term: sum(package.cost_minor.get(term, 0) for package in plan.packages)
        for term in (Term.FREIGHT, Term.HANDLING, Term.DISTANCE, Term.LATENESS)
    }
    expected[Term.SPLIT] = problem.policy.split_minor * max(0, len(plan.packages) - 1)
    expected[Term.UNFILLED] = problem.policy.unfilled_minor_per_unit * unfilled
    if dict(plan.cost_minor) != expected:
        yield f"the terms are {expected}, not {dict(plan.cost_minor)}"
    if plan.total_minor != sum(expected.values()):
        yield f"the terms sum to {sum(expected.values())}, not to {plan.total_minor}"
    if not 0 <= plan.bound_minor <= plan.total_minor:
        yield f"the bound {plan.bound_minor} does not lie between 0 and the total {plan.total_minor}"
