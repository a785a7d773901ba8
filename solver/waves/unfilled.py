"""Why lines of a wave's orders stay unfilled: what there is not at all, or what other orders of the wave have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from solver.sourcing.explanation.reasons import carried_units, shortage_of
from solver.sourcing.plan import LineAnswer, Plan, Reason, ReasonCode
from solver.sourcing.problem import Line, Problem
from solver.waves.left import problem_left
from solver.waves.plan import Resource, ResourceKind, ShadowPrice
from solver.waves.sharing import Limit
from solver.waves.usage import Usage, stock_of
from solver.waves.wave import Wave
from solver.waves.wording import money_text

_NOT_PROVEN = Reason(
    code=ReasonCode.NOT_PROVEN,
    text="the search ended before it was known whether these units can be shipped",
    text_zh="搜索结束时尚不知这些商品能否发出",
)


class Unfilled:
    """The reasons for every order of one wave. Nothing is decided anew for them."""

    def __init__(
        self, wave: Wave, usage: Usage, limits: Mapping[Resource, Limit], prices: tuple[ShadowPrice, ...]
    ) -> None:
        self._wave = wave
        self._usage = usage
        self._limits = limits
        self._price = {one.resource: one.price_thousandths for one in prices}

    def with_reasons(self, problem: Problem, plan: Plan) -> Plan:
        """The plan with a reason at least for every line that is short; reasons that it has already stay."""
        if not plan.unfilled_units:
            return plan
        self._usage.add(problem, plan, times=-1)
        left = problem_left(self._wave, problem, self._usage, self._limits)
        self._usage.add(problem, plan)
        lines = tuple(
            replace(answer, reasons=tuple(self._reasons(problem, left, plan, line, answer)))
            if answer.unfilled_units and not answer.reasons
            else answer
            for line, answer in zip(problem.lines, plan.lines, strict=True)
        )
        return replace(plan, lines=lines)

    def _reasons(self, problem: Problem, left: Problem, plan: Plan, line: Line, answer: LineAnswer) -> Iterator[Reason]:
        short = [reason for part in line.parts if (reason := shortage_of(problem, part.sku)) is not None]
        taken = [
            self._taken(problem, left, part.sku)
            for part in line.parts
            if carried_units(left, part.sku) < problem.demand_units[part.sku] <= carried_units(problem, part.sku)
        ]
        yield from (*short, *taken)
        if not short and not taken:
            is_dear = plan.is_proven and answer.unfilled_units == answer.ordered_units
            yield _dear(problem, plan) if is_dear else _NOT_PROVEN

    def _taken(self, problem: Problem, left: Problem, sku: str) -> Reason:
        """What the others have: the stock, or else the capacity of the sources that still have stock."""
        wanted = problem.demand_units[sku]
        there, reach = carried_units(replace(left, lanes=problem.lanes), sku), carried_units(problem, sku)
        if there < wanted:
            offers = [offer for offer in problem.offers if sku in offer.available]
            stock = [stock_of(offer.source_id, offer.offer_id, sku) for offer in offers]
            worth, worth_zh = self._worth(problem, stock)
            return Reason(
                code=ReasonCode.TAKEN_BY_OTHERS,
                text=f"other orders of the wave take {sku}: of {reach} in reach {there} are left, "
                f"{wanted} wanted{worth}",
                text_zh=f"同批其他订单占用了 {sku}：可达的 {reach} 件中余 {there} 件，需要 {wanted} 件{worth_zh}",
            )
        full = self._full(problem, left, sku)
        worth, worth_zh = self._worth(problem, self._limits_of(full))
        names = ", ".join(full)
        return Reason(
            code=ReasonCode.TAKEN_BY_OTHERS,
            text=f"other orders of the wave use up what sources and services take of {sku}: {names}{worth}",
            text_zh=f"同批其他订单用尽了产能：{names}（{sku}）{worth_zh}",
        )

    def _full(self, problem: Problem, left: Problem, sku: str) -> list[str]:
        """Sources that have the SKU, and no lane that is still open."""
        still = {lane.source_id for lane in left.lanes}
        has = {offer.source_id for offer in left.offers if offer.available.get(sku, 0)}
        return sorted({lane.source_id for lane in problem.lanes if lane.source_id in has - still})

    def _limits_of(self, source_ids: list[str]) -> list[Resource]:
        return [
            Resource(kind=kind, source_id=source_id)
            for source_id in source_ids
            for kind in (ResourceKind.SOURCE_ORDERS, ResourceKind.SOURCE_UNITS, ResourceKind.SOURCE_MINUTES)
        ]

    def _worth(self, problem: Problem, resources: list[Resource]) -> tuple[str, str]:
        """What one more of the dearest of these is worth, in words; nothing where none has a price."""
        price, dearest = max(((self._price.get(one, 0), one.source_id) for one in resources), default=(0, ""))
        if price <= 0:
            return "", ""
        money = money_text(price, problem)
        return f"; one more at {dearest} is worth {money}", f"；{dearest} 多一件值 {money}"


def _dear(problem: Problem, plan: Plan) -> Reason:
    charged = f"{plan.money(problem.policy.unfilled_minor_per_unit)} {plan.currency}"
    return Reason(
        code=ReasonCode.DEARER_THAN_UNFILLED,
        text=f"shipping these units costs more than the {charged} that the policy charges for each one left unfilled",
        text_zh=f"发出这些商品的费用高于策略规定的每件缺货代价：{charged}",
    )
