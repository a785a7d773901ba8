"""Why units of an order line stay unfilled: the first cause that explains it, looked for from the stock to the door."""

from collections.abc import Sequence
from dataclasses import replace

from solver.network.lanes import Lane, WeightRefusal
from solver.sourcing.explanation import chinese, english
from solver.sourcing.explanation.asking import Decide, TimeIsUp, under, without_rules
from solver.sourcing.explanation.binding import restricting_rules
from solver.sourcing.plan import LineAnswer, Plan, Reason, ReasonCode
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.sourcing.problem import Line, Problem

_FILLING = "unfilled_units"
_SPLIT_RULES = frozenset({"packages_stay_within_the_limit", "sources_stay_within_the_limit"})

_NOT_PROVEN = Reason(
    code=ReasonCode.NOT_PROVEN,
    text="the search ended before it was known whether these units can be shipped",
    text_zh="搜索结束时尚不知这些商品能否发出",
)
_MOST_PACKAGES_USED = Reason(
    code=ReasonCode.SPLIT_LIMIT,
    text=f"the plan has {MOST_PACKAGES} packages, the most of any plan",
    text_zh=f"方案已有 {MOST_PACKAGES} 个包裹，任何方案至多如此",
)


def unfilled_reasons(problem: Problem, plan: Plan, answer: LineAnswer, decide: Decide) -> tuple[Reason, ...]:
    """One reason for each SKU of the line that is short, and why more was not shipped although it could.

    Where that is not proven, or there is no time to ask, NOT_PROVEN says so.
    """
    line = next(line for line in problem.lines if line.line_id == answer.line_id)
    shortages = [reason for part in line.parts if (reason := shortage_of(problem, part.sku))]
    if shortages and answer.ordered_units - answer.unfilled_units >= _most_units(problem, plan, line):
        return tuple(shortages)
    try:
        return (*shortages, _left_by_choice(problem, plan, line, answer, decide))
    except TimeIsUp:
        return (*shortages, _NOT_PROVEN)


def _most_units(problem: Problem, plan: Plan, line: Line) -> int:
    """How many units of the line could be sent here beside what the plan ships for the other lines."""
    return min(
        (carried_units(problem, part.sku) - _units_for_others(plan, line, part.sku)) // part.units
        for part in line.parts
    )


def _units_for_others(plan: Plan, line: Line, sku: str) -> int:
    contents = [packed for package in plan.packages for packed in package.contents]
    return sum(packed.units for packed in contents if packed.sku == sku and packed.line_id != line.line_id)


def carries_one(lane: Lane, problem: Problem, sku: str) -> bool:
    """True when the lane's tariff knows a price for a package with a single unit of the SKU."""
    item = problem.items[sku]
    return lane.freight_minor(item.weight_grams, item.volume_mm3) is not None


def carried_units(problem: Problem, sku: str) -> int:
    """Units of the SKU at sources from which some service takes one to this address."""
    carried_from = {lane.source_id for lane in problem.lanes if carries_one(lane, problem, sku)}
    return sum(offer.available.get(sku, 0) for offer in problem.offers if offer.source_id in carried_from)


def shortage_of(problem: Problem, sku: str) -> Reason | None:
    """Where on its way from the shelf to the door the order's demand of a SKU gets lost; None if it arrives."""
    wanted = problem.demand_units[sku]
    on_hand = sum(offer.on_hand.get(sku, 0) for offer in problem.offers)
    available: dict[str, int] = {}
    for offer in problem.offers:
        available[offer.source_id] = available.get(offer.source_id, 0) + offer.available.get(sku, 0)
    total = sum(available.values())
    if on_hand <= 0:
        return Reason(code=ReasonCode.NO_STOCK_ANYWHERE, text=f"no source has any {sku}", text_zh=f"各货源均无 {sku}")
    if total < wanted <= on_hand:
        return Reason(
            code=ReasonCode.STOCK_HELD,
            text=f"{on_hand} of {sku} {_are(on_hand)} on hand, but {on_hand - total} of them {_are(on_hand - total)} "
            f"held or reserved; {wanted} wanted",
            text_zh=f"{sku} 在库 {on_hand} 件，其中 {on_hand - total} 件已被占用或预留；需要 {wanted} 件",
        )
    if total < wanted:
        return Reason(
            code=ReasonCode.NOT_ENOUGH_STOCK,
            text=f"{total} of {sku} {_are(total)} available in all sources, {wanted} wanted",
            text_zh=f"各货源共有 {sku} {total} 件可用，需要 {wanted} 件",
        )
    within_reach = {lane.source_id for lane in problem.lanes}
    reachable = sum(available[source_id] for source_id in within_reach)
    if reachable < wanted:
        return Reason(
            code=ReasonCode.OUT_OF_REACH,
            text=f"sources with a lane to this address have {reachable} of {sku}, {wanted} wanted; "
            f"{total - reachable} stand where no lane leads here",
            text_zh=f"能送达该地址的货源共有 {sku} {reachable} 件，需要 {wanted} 件；"
            f"另有 {total - reachable} 件无法送达",
        )
    carried = carried_units(problem, sku)
    if carried < wanted:
        item = problem.items[sku]
        without = _without_price(problem, sku)
        closed, closed_zh = f"; {without}: no price is stated for this weight", f"；{without} 对此重量没有报价"
        return Reason(
            code=ReasonCode.NO_SERVICE_TAKES_IT,
            text=f"one {sku} weighs {item.weight_grams} g: no service takes it from sources with "
            f"{reachable - carried} of the {wanted} wanted{closed if without else ''}",
            text_zh=f"一件 {sku} 重 {item.weight_grams} 克：所需 {wanted} 件中有 {reachable - carried} 件所在的货源"
            f"没有承运服务可收{closed_zh if without else ''}",
        )
    return None


