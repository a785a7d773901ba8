"""Why units of an order line stay unfilled: the first cause that explains it, looked for from the stock to the door."""

from collections.abc import Callable
from dataclasses import replace

from solver.network.lanes import Lane, WeightRefusal
from solver.sourcing.dimensions import all_rules
from solver.sourcing.plan import LineAnswer, Plan, Reason, ReasonCode
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Line, Problem

Decide = Callable[[Problem], Plan]

_SPLIT_RULES = frozenset({"packages_stay_within_the_limit", "sources_stay_within_the_limit"})

_NOT_PROVEN = Reason(
    code=ReasonCode.NOT_PROVEN, text="the search ended before it was known whether these units can be shipped"
)


def unfilled_reasons(problem: Problem, plan: Plan, answer: LineAnswer, decide: Decide) -> tuple[Reason, ...]:
    """One reason for each SKU of the line that is short, and why more was not shipped although it could."""
    line = next(line for line in problem.lines if line.line_id == answer.line_id)
    shortages = [reason for part in line.parts if (reason := _shortage(problem, part.sku))]
    if shortages and answer.ordered_units - answer.unfilled_units >= _most_units(problem, plan, line):
        return tuple(shortages)
    return (*shortages, _left_by_choice(problem, plan, line, answer, decide))


def _most_units(problem: Problem, plan: Plan, line: Line) -> int:
    """How many units of the line could be sent here beside what the plan ships for the other lines."""
    return min(
        (_carried_units(problem, part.sku) - _units_for_others(plan, line, part.sku)) // part.units
        for part in line.parts
    )


def _units_for_others(plan: Plan, line: Line, sku: str) -> int:
    contents = [packed for package in plan.packages for packed in package.contents]
    return sum(packed.units for packed in contents if packed.sku == sku and packed.line_id != line.line_id)


def carries_one(lane: Lane, problem: Problem, sku: str) -> bool:
    """True when the lane's tariff knows a price for a package with a single unit of the SKU."""
    item = problem.items[sku]
    return lane.freight_minor(item.weight_grams, item.volume_mm3) is not None


def _carried_units(problem: Problem, sku: str) -> int:
    carried_from = {lane.source_id for lane in problem.lanes if carries_one(lane, problem, sku)}
    return sum(offer.available.get(sku, 0) for offer in problem.offers if offer.source_id in carried_from)


def _shortage(problem: Problem, sku: str) -> Reason | None:
    """Where on its way from the shelf to the door the order's demand of a SKU gets lost; None if it arrives."""
    wanted = problem.demand_units[sku]
    on_hand = sum(offer.on_hand.get(sku, 0) for offer in problem.offers)
    available: dict[str, int] = {}
    for offer in problem.offers:
        available[offer.source_id] = available.get(offer.source_id, 0) + offer.available.get(sku, 0)
    total = sum(available.values())
    if on_hand <= 0:
        return Reason(code=ReasonCode.NO_STOCK_ANYWHERE, text=f"no source has any {sku}")
    if total < wanted <= on_hand:
        return Reason(
            code=ReasonCode.STOCK_HELD,
            text=f"{on_hand} of {sku} are on hand, but {on_hand - total} of them are held or reserved; {wanted} wanted",
        )
    if total < wanted:
        return Reason(
            code=ReasonCode.NOT_ENOUGH_STOCK, text=f"{total} of {sku} are available in all sources, {wanted} wanted"
        )
    within_reach = {lane.source_id for lane in problem.lanes}
    reachable = sum(available[source_id] for source_id in within_reach)
    if reachable < wanted:
        return Reason(
            code=ReasonCode.OUT_OF_REACH,
            text=f"sources with a lane to this address have {reachable} of {sku}, {wanted} wanted; "
            f"{total - reachable} stand where no lane leads here",
        )
    carried = _carried_units(problem, sku)
    if carried < wanted:
        item = problem.items[sku]
        return Reason(
            code=ReasonCode.NO_SERVICE_TAKES_IT,
            text=f"one {sku} weighs {item.weight_grams} g: no service takes it from sources with "
            f"{reachable - carried} of the {wanted} wanted{_without_price(problem, sku)}",
        )
    return None


def _without_price(problem: Problem, sku: str) -> str:
    """Which services' cards are closed at the weight of one unit, as the end of a sentence."""
    item = problem.items[sku]
    closed = {
        lane.service_id
        for lane in problem.lanes
        if lane.weight_refusal(item.weight_grams, item.volume_mm3) is WeightRefusal.BAND_CLOSED
    }
    return f"; {', '.join(sorted(closed))}: no price is stated for this weight" if closed else ""


def _left_by_choice(problem: Problem, plan: Plan, line: Line, answer: LineAnswer, decide: Decide) -> Reason:
    """The line could be shipped: a rule or the price forbids it, or the search was cut short."""
    if not plan.is_proven:
        return _NOT_PROVEN
    freed = _without_rules(problem, _SPLIT_RULES, decide)
    if _filled(freed, line) > answer.ordered_units - answer.unfilled_units:
        return _split_limit(problem.policy, _filled(freed, line))
    unruled = _without_rules(problem, frozenset(rule.name for rule in all_rules()), decide)
    if _filled(unruled, line) > answer.ordered_units - answer.unfilled_units:
        return _forbidding_rules(problem, line, answer, decide)
    if not (freed.is_proven and unruled.is_proven):
        return _NOT_PROVEN
    return Reason(
        code=ReasonCode.DEARER_THAN_UNFILLED,
        text=f"shipping these units costs more than the {problem.policy.unfilled_minor_per_unit} minor units "
        "that the policy charges for leaving one unfilled",
    )


def _split_limit(policy: Policy, filled: int) -> Reason:
    sources = f" and {policy.max_sources} sources" if policy.max_sources else ""
    return Reason(
        code=ReasonCode.SPLIT_LIMIT,
        text=f"at most {policy.max_packages} packages{sources} are allowed; without that limit {filled} units ship",
    )


def _forbidding_rules(problem: Problem, line: Line, answer: LineAnswer, decide: Decide) -> Reason:
    """The rules of which each alone stands in the way; or all of them, where several do so together."""
    alone = [
        rule.name
        for rule in all_rules()
        if rule.name not in problem.policy.off
        and _filled(_without_rules(problem, frozenset({rule.name}), decide), line)
        > answer.ordered_units - answer.unfilled_units
    ]
    if alone:
        names = " or ".join(alone)
        return Reason(code=ReasonCode.RULE_FORBIDS, text=f"more of these units would ship without the rule {names}")
    return Reason(code=ReasonCode.RULE_FORBIDS, text="several rules of the policy together stand in the way")


def _without_rules(problem: Problem, names: frozenset[str], decide: Decide) -> Plan:
    policy = problem.policy
    off = tuple(sorted({*policy.off, *names}))
    return decide(replace(problem, policy=replace(policy, off=off)))


def _filled(plan: Plan, line: Line) -> int:
    return next(other.ordered_units - other.unfilled_units for other in plan.lines if other.line_id == line.line_id)
