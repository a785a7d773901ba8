"""A decision as a plan, priced term by term from what the view is made of: the plan that `restated.plan_of` makes.

That one lets every term and rule speak of a Problem again, which takes longer than the decision. The judge looks at
either.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from solver.network.doubts import Remark
from solver.network.lanes import Lane
from solver.sourcing.assemble import assumptions, plan_cost
from solver.sourcing.plan import Engine, LineAnswer, Plan, RunnerUp, Stop
from solver.sourcing.problem import Line
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.packing import package_of, packed_of
from solver.sourcing.straight import Straight

_LANE_ID = attrgetter("lane_id")


def priced(
    itemiser: Itemiser, straight: Straight, decision: Decision, runner_up: RunnerUp | None = None
) -> Plan | None:
    """The decision's plan, not checked yet; its total is the decision's.

    None where two lines share a SKU, or units stay unfilled: which units are whose takes more than this. Raises
    AssertionError where the plan does not cost what was decided.
    """
    order, lines, policy = straight.order, straight.lines, itemiser.policy
    line_of = {part.sku: line for line in lines for part in line.parts}
    if len(line_of) < sum([len(line.parts) for line in lines]) or any(decision.unfilled):
        return None
    lanes = [straight.lanes[chosen.source_id, chosen.service_id] for chosen in decision.packages]
    packages = []
    for chosen, lane in zip(decision.packages, lanes, strict=True):
        packed = packed_of(chosen.units, straight.items, line_of)
        packages.append(package_of(chosen, lane, packed, order=order, itemiser=itemiser))
    packages.sort(key=_LANE_ID)
    cost = plan_cost(packages, itemiser.beside_packages(order, decision))
    total_minor = sum(cost.values())
    assert total_minor == decision.total_minor, "a plan costs what was decided"
    notes, notes_zh = _notes(straight.remarks, lanes)
    return Plan(
        order_id=order.order_id,
        currency=order.currency,
        packages=tuple(packages),
        lines=tuple([_filled(line) for line in lines]),
        cost_minor=cost,
        total_minor=total_minor,
        bound_minor=min(max(0, decision.bound_minor), total_minor),
        engine=Engine.EXACT,
        stop=Stop.OPTIMAL,
        runner_up=runner_up,
        notes=notes,
        notes_zh=notes_zh,
        policy_id=policy.policy_id,
        policy_version=policy.version,
    )


def _notes(remarks: Sequence[Remark], lanes: Iterable[Lane]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """In English and in Chinese."""
    assuming = [lane for lane in lanes if lane.assumed]
    if not remarks and not assuming:
        return (), ()
    notes = (*remarks, *assumptions(assuming))
    return tuple(english for english, _ in notes), tuple(chinese for _, chinese in notes)


def _filled(line: Line) -> LineAnswer:
    return LineAnswer(
        line_id=line.line_id, sku=line.sku, ordered_units=line.quantity, planned_units=line.quantity, unfilled_units=0
    )
