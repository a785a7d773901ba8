"""From what was found to a priced Plan: the one place where the cost of a plan is added up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from solver.network.lanes import Lane
from solver.sourcing.allotment import allot
from solver.sourcing.brief import Brief
from solver.sourcing.case import Finding, Shipment
from solver.sourcing.charge import Charge
from solver.sourcing.plan import Engine, LevelValue, LineAnswer, Package, PackedUnits, Plan, Stop, Term
from solver.sourcing.policy import COST
from solver.sourcing.problem import Stage
from solver.units import ceil_div

PACKAGE_TERMS = (Term.FREIGHT, Term.HANDLING, Term.DISTANCE, Term.LATENESS)
_MICROS_PER_MINUTE = 60_000_000
_TERMS = tuple(Term)
_LATER = (Stage.BACKORDER, Stage.PRE_SALE)


def assemble(brief: Brief, finding: Finding, *, engine: Engine, stop: Stop) -> Plan:
    """Price the shipments term by term and say what becomes of each line.

    Raises ValueError for a shipment that its lane does not carry, and where the units cannot be given to the lines.
    """
    allotment = allot(brief, finding)
    if allotment is None:
        raise ValueError("lines that ship together cannot be told apart in these packages")
    packages = sorted(
        (_package(brief, shipment, given) for shipment, given in zip(finding.shipments, allotment, strict=True)),
        key=lambda package: (package.lane_id, package.contents[0].line_id),
    )
    cost = plan_cost(packages, {name: _order_amount(brief, charge, finding) for name, charge in brief.charges.items()})
    total_minor = sum(cost.values())
    used = [brief.facts.lanes[shipment.lane] for shipment in finding.shipments]
    notes = (*zip(brief.problem.notes, brief.problem.notes_zh, strict=True), *assumptions(used))
    return Plan(
        order_id=brief.problem.order_id,
        currency=brief.problem.currency,
        packages=tuple(packages),
        lines=tuple(_line_answer(brief, line, packages, finding) for line in range(len(brief.facts.lines))),
        cost_minor=cost,
        total_minor=total_minor,
        bound_minor=min(_bound_minor(brief, finding), total_minor),
        engine=engine,
        stop=stop,
        notes=tuple(english for english, _ in notes),
        notes_zh=tuple(chinese for _, chinese in notes),
        levels=_levels(brief, finding),
        excluded=brief.excluded,
        fallback_reason=finding.reason,
        policy_id=brief.problem.policy.policy_id,
        policy_version=brief.problem.policy.version,
        money_decimals=brief.problem.money_decimals,
    )


def plan_cost(packages: Sequence[Package], beside: Mapping[str, int]) -> dict[str, int]:
    """What a plan costs by term: its packages, and what falls on the order `beside` them. Every Term is stated."""
    cost = dict(beside)
    for package in packages:
        for name, minor in package.cost_minor.items():
            cost[name] = cost.get(name, 0) + minor
    stated: dict[str, int] = {term: cost.pop(term, 0) for term in _TERMS}
    for name in sorted(cost):
        if cost[name]:
            stated[name] = cost[name]
    return stated


def package_cost(cost: Mapping[str, int]) -> dict[str, int]:
    """What a package costs by term, in the terms' own sequence: what costs something, and PACKAGE_TERMS."""
    return {name: minor for name, minor in cost.items() if minor} | {term: cost.get(term, 0) for term in PACKAGE_TERMS}


def assumptions(lanes: Sequence[Lane]) -> list[tuple[str, str]]:
    """What the carriers of these lanes do not state, and was assumed; each once, in English and in Chinese."""
    chinese = {
        f"{lane.service_id}: {text}": f"{lane.service_id}：{text_zh}"
        for lane in lanes
        for text, text_zh in zip(lane.assumed, lane.assumed_zh or lane.assumed, strict=True)
    }
    return sorted(chinese.items())


def billable_grams(brief: Brief, shipment: Shipment) -> int:
    """The weight that the lane's tariff bills."""
    case = brief.case
    lane = brief.facts.lanes[shipment.lane]
    return lane.billable_grams(int(shipment.units @ case.unit_grams), int(shipment.units @ case.unit_mm3))


def level_values(brief: Brief, finding: Finding) -> tuple[int, ...]:
    """What the finding comes to at each level of the policy, money last."""
    return tuple(
        _order_amount(brief, charge, finding)
        + sum(
            charge.of_package(shipment.lane, shipment.units, billable_grams(brief, shipment))
            for shipment in finding.shipments
        )
        for charge in brief.measured
    )


