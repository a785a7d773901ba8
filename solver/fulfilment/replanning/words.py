"""Why a plan changed or stayed, in one sentence of English and one of Chinese."""

from collections.abc import Callable, Iterable, Sequence

from solver.fulfilment.replanning.model import Move, ReplanOutcome
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.sourcing.plan import Package, Plan

Money = Callable[[int], str]
_STATES = {
    CarrierState.CONGESTED: ("is congested", "爆仓"),
    CarrierState.DOWN: ("is down", "停运"),
    SourceCondition.SLOW: ("is slow", "出货缓慢"),
    SourceCondition.CLOSED: ("is closed", "停止发货"),
}
_MOST_MOVES = 3


def causes(
    conditions: Conditions, packages: Sequence[Package], *, lost: int, late: bool, new_address: bool, reason: str
) -> tuple[str, str]:
    """What made it necessary to look at a plan again."""
    english, chinese = [], []
    for text, text_zh in (report_words(one) for one in _about(conditions, packages)):
        english.append(text)
        chinese.append(text_zh)
    if lost:
        english.append(f"{lost} {'unit was' if lost == 1 else 'units were'} short, refused or never came")
        chinese.append(f"{lost} 件缺货、被拒或未到")
    if late:
        english.append("stock that it awaits is late")
        chinese.append("所等待的库存延误")
    if new_address:
        english.append("the address has changed")
        chinese.append("收货地址已变更")
    if reason:
        english.append(reason)
        chinese.append(reason)
    return "; ".join(english) or "asked to", "；".join(chinese) or "应要求"


def sentence(
    outcome: ReplanOutcome,
    because: tuple[str, str],
    moves: Sequence[Move],
    extra_minor: int,
    money: Money,
    shortfall: Plan | None = None,
) -> tuple[str, str]:
    """What became of a plan, and why; `shortfall` is the best plan there would be for one that is stuck."""
    english, chinese = because
    match outcome:
        case ReplanOutcome.FROZEN:
            return "all of it has left", "已全部交运"
        case ReplanOutcome.STAYED:
            return f"{english}: no other plan is worth the change", f"{chinese}：没有值得改派的方案"
        case ReplanOutcome.STUCK:
            short, short_zh = _shortfall(shortfall)
            return (
                f"{english}: no plan fills as much{short}, so it keeps its stock; look at it",
                f"{chinese}：没有能满足同样数量的方案{short_zh}，保留原库存，请人工处理",
            )
        case ReplanOutcome.CHANGED:
            dearer, dearer_zh = ("more", "增加") if extra_minor >= 0 else ("less", "减少")
            amount = money(abs(extra_minor))
            moved = _listed([_move(one) for one in moves], "and", ", ") or "the same sources and services"
            moved_zh = _listed([_move_zh(one) for one in moves], "等", "，") or "货源与服务不变"
            return f"{english}: {moved}; {amount} {dearer}", f"{chinese}：{moved_zh}；费用{dearer_zh} {amount}"


def _shortfall(plan: Plan | None) -> tuple[str, str]:
    """Why units would stay behind; nothing where no plan tells."""
    reasons = [] if plan is None else [reason for line in plan.lines for reason in line.reasons]
    if not reasons:
        return "", ""
    english, chinese = (
        list(dict.fromkeys(texts)) for texts in zip(*((r.text, r.text_zh) for r in reasons), strict=True)
    )
    return f" ({'; '.join(english)})", f"（{'；'.join(chinese)}）"


def _about(conditions: Conditions, packages: Iterable[Package]) -> list[CarrierHealth | SourceStatus]:
    services = {package.service_id for package in packages}
    sources = {package.source_id for package in packages}
    return [
        *(one for one in conditions.services if one.service_id in services),
        *(one for one in conditions.sources if one.source_id in sources),
    ]


def report_words(one: CarrierHealth | SourceStatus) -> tuple[str, str]:
    """How it fares, in English and Chinese."""
    name = one.service_id if isinstance(one, CarrierHealth) else one.source_id
    english, chinese = _STATES[one.state]
    cause, cause_zh = (f" ({one.reason})", f"（{one.reason}）") if one.reason else ("", "")
    return f"{name} {english}{cause}", f"{name} {chinese}{cause_zh}"


def _move(one: Move) -> str:
    what = f"{one.units} of {one.sku}"
    if not one.to_source_id:
        return f"{what} from {one.from_source_id} not at all"
    if not one.from_source_id:
        return f"{what} from {one.to_source_id} by {one.to_service_id}"
    before, after = one.from_source_id, one.to_source_id
    if before == after:
        return f"{what} by {one.to_service_id} instead of {one.from_service_id}"
    return f"{what} from {after} by {one.to_service_id} instead of {before} by {one.from_service_id}"


def _move_zh(one: Move) -> str:
    what = f"{one.sku} {one.units} 件"
    if not one.to_source_id:
        return f"{what}不再由 {one.from_source_id} 发出"
    if not one.from_source_id:
        return f"{what}由 {one.to_source_id} 经 {one.to_service_id} 发出"
    return f"{what}由 {one.from_source_id}（{one.from_service_id}）改为 {one.to_source_id}（{one.to_service_id}）"


def _listed(parts: Sequence[str], last: str, between: str) -> str:
    shown = list(parts[:_MOST_MOVES])
    more = len(parts) - len(shown)
    return between.join(shown) + (f"{between}{last} {more} more" if more and last == "and" else "等" if more else "")