def _are(units: int) -> str:
    return "is" if units == 1 else "are"


def _without_price(problem: Problem, sku: str) -> str:
    """Which services' cards are closed at the weight of one unit."""
    item = problem.items[sku]
    closed = {
        lane.service_id
        for lane in problem.lanes
        if lane.weight_refusal(item.weight_grams, item.volume_mm3) is WeightRefusal.BAND_CLOSED
    }
    return ", ".join(sorted(closed))


def _left_by_choice(problem: Problem, plan: Plan, line: Line, answer: LineAnswer, decide: Decide) -> Reason:
    """The line could be shipped: a rule, a priority or the price forbids it, or the search was cut short."""
    if not plan.is_proven:
        return _NOT_PROVEN
    shipped = answer.ordered_units - answer.unfilled_units
    unruled = decide(without_rules(problem, (*restricting_rules(problem), *problem.policy.soft)))
    if _filled(unruled, line) > shipped:
        return _forbidding_rules(problem, line, shipped, decide)
    if not unruled.is_proven:
        return _NOT_PROVEN
    if problem.policy.levels:
        by_cost = decide(under(problem, replace(problem.policy, levels=())))
        if _filled(by_cost, line) > shipped:
            return _outranked(problem.policy)
    if len(plan.packages) == MOST_PACKAGES:
        return _MOST_PACKAGES_USED
    charged = f"{plan.money(problem.policy.unfilled_minor_per_unit)} {plan.currency}"
    return Reason(
        code=ReasonCode.DEARER_THAN_UNFILLED,
        text=f"shipping these units costs more than the {charged} that the policy charges for each one left unfilled",
        text_zh=f"发出这些商品的费用高于策略规定的每件缺货代价：{charged}",
    )


def _outranked(policy: Policy) -> Reason:
    """Priorities ask for less before they ask for money; filling is itself one of them, or comes with the money."""
    measures = [level.measure for level in policy.levels]
    if _FILLING in measures[1:]:
        measures = measures[: measures.index(_FILLING)]
    return Reason(
        code=ReasonCode.OUTRANKED,
        text=f"the policy's priorities come before filling the order: {english.measures(measures)}; "
        "by cost alone more would ship",
        text_zh=f"策略的优先级先于满足订单：{chinese.measures(measures)}；若只看费用即可多发",
    )


def _split_limit(policy: Policy, freed: Plan, filled: int) -> Reason:
    """`freed` is the plan without that limit, which ships `filled` units; no plan has more than MOST_PACKAGES."""
    packages = "1 package" if policy.max_packages == 1 else f"{policy.max_packages} packages"
    several = "s" * (policy.max_sources > 1)
    sources = f" and {policy.max_sources} source{several}" if policy.max_sources else ""
    units = "1 unit ships" if filled == 1 else f"{filled} units ship"
    are = "is" if policy.max_packages == 1 and not policy.max_sources else "are"
    limit = "those limits" if policy.max_sources else "that limit"
    full = freed.unfilled_units and len(freed.packages) == MOST_PACKAGES
    most = f" in {MOST_PACKAGES} packages, the most of any plan" if full else ""
    most_zh = f"（任何方案至多 {MOST_PACKAGES} 个包裹）" if full else ""
    sources_zh = f"、{policy.max_sources} 个发货源" if policy.max_sources else ""
    return Reason(
        code=ReasonCode.SPLIT_LIMIT,
        text=f"at most {packages}{sources} {are} allowed; without {limit} {units}{most}",
        text_zh=f"最多允许 {policy.max_packages} 个包裹{sources_zh}；若无此限制可发 {filled} 件{most_zh}",
    )


def _forbidding_rules(problem: Problem, line: Line, shipped: int, decide: Decide) -> Reason:
    """The limit on splitting; or the rules of which each alone stands in the way; or those that would all have to go.

    More than what is `shipped` of the line would be without all rules.
    """
    rules = restricting_rules(problem)
    split = _SPLIT_RULES & {*rules}
    try:
        freed = decide(without_rules(problem, split)) if split else None
        if freed is not None and (filled := _filled(freed, line)) > shipped:
            return _split_limit(problem.policy, freed, filled)
        alone = [name for name in rules if _filled(decide(without_rules(problem, [name])), line) > shipped]
        if alone:
            return _without(alone, "or", "或")
        gone = {*rules, *problem.policy.soft}
        for name in sorted(gone):
            if _filled(decide(without_rules(problem, gone - {name})), line) > shipped:
                gone.remove(name)
    except TimeIsUp:
        return Reason(
            code=ReasonCode.RULE_FORBIDS,
            text="rules of the policy stand in the way; the time was up before it was known which",
            text_zh="策略的规则使其无法发出；时间已到，尚不知是哪几条",
        )
    return _without(sorted(gone), "and", "和")


def _without(names: Sequence[str], word: str, word_zh: str) -> Reason:
    several = len(names) > 1 and word == "and"
    return Reason(
        code=ReasonCode.RULE_FORBIDS,
        text=f"more of these units would ship without {english.rules(names, word)}",
        text_zh=f"{'同时' * several}去掉{chinese.rules(names, word_zh)}即可多发",
    )


def _filled(plan: Plan, line: Line) -> int:
    return next(other.ordered_units - other.unfilled_units for other in plan.lines if other.line_id == line.line_id)
