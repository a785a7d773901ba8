"""From what was chosen to a priced Plan: the one place where the cost of a plan is added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solver.network.lanes import Lane
from solver.sourcing.costs import late_minutes, package_terms
from solver.sourcing.plan import Engine, LineAnswer, Package, PackedUnits, Plan, Stop, Term
from solver.sourcing.problem import Offer, Problem

Contents = Mapping[tuple[str, str], int]  # (line id, SKU) -> units


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPackage:
    """A package as an engine decides it: which lane, and what goes in."""

    lane: Lane
    contents: Contents


def assemble(
    problem: Problem, chosen: Iterable[ChosenPackage], *, engine: Engine, stop: Stop, bound_minor: int | None = None
) -> Plan:
    """Price the chosen packages and count what stays unfilled.

    `bound_minor` None means that the engine knows no bound; the plan then carries 0, which always holds. Empty packages
    are dropped. Raises ValueError for a package that its lane does not carry.
    """
    offers = {offer.source_id: offer for offer in problem.offers}
    packages = sorted(
        (
            _package(problem, offers[choice.lane.source_id], choice)
            for choice in chosen
            if any(choice.contents.values())
        ),
        key=lambda package: (package.source_id, package.service_id, package.contents[0].line_id),
    )
    lines = tuple(_line_answers(problem, packages))
    cost = dict.fromkeys(Term, 0)
    for package in packages:
        for term, minor in package.cost_minor.items():
            cost[term] += minor
    cost[Term.SPLIT] = problem.policy.split_minor * max(0, len(packages) - 1)
    cost[Term.UNFILLED] = problem.policy.unfilled_minor_per_unit * sum(line.unfilled_units for line in lines)
    total_minor = sum(cost.values())
    return Plan(
        order_id=problem.order_id,
        currency=problem.currency,
        packages=tuple(packages),
        lines=lines,
        cost_minor=cost,
        total_minor=total_minor,
        bound_minor=0 if bound_minor is None else min(bound_minor, total_minor),
        engine=engine,
        stop=stop,
        notes=problem.notes,
    )


def _package(problem: Problem, offer: Offer, choice: ChosenPackage) -> Package:
    lane = choice.lane
    contents = tuple(
        PackedUnits(line_id=line_id, sku=sku, units=units)
        for (line_id, sku), units in sorted(choice.contents.items())
        if units
    )
    weight_grams = sum(packed.units * problem.items[packed.sku].weight_grams for packed in contents)
    volume_mm3 = sum(packed.units * problem.items[packed.sku].volume_mm3 for packed in contents)
    freight_minor = lane.freight_minor(weight_grams, volume_mm3)
    if freight_minor is None:
        raise ValueError(f"lane {lane.lane_id} does not carry {weight_grams} g, {volume_mm3} mm3")
    units = sum(packed.units for packed in contents)
    return Package(
        source_id=lane.source_id,
        service_id=lane.service_id,
        carrier_id=lane.carrier_id,
        contents=contents,
        weight_grams=weight_grams,
        volume_mm3=volume_mm3,
        billable_grams=lane.billable_grams(weight_grams, volume_mm3),
        distance_meters=lane.distance_meters,
        arrives_at=lane.arrives_at,
        late_minutes=late_minutes(lane.arrives_at, problem.promised_at),
        crosses_province=lane.crosses_province,
        cost_minor=package_terms(lane, offer, freight_minor, units, problem.promised_at, problem.policy),
    )


def _line_answers(problem: Problem, packages: Iterable[Package]) -> Iterable[LineAnswer]:
    shipped: dict[tuple[str, str], int] = {}
    for package in packages:
        for packed in package.contents:
            shipped[packed.line_id, packed.sku] = shipped.get((packed.line_id, packed.sku), 0) + packed.units
    for line in problem.lines:
        planned = min(shipped.get((line.line_id, part.sku), 0) // part.units for part in line.parts)
        yield LineAnswer(
            line_id=line.line_id,
            sku=line.sku,
            ordered_units=line.quantity,
            planned_units=planned,
            unfilled_units=line.quantity - planned,
        )
