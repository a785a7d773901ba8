"""An explanation's sentences in Chinese; `english` has the same functions."""

from collections.abc import Callable, Sequence
from functools import cache

from solver.sourcing.dimensions import all_rules, term_of_measure
from solver.sourcing.explanation.model import Blame, Candidate, Change, ChangeKind, Limit, LimitKind, Verdict
from solver.sourcing.plan import Engine, Plan, RunnerUp, Term

Money = Callable[[int], str]  # an amount in minor units as people write it
NOT_REPRODUCED = "今天重新决策会得到另一个方案：服务此后已有变更，或当时的搜索提前结束。"

_CLOSURES = {
    "inactive": "已停用",
    "kind_not_served": "不服务此类货源",
    "no_zone": "不在服务区域内",
    "too_far": "距离过远",
    "service_inactive": "承运服务已停运",
    "not_for_every_order": "并非合单内每个订单都有其库存",
}
# Measures that belong to no term, or to one that is called after something else.
_MEASURES = {"cost_minor": "费用", "latest_arrival_minutes": "最晚送达", "packages": "包裹数"}


def why(plan: Plan) -> str:
    """The plan in one sentence, its runner-up and the rules that bind in one more each."""
    if not plan.packages:
        return "无货可发：原因见各订单行。"
    shipping_minor = plan.total_minor - plan.cost_minor[Term.UNFILLED]
    price = f"{plan.money(shipping_minor)} {plan.currency}"
    unfilled_units = plan.unfilled_units
    what = f"商品（缺 {unfilled_units} 件）" if unfilled_units else "全部商品"
    sources, packages = _listed(plan.source_ids), len(plan.packages)
    parts = [f"由 {sources} 发出{what}，共 {packages} 个包裹，费用 {price}；{_how_good(plan)}。"]
    if plan.runner_up is not None:
        parts.append(runner_up(plan.runner_up, plan.money))
    if plan.binding_rules:
        parts.append(f"若无{rules(plan.binding_rules, '或')}，会有更好的方案。")
    return "".join(parts)


def _how_good(plan: Plan) -> str:
    if plan.is_proven:
        return "按策略的优先级没有更好的方案" if plan.levels else "没有更便宜的方案"
    if plan.engine is Engine.MANUAL:
        return "人工决定"
    gap = plan.money(plan.gap_minor)
    return f"与其他订单一起决策，单独决策至多便宜 {gap}" if plan.engine is Engine.BATCH else f"至多贵 {gap}"


def runner_up(other: RunnerUp, money: Money) -> str:
    """What the best plan without the main source would be."""
    without = f"若不用 {other.without_source_id}，"
    if not other.source_ids:
        return f"{without}则无货可发。"
    best = "最优方案由" if other.proven else "已找到的最好方案由"
    lacking = f"（缺 {other.unfilled_units} 件）" if other.unfilled_units else ""
    return f"{without}{best} {_listed(other.source_ids)} 发货{lacking}，{_dearer(other.extra_minor, money)}。"


def candidate(one: Candidate, money: Money) -> str:
    """What became of a source."""
    match one.verdict:
        case Verdict.CHOSEN:
            return f"{one.source_id} 发 {one.units} 件。"
        case Verdict.DOMINATED if one.extra_minor is None:
            return f"{one.source_id} 可以发货，但不用它的方案不会更差。"
        case Verdict.DOMINATED:
            best = "最优方案" if one.proven else "已找到的最好方案"
            but = "，但靠前的优先级更差" if (one.extra_minor or 0) < 0 else ""
            return f"用 {one.source_id} 的{best}{_dearer(one.extra_minor or 0, money)}{but}。"
        case Verdict.EXCLUDED:
            return f"{one.source_id} 被{rules(one.rules)}排除。"
        case Verdict.NO_STOCK:
            return f"{one.source_id} 没有所订商品的可用库存。"
        case Verdict.NO_LANE:
            causes = "、".join(_CLOSURES.get(closure, closure) for closure in one.closures)
            return f"{one.source_id} 没有到该地址的承运服务{f'（{causes}）' if causes else ''}。"
        case Verdict.NOT_CARRIED:
            return f"{one.source_id} 的承运服务对这样的包裹没有报价。"


def change(one: Change) -> str:
    """What would make a source ship."""
    would = f"{one.source_id} 就会发货"
    match one.kind:
        case ChangeKind.CHEAPER_FREIGHT:
            return f"运费降低 {one.percent}%，{would}。"
        case ChangeKind.MORE_STOCK if one.sku:
            return f"{one.sku} 多 {one.units} 件，{would}。"
        case ChangeKind.MORE_STOCK:
            return f"所订商品全部有货（多 {one.units} 件），{would}。"
        case ChangeKind.WITHOUT_RULE:
            return f"去掉{rules([one.rule])}，{would}。"


def limit(one: Limit, money: Money) -> str:
    """What one more unit of what a constraint limits would bring."""
    gain = f"可省 {money(one.saved_minor)}" if one.saved_minor > 0 else "更符合靠前的优先级"
    if one.filled_units > 0:
        gain = f"可多发 {one.filled_units} 件"
    match one.kind:
        case LimitKind.PACKAGES:
            return f"多允许一个包裹，{gain}。"
        case LimitKind.SOURCES:
            return f"多允许一个发货源，{gain}。"
        case LimitKind.STOCK:
            return f"{one.source_id} 多一件 {one.sku}，{gain}。"
        case LimitKind.RULE:
            return f"去掉{rules([one.rule])}，{gain}。"


def blame(one: Blame) -> str:
    """Which rules keep units from being shipped."""
    together = len(one.rules) > 1
    keep = f"{rules(one.rules)}{'合在一起' if together else ''}使部分商品无法发出"
    if one.freeing_rules:
        return f"{keep}，但不止于此：须同时去掉{rules(one.freeing_rules)}，才能发出可发的最多件数。"
    return f"{keep}{'；去掉其中任何一条都能多发' if together else ''}。"


@cache
def _names() -> dict[str, str]:
    return {rule.name: rule.chinese or rule.name for rule in all_rules()}


def rules(names: Sequence[str], word: str = "和") -> str:
    """Rules by name."""
    return "规则" + word.join(f"“{_names().get(name, name)}”" for name in names)


def measures(names: Sequence[str]) -> str:
    """What priorities minimise."""
    return "、".join(_MEASURES.get(name) or term_of_measure()[name].chinese or name for name in names)


def _listed(names: Sequence[str]) -> str:
    return "、".join(names)


def _dearer(extra_minor: int, money: Money) -> str:
    if not extra_minor:
        return "费用相同"
    return f"{'贵' if extra_minor > 0 else '便宜'} {money(abs(extra_minor))}"
