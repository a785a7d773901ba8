"""Decisions about one basket as plans, priced term by term; what they have in common is priced once."""

from collections.abc import Callable, Iterable, Mapping

from solver.network.lanes import Lane
from solver.sourcing.assemble import assumptions, plan_cost
from solver.sourcing.plan import Engine, LineAnswer, Package, Plan, Stop
from solver.sourcing.problem import Line, Problem
from solver.sourcing.promising.answer import Answer
from solver.sourcing.promising.basket import Basket
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.packing import Packed, package_of, packed_of
from solver.sourcing.snapshot.restated import plan_of
from solver.sourcing.straight import Straight


class Pricing:
    """Makes plans of an order with every lane of theirs. It bears no promise, and no package is late.

    `problem` makes its Problem, for terms that have to speak for themselves.
    """

    def __init__(
        self,
        basket: Basket,
        itemiser: Itemiser,
        straight: Straight,
        problem: Callable[[], Problem],
        *,
        values_stock: bool,
    ) -> None:
        self._basket, self._itemiser, self._straight, self._problem = basket, itemiser, straight, problem
        lines = straight.lines
        self._line_of = {part.sku: line for line in lines for part in line.parts}
        self._packages: dict[tuple[int, int], tuple[Chosen, Package]] = {}
        self._packed: dict[int, tuple[Mapping[str, int], Packed]] = {}  # by contents
        self._lines: dict[tuple[int, ...], tuple[LineAnswer, ...]] = {}
        apart = len(self._line_of) == sum([len(line.parts) for line in lines])
        self.values_stock = values_stock
        self._is_plain = apart and not values_stock  # else it takes the terms themselves

    def lane(self, package: Package) -> Lane:
        """The lane that a package travels by."""
        return self._straight.lanes[package.source_id, package.service_id]

    def plan(self, answer: Answer) -> Plan:
        """The plan of what was decided; AssertionError where it does not cost what was decided."""
        if not self._is_plain:
            chosen = map(self._basket.chosen, answer.lanes, map(self._basket.units, answer.contents))
            return plan_of(self._problem(), _decision(answer, chosen))
        priced = list(map(self._package, answer.lanes, answer.contents))
        packages = [package for _, package in priced]
        if len(packages) > 1:
            packages.sort(key=_by_lane)
        decision = _decision(answer, [chosen for chosen, _ in priced])
        cost = plan_cost(packages, self._itemiser.beside_packages(self._straight.order, decision))
        assert sum(cost.values()) == answer.total_minor, "a plan costs what was decided"
        return self._plan(packages, answer, cost)

    def _plan(self, packages: list[Package], answer: Answer, cost: Mapping[str, int]) -> Plan:
        order, remarks = self._straight.order, self._straight.remarks
        assuming = [lane for lane in map(self.lane, packages) if lane.assumed]
        notes = (*remarks, *assumptions(assuming)) if remarks or assuming else ()
        return Plan(
            order_id=order.order_id,
            currency=order.currency,
            packages=tuple(packages),
            lines=self._line_answers(answer.unfilled),
            cost_minor=cost,
            total_minor=answer.total_minor,
            bound_minor=answer.total_minor,
            engine=Engine.EXACT,
            stop=Stop.OPTIMAL,
            notes=tuple(english for english, _ in notes),
            notes_zh=tuple(chinese for _, chinese in notes),
        )

    def _line_answers(self, unfilled: tuple[int, ...]) -> tuple[LineAnswer, ...]:
        known = self._lines.get(unfilled)
        if known is None:
            known = self._lines[unfilled] = tuple(map(_line_answer, self._straight.lines, unfilled))
        return known

    def _package(self, lane: int, contents: int) -> tuple[Chosen, Package]:
        known = self._packages.get((lane, contents))
        if known is None:
            packed = self._packed.get(contents)
            if packed is None:
                units = self._basket.units(contents)
                packed = self._packed[contents] = units, packed_of(units, self._straight.items, self._line_of)
            chosen = self._basket.chosen(lane, packed[0])
            way, order = self._straight.lanes[chosen.source_id, chosen.service_id], self._straight.order
            package = package_of(chosen, way, packed[1], order=order, itemiser=self._itemiser)
            known = self._packages[lane, contents] = chosen, package
        return known


def _decision(answer: Answer, packages: Iterable[Chosen]) -> Decision:
    return Decision(
        packages=tuple(packages),
        unfilled=answer.unfilled,
        total_minor=answer.total_minor,
        bound_minor=answer.total_minor,
    )


def _by_lane(package: Package) -> tuple[tuple[str, str, str, str], str]:
    return package.lane_id, package.contents[0].line_id


def _line_answer(line: Line, unfilled: int) -> LineAnswer:
    return LineAnswer(
        line_id=line.line_id,
        sku=line.sku,
        ordered_units=line.quantity,
        planned_units=line.quantity - unfilled,
        unfilled_units=unfilled,
    )
