"""Why units of an order line stay unfilled: the first cause that explains it, looked for from the stock to the door."""

from collections.abc import Callable
from dataclasses import replace

from solver.sourcing.candidates import carries_one
from solver.sourcing.plan import LineAnswer, Plan, Reason, ReasonCode
from solver.sourcing.policy import MOST_PACKAGES
from solver.sourcing.problem import Line, Problem

Decide = Callable[[Problem], Plan]

_NOT_PROVEN = Reason(
    code=ReasonCode.NOT_PROVEN, text="the search ended before it was known whether these units can be shipped"
)


def unfilled_reasons(problem: Problem, plan: Plan, answer: LineAnswer, decide: Decide) -> tuple[Reason, ...]:
    """One reason for each SKU of the line that is short, and why more was not shipped although it could."""
    line = next(line for line in problem.lines if line.line_id == answer.line_id)
    shortages = [reason for part in line.parts if (reason := _shortage(problem, part.sku))]
    if shortages and answer.planned_units >= _most_units(problem, plan, line):
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


def _carried_units(problem: Problem, sku: str) -> int:
    carried_from = {lane.source_id for lane in problem.lanes if carries_one(lane, problem, sku)}
    return sum(offer.available.get(sku, 0) for offer in problem.offers if offer.source_id in carried_from)


def _shortage(problem: Problem, sku: str) -> Reason | None:
    """Where on its way from the shelf to the door the order's demand of a SKU gets lost; None if it arrives."""
    wanted = problem.demand_units[sku]
    on_hand = sum(offer.on_hand.get(sku, 0) for offer in problem.offers)
    available = {offer.source_id: offer.available.get(sku, 0) for offer in problem.offers}
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
            f"{reachable - carried} of the {wanted} wanted",
        )
    return None


def _left_by_choice(problem: Problem, plan: Plan, line: Line, answer: LineAnswer, decide: Decide) -> Reason:
    """The line could be shipped: a limit or the price forbids it, or the search was cut short."""
    if not plan.is_proven:
        return _NOT_PROVEN
    policy = problem.policy
    unlimited = replace(policy, max_packages=MOST_PACKAGES, max_sources=0)
    if unlimited != policy:
        freed = decide(replace(problem, policy=unlimited))
        filled = next(other.planned_units for other in freed.lines if other.line_id == line.line_id)
        if filled > answer.planned_units:
            sources = f" and {policy.max_sources} sources" if policy.max_sources else ""
            return Reason(
                code=ReasonCode.SPLIT_LIMIT,
                text=f"at most {policy.max_packages} packages{sources} are allowed;"
                f" without that limit {filled} units ship",
            )
        if not freed.is_proven:
            return _NOT_PROVEN
    return Reason(
        code=ReasonCode.DEARER_THAN_UNFILLED,
        text=f"shipping these units costs more than the {policy.unfilled_minor_per_unit} minor units "
        "that the policy charges for leaving one unfilled",
    )
