"""A decision as a plan, priced term by term from what the view is made of: the plan that `restated.plan_of` makes.

That one lets every term and rule speak of a Problem again, which takes longer than the decision. The judge looks at
either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from solver.network.lanes import Lane
from solver.orders.model import Order
from solver.sourcing.assemble import assumptions, plan_cost
from solver.sourcing.plan import Engine, LineAnswer, Package, Plan, RunnerUp, Stop
from solver.sourcing.problem import Line, Problem
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.packing import package_of, packed_of
from solver.sourcing.snapshot.restated import plan_of

_Lanes = Mapping[tuple[str, str, str, str], Lane]
_LANE_ID = attrgetter("lane_id")


def priced(
    itemiser: Itemiser, order: Order, problem: Problem, decision: Decision, runner_up: RunnerUp | None = None
) -> Plan:
    """The decision's plan on a problem that has its sources, not checked yet; its total is the decision's.

    Raises AssertionError where it is not.
    """
    line_of = {part.sku: line for line in problem.lines for part in line.parts}
    is_plain = len(line_of) == sum([len(line.parts) for line in problem.lines]) and not any(decision.unfilled)
    if not is_plain:  # which units are for which line, and what is missing, takes more than this
        return replace(plan_of(problem, decision), runner_up=runner_up)
    lanes = {lane.lane_id: lane for lane in problem.lanes}
    made = _Made(itemiser=itemiser, order=order, problem=problem, lanes=lanes, line_of=line_of)
    plan = made.plan(decision, runner_up)
    assert plan.total_minor == decision.total_minor, "a plan costs what was decided"
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An order of which no two lines share a SKU, on the lanes of the sources that ship it."""

    itemiser: Itemiser
    order: Order
    problem: Problem
    lanes: _Lanes
    line_of: Mapping[str, Line]

    def plan(self, decision: Decision, runner_up: RunnerUp | None) -> Plan:
        problem = self.problem
        packages = sorted(map(self._package, decision.packages), key=_LANE_ID)
        beside = self.itemiser.beside_packages(self.order, decision)
        cost = plan_cost(packages, beside)
        used = [self.lanes[package.lane_id] for package in packages]
        notes = (*zip(problem.notes, problem.notes_zh, strict=True), *assumptions(used))
        total_minor = sum(cost.values())
        return Plan(
            order_id=problem.order_id,
            currency=problem.currency,
            packages=tuple(packages),
            lines=tuple([_filled(line) for line in problem.lines]),
            cost_minor=cost,
            total_minor=total_minor,
            bound_minor=min(max(0, decision.bound_minor), total_minor),
            engine=Engine.EXACT,
            stop=Stop.OPTIMAL,
            runner_up=runner_up,
            notes=tuple(english for english, _ in notes),
            notes_zh=tuple(chinese for _, chinese in notes),
            policy_id=problem.policy.policy_id,
            policy_version=problem.policy.version,
            money_decimals=problem.money_decimals,
        )

    def _package(self, chosen: Chosen) -> Package:
        lane = self.lanes[chosen.source_id, chosen.service_id, "", ""]
        packed = packed_of(chosen.units, self.problem.items, self.line_of)
        return package_of(chosen, lane, packed, order=self.order, itemiser=self.itemiser)


def _filled(line: Line) -> LineAnswer:
    return LineAnswer(
        line_id=line.line_id, sku=line.sku, ordered_units=line.quantity, planned_units=line.quantity, unfilled_units=0
    )