def _package(brief: Brief, shipment: Shipment, given: Mapping[tuple[int, int], int]) -> Package:
    facts, case = brief.facts, brief.case
    lane = facts.lanes[shipment.lane]
    offer = facts.offers[int(case.lane_offer[shipment.lane])]
    weight_grams = int(shipment.units @ case.unit_grams)
    volume_mm3 = int(shipment.units @ case.unit_mm3)
    billable = lane.billable_grams(weight_grams, volume_mm3)
    if lane.card.price_minor(billable) is None:  # its service's own limit is a rule, and may be off
        raise ValueError(f"lane {lane.lane_id} does not carry {weight_grams} g, {volume_mm3} mm3")
    cost = {name: charge.of_package(shipment.lane, shipment.units, billable) for name, charge in brief.charges.items()}
    contents = [
        PackedUnits(line_id=facts.lines[line].line_id, sku=facts.skus[part], units=units)
        for (line, part), units in given.items()
    ]
    return Package(
        source_id=lane.source_id,
        service_id=lane.service_id,
        carrier_id=lane.carrier_id,
        contents=tuple(sorted(contents, key=lambda packed: (packed.line_id, packed.sku))),
        weight_grams=weight_grams,
        volume_mm3=volume_mm3,
        billable_grams=billable,
        distance_meters=lane.distance_meters,
        arrives_at=lane.arrives_at,
        late_minutes=_late_minutes(brief, shipment.lane),
        crosses_province=lane.crosses_province,
        cost_minor=package_cost(cost),
        via_source_id=lane.via_source_id,
        offer_id=lane.offer_id,
        stage=offer.stage,
    )


def _late_minutes(brief: Brief, lane: int) -> int:
    promised_at = brief.problem.promised_at
    late = brief.facts.lanes[lane].arrives_at - promised_at if promised_at else timedelta(0)
    return ceil_div(max(late, timedelta(0)) // timedelta(microseconds=1), _MICROS_PER_MINUTE)


def _order_amount(brief: Brief, charge: Charge, finding: Finding) -> int:
    """What a charge comes to beside its packages."""
    case = brief.case
    sources = {int(case.offer_source[case.lane_offer[shipment.lane]]) for shipment in finding.shipments}
    amount = charge.further_package * max(0, len(finding.shipments) - 1)
    amount += charge.further_source * max(0, len(sources) - 1)
    if charge.source is not None:
        amount += sum(int(charge.source[source]) for source in sources)
    if charge.unfilled is not None:
        amount += int(charge.unfilled @ finding.unfilled)
    for stair in charge.stairs:
        amount += stair.amount * max(0, _taken(brief, finding, stair.offer, stair.part) - stair.after_units)
    return amount


def _taken(brief: Brief, finding: Finding, offer: int, part: int) -> int:
    lane_offer = brief.case.lane_offer
    return sum(int(shipment.units[part]) for shipment in finding.shipments if lane_offer[shipment.lane] == offer)


def _bound_minor(brief: Brief, finding: Finding) -> int:
    """The bound in money. It stands only for plans that are as good at every level before."""
    money = brief.problem.policy.measures.index(COST)
    return max(0, finding.bound[money])


def _levels(brief: Brief, finding: Finding) -> tuple[LevelValue, ...]:
    measures = brief.problem.policy.measures
    if len(measures) == 1:
        return ()
    values = level_values(brief, finding)
    tolerances = {level.measure: level.tolerance for level in brief.problem.policy.levels}
    return tuple(
        LevelValue(measure=measure, value=value, bound=bound, tolerance=tolerances.get(measure, 0))
        for measure, value, bound in zip(measures, values, finding.bound, strict=True)
    )


def _line_answer(brief: Brief, number: int, packages: list[Package], finding: Finding) -> LineAnswer:
    line = brief.facts.lines[number]
    unfilled = int(finding.unfilled[number])
    later: dict[str, int] = {}
    for package in packages:
        if package.stage in _LATER:
            for packed in package.contents:
                if packed.line_id == line.line_id:
                    later[packed.sku] = later.get(packed.sku, 0) + packed.units
    backordered = max((ceil_div(later.get(part.sku, 0), part.units) for part in line.parts), default=0)
    return LineAnswer(
        line_id=line.line_id,
        sku=line.sku,
        ordered_units=line.quantity,
        planned_units=line.quantity - unfilled - backordered,
        unfilled_units=unfilled,
        backordered_units=backordered,
    )
